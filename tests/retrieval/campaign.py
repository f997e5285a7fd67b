#!/usr/bin/python3
"""Which page is it, among all pages of the corpus? Counted, and resumable.

Usage: campaign.py BUILD-FOLDER [--trials N] [--corpus DIR] [--settle]

Downloads the Debian packages of documents.list, looks at every page once,
and photographs random ones of them in each setting; each trial is one line
of docs/results/retrieval.tsv, written as it ends. What is there already is
not done again, so that it can be stopped and goes on. --settle only writes
docs/results/retrieval.md from the lines that there are.
"""
import argparse
import gzip
import math
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RESULTS = os.path.join(ROOT, "docs", "results")
LINES = os.path.join(RESULTS, "retrieval.tsv")
LIST = os.path.join(HERE, "documents.list")
# setting, what is asked of it (None: no goal), first seed
ROWS = [("half-light-quarter100", 0.98, 100000),
        ("garage", 0.97, 200000),
        ("garage-quarter100", 0.95, 300000)]


def tail(n, k, p):
    """P(at least k of n), each with chance p."""
    return sum(math.exp(math.lgamma(n + 1) - math.lgamma(i + 1)
                        - math.lgamma(n - i + 1) + i * math.log(p)
                        + (n - i) * math.log1p(-p)) for i in range(k, n + 1))


def root(falls):
    low, high = 1e-9, 1 - 1e-9
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if falls(middle) else (middle, high)
    return low


def interval(k, n):
    """Clopper and Pearson, 95 %."""
    low = 0 if k == 0 else root(lambda p: tail(n, k, p) > 0.025)
    high = 1 if k == n else root(lambda p: 1 - tail(n, k + 1, p) < 0.025)
    return low, high


def corpus_fetch(corpus):
    os.makedirs(corpus, exist_ok=True)
    packages = sorted({line.split("/")[0] for line in open(LIST)})
    for package in packages:
        folder = os.path.join(corpus, package)
        if os.path.isdir(folder):
            continue
        subprocess.run(["apt-get", "download", package], cwd=corpus, check=True)
        deb = [f for f in os.listdir(corpus)
               if f.startswith(package + "_") and f.endswith(".deb")][0]
        subprocess.run(["dpkg", "-x", deb, folder + ".part"], cwd=corpus,
                       check=True)
        os.rename(folder + ".part", folder)
        os.remove(os.path.join(corpus, deb))
    for line in open(LIST):
        path = os.path.join(corpus, line.split()[0])
        if not os.path.exists(path) and os.path.exists(path + ".gz"):
            with gzip.open(path + ".gz") as packed, open(path, "wb") as out:
                shutil.copyfileobj(packed, out)


def lines_read():
    if not os.path.exists(LINES):
        return []
    return [line.rstrip("\n").split("\t") for line in open(LINES)
            if line.count("\t") == 9 and line.endswith("\n")]


def trials_run(tool, where, setting, first, trials):
    done = {int(row[1]) for row in lines_read() if row[0] == setting}
    seed = first
    while seed < first + trials:
        if seed in done:
            seed += 1
            continue
        last = seed
        while last < first + trials and last not in done and last < seed + 25:
            last += 1
        with open(LINES, "a") as out:
            subprocess.run([tool, *where, setting, str(seed),
                            str(last - seed)], stdout=out, check=True)
        seed = last


def settle():
    rows = lines_read()
    text = ["# The right page, first, among all pages", "",
            "Random pages of `tests/retrieval/documents.list` (manuals and "
            "papers out of", "Debian packages, near-duplicates kept), "
            "photographed by the drill's camera;", "none of the documents was "
            "used in training (`training.list`). Each trial is",
            "a line of retrieval.tsv, and its seed gives it again. Right: the "
            "page that",
            "`search_run` puts first is that page of that document. Intervals "
            "are exact,", "95 % (Clopper and Pearson). CPU: one thread, from "
            "the decoded picture to the", "answer.", "",
            "| setting | pages | trials | right | 95 % interval | goal | CPU s, "
            "median | wrong page | nothing found |",
            "|---|---|---|---|---|---|---|---|---|"]
    for setting, goal, first in ROWS:
        mine = [r for r in rows if r[0] == setting]
        if not mine:
            continue
        right = sum(r[4] == "1" for r in mine)
        none = sum(r[5] == "0" for r in mine)
        low, high = interval(right, len(mine))
        cpu = sorted(float(r[8]) for r in mine)[len(mine) // 2]
        pages = sorted({int(r[9]) for r in mine})
        told = "%d" % pages[-1] if len(pages) == 1 else "%d to %d" % (
            pages[0], pages[-1])
        text.append("| %s | %s | %d | %d | %.1f to %.1f %% | %.0f %%%s | %.2f "
                    "| %d | %d |"
                    % (setting, told, len(mine), right, 100 * low, 100 * high,
                       100 * goal, ", met" if low >= goal else "", cpu,
                       len(mine) - right - none, none))
    missed = [r for r in rows if r[4] != "1"]
    if missed:
        text += ["", "Not right:", ""]
        text += ["- %s, seed %s: %s, page %s%s" % (
            r[0], r[1], r[2], r[3],
            "" if r[5] == "0" else "; another page was put first")
            for r in missed]
    with open(os.path.join(RESULTS, "retrieval.md"), "w") as out:
        out.write("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--corpus", default=os.path.expanduser(
        "~/.cache/sting/corpus"))
    parser.add_argument("--settle", action="store_true")
    options = parser.parse_args()
    os.makedirs(RESULTS, exist_ok=True)
    if not options.settle:
        tool = os.path.join(options.build, "tests", "retrieval", "retrieval")
        cache = os.path.join(options.corpus, "index")
        where = [LIST, options.corpus, cache]
        os.makedirs(cache, exist_ok=True)
        corpus_fetch(options.corpus)
        subprocess.run([tool, *where, "make"], check=True)
        for setting, _, first in ROWS:
            trials_run(tool, where, setting, first, options.trials)
    settle()
    return 0


if __name__ == "__main__":
    sys.exit(main())
