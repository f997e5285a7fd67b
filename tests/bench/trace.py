"""Every row of the figures for tracing, with few trials: a look, no figure.
The figures are docs/results, by make campaign."""
import os
import sys
import time
import types

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
os.environ["BUILD"] = os.path.dirname(os.environ["STING"])
os.environ.setdefault("COPIES", "1000")
sys.path.insert(0, os.path.join(ROOT, "tests", "campaign"))

import interval  # noqa: E402
import results  # noqa: E402
import results_trace  # noqa: E402
import trace  # noqa: E402

MINUTES = 2
TRIALS = 2 / 400  # of each row, of a full campaign; at least one

# Of documents that are soon registered, and looked at while building.
wanted = [row._replace(documents="seen") for row in trace.ROWS] \
    + trace.DRAWINGS[:2]
rows = []  # not kept
record = types.SimpleNamespace(rows=rows, add=rows.append)
trace.Campaign(record, wanted, TRIALS, time.time() + 60 * MINUTES).run(
    os.cpu_count())
for name, goal in ((row.name, row.goal) for row in wanted):
    mine = [row for row in rows if row["row"] == name]
    hits = sum(map(results.traced, mine))
    wrong = sum(row["outcome"] == "wrong" for row in mine)
    print("\t".join((
        "traced: " + name,
        "%d of %d" % (hits, len(mine))
        + (", %d WRONG" % wrong if wrong else ""),
        ">= %d %%" % goal if goal else "no goal",
        "[%.0f, %.0f]" % tuple(100 * x for x in interval.interval(
            hits, len(mine))) if mine else "no time")), flush=True)
for light, low, high, mine, looked in results_trace.curve_points(rows,
                                                               trace.ROWS):
    rate, strength, _ = results_trace.ideal_of(mine, looked)
    print("%s, %s dpi, %d-%d words\t%d of %d, LR 10^%.0f\tideal reader of "
          "the same noise\t%.0f %%, LR 10^%.0f" % (
              light, results_trace.DPI.get(light, "?"), low, high - 1,
              sum(map(results.traced, mine)), len(mine),
              results.median(mine, "log10_lr"), 100 * rate, strength),
          flush=True)
