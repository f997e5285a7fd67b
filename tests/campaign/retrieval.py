"""Which page is it, among all pages of a corpus of 10,000?

Looks once at every page of tests/retrieval/documents.list, then photographs
random ones in each setting; the settings advance together. Usage:
retrieval.py [SETTING ...]; environment: JOBS, PART, MINUTES, as the others.
"""
import gzip
import os
import shutil
import subprocess
import sys
import threading
import time

import ground
import interval
from trials import Record, version

LIST = os.path.join(ground.ROOT, "tests", "retrieval", "documents.list")
TOOL = os.path.join(ground.BUILD, "tests", "retrieval", "retrieval")
CORPUS = os.path.join(ground.STATE, "packages")
# What a trial's outcome depends on.
PATHS = ["src/image", "src/trace", "src/drill", "src/pdf", "src/media/picture.c",
         "tests/retrieval/documents.list", "tests/retrieval/retrieval.c",
         "tests/retrieval/shelf.c"]
CACHE = os.path.join(ground.STATE, "index-" + version(["src/image", "src/pdf"]))
FIELDS = ["row", "seed", "document", "page", "right", "found", "inliers",
          "likeness", "cpu_s", "pages"]
FIRST, SAME, BESIDE = 1, 2, 3  # how right an answer is: retrieval.c
AT_ONCE = 10  # trials a call of the tool, which joins the index first
# setting, goal in percent, first seed, trials
ROWS = [("half-light-quarter100", 98, 100000, 800),
        ("garage", 97, 200000, 400),
        ("garage-quarter100", 95, 300000, 400)]


def corpus_fetch():
    os.makedirs(CORPUS, exist_ok=True)
    with open(LIST, encoding="utf-8") as file:
        paths = [line.split()[0] for line in file]
    for package in sorted({path.split("/")[0] for path in paths}):
        if not os.path.isdir(os.path.join(CORPUS, package)):
            ground.unpack(package)
    for path in paths:
        path = os.path.join(CORPUS, path)
        if not os.path.exists(path):
            with gzip.open(path + ".gz") as packed, open(path, "wb") as out:
                shutil.copyfileobj(packed, out)


def index_make():
    os.makedirs(CACHE, exist_ok=True)
    subprocess.run([TOOL, LIST, CORPUS, CACHE, "make"], check=True)


def run(setting, seed, trials):
    got = subprocess.run([TOOL, LIST, CORPUS, CACHE, setting, str(seed),
                          str(trials)], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True,
                         encoding="utf-8")
    kinds = [str, int, str, int, int, int, int, float, float, int]
    return [dict(zip(FIELDS, (kind(word) for kind, word in
                              zip(kinds, line.split("\t")))))
            for line in got.stdout.splitlines()]


class Campaign:
    def __init__(self, record, wanted):
        self.record = record
        self.end = time.time() + 60 * float(os.environ.get("MINUTES", "1e9"))
        self.pieces = self._pieces([row for row in ROWS
                                    if not wanted or row[0] in wanted])
        self._lock = threading.Lock()

    def _pieces(self, rows):
        """Pieces of work: setting, first seed, how many."""
        done = {(row["row"], row["seed"]) for row in self.record.rows}
        part = float(os.environ.get("PART", "1"))
        pieces = []
        for at in range(0, max(row[3] for row in rows), AT_ONCE):
            for setting, _, first, trials in rows:
                most = min(at + AT_ONCE, max(1, round(trials * part)))
                seeds = [seed for seed in range(first + at, first + most)
                         if (setting, seed) not in done]
                while seeds:  # each stretch without a hole is a piece
                    n = next((i for i in range(1, len(seeds))
                              if seeds[i] != seeds[i - 1] + 1), len(seeds))
                    pieces.append((setting, seeds[0], n))
                    seeds = seeds[n:]
        return pieces

    def _next(self):
        with self._lock:
            return self.pieces.pop(0) if self.pieces and \
                time.time() < self.end else None

    def work(self):
        while (piece := self._next()):
            for row in run(*piece):
                self.record.add(row)

    def run(self, jobs):
        threads = [threading.Thread(target=self.work) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def row_told(setting, goal, planned, rows):
    right = sum(row["right"] in (FIRST, SAME) for row in rows)
    same, beside = (sum(row["right"] == how for row in rows)
                    for how in (SAME, BESIDE))
    none = sum(row["found"] == 0 for row in rows)
    low, high = interval.interval(right, len(rows))
    verdict = "%d to come" % (planned - len(rows)) if len(rows) < planned \
        else "met" if 100 * low >= goal \
        else "missed" if 100 * high < goal else "open"
    seeds = sorted(row["seed"] for row in rows)
    cells = [setting, ">= %d %%" % goal, right, len(rows),
             interval.text(right, len(rows)), same, beside,
             len(rows) - right - beside - none, none,
             "%.1f" % sorted(row["cpu_s"] for row in rows)[len(rows) // 2],
             "%d-%d" % (seeds[0], seeds[-1]), verdict]
    return "| %s |" % " | ".join(map(str, cells))


HEAD = """# The right page, first among all

Made by `make campaign`, version %s. Random pages (with 400 features or more) of the
manuals and papers in tests/retrieval/documents.list, %d pages, near-duplicates kept,
photographed by the drill's camera; none of the documents was used in training. Right:
the page that `search_run` puts first is that page of that document, or one that looks
the same to the pixel in what is in view: 500 pages of R's reference manual stand twice
in the list, and nobody can say which of the two was photographed. Beside another: given
as looking like the first; all of these are read, and their marks decide. Exact 95 %%
intervals (Clopper and Pearson 1934); a goal is met when the lower end meets it, which
is judged when all trials that are planned are done. CPU seconds: median, one thread,
from the decoded picture to the answer. Each trial: `trials/retrieval.jsonl`; its seed
gives it again.

| setting | goal | right | trials | rate | of these, the same to the pixel | beside another | another page | nothing found | CPU s | seeds | |
|---|---|---|---|---|---|---|---|---|---|---|---|"""


def settle(record):
    lines = [HEAD % (record.of, max(row["pages"] for row in record.rows))]
    for setting, goal, _, planned in ROWS:
        rows = [row for row in record.rows if row["row"] == setting]
        if rows:
            lines.append(row_told(setting, goal, planned, rows))
    wrong = sorted((row["row"], row["seed"], row["document"], row["page"],
                    "nothing found" if row["found"] == 0 else
                    "beside another" if row["right"] == BESIDE else
                    "another page") for row in record.rows
                   if row["right"] not in (FIRST, SAME))
    lines += ["", "Not right:", ""] if wrong else []
    lines += ["- %s, seed %s: %s, page %s: %s" % row for row in wrong]
    path = os.path.join(ground.RESULTS, "retrieval.md")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    print("written: " + path)


def main():
    record = Record("retrieval", FIELDS, PATHS, ground.STATE, loose=["cpu_s"])
    corpus_fetch()
    index_make()
    record.settle(lambda row: run(row["row"], row["seed"], 1)[0],
                  group=lambda row: "pages alike" if row["found"] > 1
                  else "pages alone")
    Campaign(record, sys.argv[1:]).run(
        int(os.environ.get("JOBS", os.cpu_count())))
    if record.rows:
        settle(record)


if __name__ == "__main__":
    main()
