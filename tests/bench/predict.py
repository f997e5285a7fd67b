"""Predicted strength beside measured: photographs of the drill, read by the
real reader, of documents and pages given.

    predict.py [--tune A.pdf B.pdf ...] [--check C.pdf D.pdf ...]

--tune prints the noise of each setting for the table in src/mark/predict.c
(the median over pages of what the reader measured); --check prints predicted
and measured log10 LR of other documents, as the table stands. SEEDS (1) takes
more photographs of each. STING is the binary. Half a minute of CPU for every
page and seed. Without both, as in make bench, one document is checked.
"""
import argparse
import json
import math
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "stories"))
from story import Story  # noqa: E402

SETTINGS = {"room": "good light", "half-light": "half-light",
            "garage": "garage"}
PARTS = {"": "full", "-quarter": "quarter"}
SEEDS = int(os.environ.get("SEEDS", "1"))


def readings(story, number, path):
    """Rows of one document: setting, part, predicted, measured, noise."""
    op = story.operation("op-%d" % number)
    name = "doc-%d" % number
    story.sting("bait", "add", op, path, "--name", name)
    copy = story.sting("bait", "issue", op, name, "--to", "A", "--out",
                       story.path("out-%d" % number), *story.keys(),
                       "--json").json()[0]
    told = {(row["page"], row["setting"], row["part"]): row for row in
            story.sting("bait", "strength", op, name, *story.keys(),
                        "--json").json()}
    pages = sorted({page for page, _, _ in told})
    for seed in range(1, SEEDS + 1):
        page = pages[seed % len(pages)]
        shots = {}
        for setting in SETTINGS:
            for part in PARTS:
                shot = story.path("%d-%s%s-%d.jpg" % (number, setting, part,
                                                      seed))
                story.sting("drill", "--photograph", copy["file"], "--page",
                            page, "--setting", setting + part, "--seed",
                            1000 * seed + page, "--out", shot, seconds=600)
                shots[shot] = (setting, part)
        got = story.sting("trace", op, *shots, *story.keys(), "--json",
                          code=None, seconds=3600)
        for row in got.json():
            if row["picture"] not in shots:
                continue  # of several pictures judged as one
            setting, part = shots[row["picture"]]
            yield (os.path.basename(path), setting, part,
                   told[page, SETTINGS[setting], PARTS[part]]["log10_lr"], row)


def print_noise(rows):
    print("setting      along pt  across pt  seen   photographs")
    for setting in SETTINGS:
        seen = [row for _, at, _, _, row in rows
                if at == setting and row.get("word_noise_pt")]
        whole = [row["seen"] for _, at, part, _, row in rows
                 if at == setting and not part and row.get("seen")]
        across = [row["word_noise_across_pt"] for row in seen
                  if row["word_noise_across_pt"] > 0]
        if seen and whole:
            print("%-12s %8.3f %10.3f %5.2f %6d" % (
                setting, statistics.median(row["word_noise_pt"]
                                           for row in seen),
                statistics.median(across) if across else 0,
                statistics.median(whole), len(seen)))


def print_check(rows):
    print("document       setting     part     predicted  measured")
    error = []
    for name, setting, part, predicted, row in rows:
        measured = row["log10_lr"] if row["log10_lr"] is not None else 0
        print("%-14.14s %-11s %-8s %9.1f %9.1f" % (
            name, setting, PARTS[part], predicted, measured))
        if predicted > 1 and measured > 1:
            error.append(math.log2(measured / predicted))
    if error:
        print("strength measured / foretold\tmedian %.2f\t1, of %d "
              "photographs\t%.2f to %.2f" % (
                  2 ** statistics.median(error), len(error), 2 ** min(error),
                  2 ** max(error)))


def bench_document():
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(
        __file__)), "..", "campaign"))
    os.environ["BUILD"] = os.path.dirname(os.environ["STING"])
    import ground
    return next(pdf for pdf in ground.documents("build") if "dot.1" in pdf)


parser = argparse.ArgumentParser()
parser.add_argument("--tune", nargs="*", default=[])
parser.add_argument("--check", nargs="*", default=[])
given = parser.parse_args()
if not given.tune + given.check:
    given.check = [bench_document()]
with Story("predicted and measured strength") as bench:
    for number, (files, tell) in enumerate(((given.tune, print_noise),
                                            (given.check, print_check))):
        found = [row for n, path in enumerate(files)
                 for row in readings(bench, 100 * number + n, path)]
        if found:
            tell(found)
            print(json.dumps([[row[0], row[1], row[2], row[3],
                               row[4]["log10_lr"], row[4].get("word_noise_pt")]
                              for row in found]), file=sys.stderr)
