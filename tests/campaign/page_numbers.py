"""Which page of its document lies there: what page watch tells in half-light.

A trial is a page of a document on a table, by a seed: where it lies, how the
camera stands, grain; through H.264 and the looker, as pages.py does. All pages
of a document are known, at most 128. Thresholds were set on other documents
("build" in documents.tsv) and on drawn pages.
"""
import json
import math
import os
import subprocess

import evidence
import ground
import interval
import results
from trials import AGAIN_SLOW, Record

FIRST = 1000
FIELDS = ["row", "seed", "page", "read", "read_s", "settled_s", "dpi", "known"]
# What a trial's outcome depends on.
PATHS = ["src/detect", "src/image", "src/pdf", "src/watch/looker.c",
         "src/watch/news.c", "src/media/decode.c", "src/media/encode.c",
         "tests/campaign/page_numbers.c", "tests/campaign/documents.tsv",
         *("tests/campaign/" + name for name in (
             "page_camera.c", "page_scene.c", "page_scene_act.c",
             "page_scene_draw.c", "page_scene_state.h", "page_sheet.c",
             "scene_space.h"))]
NUMBERS = os.path.join(ground.BUILD, "tests", "campaign", "campaign_page_numbers")
HALF_LIGHT, GRAIN = 0.16, 12
A_CALL = 4  # trials of one document in a row
# what, dots an inch, trials
ROWS = [("lies", 25, 120), ("lies", 35, 60), ("lies", 50, 60), ("lies", 18, 20),
        ("laid over", 25, 40), ("of another", 25, 120), ("of another", 50, 40)]
ROUNDS = 30  # the rows advance together, so that a part of them tells something


def name_of(row):
    return "%s-%d" % row[:2]


def run(row, seed, trials):
    """The document by the seed; of another: known is the next one's."""
    documents = ground.documents("report")
    at = seed // A_CALL % len(documents)
    known = documents[(at + (row[0] == "of another")) % len(documents)]
    done = subprocess.run(
        [NUMBERS, documents[at], known, str(seed), str(trials), str(row[1]),
         str(HALF_LIGHT), str(GRAIN),
         "swap" if row[0] == "laid over" else "none"],
        capture_output=True, text=True, check=True)
    return [dict(json.loads(line), row=name_of(row))
            for line in done.stdout.splitlines()]


def fill(row, journal, part):
    """The trials of this part of a row that are not there yet."""
    evidence.fill(journal, name_of(row),
                  math.ceil(row[2] * evidence.PART * part), A_CALL,
                  lambda have, some: run(row, FIRST + have, some))


def line_of(row, trials):
    if not trials:
        return "| %s | %d | not tried | | |" % row[:2]
    right = [trial for trial in trials if trial["read"] == trial["page"]]
    wrong = sum(1 for trial in trials if trial["read"]) - len(right)
    if row[0] == "of another":
        right, wrong = [], wrong + len(right)
    late = sorted(trial["read_s"] - (trial["settled_s"] if row[0] == "laid over"
                                     else 0) for trial in right)
    return "| %s | %d | %s | %s | %s |" % (
        row[0], row[1],
        "" if row[0] == "of another" else interval.rate(len(right), len(trials)),
        interval.rate(wrong, len(trials)),
        "%.0f, %.0f" % (late[len(late) // 2], late[-1]) if late else "")


def write(journal):
    known = sorted({trial["known"] for trial in journal.rows}) or [0]
    out = ["# Which page lies there", "",
           "Made by `make campaign` (tests/campaign/page_numbers.py), version %s. "
           "Rates have their exact" % journal.version,
           "95 % interval (Clopper and Pearson 1934). Half-light and grain as "
           "in pages.md. Eleven",
           "documents take turns, those so far of %d to %d pages, which nobody "
           "looked at while" % (known[0], known[-1]),
           "thresholds were set: a page must correlate at least 0.5, and 0.15 "
           "more than any other. On the",
           "documents for that,", "pages that lay there had 0.69 to 0.96 (a "
           "title page of few words 0.15), the next one 0.14 to 0.66;",
           "pages of other documents at most 0.27; all by the corners alone, "
           "without registration.", "",
           "`lies`: from the first look on. `laid over`: a hand lays it over "
           "another page, so that", "two sheets are seen; seconds count from "
           "when it lay. `of another`: a page of another", "document, and "
           "every number told is wrong. Not told is \"a page\"; under 20 dots "
           "an inch none is", "asked for.", "",
           "| page | dots an inch | told right [interval] | told wrong "
           "[interval] | seconds: median, longest |", "|---|---|---|---|---|"]
    out += [line_of(row, [trial for trial in journal.rows
                          if trial["row"] == name_of(row)]) for row in ROWS]
    results.write("page_numbers.md", out)


def again(trial):
    row = next(row for row in ROWS if name_of(row) == trial["row"])
    return run(row, trial["seed"], 1)[0]


def main():
    journal = Record("page_numbers", FIELDS, PATHS, ground.STATE)
    journal.settle(again, most=AGAIN_SLOW)
    for i in range(ROUNDS):
        for row in ROWS:
            fill(row, journal, (i + 1) / ROUNDS)
    write(journal)


if __name__ == "__main__":
    main()
