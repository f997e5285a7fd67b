"""A slow disk costs time and no pictures; one that is too slow costs pictures,
and that is told loudly, and recorded."""
import os
import re
import signal
import time

from story import Story, cameras_name, film_s
from shim import FAIL, SLOW, Shim

SECONDS = 12


def operation(story, name, cameras, clip):
    op = story.operation(name)
    listed = "".join("  - name: c%d\n    url: clip.txt\n" % n
                     for n in range(cameras))
    cameras_name(op, listed)
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write(clip)
    return op


def verdict(story, op, code):
    return story.sting("verify", op, "--json", code=code).json()[-1]


def seconds_of(op, camera):
    """What is recorded, and the time in which it was taken."""
    with open(os.path.join(op, "evidence/ledger")) as file:
        spans = [re.search(" t0=(\\S+) pts=(\\d+) us=(\\d+) frames=(\\d+)",
                           line).groups()
                 for line in file if " seg camera=%s " % camera in line]
    return (sum(int(us) for _, _, us, _ in spans) / 1e6,
            sum(int(frames) for _, _, _, frames in spans))


with Story("a slow disk loses nothing, one that is too slow says so") as story:
    story.binary = os.environ["STANDIN"]
    shim = Shim(story)

    op = operation(story, "four", 4, "interval_ms=1000 bytes=60000")
    shim.set(SLOW, 150000)
    station = story.sting_start("run", op, env=shim.env)
    for n in range(4):
        station.wait_line("camera c%d: recording" % n, 20)
    # Inits, lines and blobs are synced on the station's own loop.
    end, notes, held_s = time.time() + SECONDS, 0, 0.0
    while time.time() < end or min(film_s(op, "c%d" % n)
                                   for n in range(4)) < SECONDS:
        began = time.time()
        story.sting("log", op, "the tap drips, %d" % notes)
        notes, held_s = notes + 1, held_s + time.time() - began
    story.check(notes >= 2, "meanwhile %d notes are sealed and written, which "
                "takes %.1f s" % (notes, held_s))
    story.check(station.stop(signal.SIGINT, 30) == 0 and
                "TOO SLOW" not in station.text(), "four cameras record while "
                "every sync takes 150 ms more", station.text())
    shim.set(SLOW, 0)
    found = verdict(story, op, 0)
    kept = [seconds_of(op, "c%d" % n) for n in range(4)]
    story.check(found["verdict"] == "INTACT" and not found["gaps"] and
                found["unclaimed"] == 0 and
                all(s >= SECONDS - 1 and f == 25 * s for s, f in kept),
                "all of it is there, as it came: %s" % kept, found)

    op = operation(story, "stalled", 4, "interval_ms=1000 bytes=60000")
    shim.set(SLOW, 1200000)
    station = story.sting_start("run", op, env=shim.env)
    for n in range(4):
        station.wait_line("camera c%d: recording" % n, 90)
    shim.set(SLOW, 0)
    story.wait_film(op, "c3")
    story.check(station.stop(signal.SIGINT, 60) == 0 and
                "NO PICTURE" not in station.text(), "a station that is held "
                "up for seconds blames no camera", station.text())
    verdict(story, op, 0)

    op = operation(story, "fast", 1, "interval_ms=20 duration_ms=20 bytes=9000")
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("camera c0: recording", 10)
    story.wait_film(op, "c0")
    shim.set(SLOW, 700000)
    station.wait_line("camera c0: THE DISK IS TOO SLOW: PICTURES ARE LOST", 10)
    story.check(station.is_running(), "too slow: told loudly, and goes on")
    shim.set(SLOW, 0)
    station.wait_line(r"camera c0: recorded again; [0-9.]+ s are lost", 20)
    time.sleep(1)
    shim.set(SLOW, 300000)
    time.sleep(0.7)
    shim.set(SLOW, 0)
    shim.set(FAIL, 1)
    station.wait_line("THE RECORD CANNOT BE KEPT", 10)
    story.check(True, "a sync that fails beside the loop ends the recording")
    shim.set(FAIL, 0)
    station.wait_line("the record is kept again", 12)
    time.sleep(1)
    story.check(station.stop(signal.SIGINT) == 0, "which then goes on")
    found = verdict(story, op, 10)
    causes = {gap["cause"] for gap in found["gaps"]}
    story.check({"lost", "crash"} <= causes and "unexplained" not in causes
                and found["unclaimed"] == 0,
                "and verify tells what was lost, and why: %s" % causes, found)
