"""Photographs of copies: are they traced to the copy they were taken of?

Goes on where it was interrupted. Usage: trace.py [ROW ...]; environment:
JOBS (processes, one a core), PART (0.05: five percent of the trials),
MINUTES (stop after), COPIES (how many of the 10^6 numbers are scored; all are
charged).
"""
import os
import sys
import threading
import time

import ground
import results

COPIES = int(os.environ.get("COPIES", "1000000"))

FIELDS = ["row", "seed", "outcome", "log10_lr", "tried", "copies", "units",
          "words", "error_pt", "shift_pt", "pixel_noise", "blur_pt"]
# name, setting, kind, pictures, goal in percent, trials, documents; a goal of
# 99 can only be met with 368 trials or more. A row is judged when it has its
# trials, not before.
ROWS = [
    ("desk", "desk", "copy", 1, 99, 400, "report"),
    ("half-light", "half-light", "copy", 1, 99, 400, "report"),
    ("scan 150 dpi", "scan150", "copy", 1, 99, 400, "report"),
    ("three photocopies", "photocopy3", "copy", 1, 99, 400, "report"),
    ("three photocopies, photographed", "photocopy3-photo", "copy", 1, 99,
     400, "report"),
    ("fax", "fax", "copy", 1, 99, 400, "report"),
    ("screenshot", "screenshot", "copy", 1, 99, 400, "report"),
    ("photograph of a screen", "screen-photo", "copy", 1, 99, 400, "report"),
    ("garage", "garage", "copy", 1, 99, 400, "report"),
    ("garage, half", "garage-half", "copy", 1, 97, 200, "report"),
    ("garage, quarter, 250 words", "garage-quarter250", "copy", 1, 95, 600,
     "report"),
    ("garage, quarter, 120 words", "garage-quarter120", "copy", 1, 60, 60,
     "report"),
    ("dim room", "dim-room", "copy", 1, 99, 400, "report"),
    ("dim room, quarter, 100 words", "dim-room-quarter100", "copy", 1, 97,
     800, "report"),
    ("dim room, 60 words", "dim-room-words60", "copy", 1, 60, 400, "report"),
    ("far, 50 dpi", "far", "copy", 1, 95, 150, "report"),
    ("garage, 70 dpi", "garage70", "copy", 1, 80, 80, "report"),
    ("half-light, quarter", "half-light-quarter", "copy", 1, None, 60,
     "report"),
    ("dungeon", "dungeon", "copy", 1, None, 60, "report"),
    ("three colluders, average, 3 pages", "half-light", "average", 3, 80, 80,
     "report"),
    ("three colluders, piecing, 3 pages", "half-light", "piecing", 3, 80, 80,
     "report"),
    ("three colluders, majority, 3 pages", "half-light", "majority", 3, 80,
     80, "report"),
    ("three colluders, minority, 3 pages", "half-light", "minority", 3, 80,
     80, "report"),
    ("drawing or scan, garage", "garage", "copy", 1, 97, 150, "image"),
    ("drawing or scan, three photocopies", "photocopy3", "copy", 1, 97, 150,
     "image"),
]


def short(value):
    """Five digits tell enough of what only goes into medians."""
    return float("%.5g" % value) if isinstance(value, float) else value


class Benches:
    """The trial processes of one thread, begun when needed."""

    _making = threading.Lock()

    def __init__(self):
        self._of = {}

    def _bench(self, documents):
        with self._making:
            if documents not in self._of:
                op, secret = ground.operation(documents,
                                              ground.documents(documents))
                self._of[documents] = ground.Bench(op, secret, COPIES,
                                                   documents == "image")
        return self._of[documents]

    def trial(self, row, seed):
        name, setting, kind, pictures, _, _, documents = row
        got = self._bench(documents).trial("%d %s %s %d 0" % (
            seed, kind, setting, pictures))
        if got.get("failed"):
            got["outcome"] = "failed"
        exact = {"log10_lr": got.get("log10_lr"), "tried": got.get("tried")}
        return dict({key: short(value) for key, value in got.items()},
                    **exact, row=name, copies=COPIES)

    def close(self):
        for bench in self._of.values():
            bench.close()


class Campaign:
    def __init__(self, record, wanted, part, minutes):
        self.rows = [row for row in ROWS if not wanted or row[0] in wanted]
        self.most = {row[0]: max(1, round(row[5] * part)) for row in ROWS}
        self.end = time.time() + 60 * minutes
        self.record = record
        self.done = {}
        for row in self.record.rows:
            self.done.setdefault(row["row"], set()).add(row["seed"])
        self._lock = threading.Lock()

    def missing(self, row):
        return self.most[row[0]] - len(self.done.get(row[0], ()))

    def next(self):
        """The row that misses the fewest trials, and its next seed."""
        with self._lock:
            open_ = [row for row in self.rows if self.missing(row) > 0]
            if not open_ or time.time() > self.end:
                return None
            row = min(open_, key=self.missing)
            seeds = self.done.setdefault(row[0], set())
            seed = next(n for n in range(1, 10 ** 6) if n not in seeds)
            seeds.add(seed)
            return row, seed

    def work(self):
        benches = Benches()
        while (job := self.next()):
            got = benches.trial(*job)
            self.record.add(got)
            print("%s %d: %s %.1f" % (got["row"], got["seed"], got["outcome"],
                                      got["log10_lr"] or 0),
                  file=sys.stderr, flush=True)
        benches.close()

    def run(self, jobs):
        threads = [threading.Thread(target=self.work) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def family(row):
    """What stands or falls together: documents, and whether off a screen."""
    return row[6] + (" off a screen" if "screen" in row[1] else "")


def settle(record):
    """Trials of another version hold where those done again are the same."""
    benches = Benches()
    known = {row[0]: row for row in ROWS}
    record.settle(lambda row: benches.trial(known[row["row"]], row["seed"]),
                  group=lambda row: family(known[row["row"]]))
    benches.close()


def main():
    record = ground.record("trace", FIELDS)
    settle(record)
    campaign = Campaign(record, sys.argv[1:],
                        float(os.environ.get("PART", "1")),
                        float(os.environ.get("MINUTES", "1e6")))
    campaign.run(int(os.environ.get("JOBS", os.cpu_count())))
    results.trace(record, ROWS)


if __name__ == "__main__":
    main()
