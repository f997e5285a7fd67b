"""Somebody at a terminal who issues many copies is told how far it is, and how
long it still takes; the line is gone when it is done."""
import re

from story import Story

COPIES = 400000


with Story("long work tells how long it still takes") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    many = story.write("many.csv", "no,holder\n" + "".join(
        "%d,Garden worker %d\n" % (n, n) for n in range(COPIES)))
    words = ["bait", "issue", op, "water-tank", "--holders", many,
             "--register-only", *map(str, story.keys())]
    seen = story.at_a_terminal(*words)
    done = [int(number) for number in re.findall(
        r"(\d+) of %d [a-z ]+, about \d+ (?:s|min|h) left" % COPIES, seen)]
    story.check(done and done == sorted(done)
                and 0 < done[0] <= done[-1] < COPIES,
                "of so many, so many are done, and so long is left", seen)
    story.check(seen.rstrip().split("\r")[-1].find(" left") < 0,
                "the line does not stay", seen[-300:])
    got = story.sting("bait", "add", op, story.sample("water-tank.pdf"),
                      "--name", "second")
    words[3] = "second"
    got = story.sting(*words, seconds=300)
    story.check("left" not in got.err + got.out,
                "a log has none of it", got)
