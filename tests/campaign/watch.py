"""Is somebody there? The detector before made footage (make campaign).

Visits found and how late, by condition; false presence in hours of quiet;
changes of light. Each trial is one process of watch_trial; trials are kept in
docs/results/trials/watch.jsonl and go on where they were. PART and MINUTES as
in README.md; ROWS names the kinds of trials to go on with.
"""
import collections
import concurrent.futures
import datetime
import json
import os
import statistics
import subprocess
import sys
import time

import ground
import interval
from trials import AGAIN_SLOW, Record
from watch_goals import goal_rows

TRIAL = os.environ.get("WATCH_TRIAL") or os.path.join(
    ground.BUILD, "tests", "campaign", "watch_trial")
FOOTAGE = os.path.join(ground.ROOT, "..", "shared", "footage", "visitors.mp4")
SIZE = "width=640"
CONDITION = {  # light and noise of a picture 640 pixels wide
    "clean": "light=1 noise=0.83",
    "grain": "light=0.28 noise=3.3",
    "dark": "light=0.12 noise=3.9",
    "soft": "light=0.28 noise=1.1",
}
# Rooms below 3000 and people 1 and 2 of the clip served to set the detector;
# figures come from these.
ROOMS = {"visits": 3000, "quiet": 6000, "light": 9000, "flicker": 9500,
         "reach": 12000,
         "ideal": 13000, "pairs": 14000}
PEOPLE = (3, 4, 5, 6)
FIELDS = ["row", "seed", "trials", "cpu_ms_a_look"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/watch/looker.c", "src/watch/news.c",
         "src/media/decode.c", "src/media/encode.c",
         "tests/campaign/footage.c", "tests/campaign/footage_room.c",
         "tests/campaign/extras.c", "tests/campaign/passerby.c",
         "tests/campaign/cutout.c",
         "tests/campaign/watch_trial.c", "tests/campaign/watch_eye.c",
         "tests/campaign/watch_sight.c"]
GRAIN = CONDITION["grain"]
TURNS = 78  # six visits each, and 26 turns of the clip's people: 624
LIGHT_TURNS = 36  # eight changes each
CODED_TURNS = 50  # six visits each: 300
CODED_LIGHT_TURNS = 14
CODED_QUIET_HOURS = 4
IDEAL_ROOMS = 20
QUIET = [  # name, options, hours
    ("grain, 1/f drift", GRAIN, 32),
    ("dark, 1/f drift", CONDITION["dark"], 22),
    ("clean, 1/f drift", CONDITION["clean"], 24),
    ("gain pumps by 6 %", GRAIN + " agc=0.06", 6),
    ("tubes beat by 3 %", "light=0.5 noise=2.2 flicker=0.03", 6),
    ("smoothed in time", GRAIN + " smooth=0.7", 4),
    ("clock burned in", GRAIN + " clock=1", 2),
    ("rain on a window", GRAIN + " rain=1", 2),
    ("an insect a minute", GRAIN + " insects=1", 4),
]


def visit_jobs(turn):
    """Six visits in each condition; every third turn the clip's people too."""
    rows = []
    for name in ("grain", "dark") + (("clean", "soft") if turn < 10 else ()):
        rows.append(("visit " + name, turn, "visits", CONDITION[name].split()
                     + ["visits=6"]))
        if turn % 3 == 2 and os.path.exists(FOOTAGE):
            rows.append(("visit " + name, 500 + turn, "visits",
                         CONDITION[name].split()
                         + ["visits=6", "clip=" + FOOTAGE,
                            "person=%d" % PEOPLE[turn // 3 % 4],
                            "still=%d" % (turn % 2)]))
    return rows


def pair_jobs(turn):
    """Two people at once; how many are counted."""
    return [("pair " + name, turn, "pairs",
             CONDITION[name].split() + ["visits=6", "pair=1"])
            for name in ("clean", "grain", "dark")]


def lit_jobs(turn):
    """Who lights the lamp before he comes in, and puts it out as he leaves."""
    return [("lit " + name, turn, "visits", options.split()
             + ["visits=6", "lit=1"]) for name, options in CONDITION.items()]


def coded_jobs(turn):
    """The same through H.264, its decoder and the looker."""
    rows = []
    for gop in (1, 2):
        coded = ["codec=1", "gop=%d" % gop]
        if turn < CODED_TURNS:
            rows.append(("coded grain, keyframe every %d s" % gop, turn,
                         "visits", GRAIN.split() + ["visits=6"] + coded))
        if turn < CODED_QUIET_HOURS:
            rows.append(("coded quiet, keyframe every %d s" % gop, turn,
                         "quiet", GRAIN.split() + ["hours=1"] + coded))
        if turn < CODED_TURNS:
            rows.append(("coded dark, keyframe every %d s" % gop, turn,
                         "visits", CONDITION["dark"].split() + ["visits=6"]
                         + coded))
        if turn < CODED_QUIET_HOURS:
            rows.append(("coded quiet dark, keyframe every %d s" % gop, turn,
                         "quiet", CONDITION["dark"].split() + ["hours=1"]
                         + coded))
    if turn < CODED_LIGHT_TURNS:
        rows.append(("coded flicker", turn, "flicker",
                     CONDITION[("clean", "grain", "soft")[turn % 3]].split()
                     + ["codec=1"]))
        rows.append(("coded light", turn, "light",
                     CONDITION[("clean", "grain", "soft")[turn % 3]].split()
                     + ["codec=1"]))
    return rows


def every_job():
    """The ones that matter most first within each round."""
    rows, late = [], []
    for turn in range(TURNS):
        rows += visit_jobs(turn)
        for name, options, hours in QUIET:
            if turn < hours:
                rows.append(("quiet " + name, turn, "quiet",
                             options.split() + ["hours=1"]))
        if turn < LIGHT_TURNS:
            rows.append(("light", turn, "light",
                         CONDITION[("clean", "grain", "soft")[turn % 3]]
                         .split()))
            rows.append(("flicker", turn, "flicker",
                         CONDITION[("clean", "grain", "soft")[turn % 3]]
                         .split()))
        if turn < 8:
            for name in ("grain", "dark", "soft"):
                late.append(("reach " + name, turn, "reach",
                             CONDITION[name].split()
                             + ["bare=1", "targets=32"]))
        if turn < 2:
            late.append(("shades grain", turn, "reach",
                         GRAIN.split() + ["targets=32"]))
        if turn < 8:
            late += pair_jobs(turn) + lit_jobs(turn)
        if turn < IDEAL_ROOMS:
            late.append(("ideal grain", turn, "ideal",
                         GRAIN.split() + ["bare=1", "white=1", "targets=12"]))
            late.append(("shades ideal", turn, "ideal",
                         GRAIN.split() + ["white=1", "targets=12"]))
        late += coded_jobs(turn)
    return rows + late


def jobs():
    """A part of them; ROWS="light,quiet dark" those whose names begin so."""
    rows = every_job()
    begins = tuple(os.environ.get("ROWS", "").split(","))
    rows = [job for job in rows if job[0].startswith(begins)]
    return rows[:max(1, int(len(rows) * float(os.environ.get("PART", 1))))]


def one(job):
    name, turn, kind, options = job
    words = [TRIAL, "visits" if kind == "pairs" else kind, SIZE, "room=%d" % (ROOMS[kind] + turn)] + options
    made = subprocess.run(words, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in made.stdout.splitlines()]
    # What a look costs is no part of what comes out.
    cost = [trial.pop("cpu_ms_a_look", None) for trial in found]
    return {"row": name, "seed": turn, "trials": found, "cpu_ms_a_look": cost}


def is_late(row):
    """Somebody in it was not told of, or late."""
    return any(not trial.get("found", True) or trial.get("late_s", 0) > 2
               for trial in row["trials"])


def job_of(row):
    return next(job for job in every_job()
                if job[:2] == (row["row"], row["seed"]))


def run(record):
    done = {(row["row"], row["seed"]) for row in record.rows}
    until = time.time() + 60 * float(os.environ.get("MINUTES", 1e6))
    left = [job for job in jobs() if job[:2] not in done]
    workers = int(os.environ.get("JOBS", os.cpu_count()))
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for row in pool.map(lambda job: one(job) if time.time() < until
                            else None, left):
            if row:
                record.add(row)


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def once_visible(found):
    """The same 99 %, counted from the first keyframe in which an observer who
    knows outline, place and clothes could have been as sure (20 nats)."""
    late = [t["late_s"] - max(0, t["visible_s"] - t["begin_s"])
            for t in found if t.get("visible_s", -1) >= 0]
    return "%.1f" % share(late, 0.99) if late else "-"


def visit_rows(trials, conditions):
    lines = ["| condition | visits | found | rate [95 %] | median s | 90 % | "
             "99 % | longest | once visible: 99 % | in two parts | "
             "false before |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, row in conditions:
        mine = trials[row]
        found = [t for t in mine if t["found"]]
        late = [t["late_s"] for t in found]
        if late:
            lines.append("| %s | %d | %d | %s | %.1f | %.1f | %.1f | %.1f | %s | "
                         "%d | %d |" % (name, len(mine), len(found),
                                   interval.text(len(found), len(mine)),
                                   statistics.median(late), share(late, 0.9),
                                   share(late, 0.99), max(late),
                                   once_visible(found),
                                   sum(t["groups"] > 1 for t in mine),
                                   sum(t["early"] for t in mine)))
    return lines


def pair_rows(trials):
    """Told as two, and who is alone told as more than one."""
    lines = ["| condition | two people: visits | told as two | rate [95 %] | "
             "one: visits | told as more | rate [95 %] |",
             "|---|---|---|---|---|---|---|"]
    for name in ("clean", "grain", "dark"):
        two, one_ = trials["pair " + name], [
            t for t in trials["visit " + name] if "persons" in t]
        if two:
            right = sum(t["persons"] == 2 for t in two)
            wrong = sum(t["persons"] > 1 for t in one_)
            lines.append("| %s | %d | %d | %s | %d | %d | %s |" % (
                name, len(two), right, interval.text(right, len(two)),
                len(one_), wrong, interval.text(wrong, len(one_))))
    return lines


def quiet_rows(trials):
    lines = ["| quiet | hours | false presence | a day, upper limit | light | "
             "frames looked at beside keyframes | ms a look |",
             "|---|---|---|---|---|---|---|"]
    each = [(name, trials["quiet " + name]) for name, _, _ in QUIET]
    for name, mine in each + [("all", sum((mine for _, mine in each), []))]:
        hours = sum(t["hours"] for t in mine)
        if hours:
            false = sum(t["groups"] for t in mine)
            beside = sum(t["looks_at_all"] for t in mine) / (hours * 32400)
            lines.append("| %s | %.0f | %d | %.1f | %d | %.1f %% | %.2f |" % (
                name, hours, false, interval.upper_a_day(false, hours),
                sum(t["light"] for t in mine), 100 * beside,
                statistics.mean(t["cpu_ms_a_look"] for t in mine)))
    return lines


def light_rows(trials):
    lines = ["| change | straight: trials | as a person | rate [95 %] | "
             "as light | through H.264: trials | as a person | rate [95 %] | "
             "as light |", "|---|---|---|---|---|---|---|---|---|"]
    by_change = collections.defaultdict(lambda: ([], []))
    for way, rows in enumerate((("light", "flicker"),
                                ("coded light", "coded flicker"))):
        for trial in trials[rows[0]] + trials[rows[1]]:
            by_change[trial["change"]][way].append(trial)
            by_change["all"][way].append(trial)
    by_change["all"] = by_change.pop("all", ([], []))
    for name, ways in by_change.items():
        lines.append("| %s |" % name + "|".join(
            " %d | %d | %s | %d " % (
                len(mine), persons,
                interval.text(persons, len(mine)) if mine else "-",
                sum(t["light"] > 0 for t in mine))
            for mine, persons in ((mine, sum(t["persons"] > 0 for t in mine))
                                  for mine in ways)) + "|")
    return lines


def coded_quiet(light, gop, mine):
    if not mine:
        return []
    hours = sum(t["hours"] for t in mine)
    false = sum(t["groups"] for t in mine)
    return ["", "Quiet %s, keyframe every %d s: %.0f h, %d false presence "
                "(upper limit %.1f a day), %.2f CPU s a minute decoding and "
                "looking." % (
                    light, gop, hours, false,
                    interval.upper_a_day(false, hours),
                    statistics.mean(t["cpu_ms_a_look"] * t["looks"]
                                    for t in mine) / 1000 / 60
                    / (hours / len(mine)))]


def coded_rows(trials):
    names = ["%s, keyframe every %d s" % (light, gop)
             for light in ("grain", "dark") for gop in (1, 2)]
    lines = visit_rows(trials, [(name, "coded " + name) for name in names])
    for gop in (1, 2):
        for light, row in (("grain", "quiet"), ("dark", "quiet dark")):
            lines += coded_quiet(
                light, gop,
                trials["coded %s, keyframe every %d s" % (row, gop)])
    return lines


def sight_rows(trials):
    lines = ["| condition | what | found at it | rate [95 %] | found at half | "
             "rate [95 %] |", "|---|---|---|---|---|---|"]
    for name in ("reach grain", "reach dark", "reach soft", "shades grain"):
        mine = collections.defaultdict(list)
        for trial in trials[name]:
            what = trial["target"]
            if what == "contrast":
                tall = trial["tall"]
                what = "contrast, %.2f of the height" % tall
            mine[what, trial["part"]].append(trial["found"])
            mine["all", trial["part"]].append(trial["found"])
        for what in sorted({key[0] for key in mine}):
            whole, half = mine[what, 1.0], mine[what, 0.5]
            lines.append("| %s | %s | %d of %d | %s | %d of %d | %s |" % (
                name.replace("reach ", ""), what, sum(whole), len(whole),
                interval.text(sum(whole), len(whole)), sum(half), len(half),
                interval.text(sum(half), len(half))))
    return lines + ideal_rows(trials)


def ideal_rows(trials):
    """How much of what there is to know the detector uses."""
    lines = ["", "Evidence beside that of an observer who knows outline, "
             "place and contrast of the figure and the noise of each pixel "
             "(ratio of squared d', grain, figures of 1.5 times the least "
             "contrast while they walk); goal 0.5; interval of Student over "
             "rooms:", ""]
    for name, where in (("ideal grain", "before a clean wall"),
                        ("shades ideal", "in rooms full of things, where a "
                         "figure through which they show is light")):
        rooms = collections.defaultdict(list)
        for trial in trials[name]:
            if trial["ideal"] > 0:
                rooms[trial["room"]].append(trial["ideal"])
        means = [statistics.mean(ratio) for ratio in rooms.values()]
        if len(means) > 1:
            lines.append("- %s: mean %.2f [%.2f, %.2f] of %d rooms, their "
                         "means from %.2f to %.2f; %d figures." % (
                             where, statistics.mean(means),
                             *interval.mean(means), len(means), min(means),
                             max(means), sum(map(len, rooms.values()))))
    return lines


HEAD = """# Is somebody there?

Made by `tests/campaign/watch.py` on %s, version %s. Rates have their exact
95 %% interval (Clopper and Pearson 1934); a rate a day its exact Poisson limit.
Pictures of 640 x 360, ten a second, a keyframe a second; noise fresh in every
picture, light that drifts by 1.5 %% as 1/f noise does. Straight to planes,
unless it is said that H.264 (crf 26, as a camera codes), its decoder and the
looker stand between. Rooms from number 3000 on, which nobody
looked at while the detector was made. People 3 to 6 of the clip: thresholds were
set on 1 and 2, but the whole clip is also in a story; figures of 0.12
to 0.72 of the picture's height, clothes of 18 to 60 %% contrast, 0.35 to 0.95
own heights a second. A visit begins with the first picture in which about a
fifth of the figure is in view. Some wear what is behind them: `once visible`
counts from the first keyframe whose cells would tell as much as chance shows
in ten minutes (20 nats) to somebody who knows outline, place and clothes.

What was counted so far; `make campaign` goes on from there. Those told of late, and
versions before it, are in watch-more.md (and in watch-before.md); others on the
same films in watch-peers.md; most hours of quiet through H.264 in quiet.md.
"""
GOALS = """Met or missed where the whole interval is; else open. For 99 % in time, the share
that is later may be 1 %. Costs of processor and memory are in `make bench`.
"""
LIT = """It goes on up to 3 s before he comes in, and out as he leaves; it is about as bright
as the room. `False before`: what the lamp left rang on until the next one came.
"""
PAIRS = """Two figures at once, about as large, who come from both sides and stand at least a
quarter of the picture apart; they may cover each other on the way.
"""
LIGHT = """A flash lasts 0.2 s. Straight, it is seen only when a keyframe falls into it;
through H.264 its larger packets call.
"""


def section(title, table, words=""):
    """Nothing of what was not counted yet: a table is two lines at least."""
    if len(table) <= 2:
        return []
    return ["", "## " + title, ""] + words.split("\n") * bool(words) + table


def main():
    os.makedirs(os.path.join(ground.STATE), exist_ok=True)
    record = Record("watch", FIELDS, PATHS, ground.STATE,
                    loose=["cpu_ms_a_look"])
    record.settle(lambda row: one(job_of(row)),
                  group=lambda row: row["row"].split()[0],
                  most=AGAIN_SLOW, odd=is_late,
                  workers=int(os.environ.get("JOBS", os.cpu_count())))
    run(record)
    trials = collections.defaultdict(list)
    for row in record.rows:
        trials[row["row"]] += [
            dict(trial, cpu_ms_a_look=cost, room=row["seed"]) for trial, cost in
            zip(row["trials"], row["cpu_ms_a_look"])]
    text = [(HEAD % (datetime.date.today(), record.version)).rstrip("\n")]
    text += section("Goals", goal_rows(trials), GOALS)
    text += section("Visits", visit_rows(
        trials, [(name, "visit " + name) for name in CONDITION]))
    text += section("The lamp that a visitor lights", visit_rows(
        trials, [(name, "lit " + name) for name in CONDITION]), LIT)
    text += section("How many?", pair_rows(trials), PAIRS)
    text += section("Quiet", quiet_rows(trials))
    text += section("Light", light_rows(trials), LIGHT)
    text += section("Through H.264", coded_rows(trials))
    text += section("Is what it says that it can see true?",
                    sight_rows(trials))
    out = os.path.join(ground.RESULTS, "watch.md")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")
    print("written: " + out)


if __name__ == "__main__":
    sys.exit(main())
