"""The clock does all that clocks do, and nobody is accused for it.

A station records while its wall clock is set back and forward, loses its
time daemon, takes a leap second and sleeps; then the machine starts with the
year 1970. A preloaded library (shim.c) stands for the machine's clock."""
import json
import os
import signal
import time

from shim import BOOT, ERROR, LEAP, SYNCED, WALL, Shim
from story import BUSY, Story, cameras_name, wait_for

SECOND = 1000000
HOUR, YEAR = 3600 * SECOND, 365 * 86400 * SECOND


class Ledger:
    def __init__(self, op):
        self.path = os.path.join(op, "evidence/ledger")

    def lines(self, kind=""):
        with open(self.path) as file:
            words = [line.split(" ") for line in file]
        return [(word[1], dict(one.split("=", 1) for one in word[4:]))
                for word in words if not kind or word[3] == kind]

    def wait(self, story, sentence, **wanted):
        end = time.time() + BUSY * 8
        while time.time() < end:
            for at, told in self.lines("clock"):
                if all(told.get(key) == value if isinstance(value, str)
                       else value(int(told.get(key, 0)))
                       for key, value in wanted.items()):
                    story.check(True, sentence)
                    return
            time.sleep(0.2)
        story.check(False, sentence, self.lines("clock"))


def near(us):
    return lambda value: abs(value - us) < SECOND // 4


with Story("a clock may do what it wants, and is told") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write("interval_ms=100 duration_ms=100")
    shim, ledger = Shim(story), Ledger(op)
    shim.set(SYNCED, 1)
    shim.set(ERROR, 350)
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("camera garage: recording", 8)
    ledger.wait(story, "how right the clock is stands at the beginning",
                state="start", source="ntp", error_us="350", most_us="700")

    shim.add(WALL, -HOUR)
    ledger.wait(story, "set back by an hour", state="step",
                step_us=near(-HOUR))
    shim.add(WALL, YEAR)
    ledger.wait(story, "set forward by a year", state="step",
                step_us=near(YEAR))
    shim.add(WALL, HOUR - YEAR)
    ledger.wait(story, "and set right again", state="step",
                step_us=near(HOUR - YEAR))
    shim.set(LEAP, 1)
    ledger.wait(story, "a leap second is announced", state="sync", leap="in")
    shim.add(WALL, -SECOND)
    ledger.wait(story, "and comes", state="step", leap="in",
                step_us=near(-SECOND))
    shim.set(LEAP, 0)
    shim.set(SYNCED, 0)
    ledger.wait(story, "the time daemon is gone", state="sync", source="free")
    before = len(ledger.lines("epoch"))
    shim.add(BOOT, 600 * SECOND)
    ledger.wait(story, "the machine slept for ten minutes", state="suspend",
                slept_us=near(600 * SECOND))
    story.check(wait_for(lambda: len(ledger.lines("epoch")) > before) and
                len(ledger.lines("epoch")) == before + 1,
                "and the epoch that was due ended when it woke")

    while_it_runs = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(while_it_runs["verdict"].startswith("INTACT"),
                "nobody is accused while it runs", while_it_runs)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

    shim.set(WALL, -int(time.time() * SECOND) + 5 * SECOND)
    story.sting("log", op, "the battery of the clock is empty", env=shim.env)
    at, told = ledger.lines("clock")[-2]
    story.check(at.startswith("1970-01-01T00:1") and told["state"] == "back",
                "a machine that starts in 1970 is told: " + at, told)
    shim.set(WALL, 0)
    story.sting("log", op, "a new battery", env=shim.env)

    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] == "INTACT WITH GAPS",
                "intact, with the gap of the sleep", found)
    gaps = {gap["cause"] for gap in found["gaps"]}
    story.check("suspend" in gaps and "unexplained" not in gaps,
                "no gap is left unexplained: %s" % sorted(gaps), found)
    states = [(one["state"], one["step_s"] or one["slept_s"])
              for one in found["clock"]]
    story.check(len(states) == 7 and states[0][0] == "step" and
                states[4][0] == "suspend" and states[5][0] == "back",
                "each is a finding of its own: %s" % states, found["clock"])
    words = story.sting("verify", op, code=None).out
    for wanted in ("set back by 3600.", "set forward by 31536000.",
                   "a leap second, 1.0 s back", "slept for 600.",
                   "behind the entry before, when this session began",
                   "the order of entries does not depend on the time of day"):
        story.check(wanted in words, "in words: " + wanted, words)
    numbers = [int(line.split(" ", 1)[0]) for line in open(ledger.path)]
    story.check(numbers == list(range(len(numbers))),
                "%d entries are in the order of their writing" % len(numbers))

    # What the same jump is when no line tells of it: a forgery.
    told = [line for line in open(ledger.path, "rb")]
    again = story.copy(op, "hidden")
    with open(os.path.join(again, "evidence/ledger"), "wb") as file:
        file.writelines(line for line in told if b" clock state=step" not in
                        line)
    found = story.sting("verify", again, "--json", code=12).json()[-1]
    story.check(found["verdict"] == "TAMPERED" and found["at_time"],
                "a step taken out of the record is found, with its time",
                json.dumps(found))
