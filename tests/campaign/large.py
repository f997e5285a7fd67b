"""A record of ten gigabytes, with keys, a ledger of three million lines and one
of ten gigabytes, verified by the binary (tests/bench/large.py): how fast, and
the most memory that any process of it had. LARGE is a folder with 11 GB of room.
With arguments MEGABYTES LINES: that one row, and no other; RECORD is then an
operation of that size that tests/bench/large_fill made before."""
import os
import re
import subprocess
import sys

import evidence
import ground

SIZES = [(int(10240 * evidence.PART), 0), (0, int(3000000 * evidence.PART)),
         (0, int(25600000 * evidence.PART))]
FILES = re.compile(r"(\d+) MB verified, (.*)\t(\d+ MB/s)\tmemory\t(\d+) MB")
LINES = re.compile(r"([0-9.]+ million lines, [0-9]+ MB) verified\t([0-9.]+ s)\t.*\n"
                   r"\t\tmemory\t(\d+) MB")


def rows(megabytes, lines):
    os.makedirs(evidence.STATE, exist_ok=True)
    env = dict(os.environ, STING=ground.STING)
    env.setdefault("LARGE", evidence.STATE)
    out = subprocess.run(
        ["python3", os.path.join(ground.ROOT, "tests", "bench", "large.py"),
         str(megabytes), str(lines)], env=env, capture_output=True, text=True,
        check=True).stdout
    for size, how, pace, memory in FILES.findall(out):
        yield {"what": "recordings of %s MB, %s" % (size, how), "took": pace,
               "memory_mb": int(memory)}
    for count, took, memory in LINES.findall(out):
        yield {"what": "a ledger of %s, all signatures" % count, "took": took,
               "memory_mb": int(memory)}


def main():
    journal = evidence.Journal("large")
    done = {row["size"] for row in journal.rows}
    sizes = [tuple(map(int, sys.argv[1:]))] if sys.argv[1:] else SIZES
    for size in sizes:
        name = "%d MB, %d lines" % size
        if name not in done and not evidence.is_over():
            for row in list(rows(*size)):
                journal.add(size=name, **row)
    evidence.write_large()


if __name__ == "__main__":
    main()
