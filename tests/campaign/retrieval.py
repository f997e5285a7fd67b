"""Which page is it, among all pages of a corpus of 10,000?

Looks once at every page of tests/retrieval/documents.list, then photographs
random ones in each setting. Every trial is a line of docs/results/
retrieval.tsv, written as it ends: what is there is not done again. Usage:
retrieval.py [--settle: only write retrieval.md]; environment: JOBS, PART,
MINUTES, as the others.
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

LINES = os.path.join(ground.RESULTS, "retrieval.tsv")
LIST = os.path.join(ground.ROOT, "tests", "retrieval", "documents.list")
TOOL = os.path.join(ground.BUILD, "tests", "retrieval", "retrieval")
CORPUS = os.path.join(ground.STATE, "packages")
CACHE = os.path.join(ground.STATE, "index")
TRIALS = 400
PAGES = 10000  # trials among fewer are told apart, and done again
AT_ONCE = 10  # trials a call of the tool, which joins the index first
# setting, goal in percent, first seed
ROWS = [("half-light-quarter100", 98, 100000),
        ("garage", 97, 200000),
        ("garage-quarter100", 95, 300000)]


def corpus_fetch():
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


def rows_read():
    if not os.path.exists(LINES):
        return []
    with open(LINES, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if line.count("\t") == 9]


def left():
    """Pieces of work: setting, first seed, how many; all settings in turn."""
    done = {(row[0], int(row[1])) for row in rows_read()
            if int(row[9]) >= PAGES}
    trials = max(1, int(TRIALS * float(os.environ.get("PART", "1"))))
    pieces = []
    for at in range(0, trials, AT_ONCE):
        for setting, _, first in ROWS:
            run = []
            for seed in range(first + at, first + min(at + AT_ONCE, trials)):
                if (setting, seed) not in done:
                    run.append(seed)
            if run:
                pieces.append((setting, run[0], run[-1] - run[0] + 1))
    return pieces


def work(pieces, end, lock):
    while pieces and time.time() < end:
        try:
            setting, first, trials = pieces.pop(0)
        except IndexError:
            return
        got = subprocess.run(
            [TOOL, LIST, CORPUS, CACHE, setting, str(first), str(trials)],
            stdout=subprocess.PIPE, check=True, encoding="utf-8")
        with lock, open(LINES, "a", encoding="utf-8") as out:
            out.write(got.stdout)


def row_told(setting, goal, rows):
    right = sum(row[4] == "1" for row in rows)
    none = sum(row[5] == "0" for row in rows)
    low, high = interval.interval(right, len(rows))
    cpu = sorted(float(row[8]) for row in rows)[len(rows) // 2]
    pages = sorted({int(row[9]) for row in rows})
    seeds = sorted(int(row[1]) for row in rows)
    return "| %s | >= %d %% | %d | %d | %s | %d-%d | %s | %d | %d | %.1f | %s |" % (
        setting, goal, right, len(rows), interval.text(right, len(rows)),
        seeds[0], seeds[-1], "-".join(map(str, {pages[0]: 0, pages[-1]: 0})),
        len(rows) - right - none, none, cpu,
        "met" if 100 * low >= goal else "missed" if 100 * high < goal
        else "open")


def table(rows, title):
    if not rows:
        return []
    lines = ["", "## " + title, "",
             "| setting | goal | right | trials | rate | seeds | pages | "
             "another page | nothing | CPU s | |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for setting, goal, _ in ROWS:
        mine = {row[1]: row for row in rows if row[0] == setting}
        if mine:
            lines.append(row_told(setting, goal, list(mine.values())))
    return lines


def settle():
    rows = rows_read()
    lines = ["# The right page, first among all", "",
             "Made by `make campaign`. Random pages (with 400 features or more) "
             "of the manuals",
             "and papers in tests/retrieval/documents.list, near-duplicates "
             "kept, photographed by",
             "the drill's camera; none of the documents was used in training. "
             "Right: the page",
             "that `search_run` puts first is that page of that document. "
             "Exact 95 % intervals",
             "(Clopper and Pearson 1934); a goal is met when the lower end "
             "meets it. CPU seconds:",
             "median, one thread, from the decoded picture to the answer. "
             "`retrieval.tsv` has",
             "every trial; its seed gives it again."]
    lines += table([row for row in rows if int(row[9]) >= PAGES],
                   "Among %d pages or more" % PAGES)
    lines += table([row for row in rows if int(row[9]) < PAGES],
                   "Among fewer pages: a look, no figure")
    wrong = [row for row in rows if row[4] != "1"]
    lines += ["", "Not right:", ""] if wrong else []
    lines += ["- %s, seed %s: %s, page %s%s" % (
        row[0], row[1], row[2], row[3],
        "" if row[5] == "0" else "; another page was put first")
        for row in wrong]
    path = os.path.join(ground.RESULTS, "retrieval.md")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    print("written: " + path)


def main():
    os.makedirs(ground.RESULTS, exist_ok=True)
    end = time.time() + 60 * float(os.environ.get("MINUTES", "1e9"))
    if "--settle" not in sys.argv:
        os.makedirs(CACHE, exist_ok=True)
        os.makedirs(CORPUS, exist_ok=True)
        corpus_fetch()
        subprocess.run([TOOL, LIST, CORPUS, CACHE, "make"], check=True)
        pieces, lock = left(), threading.Lock()
        jobs = int(os.environ.get("JOBS", os.cpu_count()))
        workers = [threading.Thread(target=work, args=(pieces, end, lock))
                   for _ in range(jobs)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    settle()


if __name__ == "__main__":
    main()
