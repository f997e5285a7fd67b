"""Something is done to the camera: is that told within 5 s, and nothing else?

A trial is a room by a seed, filmed through H.264 and before the looker; after
68 s each act is done from the same moment on, in a process of its own. What is
no tampering is done in the same way, in other rooms; and hours of quiet pass.
"""
import concurrent.futures
import json
import os
import subprocess
import time

import ground
import interval
import results
from trials import AGAIN_SLOW, Record

TRIAL = os.environ.get("TAMPER_TRIAL") or os.path.join(
    ground.BUILD, "tests", "campaign", "tamper_trial")
FIELDS = ["row", "seed", "trials"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/watch/looker.c", "src/watch/news.c",
         "src/media/decode.c", "src/media/encode.c",
         *("tests/campaign/" + name for name in (
             "tamper_trial.c", "tamper_camera.c", "tamper_acts.c",
             "tamper_innocents.c", "footage.c", "footage_room.c",
             "passerby.c", "cutout.c"))]
# As of watch.py: light and noise of a picture 640 pixels wide.
LIGHT = {"clean": ("1", "0.83"), "grain": ("0.28", "3.3"),
         "dark": ("0.12", "3.9")}
# Rooms below 3000 served to set the detector; figures come from these.
ROOMS = {"acts": 20000, "innocents": 22000, "quiet": 24000, "hours": 26000}
CONDITIONS = [("%s, keyframe every %d s" % (light, gop), light, gop)
              for gop in (1, 2, 4) for light in LIGHT]
TURNS = 60  # rooms; where keyframes are 4 s apart a quarter of them
EVERY = 3  # of these turns what is no tampering is tried too
QUIET_TURNS = (2, 8, 14, 20)  # half an hour each, of each condition
HOURS_EVERY = 4  # turns, an hour of each of the next, without H.264
HOURS = [("clean", "clean", ""), ("grain", "grain", ""), ("dark", "dark", ""),
         ("gain pumps by 6 %", "grain", "agc=0.06"),
         ("tubes beat by 3 %", "grain", "flicker=0.03"),
         ("smoothed in time", "grain", "smooth=0.7"),
         ("clock burned in", "grain", "clock=1"),
         ("rain on a window", "grain", "rain=1"),
         ("an insect a minute", "grain", "insects=1")]
GOAL_S = 5
TAMPER_KINDS = ("covered", "defocused", "turned", "upside down", "mirrored",
                "painted", "black", "frozen, coded anew",
                "frozen, the same bits", "replaced", "looped, the same bits",
                "looped, coded anew")
INNOCENT_KINDS = ("lamp on and off", "most of the light gone",
                  "infrared on and off", "exposure up and down", "haze",
                  "somebody comes", "somebody near the lens")


def turn_jobs(turn):
    """Row, seed and words of each."""
    rows = []
    for name, light, gop in CONDITIONS:
        words = [*LIGHT[light], str(gop)]
        if gop < 4 or turn % 4 == 0:
            seed = turn // 4 if gop == 4 else turn
            rows.append(("acts " + name, seed, "acts", words))
        if turn % EVERY == 0 and gop < 4:
            rows.append(("innocents " + name, turn // EVERY, "innocents",
                         words))
        if turn in QUIET_TURNS and gop < 4:
            rows.append(("quiet " + name, QUIET_TURNS.index(turn), "quiet",
                         words + ["0.5"]))
    for name, light, more in HOURS:
        if turn % HOURS_EVERY == 1:
            rows.append(("hours " + name, turn // HOURS_EVERY, "hours",
                         [*LIGHT[light], "1", "1", more]))
    return rows


def every_job():
    return [job for turn in range(TURNS)
            for job in turn_jobs(turn)]


def jobs():
    """A part of them, conditions in turn; ROWS those that begin so."""
    begins = tuple(os.environ.get("ROWS", "").split(","))
    rows = [row for row in every_job() if row[0].startswith(begins)]
    return rows[:max(1, int(len(rows) * float(os.environ.get("PART", 1))))]


def one(job):
    name, turn, kind, words = job
    done = subprocess.run([TRIAL, kind, str(ROOMS[kind] + turn), *words],
                          capture_output=True, text=True, check=True)
    return {"row": name, "seed": turn,
            "trials": [json.loads(line) for line in done.stdout.splitlines()]}


def again(row):
    return one(next(job for job in every_job()
                    if job[:2] == (row["row"], row["seed"])))


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


def trials_of(record, kind, name, condition):
    return [trial for row in record.rows if row["row"] == "%s %s" % (
        kind, condition) for trial in row["trials"] if trial["kind"] == name]


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def act_line(name, condition, mine):
    late = [trial["late_s"] for trial in mine if trial["tampers"]]
    soon = sum(1 for one_s in late if one_s <= GOAL_S)
    return "| %s | %s | %s | %s | %s |" % (
        name, condition, interval.rate(soon, len(mine)),
        "%d" % len(late), "%.1f, %.1f, %.1f" % (
            share(late, 0.5), share(late, 0.95), max(late)) if late else "")


def act_rows(record):
    rows = results.columns(
        "done", "condition", "told within %d s [95 %%]" % GOAL_S,
        "told at all", "seconds: median, 95 %, longest")
    for name in TAMPER_KINDS:
        for condition, _, _ in CONDITIONS:
            mine = trials_of(record, "acts", name, condition)
            if mine:
                rows.append(act_line(name, condition, mine))
    return rows


def act_sums(record):
    rows = results.columns(
        "done, in any light", "keyframes", "told within %d s [95 %%]" % GOAL_S,
        "told at all", "seconds: median, 95 %, longest")
    for name in TAMPER_KINDS:
        for gop in (1, 2, 4):
            mine = [trial for condition, _, of in CONDITIONS if of == gop
                    for trial in trials_of(record, "acts", name, condition)]
            if mine:
                rows.append(act_line(name, "every %d s" % gop, mine))
    return rows


def innocent_rows(record):
    rows = results.columns("happens", "condition", "told as tampering [95 %]")
    for kind in INNOCENT_KINDS:
        every = []
        for condition, _, _ in CONDITIONS:
            mine = trials_of(record, "innocents", kind, condition)
            every += mine
            if mine:
                rows.append(innocent_line(kind, condition, mine))
        if every:
            rows.append(innocent_line(kind, "all", every))
    return rows


def innocent_line(kind, condition, mine):
    return "| %s | %s | %s |" % (kind, condition, interval.rate(
        sum(1 for trial in mine if trial["tampers"]), len(mine)))


def quiet_rows(record):
    rows = results.columns("quiet", "hours", "told as tampering",
                           "a day, upper limit")
    names = [("through H.264: " + name, "quiet " + name)
             for name, _, _ in CONDITIONS]
    names += [(name, "hours " + name) for name, _, _ in HOURS]
    every = []
    for name, row in names + [("all", None)]:
        mine = [trial for done in record.rows if done["row"] == row
                for trial in done["trials"]] if row else every
        every = every + mine
        hours = sum(trial["hours"] for trial in mine)
        false = sum(trial["tampers"] for trial in mine)
        if mine:
            rows.append("| %s | %.1f | %d | %.1f |" % (
                name, hours, false, interval.upper_a_day(false, hours)))
    return rows


def before(record):
    """Of the time before each act: told though nothing was done."""
    leads = [row for row in record.rows
             if row["row"].startswith(("acts", "innocents"))]
    false = sum(1 for row in leads if row["trials"][0]["before"])
    return ["", "In the 68 s before all that, %d times: %d told." % (
        len(leads), false)]


def write(record):
    results.write("tamper.md", [
        "# Something is done to the camera", "",
        "Made by `make campaign` (tests/campaign/tamper.py), version %s. "
        "Rates have their" % record.version,
        "exact 95 % interval (Clopper and Pearson 1934). Rooms of 640 x 360 "
        "pixels, 10 pictures",
        "a second, H.264 at CRF 28, before the looker; a room by each seed "
        "from %d on (acts)," % ROOMS["acts"],
        "%d (what is no tampering), %d and %d (quiet). Light and noise: full "
        "and 0.8 grey" % (ROOMS["innocents"], ROOMS["quiet"], ROOMS["hours"]),
        "levels (clean), 0.28 and 3.3 (grain), 0.12 and 3.9 (dark). Done at "
        "any "
        "moment between two",
        "keyframes. Looked for: 15 s, of loops 60 s. Goal: %d s. `coded "
        "anew`: what a viewer" % GOAL_S,
        "decodes is coded again; a loop of 11 to 39 s, no whole number of "
        "keyframe intervals.",
        "Of %d calls that are planned, each of one room and one condition, %d "
        "are done." % (len(every_job()), len(record.rows)), "",
        *act_sums(record), "",
        "By light:", "", *act_rows(record), "",
        "What is no tampering:", "", *innocent_rows(record),
        *before(record), "", *quiet_rows(record)])


def main():
    record = Record("tamper", FIELDS, PATHS, ground.STATE)
    record.settle(again, lambda row: row["row"], AGAIN_SLOW // 10)
    run(record)
    write(record)


if __name__ == "__main__":
    main()
