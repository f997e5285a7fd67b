"""Is somebody there? The detector before made footage (make campaign).

Visits found and how late, by condition; false presence in hours of quiet;
changes of light. Each trial is one process of watch_trial; trials are kept in
build/campaign/watch-VERSION and go on where they were. PART and MINUTES as in
README.md.
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
# Rooms below 1000 and people 1 and 2 of the clip served to set the detector;
# figures come from these.
ROOMS = {"visits": 1000, "quiet": 5000, "light": 9000, "reach": 12000,
         "ideal": 13000}
PEOPLE = (3, 4, 5, 6)
GRAIN = CONDITION["grain"]
QUIET = [  # name, options, hours
    ("grain, 1/f drift", GRAIN, 24),
    ("dark, 1/f drift", CONDITION["dark"], 16),
    ("clean, 1/f drift", CONDITION["clean"], 8),
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


def coded_jobs(turn):
    """The same through H.264, its decoder and the looker."""
    rows = []
    for gop in (1, 2):
        coded = ["codec=1", "gop=%d" % gop]
        if turn < 5:
            rows.append(("coded grain, keyframe every %d s" % gop, turn,
                         "visits", GRAIN.split() + ["visits=6"] + coded))
        if turn < 1:
            rows.append(("coded quiet, keyframe every %d s" % gop, turn,
                         "quiet", GRAIN.split() + ["hours=1"] + coded))
    if turn < 7:
        rows.append(("coded light", turn, "light",
                     CONDITION[("clean", "grain", "soft")[turn % 3]].split()
                     + ["codec=1"]))
    return rows


def jobs():
    """Every trial, the ones that matter most first within each round."""
    rows, late = [], []
    for turn in range(50):
        rows += visit_jobs(turn)
        for name, options, hours in QUIET:
            if turn < hours:
                rows.append(("quiet " + name, turn, "quiet",
                             options.split() + ["hours=1"]))
        if turn < 7:
            rows.append(("light", turn, "light",
                         CONDITION[("clean", "grain", "soft")[turn % 3]]
                         .split()))
        if turn < 8:
            for name in ("grain", "dark"):
                late.append(("reach " + name, turn, "reach",
                             CONDITION[name].split() + ["targets=16"]))
        if turn < 3:
            late.append(("ideal grain", turn, "ideal",
                         GRAIN.split() + ["white=1", "targets=10"]))
        late += coded_jobs(turn)
    rows += late
    return rows[:max(1, int(len(rows) * float(os.environ.get("PART", 1))))]


def one(job):
    name, turn, kind, options = job
    words = [TRIAL, kind, SIZE, "room=%d" % (ROOMS[kind] + turn)] + options
    made = subprocess.run(words, capture_output=True, text=True, check=True)
    return {"job": "%s %d" % (name, turn), "row": name,
            "trials": [json.loads(line) for line in made.stdout.splitlines()]}


def version():
    made = subprocess.run(
        ["git", "-C", ground.ROOT, "log", "-1", "--format=%h", "--",
         "src/detect", "tests/campaign/footage.c"],
        capture_output=True, text=True, check=False)
    return made.stdout.strip() or "unknown"


def run(path):
    done = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                done[row["job"]] = row
    until = time.time() + 60 * float(os.environ.get("MINUTES", 1e6))
    left = [job for job in jobs() if "%s %d" % job[:2] not in done]
    workers = int(os.environ.get("JOBS", os.cpu_count()))
    with concurrent.futures.ThreadPoolExecutor(workers) as pool, \
            open(path, "a", encoding="utf-8") as file:
        for row in pool.map(lambda job: one(job) if time.time() < until
                            else None, left):
            if row:
                done[row["job"]] = row
                file.write(json.dumps(row) + "\n")
                file.flush()
    return list(done.values())


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def visit_rows(trials):
    lines = ["| condition | visits | found | rate [95 %] | median s | 90 % | "
             "99 % | longest | in two parts | false before |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for name in CONDITION:
        mine = trials["visit " + name]
        found = [t for t in mine if t["found"]]
        late = [t["late_s"] for t in found]
        if late:
            lines.append("| %s | %d | %d | %s | %.1f | %.1f | %.1f | %.1f | %d | "
                         "%d |" % (name, len(mine), len(found),
                                   interval.text(len(found), len(mine)),
                                   statistics.median(late), share(late, 0.9),
                                   share(late, 0.99), max(late),
                                   sum(t["groups"] > 1 for t in mine),
                                   sum(t["early"] for t in mine)))
    return lines


def upper(count, hours):
    """Upper 95 % limit of a rate a day, Poisson, exact (one-sided 97.5 %)."""
    low, high = 0.0, 1e3 + 10 * count
    for _ in range(80):
        mid, term, sum_ = (low + high) / 2, 1.0, 0.0
        for k in range(count + 1):
            sum_ += term
            term *= mid / (k + 1)
        if sum_ * 2.718281828459045 ** -mid > 0.025:
            low = mid
        else:
            high = mid
    return high * 24 / hours


def quiet_rows(trials):
    lines = ["| quiet | hours | false presence | a day, upper limit | light | "
             "frames looked at beside keyframes | ms a look |",
             "|---|---|---|---|---|---|---|"]
    for name, _, _ in QUIET:
        mine = trials["quiet " + name]
        hours = sum(t["hours"] for t in mine)
        if hours:
            false = sum(t["groups"] for t in mine)
            beside = sum(t["looks_at_all"] for t in mine) / (hours * 32400)
            lines.append("| %s | %.0f | %d | %.1f | %d | %.1f %% | %.2f |" % (
                name, hours, false, upper(false, hours),
                sum(t["light"] for t in mine), 100 * beside,
                statistics.mean(t["cpu_ms_a_look"] for t in mine)))
    return lines


def light_rows(trials):
    lines = ["| change | trials | told as a person | told as light |",
             "|---|---|---|---|"]
    by_change = collections.defaultdict(list)
    for trial in trials["light"]:
        by_change[trial["change"]].append(trial)
    for name, mine in by_change.items():
        lines.append("| %s | %d | %d | %d |" % (
            name, len(mine), sum(t["persons"] > 0 for t in mine),
            sum(t["light"] > 0 for t in mine)))
    return lines


HEAD = """# Is somebody there?

Made by `tests/campaign/watch.py` on %s, version %s. Rates have their exact
95 %% interval (Clopper and Pearson 1934); a rate a day its exact Poisson limit.
Pictures of 640 x 360, ten a second, a keyframe a second; noise fresh in every
picture, light that drifts by 1.5 %% as 1/f noise does. Straight to planes:
no encoder is in these figures. Rooms from number 1000 on, which nobody
looked at while the detector was made. People 3 to 6 of the clip: thresholds were
set on 1 and 2, but the whole clip is also in a story; figures of 0.12
to 0.72 of the picture's height, clothes of 18 to 60 %% contrast, 0.35 to 0.95
own heights a second. A visit begins with the first picture in which about a
fifth of the figure is in view.

## Visits
"""


def main():
    os.makedirs(os.path.join(ground.STATE), exist_ok=True)
    path = os.path.join(ground.STATE, "watch-%s.jsonl" % version())
    trials = collections.defaultdict(list)
    for row in run(path):
        trials[row["row"]] += row["trials"]
    text = [HEAD % (datetime.date.today(), version())]
    text += visit_rows(trials) + ["", "## Quiet", ""] + quiet_rows(trials)
    text += ["", "## Light", "", "A flash lasts 0.2 s and is seen only when a "
             "keyframe falls into it.", ""] + light_rows(trials)
    out = os.path.join(ground.RESULTS, "watch.md")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")
    print("written: " + out)


sys.exit(main())
