"""A page on a table, in half-light: what hands and lights do to it, and what
page watch tells of it. Trials of a row have seeds from FIRST on; the detector
was made on seeds below 1000 and on printed lines, these are pages of a PDF.

Single acts go through H.264 (5 frames a second, a keyframe each second) and the
looker; hours of quiet are planes, looked at once a second, or five times while
something stirs. Told is what is told within 2 s of when it was so and could be
seen; where nobody moves the page, every touch is false.
"""
import json
import math
import os
import subprocess

import evidence
import ground
import interval
import results
from trials import AGAIN_SLOW, Record

FIRST = 1000
FIELDS = ["row", "seed", "act", "away_s", "settled_s", "told", "tampers", "dpi",
          "quiet_s", "acts"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/pdf", "src/watch/looker.c",
         "src/watch/news.c", "src/media/decode.c", "src/media/encode.c",
         "samples/water-tank.pdf", "tests/campaign/pages.c",
         *("tests/campaign/" + name for name in (
             "page_camera.c", "page_scene.c", "page_scene_act.c",
             "page_scene_draw.c", "page_scene_state.h", "page_sheet.c",
             "scene_space.h"))]
PAGES = os.path.join(ground.BUILD, "tests", "campaign", "campaign_pages")
PDF = os.path.join(ground.ROOT, "samples", "water-tank.pdf")
HALF_LIGHT, GRAIN = 0.16, 12
SERIES_S, LEAST_FLASHES = 30, 3  # operation/page_touch.c
TOUCH = ("lifted", "moved", "turned", "changed", "gone")
PRESENCE_A_DAY = 0.9  # in vain, at most (watch.md)
PRESENCE_S, CUES_S = 30, 10  # such a one; so far apart two cues agree
# act, dots an inch, light of paper, grain before smearing, trials
ROWS = [
    ("lift", 25, HALF_LIGHT, GRAIN, 450), ("turn", 25, HALF_LIGHT, GRAIN, 150),
    ("take", 25, HALF_LIGHT, GRAIN, 150), ("quiet", 25, HALF_LIGHT, GRAIN, 60),
    ("move", 25, HALF_LIGHT, GRAIN, 60), ("swap", 25, HALF_LIGHT, GRAIN, 60),
    ("rest", 25, HALF_LIGHT, GRAIN, 60), ("lean", 25, HALF_LIGHT, GRAIN, 60),
    ("lift", 40, HALF_LIGHT, GRAIN, 30), ("lift", 18, HALF_LIGHT, GRAIN, 30),
    ("take", 18, HALF_LIGHT, GRAIN, 30), ("turn", 18, HALF_LIGHT, GRAIN, 30),
]
A_CALL = 10  # trials of a row in one process
ROUNDS = 30  # the rows advance together, so that a part of them tells something
# What must be told, and how many seconds before and after which moment.
WANTED = {"lift": ("lifted", "away_s"), "turn": ("turned", "settled_s"),
          "take": ("gone", "settled_s"), "move": ("moved", "settled_s"),
          "swap": ("changed", "settled_s"), "rest": ("covered", "hand_s"),
          "lean": ("covered", "hand_s")}
HAND_S = 9.0  # when a hand is over the page, or somebody
EARLY_S, LATE_S = 2.5, 2.0


def late(trial):
    """Seconds after which it was told; None: not in time."""
    state, moment = WANTED[trial["act"]]
    at = HAND_S if moment == "hand_s" else trial[moment]
    for told, name in trial["told"]:
        if name == state and at - EARLY_S <= told <= at + LATE_S:
            return told - at
    return None


def is_wrong(trial):
    return late(trial) is None


def series(trial, least):
    """How often so many flashes or more came within SERIES_S."""
    times = [at for at, name in trial["told"] if name == "flashes"]
    count, i = 0, 0
    while i + least <= len(times):
        is_series = times[i + least - 1] - times[i] <= SERIES_S
        count += is_series
        i += least if is_series else 1
    return count


def touches(trial):
    """How often a page was told of as touched, one after another as one, or
    as photographed."""
    told = [name in TOUCH for _, name in trial["told"]]
    return series(trial, LEAST_FLASHES) + sum(
        now and not before for before, now in zip([False] + told, told))


def name_of(row):
    return "%s-%d" % (row[0], row[1])


def run(row, seed, trials):
    done = subprocess.run(
        [PAGES, row[0], str(seed), str(trials)] + [str(x) for x in row[1:4]]
        + [PDF], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def fill(row, journal, part):
    """The trials of this part of a row that are not there yet."""
    evidence.fill(journal, name_of(row),
                  math.ceil(row[4] * evidence.PART * part), A_CALL,
                  lambda have, some: run(row, FIRST + have, some))


def median(values):
    return sorted(values)[len(values) // 2] if values else float("nan")


def line_of(row, trials):
    good = len(trials) - sum(map(is_wrong, trials))
    some = sum(1 for trial in trials if touches(trial))
    delays = [late(trial) for trial in trials if late(trial) is not None]
    cells = (row[0], row[1], WANTED[row[0]][0]) + (
        ("%d of %d, %s" % (good, len(trials), interval.text(good, len(trials))),
         "%d of %d" % (some, len(trials)), "%.1f" % median(delays))
        if trials else ("not tried", "", ""))
    return "| %s | %d | %s | %s | %s | %s |" % cells


def goal_of(trials):
    good = len(trials) - sum(map(is_wrong, trials))
    low, high = interval.interval(good, len(trials)) if trials else (0, 1)
    return "met" if low >= 0.95 else "missed" if high < 0.95 else "open"


def quiet_lines(trials):
    """Hours in which nobody moved the page, and what was told all the same."""
    hours = sum(trial["quiet_s"] for trial in trials) / 3600
    false = sum(map(touches, trials))
    lines = ["## Nobody moves it", "",
             "Every 15 to 75 s somebody passes a hand over the page, lays one on "
             "it, leans over", "the table or walks by, a shadow wanders or a "
             "lamp goes on or off.", ""]
    if not trials:
        return lines + ["Not tried."]
    tampers = sum(trial["tampers"] for trial in trials)
    a_day = interval.upper_a_day(false, hours)
    acts = sum(trial["acts"] for trial in trials)
    both_a_year = (a_day * PRESENCE_A_DAY * interval.YEAR_DAYS
                   * (PRESENCE_S + 2 * CUES_S) / 86400)
    return lines + [
        "%.1f hours, %d such acts: %d times a touch was told, at most %.1f a "
        "day (95 %%," % (hours, acts, false, a_day),
        "Poisson), which is %.0f a year. That the camera is covered, turned or "
        "shows another" % (a_day * interval.YEAR_DAYS),
        "picture was told %d times: at most %.1f a day. Alone it "
        "therefore wakes" % (tampers, interval.upper_a_day(tampers, hours)),
        "nobody: it is told as presence; that page watch alone keeps the goal, "
        "one a year, would", "take %.0f hours without a touch, %.0f with one." % (
            interval.hours_for_one_a_year(0), interval.hours_for_one_a_year(1)),
        "", "A touch that wakes takes somebody whom a camera of the same place "
        "sees, within %d s" % CUES_S,
        "of it; or flashes over a page that left its place. The bound is of one "
        "camera.",
        "Where nobody comes both have to be told in vain. At most as often as "
        "that, and at",
        "most %.1f a day (watch.md), one as if by chance beside the other, and a "
        "presence in" % PRESENCE_A_DAY,
        "vain as long as %d s: **at most %.1f a year** (both upper limits "
        "multiplied), %s." % (
            PRESENCE_S, both_a_year,
            "one a year is kept" if both_a_year <= 1
            else "more than the goal, one"),
        "It is no count of years: what raises both at once, and none of these "
        "hours had, is not in it.",
        "Flashes were told %d times where there was none, two within %d s "
        "%d times, three %d" % (
            sum(name == "flashes" for trial in trials
                for _, name in trial["told"]), SERIES_S,
            sum(series(trial, 2) for trial in trials),
            sum(series(trial, LEAST_FLASHES) for trial in trials)),
        "times: three make a touch (two did, until these hours were looked "
        "at for it).",
        "Of visitors who touch nothing it is as often as above: %d of %d acts, "
        "at most %.1f in a" % (false, acts, 100 * interval.interval(false, acts)[1]),
        "hundred."]


def write(journal):
    out = ["# Page watch", "",
           "Made by `make campaign` (tests/campaign/pages.py), version %s. "
           "Rates have their exact" % journal.version,
           "95 % interval (Clopper and Pearson 1934). Half-light: paper at "
           "0.16 of full scale, grain",
           "of 4.5 grey levels a pixel, smeared. Seeds from %d on; the "
           "detector was made on others." % FIRST,
           "Seconds: median from the moment when it was so and in view; below "
           "0 it was told before", "a hand was out of the way.", "",
           "| act | dots an inch | state | told within 2 s [interval] | any "
           "touch told | seconds |",
           "|---|---|---|---|---|---|"]
    of = {name_of(row): [trial for trial in journal.rows
                         if trial["row"] == name_of(row)] for row in ROWS}
    out += [line_of(row, of[name_of(row)]) for row in ROWS
            if row[0] in WANTED]
    out += ["", "Goal: lifted, gone and turned at 25 dots an inch in half-light "
            "told within 2 s at", "least 95 times in 100, by the lower limit: "
            + ", ".join("%s %s" % (act, goal_of(of[act + "-25"]))
                        for act in ("lift", "take", "turn")) + "."]
    acts = [trial for trial in journal.rows if trial["act"] in WANTED]
    out += ["", "%d of these %d acts were told of as tampering with the camera "
            "too: the page is most of" % (
                sum(1 for trial in acts if trial["tampers"]), len(acts)),
            "what it sees here, and without it the view is another.", ""]
    out += quiet_lines(of["quiet-25"])
    results.write("pages.md", out)


def again(trial):
    row = next(row for row in ROWS if name_of(row) == trial["row"])
    return dict(run(row, trial["seed"], 1)[0], row=trial["row"])


def main():
    journal = Record("pages", FIELDS, PATHS, ground.STATE)
    journal.settle(again, group=lambda row: row["row"], most=AGAIN_SLOW,
                   odd=lambda row: row["act"] in WANTED and is_wrong(row),
                   workers=int(os.environ.get("JOBS", os.cpu_count())))
    for i in range(ROUNDS):
        for row in ROWS:
            fill(row, journal, (i + 1) / ROUNDS)
    write(journal)


if __name__ == "__main__":
    main()
