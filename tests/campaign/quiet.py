"""90 hours in which nobody is there, as a camera of few bits sends them: without
a false presence their upper limit is 0.98 a day, that of 72 hours 1.23.

Made rooms (footage.c) through H.264, its decoder and the looker: five pictures
a second in about as few bits as a camera has that sends 4 Mbit/s of 1080p25;
keyframes 1 and 2 s apart in turn. PART, MINUTES and ROWS as in README.md.
"""
import collections
import json
import os
import subprocess

import evidence
import ground
import interval
import results
from trials import Record
from watch import CONDITION, GRAIN, PATHS, SIZE, TRIAL

FIELDS = ["row", "seed", "groups", "light", "tamper", "looks", "cpu_ms_a_look"]
FIRST_ROOM = 16000
ROWS = [  # what it is, options, hours
    ("grain, 1/f drift", GRAIN, 20),
    ("dark, 1/f drift", CONDITION["dark"], 18),
    ("an insect a minute", GRAIN + " insects=1", 12),
    ("smoothed in time", GRAIN + " smooth=0.7", 10),
    ("gain pumps by 6 %", GRAIN + " agc=0.06", 10),
    ("tubes beat by 3 %", "light=0.5 noise=2.2 flicker=0.03", 10),
    ("rain on a window", GRAIN + " rain=1", 5),
    ("clock burned in", GRAIN + " clock=1", 5),
]
CAMERA = ["codec=1", "fps=5", "crf=33", "hours=1"]
ROUNDS = 4
GOAL_A_DAY = 1.0
HEAD = """# Nobody is there

Made by `make campaign` (tests/campaign/quiet.py), version %s. Made rooms of 640 x
360 through H.264 (libx264, crf 33: about as few bits as a camera has that sends
4 Mbit/s of 1080p25), its decoder and the looker; five pictures a second, keyframes
1 and 2 s apart in turn; noise fresh in every picture (in part, where it is smoothed
in time), no picture comes twice. Rooms from number %d on; the detector was made on
others. A rate a day has its exact Poisson limit (95 %%).
"""


def gop_of(seed):
    return 1 + seed % 2


def hour(name, options, seed):
    number = [row[0] for row in ROWS].index(name)
    made = subprocess.run(
        [TRIAL, "quiet", SIZE, "room=%d" % (FIRST_ROOM + 100 * number + seed),
         "gop=%d" % gop_of(seed), *CAMERA, *options.split()],
        capture_output=True, text=True, check=True)
    trial = json.loads(made.stdout)
    return {"row": name, "seed": seed,
            **{field: trial[field] for field in FIELDS[2:]}}


def again(trial):
    options = next(row[1] for row in ROWS if row[0] == trial["row"])
    return hour(trial["row"], options, trial["seed"])


def cost(mine, gop):
    """Seconds of processor a minute: decoding and looking."""
    mine = [t for t in mine if gop_of(t["seed"]) == gop]
    spent_s = sum(t["cpu_ms_a_look"] * t["looks"] for t in mine) / 1000
    return "%.2f" % (spent_s / 60 / len(mine)) if mine else "-"


def line_of(name, mine):
    false = sum(t["groups"] for t in mine)
    return "| %s | %d | %d | %.1f | %d | %d | %s | %s |" % (
        name, len(mine), false, interval.upper_a_day(false, len(mine)),
        sum(t["light"] for t in mine), sum(t["tamper"] for t in mine),
        cost(mine, 1), cost(mine, 2))


def goal_line(rows):
    upper = interval.upper_a_day(sum(t["groups"] for t in rows), len(rows))
    return ("Goal: at most %.0f false presence a day, by the upper limit, in 72 "
            "hours or more: %s, of %d." % (
                GOAL_A_DAY, "met" if upper <= GOAL_A_DAY and len(rows) >= 72
                else "not yet met", len(rows)))


def write(record):
    of = collections.defaultdict(list)
    for trial in record.rows:
        of[trial["row"]].append(trial)
    lines = (HEAD % (record.version, FIRST_ROOM)).split("\n")
    lines += ["| quiet | hours | false presence | a day, upper limit | light "
              "told | tampering told | CPU s a minute, keyframe every 1 s | "
              "every 2 s |", "|---|---|---|---|---|---|---|---|"]
    lines += [line_of(row[0], of[row[0]]) for row in ROWS if of[row[0]]]
    lines += [line_of("all", record.rows), "", goal_line(record.rows)]
    results.write("quiet.md", lines)


def main():
    record = Record("quiet", FIELDS, PATHS, ground.STATE,
                    loose=["cpu_ms_a_look"])
    record.settle(again, group=lambda trial: trial["row"], most=1)
    begins = tuple(os.environ.get("ROWS", "").split(","))
    for i in range(ROUNDS):
        for name, options, hours in ROWS:
            if name.startswith(begins):
                part = evidence.PART * (i + 1) / ROUNDS
                evidence.fill(record, name, round(hours * part), 1,
                              lambda have, some, name=name, options=options:
                              [hour(name, options, have)])
    write(record)


if __name__ == "__main__":
    main()
