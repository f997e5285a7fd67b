"""What the campaigns of the sealed record share: trials kept in a file, one
JSON object a line, and the table in docs/results/evidence.md.

Trials count for one version: the last commit that touched what they depend
on. MINUTES ends a call in time; the next one goes on."""
import datetime
import json
import os
import subprocess
import sys
import time

import ground
import interval

sys.path[:0] = [os.path.join(ground.ROOT, "tests", "stories"),
                os.path.join(ground.ROOT, "tests", "tools")]
ROOMS = ["base", "crypt", "ledger", "operation"]  # write and verify it
STATION = ["station"]  # and runs, where the real station is run
STATE = os.path.join(ground.STATE, "evidence")
TRIALS = os.path.join(ground.RESULTS, "trials")  # committed
KEPT = ("kills",)  # what needs nothing but its seed to go on elsewhere
END = time.monotonic() + 60 * float(os.environ.get("MINUTES", "1e6"))
PART = float(os.environ.get("PART", "1"))


def version(more=()):
    got = subprocess.run(["git", "-C", ground.ROOT, "log", "-1", "--format=%h",
                          "--"] + ["src/" + room for room in [*ROOMS, *more]],
                         capture_output=True, text=True, check=False)
    return got.stdout.strip() or "unknown"


def is_over():
    return time.monotonic() > END


def fill(journal, name, wanted, a_call, run):
    """The trials of a row that are not there yet, a_call of them at once:
    run(have, some) gives some more after those."""
    have = sum(1 for trial in journal.rows if trial["row"] == name)
    while have < wanted and not is_over():
        some = min(a_call - have % a_call, wanted - have)
        for trial in run(have, some):
            journal.add(dict(trial, row=name))
        have += some


def path_of(name):
    folder = TRIALS if name in KEPT else STATE
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, name + ".jsonl")


class Journal:
    """Trials of one campaign; those of other versions are kept, not counted.
    `more` are rooms that decide them beside ROOMS."""

    def __init__(self, name, more=()):
        os.makedirs(STATE, exist_ok=True)
        self.path = path_of(name)
        self.version = version(more)
        self.rows = []
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.rows = [json.loads(line) for line in file
                             if line.endswith("\n")]
        self.rows = [row for row in self.rows
                     if row["version"] == self.version]

    def add(self, **row):
        row["version"] = self.version
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self.rows.append(row)


def all_rows(name, kind):
    """Of the version with the last trial of that kind, and that version."""
    path = path_of(name)
    if not os.path.exists(path):
        return [], ""
    with open(path, encoding="utf-8") as file:
        rows = [row for row in (json.loads(line) for line in file
                                if line.endswith("\n"))
                if row["kind"] == kind]
    last = rows[-1]["version"] if rows else ""
    return [row for row in rows if row["version"] == last], last


def _line(what, goal, bad, trials, seeds, of):
    low, high = interval.interval(bad, trials)
    return "| %s | %s | %d | %d | [%.4f, %.4f] %% | %s | %s |" % (
        what, goal, bad, trials, 100 * low, 100 * high, seeds, of)


def _seeds(rows):
    seeds = sorted(set(row["seed"] for row in rows))
    return "%d to %d" % (seeds[0], seeds[-1]) if len(seeds) > 1 else str(
        seeds[0])


LARGE = ["", "Large records, verified by the binary in its jail; seconds are of "
         "the processor,", "on a machine that may have been busy.", "",
         "| record | took | most memory of a process | version |",
         "|---|---|---|---|"]


def _told():
    """The document as it stands, in lines."""
    path = os.path.join(ground.RESULTS, "evidence.md")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def large_table(told):
    """How large records were verified (large.py): of each the last time. What
    was measured elsewhere stays as it is told."""
    last = {line.split(" | ")[0][2:]: line for line in told
            if line.endswith(" |") and " MB | " in line}
    path = path_of("large")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for row in (json.loads(line) for line in file
                        if line.endswith("\n")):
                last[row["what"]] = "| %s | %s | %d MB | %s |" % (
                    row["what"], row["took"], row["memory_mb"],
                    row["version"])
    return LARGE + list(last.values()) if last else []


def write_large():
    """That table alone."""
    told = _told()
    rest = told[:told.index(LARGE[1])] if LARGE[1] in told else told
    _write(rest + large_table(told)[rest[-1:] == [""]:])


def _write(lines):
    os.makedirs(ground.RESULTS, exist_ok=True)
    with open(os.path.join(ground.RESULTS, "evidence.md"), "w",
              encoding="utf-8") as file:
        file.write("\n".join(lines).rstrip() + "\n")


def write_results():
    lines = ["# The sealed record under deaths, lost power and changed bits",
             "", "Made by `make campaign` on %s (tests/campaign/kills.py, "
             "power.py, flips.py)." % datetime.date.today(),
             "Intervals are the exact 95 % ones of Clopper and Pearson, of the "
             "rate of trials",
             "that went wrong. Each row counts trials of one version only: the "
             "last commit that",
             "touched base, crypt, ledger or operation, or station too where "
             "the real one ran.", "",
             "| trial | goal | wrong | trials | 95 % interval | seed | version "
             "|", "|---|---|---|---|---|---|---|"]
    names = [("kills", "process", "writer killed at a random moment, in "
              "process: false verdict, sealed segment unreadable, or a durable "
              "fragment gone", 10000),
             ("kills", "binary", "run in which core, camera workers, relay and "
              "net worker were killed 120 times, the real binary", 0),
             ("power", "state", "state after lost power: false alarm, false "
              "INTACT, synced line or recording gone, over 2 s lost", 0),
             ("flips", "process", "one bit of a byte changed, in process: not "
              "found, or not where it lies", 0),
             ("flips", "binary", "the same, by the binary", 1000)]
    told = _told()  # what was counted elsewhere stays as it is told
    notes = [line for line in told if line.startswith("Worst loss")
             and not all_rows("power", "state")[0]]
    for name, kind, what, goal in names:
        rows, of = all_rows(name, kind)
        if not rows:
            lines.append(next(
                (line for line in told if line.startswith("| %s |" % what)),
                "| %s | | | 0 | not tried | | |" % what))
            continue
        # Kills by the binary are judged together at the end of their run.
        trials = len(rows) if (name, kind) == ("kills", "binary") else sum(
            row["trials"] for row in rows)
        bad = sum(row["bad"] for row in rows)
        all_ = max([row.get("of", 0) for row in rows] + [goal])
        lines.append(_line(what, "0" + (" of %d" % all_ if all_ else ""), bad,
                           trials, _seeds(rows), of))
        worst = max(row.get("worst_s", 0) for row in rows)
        if worst:
            notes.append("Worst loss of pictures after lost power: %.2f s "
                         "(goal: 2 s)." % worst)
        notes += ["The %d trials of seed %s (%s) are judged together, up to "
                  "the first thing that does not hold, which counts once: it "
                  "did not hold that %s." %
                  (row["trials"], row["seed"], kind,
                   " ".join(row["why"].split()))
                  for row in rows if row.get("why")]
    _write(lines + [""] + notes + large_table(_told()))
