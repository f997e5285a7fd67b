"""One bit of one byte is changed anywhere in an operation: sting says so and
where. A sample; every byte of a larger operation: tests/campaign/flips.py.
SEED chooses others."""
import os
import random
import sys

from story import ROOT, Story

sys.path.insert(0, os.path.join(ROOT, "tests", "tools"))
import flip_ground

SEED = int(os.environ.get("SEED", "1"))
BY_BINARY = 40
IN_PROCESS = 800

with Story("a changed bit is found where it lies") as story:
    op = flip_ground.make(story, os.environ["CLIP"], 3)
    chance, places = random.Random(SEED), flip_ground.places(op)
    every = sum(size for _, size in places)

    step = max(1, every // IN_PROCESS)
    got = story.run(os.environ["FLIPS"], op, chance.randrange(step),
                    every, step, code=None).out
    tried, found, _ = got.splitlines()[-1].split("\t")
    story.check(int(tried) >= IN_PROCESS and tried == found,
                "%s of %s bits in %d bytes, in process" % (found, tried, every),
                got[:3000])

    # Half of them anywhere, half in a file of each kind, small ones too.
    bytes_ = [flip_ground.place_of(places, chance.randrange(every))
              for _ in range(BY_BINARY // 2)]
    for n in range(BY_BINARY - len(bytes_)):
        path, size = places[n * len(places) // (BY_BINARY // 2)]
        bytes_.append((path, chance.randrange(size)))
    for path, at in bytes_:
        so, said = flip_ground.is_found(story, op, path, at)
        if not so:
            story.check(False, "byte %d of %s" % (at, path), said)
    story.check(True, "%d of %d by the binary, in %d files" % (
        BY_BINARY, BY_BINARY, len(set(path for path, _ in bytes_))))
