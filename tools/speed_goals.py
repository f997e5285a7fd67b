#!/usr/bin/env python3
"""Goals of speed, size and memory: what `make bench` measured last.

Usage: speed_goals.py BENCH.TXT SPEED.MD. Takes the figures that judge
themselves (a fifth field, met or MISSED) into the table, in place of what it
had of them; others stay, with the date and version of their own. Says loudly
which of those just measured miss their goal."""
import os
import subprocess
import sys
import time

HEAD = """\
# Speed

Made by `make bench` (tools/bench.sh, tests/bench/), which measures these on the
machine where it is run, beside their peer or goal, and says which are missed.
A row is kept until it is measured again, and tells the load of the machine then:
above its cores, others worked beside it, which any time of day pays for, and a
processor's in part, since its caches are theirs too.

| figure | here | goal or peer | its value | verdict | measured |
|---|---|---|---|---|---|
"""


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def kept(path):
    """Rows of the table that is there, by their figure."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        rows = [cells(line) for line in file if line.startswith("| ")]
    return {row[0]: row for row in rows[1:]}


def measured(path, stamp):
    """Those of this run that judge themselves."""
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return {row[0].strip(): [cell.strip() for cell in row] + [stamp]
            for row in rows if len(row) == 5}


def git(*words):
    return subprocess.run(["git", *words], capture_output=True, text=True,
                          check=False).stdout.strip()


def version():
    """The last commit that touched the program."""
    if git("status", "--porcelain", "--", "src"):
        return "uncommitted"
    return git("log", "-1", "--format=%h", "--", "src") or "unknown"


def main():
    bench, table = sys.argv[1:3]
    now = measured(bench, "%s, %s, load %.1f" % (
        time.strftime("%Y-%m-%d"), version(), os.getloadavg()[1]))
    rows = {**kept(table), **now}
    if now:
        with open(table, "w", encoding="utf-8") as file:
            file.write(HEAD)
            for row in rows.values():
                file.write("| %s |\n" % " | ".join(row))
    missed = [row for row in now.values() if row[4] != "met"]
    print("%d of %d goals met; %s" % (len(now) - len(missed), len(now), table))
    for row in missed:
        print("GOAL MISSED: %s: %s; %s %s" % tuple(row[:4]))


if __name__ == "__main__":
    main()
