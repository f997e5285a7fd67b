"""Tables of pages of other kinds, and of what was foretold of all."""
import statistics

import ideal
import interval
import results


def named(rows, wanted):
    """How many of the three copies in a mixture had their names told."""
    lines = ["", "## Mixtures: how many of the three are named", "",
             "The first table's trials kept only whether any was; these are "
             "others. `Strangers`: numbers",
             "named that were in no copy of the mixture.", "",
             *results.columns("mixed by", "trials", "at least one", "at least two",
                      "all three", "strangers")]
    for row in wanted:
        mine = [r for r in rows if r["row"] == row.name
                and r.get("names") is not None]
        if mine and row.kind in ideal.MIXTURES:
            lines.append("| %s | %d | %s | %s | %s | %s |" % (
                row.kind, len(mine),
                *(results.share(mine, lambda r, k=k: r["names"] >= k)
                  for k in (1, 2, 3)),
                ", ".join(str(r["stranger"]) for r in mine
                          if r.get("stranger")) or "none"))
    return lines

FORETOLD = ["", "## What was foretold, and what was counted", "",
            "`sting bait strength` says before a page is printed how strongly "
            "a photograph of it will",
            "speak, and what share names the copy. Foretold: for that very "
            "page and part, 10^6 copies of",
            "each of the document's pages scored; desk and scan by what is "
            "said of good light (130 dots",
            "an inch). Of quarters it foretells any with half as much text as "
            "one has on average, while",
            "`250 words` and `120 words` ask for more. Trials of which it is "
            "known which page they are of.",
            "`log10 LR`: median foretold / read; `read over foretold`: median "
            "[10, 90 %] of pictures.", ""]


def foretold(rows, wanted):
    lines = FORETOLD + results.columns("picture", "trials", "log10 LR",
                               "read over foretold", "foretold to name",
                               "named", "")
    for row in wanted:
        mine = [r for r in rows if r["row"] == row.name
                and r.get("foretold_log10_lr") is not None]
        if mine:
            lines.append(foretold_line(row.name, mine))
    return lines


def foretold_line(name, mine):
    hits, trials = sum(map(results.traced, mine)), len(mine)
    ratio = sorted(r["log10_lr"] / r["foretold_log10_lr"] for r in mine
                   if r["foretold_log10_lr"] > 0) or [0.0]
    said = statistics.mean(r["foretold_named"] for r in mine)
    low, high = interval.interval(hits, trials)
    told = "too much" if said > high else "too little" if said < low else ""
    return " | ".join((
        "| " + name, str(trials), "%.0f / %.0f" % (
            results.median(mine, "foretold_log10_lr"), results.median(mine, "log10_lr")),
        "%.2f [%.2f, %.2f]" % (statistics.median(ratio),
                               ratio[len(ratio) // 10],
                               ratio[9 * len(ratio) // 10]),
        "%.1f %%" % (100 * said), interval.text(hits, trials), told + " |"))

# What is said of a single page: of ten photographs at least nine, or less.
SAID = [("names the copy (nine of ten)", 0.9, 2.0),
        ("half to nine of ten", 0.5, 0.9), ("a tenth to half", 0.1, 0.5), ("less", -1.0, 0.1)]


def said(rows):
    """All pictures alike, by what was said of their page."""
    lines = ["", "All of them by what was foretold for the page:", "",
             *results.columns("foretold to name", "trials", "foretold in the mean",
                      "named")]
    for text, low, high in SAID:
        mine = [r for r in rows if r.get("foretold_named") is not None
                and low <= r["foretold_named"] < high]
        if mine:
            lines.append("| %s | %d | %.1f %% | %s |" % (
                text, len(mine),
                100 * statistics.mean(r["foretold_named"] for r in mine),
                interval.text(sum(map(results.traced, mine)), len(mine))))
    return lines


def by_document(rows, wanted):
    """Which pages the kinds' rows are of."""
    lines = ["", "Pages that these pictures are of, and traced of trials by "
             "document:", "", *results.columns("picture", "pages", "by document")]
    for row in wanted:
        mine = [r for r in rows if r["row"] == row.name and r.get("bait")]
        if not mine:
            continue
        baits = sorted({r["bait"] for r in mine})
        lines.append("| %s | %d | %s |" % (
            row.name, len({(r["bait"], r["page"]) for r in mine}),
            ", ".join("%s %d/%d" % (
                bait, sum(results.traced(r) for r in mine if r["bait"] == bait),
                sum(r["bait"] == bait for r in mine)) for bait in baits)))
    return lines

KINDS = [
    "", "## Pages of other kinds", "",
    "Documents that the rows above have none of (sets `new`, `cyrillic`, "
    "`greek`, `cjk`, `arabic`, `rotated`",
    "and `drawing` of documents.tsv): version %s. None of them was looked at "
    "in the reader's making;",
    "bait's copies of some were checked for what they keep (pdfs.md), and "
    "refcards have one layout in all",
    "languages, Latin ones of which were looked at. Words: units that move "
    "along their line; pages of few have",
    "cells besides. Scripts and turned pages have at least 100 words that move. "
    "The interval is one of pictures:",
    "pages are drawn again and again. A row with trials to come has no "
    "conclusion yet, one without any trial",
    "has never been photographed. dottyguide.pdf of `new` is refused as damaged "
    "and in no trial.",
    "",
    "Before these rows had trials, 12 photographs in half-light of six "
    "short documents in one operation were tried",
    "(pages of 60 words and more; documents.tsv has five of them; no row "
    "counts them): Greek 2 of 2 traced, Arabic 4 of 4,",
    "CJK 4 of 4 (together 100.0 %% [69.2, 100.0]), nobody else named. Two of "
    "a page turned by /Rotate 90 were not found then",
    "(no-page), which could not be seen again: all three pages of svminternals.pdf "
    "(r-cran-e1071) turned by 90 and by 270, each",
    "alone in an operation, half-light and garage, twice each: 24 of 24 traced "
    "(100.0 %% [85.8, 100.0]). Turned pages have rows below.",
    ""]
DRAWINGS = [
    "", "## Drawings and scans", "",
    "Pages of fewer than 150 words that move, whose cells carry marks: version "
    "%s. Sets `image` (7 pages, 3 of them",
    "of a document of which other pages were used in building) and `drawing` (17 "
    "pages of which none was looked at; pages 15 and 40",
    "of deSolve.pdf carry no mark, dottyguide.pdf as a whole is refused as "
    "damaged). The interval is one of pictures: pages are drawn",
    "again and again. Before cells were read with what ink and light do to "
    "edges (docs/design/predict.md), drawings of the set `drawing`",
    "missed: garage 64 of 119 traced (53.8 %% [44.4, 63.0]), read over foretold "
    "0.59; three photocopies 93 of 113 (82.3 %% [74.0, 88.8]).",
    "Before pages of fewer than 230 units had small cells (version 9c37d64d): "
    "garage 109 of 124 vector drawings",
    "(87.9 %% [80.8, 93.1]), three photocopies 109 of 116 (94.0 %% [88.0, "
    "97.5]). Which pages were missed, and that",
    "they have 112 to 175 units, was known when that was done.", ""]


def vectors(rows, wanted):
    """Drawings apart from scans, which hide in one row how each is read."""
    lines = ["", "Scans hide how drawings are read, so apart:", "",
             *results.columns("picture", "of", "traced", "trials", "rate",
                      "read over foretold")]
    for row in wanted:
        for of in ("vector drawings", "scans"):
            mine = [trial for trial in rows if trial["row"] == row.name
                    and ("-scan" in trial["bait"]) == (of == "scans")]
            if not mine:
                continue
            hits = sum(map(results.traced, mine))
            over = sorted(trial["log10_lr"] / trial["foretold_log10_lr"]
                          for trial in mine if trial["foretold_log10_lr"])
            lines.append("| %s | %s | %d | %d | %s | %s |" % (
                row.name, of, hits, len(mine), interval.text(hits, len(mine)),
                "%.2f" % over[len(over) // 2] if over else "-"))
    return lines
