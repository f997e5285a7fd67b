"""One bit of every byte of an operation of two megabytes is changed, in
process; of 1,000 bytes, by the binary. Bytes are taken in strides, so that a
part of them is a fair sample: stride s of STRIDES has bytes s, s + STRIDES..."""
import os
import random
import shutil
import subprocess

import evidence
import ground

import flip_ground
from story import Story

SEED = 1
STRIDES = 1000
BY_BINARY = 1000
SECONDS = 75
CLIP = os.path.join(ground.ROOT, "..", "shared", "footage", "visitors.mp4")
# Freed memory is kept for the next of two thousand verifications.
KEEPS = {"MALLOC_TOP_PAD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_":
         str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 28)}
FLIPS = os.path.join(ground.BUILD, "tests", "campaign", "campaign_flips")


def make(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.environ["STING"] = ground.STING
    with Story("an operation to flip bits of", folder) as story:
        flip_ground.make(story, CLIP, SECONDS, copies=20)
    open(os.path.join(folder, "ready"), "w").close()


def stride(op, number, every):
    done = subprocess.run([FLIPS, op, str(number), str(every),
                           str(STRIDES)], capture_output=True, text=True,
                          check=False, env=dict(os.environ, **KEEPS))
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    lines = done.stdout.splitlines()
    tried, found, _ = map(int, lines[-1].split("\t"))
    return {"kind": "process", "seed": number, "trials": tried,
            "bad": tried - found, "of": every,
            "why": lines[0] if tried > found else ""}


def by_binary(story, op, places, every, journal):
    chance = random.Random(SEED)
    done = sum(row["trials"] for row in journal.rows
               if row["kind"] == "binary")
    for number in range(int(BY_BINARY * evidence.PART)):
        path, at = flip_ground.place_of(places, chance.randrange(every))
        if number < done:
            continue
        if evidence.is_over():
            return
        so, said = flip_ground.is_found(story, op, path, at)
        journal.add(kind="binary", seed=SEED, trials=1, bad=int(not so),
                    why="" if so else "byte %d of %s: %s" % (at, path, said))


def main():
    journal = evidence.Journal("flips")
    folder = os.path.join(evidence.STATE, "flips-" + journal.version)
    if not os.path.exists(os.path.join(folder, "ready")):
        make(folder)
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else evidence.STATE
    work = os.path.join(base, "sting-flips-%d" % os.getpid())
    os.makedirs(work)
    try:
        with Story("bits are flipped", work) as story:
            op = story.copy(os.path.join(folder, "op"), "op")
            places = flip_ground.places(op)
            every = sum(size for _, size in places)
            by_binary(story, op, places, every, journal)
            done = {row["seed"] for row in journal.rows
                    if row["kind"] == "process"}
            for number in range(int(STRIDES * evidence.PART)):
                if number not in done and not evidence.is_over():
                    journal.add(**stride(op, number, every))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    evidence.write_results()


if __name__ == "__main__":
    main()
