"""Tables of trace.md and camera.md out of the trials that were recorded."""
import datetime
import re
import statistics

import ideal
import interval
import results
import results_kinds

# research of real photographs: light, dpi, pixel noise / white, blur pt, and
# noise of a word sideways and along its line, pt; beside our setting.
REAL = [
    ("lamp, about 100 lux, 138-298 dpi", "<= 0.003", "<= 0.29",
     "0.041-0.048 [0.026-0.148]", "desk"),
    ("room, 88-140 dpi", "0.003-0.004", "<= 0.40",
     "0.033-0.041 [0.023-0.072]", "half-light"),
    ("dim, about 20 lux, 79-102 dpi", "0.005", "0.50",
     "0.082 [0.042-0.121]", "dim room"),
]


def rate_rows(record, wanted):
    rows = record.rows
    lines = results.columns("picture", "goal", "traced", "trials", "seeds", "rate",
                    "wrong", "median log10 LR", "")
    tsv = ["row\tgoal_percent\thits\ttrials\tlow\thigh\twrong\tfirst_seed\t"
           "last_seed\tversion\tdate"]
    for row in wanted:
        name, goal, planned = row.name, row.goal, row.planned
        mine = [r for r in rows if r["row"] == name]
        hits, trials = sum(map(results.traced, mine)), len(mine)
        wrong = sum(r["outcome"] == "wrong" for r in mine)
        seeds = sorted(r["seed"] for r in mine) or [0]
        low, high = interval.interval(hits, trials) if trials else (0, 1)
        lines.append("| %s | %s | %d | %d | %d-%d | %s | %d | %.0f | %s |" % (
            name, ">= %d %%" % goal if goal else "", hits, trials, seeds[0],
            seeds[-1], interval.text(hits, trials), wrong,
            results.median(mine, "log10_lr"),
            results.met(hits, trials, goal, planned)))
        tsv.append("\t".join(map(str, (
            name, goal or "", hits, trials, round(low, 4), round(high, 4),
            wrong, seeds[0], seeds[-1], record.of,
            datetime.date.today()))))
    return lines, tsv

SUFFIX = re.compile(r"-(half|quarter\d*|words\d+)$")
BINS = [(8, 60), (60, 120), (120, 250), (250, 500), (500, 1000), (1000, 9999)]


def words(row):
    """Measured along their lines. Trials from before these were written down
    have all units in their place, moves across lines too."""
    return row["units"] if row.get("words") is None else row["words"]


def curve(rows, wanted):
    """Rate by light and words in view, beside the ideal reader."""
    known = sum(row.get("words") is not None for row in rows)
    lines = ["", "## Rate by light and words in view, beside the ideal reader",
             "",
             "Words: measured along their lines. %d of %d trials wrote their "
             "number down; in the others" % (known, len(rows)),
             "moves across lines count as words too, which lets the ideal look "
             "better than it is.",
             "The ideal reader measures every word that ours measured, with "
             "the noise that was",
             "measured for that light (deviation from where the copy has the "
             "word), knows that noise",
             "and how often each unit is a one. `log10 LR`: median of ours / "
             "of the ideal.", "",
             *results.columns("light", "dpi", "words", "trials", "ours", "ideal",
                      "log10 LR", "noise pt")]
    return lines + [curve_line(*point) for point in curve_points(rows, wanted)]


def curve_points(rows, wanted):
    """(light, least words, most words + 1, its trials, those of its light)"""
    lights = {}
    for row in wanted:
        if row.kind == "copy" and row.documents in ("report", "new"):
            light = SUFFIX.sub("", row.setting)
            lights.setdefault(light, []).append(row.name)
    for light, names in lights.items():
        looked = [r for r in rows if r["row"] in names and r.get("error_pt")]
        for low, high in BINS:
            mine = [r for r in rows if r["row"] in names and r.get("units")
                    and low <= words(r) < high]
            if mine and looked:
                yield light, low, high, mine, looked


def ideal_of(mine, looked):
    """Mean rate and median log10 LR of the ideal reader; noise of a word."""
    shift, error = results.median(looked, "shift_pt"), results.median(looked, "error_pt")
    return (statistics.mean(ideal.rate(words(r), shift, error) for r in mine),
            statistics.median(ideal.strength(words(r), shift, error)
                              for r in mine), error)


def curve_line(light, low, high, mine, looked):
    rate, strength, error = ideal_of(mine, looked)
    return "| %s | %s | %d-%d | %d | %s | %.0f %% | %.0f / %.0f | %.3f |" % (
        light, DPI.get(light, ""), low, high - 1, len(mine),
        interval.text(sum(map(results.traced, mine)), len(mine)),
        100 * rate, results.median(mine, "log10_lr"), strength, error)


def missed(rows, wanted):
    """What pictures that were missed have beside those that were traced."""
    lines = ["", "## What was missed", "",
             "Medians of the pictures missed / traced: how far a page's words "
             "move, how many units were",
             "measured, noise of a word. Least: the shortest move among those "
             "traced.", "",
             *results.columns("picture", "missed", "words move pt", "least pt",
                      "units", "noise pt")]
    for name, _, kind, *_ in wanted:
        mine = [r for r in rows if r["row"] == name]
        bad = [r for r in mine if not results.traced(r)]
        good = [r for r in mine if results.traced(r) and r.get("shift_pt")]
        if bad and good and kind == "copy":
            lines.append("| %s | %d of %d | %.3f / %.3f | %.3f | %.0f / %.0f "
                         "| %.3f / %.3f |" % (
                             name, len(bad), len(mine),
                             results.median(bad, "shift_pt"), results.median(good, "shift_pt"),
                             min(r["shift_pt"] for r in good),
                             results.median(bad, "units"), results.median(good, "units"),
                             results.median(bad, "error_pt"),
                             results.median(good, "error_pt")))
    return lines


def needed(trials, goal):
    """So many of the trials meet the goal."""
    return next((hits for hits in range(trials + 1)
                 if 100 * interval.interval(hits, trials)[0] >= goal), None)

# Rows that were open after so many trials, and were given more on 2026-11-28
# before any of these was made.
RAISED = {"garage, quarter, 250 words": 150,
          "dim room, quarter, 100 words": 200, "dim room, 60 words": 60}


def raised(rows):
    """What was added, alone: it was planned without looking."""
    lines = ["", "Rows that the trials first planned left open were given more "
             "on 2026-11-28, before any of",
             "these was made. The added ones alone:", "",
             *results.columns("picture", "traced", "trials", "rate")]
    for name, first in RAISED.items():
        mine = [r for r in rows if r["row"] == name and r["seed"] > first]
        if mine:
            hits = sum(map(results.traced, mine))
            lines.append("| %s | %d | %d | %s |" % (
                name, hits, len(mine), interval.text(hits, len(mine))))
    return lines


def limits(rows, wanted):
    """Goals that were not met: would anybody have met them?"""
    lines = ["", "## Goals that were not met, and the ideal reader", "",
             "It is given what was in view in each of these very pictures: "
             "every word that was measured,",
             "with the noise of that light (median of the row), moves across "
             "lines (0.08 pt) read as",
             "finely as those along, which they are not. `Would meet it`: its "
             "chance of as many as the goal needs.", "",
             *results.columns("picture", "goal", "needed", "ours",
                      "ideal, in the mean", "would meet it")]
    for name, _, kind, _, goal, planned, documents, _ in wanted:
        mine = [r for r in rows if r["row"] == name]
        hits = sum(map(results.traced, mine))
        if (kind != "copy" or documents != "report" or not mine
                or results.met(hits, len(mine), goal, planned) not in ("open",
                                                               "missed")):
            continue
        noise = results.median([r for r in mine if r.get("error_pt")], "error_pt")
        rates = [ideal.rate(words(r), r["shift_pt"], noise,
                            r["units"] - words(r)) for r in mine]
        least = needed(len(mine), goal)
        lines.append("| %s | >= %d %% | %d of %d | %d | %.1f | %.0f %% |" % (
            name, goal, least, len(mine), hits, sum(rates),
            100 * ideal.at_least(rates, least)))
    return lines


def mixtures(rows, wanted):
    """Copies that were mixed, beside the ideal reader."""
    lines = ["", "## Mixtures beside the ideal reader", "",
             "It knows besides how the copies were mixed, and looks for the "
             "strongest of the three",
             "alone; ours is not told how. Ideal: median log10 LR and rate "
             "of 200 draws at the median",
             "of the units in view.", "",
             *results.columns("mixed by", "light", "units", "trials", "ours", "ideal",
                      "log10 LR")]
    for name, light, kind, *_ in wanted:
        mine = [r for r in rows if r["row"] == name and r.get("units")]
        looked = [r for r in rows if r.get("error_pt")
                  and r["row"] == light]
        if kind in ideal.MIXTURES and mine and looked:
            lines.append(mixture_line(kind, light, mine, looked))
    return lines


def mixture_line(kind, light, mine, looked):
    units = round(results.median(mine, "units"))
    strength, rate = ideal.mixture(kind, units, results.median(looked, "shift_pt"),
                                   results.median(looked, "error_pt"))
    return "| %s | %s | %d | %d | %s | %.0f %% | %.0f / %.0f |" % (
        kind, light, units, len(mine),
        interval.text(sum(map(results.traced, mine)), len(mine)), 100 * rate,
        results.median(mine, "log10_lr"), strength)

# Looked at with documents of the set "build" alone, which serve no figure.
DIM = ["", "13 photographs `dim room, 60 words` of pages of the set `build`: "
       "30 to 62 words measured, 46 on",
       "average, 0.09 pt of noise; the ideal reader reaches log10 LR 9.3 with "
       "what they show, ours 7.9 (as words were read at 973008f),",
       "of which 0.7 is the price of the mean over eight tilts. 46 words read "
       "without any noise tell 10.4:",
       "such pieces lack units, not sharpness (docs/design/predict.md)."]
FEW = (40, 50, 60, 70, 80, 100)
FEW_NOISE = (0.005, 0.04, 0.082)  # none to speak of; good light; a dim room


def few(rows):
    """What few units can tell at all."""
    shift = results.median([r for r in rows if r.get("shift_pt")], "shift_pt") or 0.16
    lines = ["", "## The limit for few units", "",
             "A unit's bit is a one with a share of 54 or 202 in 256, which "
             "is what keeps three who mix",
             "their copies apart; read without any noise it tells 0.224 "
             "powers of ten (a fair bit:",
             "0.301). %.0f are needed for 10^6 copies. Expected log10 LR and "
             "share of pictures that" % ideal.NEEDED,
             "reach it, for the ideal reader and units that move %.2f pt:"
             % shift, "",
             *results.columns("units", *("noise %.3f pt" % n for n in FEW_NOISE))]
    for units in FEW:
        lines.append("| %d | " % units + " | ".join(
            "%.1f, %.0f %%" % (ideal.strength(units, shift, noise),
                               100 * ideal.rate(units, shift, noise))
            for noise in FEW_NOISE) + " |")
    some = [r for r in rows if r.get("words")]
    both = sum(r["units"] > 1.2 * r["words"] for r in some)
    return lines + ["", "A word that also moves across its line (0.08 pt, "
                    "read to about 0.11 pt) tells 0.06 more,",
                    "a third of what it tells along it. Where its bytes are "
                    "in the 2 % by which a copy may",
                    "grow (docs/formats/bait.md) it does: in %d of %d "
                    "pictures a fifth of the words and more." % (
                        both, len(some))] + DIM

DPI = {"desk": 200, "half-light": 150, "garage": 100, "garage70": 70,
       "dim-room": 90, "far": 50, "dungeon": 70, "scan150": 150, "fax": 204,
       "photocopy3": 150, "photocopy3-photo": 130, "screenshot": 110,
       "screen-photo": 150}
LOOKED_AT = "lmtest-intro"


def without(rows, wanted):
    """The document of which a page was looked at off a screen left out."""
    lines = ["", "Without `%s` (of rows of which it is known which trials are "
             "of it):" % LOOKED_AT, "",
             *results.columns("picture", "traced", "trials", "rate")]
    for row in wanted:
        mine = [r for r in rows if r["row"] == row.name and r.get("bait")
                and r["bait"] != LOOKED_AT]
        if mine and row.documents == "report":
            hits = sum(map(results.traced, mine))
            lines.append("| %s | %d | %d | %s |" % (
                row.name, hits, len(mine), interval.text(hits, len(mine))))
    return lines

ABOUT = [
    "10^6 numbers count as registered: log10 LR is charged with log10 of 10^6 "
    "times the",
    "registrations scored. Scored one by one in each trial: %s. `wrong` "
    "counts trials in",
    "which anybody else was named. A trial of several pages is one run; it is "
    "traced when a",
    "colluder is named on any of them. What rows with trials to come were with "
    "the reader",
    "before stands in trace-before.md.", "",
    "What the rows do not show. In the first table pages of text have at least "
    "150 words that move,",
    "and are in Latin script; others are in the second, drawings and scans in "
    "the third. Page 4 of lmtest-intro (r-cran-lmtest), of typewriter",
    "text, was looked at after its screenshots were missed (5 of 6), and the "
    "reader mended for it",
    "(docs/design/predict.md): what was counted of screens with the set "
    "`report` (400 of 400 traced, both",
    "rows) was of a document that had been seen, and is dropped; screens are "
    "of the set `new` now. In the other",
    "rows that page stays: what was mended acts on pictures of screens alone, "
    "and of the others all that",
    "were done again (41) came out the same to the digit. The dim room's words are steadier than "
    "those of the real",
    "photographs (camera.md), so its rows are of an easier room.", ""]


def trace(records, wanted):
    """records, and the rows wanted of each: of text, of other kinds of page,
    of drawings."""
    of_text, of_kinds, of_drawings = records
    tables, sheets = zip(*map(rate_rows, records, wanted))
    rows = [trial for record in records for trial in record.rows]
    every = sum(wanted, [])
    others, more = sum(wanted[1:], []), of_kinds.rows + of_drawings.rows
    scored = sorted({row["copies"] for row in rows})
    results.write(
        "trace.md",
        results.head("Photographs of copies: traced to the right one?",
                     of_text)
        + ["\n".join(ABOUT) % ", ".join(map(str, scored))] + tables[0]
        + raised(of_text.rows) + without(of_text.rows, wanted[0])
        + ["\n".join(results_kinds.KINDS) % of_kinds.of] + tables[1]
        + ["\n".join(results_kinds.DRAWINGS) % of_drawings.of] + tables[2]
        + results_kinds.vectors(of_drawings.rows, wanted[2])
        + results_kinds.by_document(more, others)
        + results_kinds.named(more, others)
        + results_kinds.foretold(rows, every) + results_kinds.said(rows)
        + missed(rows, every) + limits(of_text.rows, wanted[0])
        + curve(rows, every) + mixtures(of_text.rows, wanted[0])
        + few(of_text.rows))
    results.write("trace.tsv", sheets[0] + sheets[1][1:] + sheets[2][1:])
    camera(of_text)


def camera(record):
    """The camera model beside real photographs."""
    lines = results.head("The camera model beside real photographs", record)
    lines += ["48 photographs of 9 printed sheets by two telephones, as a "
              "study measured them with a",
              "reader of its own (this one has read none of them), and the "
              "model's pictures of the",
              "row beside them. Pixel noise: of a pixel on white, as a share "
              "of white. Noise of a word:",
              "robust deviation from where it was put, sideways, pt.", "",
              *results.columns("real light", "noise", "blur pt", "word pt", "model",
                       "pictures", "noise", "blur pt", "word pt [10, 90 %]")]
    for light, noise, blur, word, name in REAL:
        mine = [r for r in record.rows
                if r["row"] == name and r.get("error_pt")]
        if mine:
            errors = sorted(r["error_pt"] for r in mine)
            lines.append("| %s | %s | %s | %s | %s | %d | %.4f | %.2f | %.3f "
                         "[%.3f, %.3f] |" % (
                             light, noise, blur, word, name, len(mine),
                             results.median(mine, "pixel_noise"),
                             results.median(mine, "blur_pt"), results.median(mine, "error_pt"),
                             errors[len(errors) // 10],
                             errors[(9 * len(errors)) // 10]))
    results.write("camera.md", lines)
