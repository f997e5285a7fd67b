"""What a bench measured last stands in one table, and a goal that is missed is
told loudly."""
import os

from story import ROOT, Story

FIRST = ("memory\t300 MB\tgoal\t<= 400 MB\tmet\n"
         "  without a key\t2.0 s\tgoal\t1.0 s\tMISSED\n"
         "no goal\t5 s\t\t\n")
LATER = "memory\t500 MB\tgoal\t<= 400 MB\tMISSED\n"


def rows(table):
    with open(table, encoding="utf-8") as file:
        return [line.split(" | ")[:5] for line in file
                if line.startswith("| ")][1:]


with Story("goals of speed that are missed are told") as story:
    tool = os.path.join(ROOT, "tools", "speed_goals.py")
    table = story.path("speed.md")
    got = story.run("python3", tool, story.write("bench", FIRST), table)
    story.check("1 of 2 goals met" in got.out and
                "GOAL MISSED: without a key: 2.0 s; goal 1.0 s" in got.out,
                "the first time", got)
    got = story.run("python3", tool, story.write("bench", LATER), table)
    story.check("0 of 1 goals met" in got.out
                and "GOAL MISSED: memory: 500 MB" in got.out, "and the next")
    story.check(rows(table) == [
        ["| memory", "500 MB", "goal", "<= 400 MB", "MISSED"],
        ["| without a key", "2.0 s", "goal", "1.0 s", "MISSED"]],
        "each row is the last that was measured, and no other is lost",
        rows(table))
