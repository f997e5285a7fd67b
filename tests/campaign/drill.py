"""Does a drill in one's own footage say what a camera would have shown?

The same faint figures twice: filmed in their room, and put by the drill into
what the same camera filmed of the room alone. How many are told of, each way?
"""
import json
import math
import os
import subprocess
import tempfile

import evidence
import ground
import interval
import results
from trials import Record

FIRST = 20000
FIELDS = ["row", "seed", "tall", "contrast", "filmed", "put", "noise_kept"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/watch/looker.c", "src/watch/news.c",
         "src/media/decode.c", "src/media/encode.c",
         *("src/drill/" + name for name in (
             "plate.c", "matte.c", "likeness.c", "reel.c")),
         *("tests/campaign/" + name for name in (
             "drill_trial.c", "watch_eye.c", "footage.c", "footage_room.c",
             "passerby.c", "cutout.c"))]
TRIAL = os.path.join(ground.BUILD, "tests", "campaign", "drill_trial")
LIGHTS = {"grain": "light=0.28 noise=3.3", "dark": "light=0.12 noise=3.9"}
TRIALS, A_CALL = 60, 6


def run(row, seed, trials):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [TRIAL, str(seed), str(trials), os.path.join(folder, "film.mp4"),
             "width=640", "bare=1"] + LIGHTS[row].split(),
            capture_output=True, text=True, check=True)
    return [dict(json.loads(line), row=row)
            for line in done.stdout.splitlines()]


def sign_test(one, other):
    """Two-sided, exact (McNemar): so uneven by chance, or more?"""
    n = one + other
    tail = sum(math.comb(n, k) for k in range(min(one, other) + 1)) / 2 ** n
    return min(1, 2 * tail)


def line_of(name, mine):
    filmed = sum(one["filmed"] for one in mine)
    put = sum(one["put"] for one in mine)
    only = [sum(1 for one in mine if one[a] and not one[b])
            for a, b in (("filmed", "put"), ("put", "filmed"))]
    return "| %s | %s | %s | %d | %d | %.2f | %.2f |" % (
        name, interval.rate(filmed, len(mine)), interval.rate(put, len(mine)),
        *only, sign_test(*only),
        sum(one["noise_kept"] for one in mine) / len(mine))


def write(journal):
    rows = {name: [trial for trial in journal.rows if trial["row"] == name]
            for name in LIGHTS}
    results.write("drill.md", [
        "# A drill beside the camera", "",
        "Made by `make campaign` (tests/campaign/drill.py), version %s. Rates "
        "have their exact" % journal.version,
        "95 % interval (Clopper and Pearson 1934). Figures of 12 to 42 % of the "
        "picture's height walk", "before a clean wall, in clothes that stand out "
        "from it by 0.3 to 4 %: about as faint as can be", "seen. Each is filmed "
        "(H.264, a keyframe a second), and put by `sting drill --footage` into",
        "what the same camera filmed of the wall alone. p: that so uneven a "
        "number told of one way alone", "is chance (McNemar, exact).", "",
        "| light | told of, filmed [interval] | told of, put in [interval] | "
        "filmed alone | put in alone | p | noise kept |", "|---|---|---|---|---|---|---|",
        *(line_of(name, mine) for name, mine in rows.items() if mine)])


def main():
    journal = Record("drill", FIELDS, PATHS, ground.STATE)
    journal.settle(lambda trial: run(trial["row"], trial["seed"], 1)[0])
    for name in LIGHTS:
        evidence.fill(journal, name, round(TRIALS * evidence.PART), A_CALL,
                      lambda have, some, name=name: run(name, FIRST + have,
                                                        some))
    write(journal)


if __name__ == "__main__":
    main()
