"""What all tables of docs/results have, and tables of two campaigns."""
import datetime
import math
import os
import statistics

import ground
import interval

REGISTERED = 10 ** 6


def traced(row):
    """As if all 10^6 had been scored, however many were."""
    if row.get("outcome") != "traced":
        return False
    registrations = row["tried"] / row["copies"]
    charged = math.log10(REGISTERED * registrations)
    return charged + math.log10(2) - row["log10_lr"] <= -6


def head(title, record):
    return ["# " + title, "",
            "Made by `make campaign` on %s, version %s. Rates have their "
            "exact 95 %% interval" % (datetime.date.today(), record.of),
            "(Clopper and Pearson 1934) in brackets; a goal is met when the "
            "interval's lower",
            "end meets it, which is judged when all trials that were planned "
            "are done. Documents: the set `report` of "
            "tests/campaign/documents.tsv,",
            "of drawings and scans the set `image`; both are kept for figures, "
            "but for what is said.", ""]


def columns(*names):
    """The head of a table."""
    return ["".join("| " + name + " " * bool(name) for name in names) + "|",
            "|---" * len(names) + "|"]


def write(name, lines):
    os.makedirs(ground.RESULTS, exist_ok=True)
    path = os.path.join(ground.RESULTS, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("written: " + path)


def median(rows, key):
    values = [row[key] for row in rows if row.get(key) is not None]
    return statistics.median(values) if values else 0.0


def met(hits, trials, goal, planned):
    """Judged once, when all that were planned are done."""
    if trials < planned:
        return "%d to come" % (planned - trials)
    if goal is None:
        return ""
    low, high = interval.interval(hits, trials)
    if 100 * low >= goal:
        return "met"
    return "missed" if 100 * high < goal else "open"


def share(rows, holds):
    hits = sum(map(holds, rows))
    return "%d: %s" % (hits, interval.text(hits, len(rows)))


def innocents(record, kinds):
    rows = record.rows
    lines = head("Pictures of what is not a copy of ours", record)
    lines += ["Beside the issued numbers, random codes are scored: of all "
              "with LR >= x the share may",
              "not be above 1/x, whatever the camera did. %s numbers are "
              "registered; a random code is drawn" % ", ".join(sorted(
                  {"%d" % row["copies"] for row in rows})),
              "as theirs are, and of a million registered one would be named "
              "from 10^12.3 on.", "",
              *columns("picture", "pictures", "page found", "attributed",
                       "codes", *("LR >= 10^%d" % d for d in range(1, 9)))]
    for name in kinds + ["all"]:
        mine = [r for r in rows if name in ("all", r["row"])
                and r["outcome"] != "failed"]
        codes = sum(r.get("codes", 0) for r in mine)
        over = [sum(r["exceed"][d] for r in mine) for d in range(8)]
        lines.append("| %s | %d | %d | %d | %.3g | %s |" % (
            name, len(mine), sum(r.get("codes", 0) > 0 for r in mine),
            sum(r["outcome"] == "wrong" for r in mine), codes,
            " | ".join("%.2g" % (n / codes) if codes else "" for n in over)))
    trials = sum(r["outcome"] != "failed" for r in rows)
    wrong = sum(r.get("outcome") == "wrong" for r in rows)
    lines += ["", "Attributed: %d of %d, %s." % (wrong, trials,
                                                 interval.text(wrong, trials))]
    write("innocents.md", lines)


def blind(name, record, found, names, copies):
    lines = ["# Can a single copy be told from an original?", "",
             "Made by tests/campaign/blind.py on %s, version %s." % (
                 datetime.date.today(), record.of), "",
             "Area under the curve of a classifier of gaps, edges and "
             "baselines that has neither key",
             "nor original: 0.5 is guessing. Goal: at most 0.55. It learned "
             "from pages of other",
             "documents; each page judged is one original and %d copies. 95 "
             "%% intervals by 2000" % copies,
             "draws of documents.", "",
             *columns("sight", "pages learned", "pages judged",
                      "of documents", "area [95 %]", "")]
    for sight, got in found.items():
        if not got:
            lines.append("| %s | | | | too few pages yet | |" % sight)
            continue
        lines.append("| %s | %d | %d | %d | %.2f [%.2f, %.2f] | %s |" % (
            sight, got["learned"], got["judged"], got["documents"],
            got["area"], got["low"], got["high"],
            "met" if got["high"] <= 0.55
            else "missed" if got["low"] > 0.55 else "open"))
    lines += ["", "One feature alone (area on the pages judged):", "",
              *columns("sight", *names)]
    for sight, got in found.items():
        if got:
            lines.append("| %s | %s |" % (
                sight, " | ".join("%.2f" % one for one in got["single"])))
    write(name + ".md", lines)
