"""Who leans over the bait hides half of it and darkens the rest: is somebody
told? And does light alone pass for one?

Acts of page_scene.c before a camera (H.264, 5 frames a second, a keyframe each
second) and the looker, as in pages.py. The detector was made on seeds below
1000 and this question on 1 to 12 and 100 to 129 of them.
"""
import json
import os
import subprocess

import evidence
import ground
import interval
import results
from trials import Record

FIRST = 1000
FIELDS = ["row", "seed", "persons", "touched", "tampers"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/watch/looker.c", "src/watch/news.c",
         "src/media/decode.c", "src/media/encode.c",
         "samples/water-tank.pdf", "tests/campaign/pages.c",
         *("tests/campaign/" + name for name in (
             "page_camera.c", "page_scene.c", "page_scene_act.c",
             "page_scene_draw.c", "page_scene_state.h", "page_sheet.c",
             "scene_space.h"))]
PAGES = os.path.join(ground.BUILD, "tests", "campaign", "campaign_pages")
PDF = os.path.join(ground.ROOT, "samples", "water-tank.pdf")
HALF_LIGHT, GRAIN = 0.16, 12
TOUCH = ("lifted", "moved", "turned", "changed", "gone")
TRIALS, A_CALL, ROUNDS = 60, 3, 20
# act, dots an inch, what it is, is somebody in view
ROWS = [
    ("lean", 25, "somebody leans over the bait for 3 s", True),
    ("lamp", 25, "a lamp goes on or off", False),
    ("flash", 25, "a camera's flash", False),
    ("lean", 18, "somebody leans over the bait, 18 dots an inch", True),
    ("shadow", 25, "a shadow wanders, whose it is stays out of view", False),
]


def name_of(row):
    return "%s-%d" % row[:2]


def run(row, seed, trials):
    done = subprocess.run(
        [PAGES, row[0], str(seed), str(trials), str(row[1]), str(HALF_LIGHT),
         str(GRAIN), PDF], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        trial = json.loads(line)
        touched = sum(name in TOUCH for _, name in trial["told"])
        yield {"row": name_of(row), "seed": trial["seed"],
               "persons": trial["persons"], "touched": touched,
               "tampers": trial["tampers"]}


def again(trial):
    row = next(row for row in ROWS if name_of(row) == trial["row"])
    return next(run(row, trial["seed"], 1))


def share(trials, field):
    some = sum(1 for trial in trials if trial[field])
    return "%d of %d, %s" % (some, len(trials),
                             interval.text(some, len(trials)))


def line_of(row, trials):
    return "| %s | %s | %s | %s |" % (
        row[2], share(trials, "persons"), share(trials, "touched"),
        share(trials, "tampers"))


def write(journal):
    lines = ["# Somebody before the lens, or a light", "",
             "Made by `make campaign` (tests/campaign/near.py), version %s. "
             "Rates have their exact" % journal.version,
             "95 % interval (Clopper and Pearson 1934). A page on a table in "
             "half-light (paper at 0.16 of",
             "full scale, grain of 4.5 grey levels a pixel, smeared), a camera "
             "through H.264. Who leans", "over it takes a quarter of its light "
             "and hides from a corner to most of the picture, or", "hardly "
             "anything of it. Seeds from %d on; the detector was made on "
             "others." % FIRST, "",
             "| what happens | somebody told | a touch told | tampering told |",
             "|---|---|---|---|"]
    for row in ROWS:
        trials = [t for t in journal.rows if t["row"] == name_of(row)]
        if trials:
            lines.append(line_of(row, trials))
    results.write("near.md", lines)


def main():
    journal = Record("near", FIELDS, PATHS, ground.STATE)
    journal.settle(again, group=lambda row: row["row"])
    for i in range(ROUNDS):
        for row in ROWS:
            part = evidence.PART * (i + 1) / ROUNDS
            evidence.fill(journal, name_of(row), round(TRIALS * part), A_CALL,
                          lambda have, some, row=row: run(row, FIRST + have,
                                                          some))
    write(journal)


if __name__ == "__main__":
    main()
