"""A camera that sends one picture for ever, encoded anew: is that told?

A trial is a page on a table by a seed, filmed through H.264 with a keyframe a
second, and before the looker; from a moment on the picture stays the same, and
only how it is coded differs. The goal is 5 s.
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
FIELDS = ["row", "seed", "hold_s", "told_s", "tampers", "held"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/watch/looker.c", "src/watch/news.c",
         "src/media/decode.c", "src/media/encode.c",
         *("tests/campaign/" + name for name in (
             "held_trial.c", "page_held.c", "page_camera.c", "page_scene.c",
             "page_scene_act.c", "page_scene_draw.c", "page_scene_state.h",
             "scene_space.h"))]
HELD = os.path.join(ground.BUILD, "tests", "campaign", "campaign_held")
HOLD_S, LOOK_S, GOAL_S = 20, 10, 5
NEVER_S, QUIET_S = 10 ** 6, 120
# paper's light of full scale, grain before smearing
LIGHTS = [("half-light", 0.16, 12), ("light, coarse grain", 0.6, 12),
          ("light, fine grain", 0.6, 4)]
TRIALS = 60
A_CALL = 10


def run(row, seed, trials):
    name, light, grain = next(one for one in LIGHTS if row.startswith(one[0]))
    moments = ((NEVER_S, QUIET_S) if row.endswith("never")
               else (HOLD_S, HOLD_S + LOOK_S))
    done = subprocess.run(
        [HELD, str(seed), str(trials), str(light), str(grain)]
        + [str(moment) for moment in moments],
        capture_output=True, text=True, check=True)
    return [dict(json.loads(line), row=row)
            for line in done.stdout.splitlines()]


def fill(row, journal):
    evidence.fill(journal, row, round(TRIALS * evidence.PART), A_CALL,
                  lambda have, some: run(row, FIRST + have, some))


def line_of(name, of):
    held, never = of(name + ", held"), of(name + ", never")
    late = sorted(one["told_s"] - one["hold_s"] for one in held if one["held"])
    soon = sum(1 for one in late if one <= GOAL_S)
    return "| %s | %s | %s | %s | %s |" % (
        name, interval.rate(soon, len(held)), interval.rate(len(late), len(held)),
        "%.1f, %.1f" % (late[len(late) // 2], late[-1]) if late else "",
        "%d in %.1f hours" % (sum(one["tampers"] for one in never),
                              len(never) * QUIET_S / 3600))


def write(journal):
    def of(row):
        return [trial for trial in journal.rows if trial["row"] == row]
    results.write("held.md", [
        "# A picture that is held", "",
        "Made by `make campaign` (tests/campaign/held.py), version %s. Rates "
        "have their exact" % journal.version,
        "95 %% interval (Clopper and Pearson 1934). A page lies on a table; "
        "from %d s on the camera" % HOLD_S,
        "sends one picture for ever, and H.264 (a keyframe a second, CRF 28) "
        "codes it anew each", "time, never the same. Goal: %d s. Grain of 4.5 "
        "(coarse) and 1.5 grey levels (fine)." % GOAL_S, "",
        "| light | told within %d s [interval] | told in %d s [interval] | "
        "seconds: median, longest | told of pictures that move on |" % (
            GOAL_S, LOOK_S), "|---|---|---|---|---|",
        *(line_of(name, of) for name, _, _ in LIGHTS)])


def main():
    journal = Record("held", FIELDS, PATHS, ground.STATE)
    journal.settle(lambda trial: run(trial["row"], trial["seed"], 1)[0])
    for name, _, _ in LIGHTS:
        for what in ("held", "never"):
            fill("%s, %s" % (name, what), journal)
    write(journal)


if __name__ == "__main__":
    main()
