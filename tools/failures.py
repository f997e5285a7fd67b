#!/usr/bin/env python3
"""The last words of each test that failed, once more, where who reads only the
end of a long log finds them. Usage: tools/failures.py BUILD-FOLDER"""
import json
import os
import sys

LINES = 12
BYTES = 1600
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def last_words(test):
    text = "%s\n%s" % (test.get("stdout", ""), test.get("stderr", ""))
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-LINES:])[-BYTES:]


with open(os.path.join(sys.argv[1], "meson-logs", "testlog.json"),
          encoding="utf-8") as log:
    for test in map(json.loads, log):
        if test["result"] not in GOOD:
            print("--- %s: %s\n%s" % (test["name"], test["result"],
                                      last_words(test)))
