#!/usr/bin/env python3
"""clang-tidy over our own files; tells what it finds and fails if anything.

One blind spot of its analyzer is left out here and nothing else: clang 14
does not know that a variable marked STING_AUTO is released at the end of its
scope (attribute cleanup). So it takes such a variable for leaked, and for
never read when ownership is given away by clearing it. Only these two
findings, and only about a variable that the function marks so, are dropped;
leaks are what the leak checker of the sanitizer build is for.

Usage: tools/tidy.py BUILD-FOLDER [FILE-PATTERN]
"""
import re
import subprocess
import sys

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FINDING = re.compile(r"^(\S+?):(\d+):\d+: (?:error|warning): (.*) \[(\S+?)\]$")
LEAK = re.compile(r"Potential (?:memory leak|leak of memory pointed to by "
                  r"(?:field '\w+'|'(\w+)[\w.>\[\]-]*'))$")
DEAD = re.compile(r"Value stored to '(\w+)' is never read$")


def function_around(path, number):
    """The text of the function that holds this line."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    begin = end = number - 1
    while begin > 0 and lines[begin] != "{":
        begin -= 1
    while end < len(lines) - 1 and lines[end] != "}":
        end += 1
    return "\n".join(lines[begin:end])


def is_blind_spot(path, number, words, check):
    found = (LEAK.match(words) if check.startswith("clang-analyzer-unix.Malloc")
             else DEAD.match(words)
             if check.startswith("clang-analyzer-deadcode") else None)
    if not found:
        return False
    name = found.group(1) or r"\w+"
    return re.search(r"\b%s STING_AUTO\(" % name,
                     function_around(path, number)) is not None


def findings_of(build, pattern):
    """(path, line number, words, check) of each finding, as they come."""
    tidy = subprocess.Popen(
        ["run-clang-tidy", "-quiet", "-j", "2", "-p", build, pattern],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in tidy.stdout:
        found = FINDING.match(COLOUR.sub("", line.rstrip("\n")))
        if found:
            path, number, words, check = found.groups()
            path = re.sub(r"^.*?%s/(\.\./)?" % re.escape(build), "", path)
            yield (re.sub(r"^\.\./", "", path), int(number), words,
                   check.split(",")[0])
    if tidy.wait() not in (0, 1):
        raise SystemExit("run-clang-tidy ended with %d" % tidy.returncode)


def main():
    build, pattern = sys.argv[1], (sys.argv + [r"/(src|tests)/.*\.c$"])[2]
    told, dropped = set(), 0
    for path, number, words, check in findings_of(build, pattern):
        finding = "%s:%d: %s [%s]" % (path, number, words, check)
        if is_blind_spot(path, number, words, check):
            dropped += 1
        elif finding not in told:
            told.add(finding)
            print(finding, flush=True)
    print("clang-tidy: %d findings; %d about STING_AUTO left out"
          % (len(told), dropped))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
