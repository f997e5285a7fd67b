"""Photographs of copies: are they traced to the copy they were taken of?

Three records: "trace", "trace_kinds" of pages of other kinds, and
"trace_drawings", each of which goes on without what the others have being
asked again.

Goes on where it was interrupted. Usage: trace.py [ROW ...]; environment:
JOBS (processes, one a core), PART (0.05: five percent of the trials),
MINUTES (stop after), COPIES (how many of the 10^6 numbers are scored; all are
charged).
"""
import collections
import os
import re
import sys
import threading
import time

import ground
import results_trace
import trials

COPIES = int(os.environ.get("COPIES", "1000000"))

FIELDS = ["row", "seed", "outcome", "log10_lr", "tried", "copies", "units",
          "words", "error_pt", "shift_pt", "pixel_noise", "blur_pt", "bait",
          "page", "names", "stranger", "foretold_log10_lr", "foretold_named"]
CHOSEN = ["bait", "page", "foretold_log10_lr", "foretold_named"]
# Goal in percent; one of 99 can only be met with 368 trials or more. A row is
# judged when it has its trials, not before. Words that move, of its pages.
Row = collections.namedtuple("Row", "name setting kind pictures goal planned "
                             "documents words", defaults=["150-"])
ROWS = [Row(*row) for row in [
    ("desk", "desk", "copy", 1, 99, 400, "report"),
    ("half-light", "half-light", "copy", 1, 99, 400, "report"),
    ("scan 150 dpi", "scan150", "copy", 1, 99, 400, "report"),
    ("three photocopies", "photocopy3", "copy", 1, 99, 400, "report"),
    ("three photocopies, photographed", "photocopy3-photo", "copy", 1, 99,
     400, "report"),
    ("fax", "fax", "copy", 1, 99, 400, "report"),
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
]]
KINDS = [Row(*row) for row in [
    ("screenshot", "screenshot", "copy", 1, 99, 400, "new"),
    ("photograph of a screen", "screen-photo", "copy", 1, 99, 400, "new"),
    ("40-79 words, half-light", "half-light", "copy", 1, None, 100, "new",
     "40-79"),
    ("40-79 words, scan 150 dpi", "scan150", "copy", 1, None, 100, "new",
     "40-79"),
    ("80-119 words, half-light", "half-light", "copy", 1, None, 100, "new",
     "80-119"),
    ("80-119 words, scan 150 dpi", "scan150", "copy", 1, None, 100, "new",
     "80-119"),
    ("Cyrillic, half-light", "half-light", "copy", 1, None, 60, "cyrillic",
     "100-"),
    ("Cyrillic, garage", "garage", "copy", 1, None, 60, "cyrillic", "100-"),
    ("Greek, half-light", "half-light", "copy", 1, None, 60, "greek", "100-"),
    ("Greek, garage", "garage", "copy", 1, None, 60, "greek", "100-"),
    ("CJK, half-light", "half-light", "copy", 1, None, 60, "cjk", "100-"),
    ("CJK, garage", "garage", "copy", 1, None, 60, "cjk", "100-"),
    ("Arabic, half-light", "half-light", "copy", 1, None, 60, "arabic",
     "100-"),
    ("Arabic, garage", "garage", "copy", 1, None, 60, "arabic", "100-"),
    ("rotated page, half-light", "half-light", "copy", 1, None, 60, "rotated",
     "100-"),
    ("rotated page, garage", "garage", "copy", 1, None, 60, "rotated", "100-"),
    ("three colluders, average", "half-light", "average", 3, 80, 80, "new"),
    ("three colluders, piecing", "half-light", "piecing", 3, 80, 80, "new"),
    ("three colluders, majority", "half-light", "majority", 3, 80, 80, "new"),
    ("three colluders, minority", "half-light", "minority", 3, 80, 80, "new"),
]]
DRAWINGS = [Row(*row) for row in [
    ("drawing or scan, garage", "garage", "copy", 1, 97, 150, "image",
     "0-149"),
    ("drawing or scan, three photocopies", "photocopy3", "copy", 1, 97, 150,
     "image", "0-149"),
    ("more drawings and scans, garage", "garage", "copy", 1, 97, 200,
     "drawing", "0-149"),
    ("more drawings and scans, three photocopies", "photocopy3", "copy", 1,
     97, 200, "drawing", "0-149"),
]]
RECORDS = (("trace", ROWS), ("trace_kinds", KINDS),
           ("trace_drawings", DRAWINGS))


def short(value):
    """Five digits tell enough of what only goes into medians."""
    return float("%.5g" % value) if isinstance(value, float) else value


class Benches:
    """The trial processes of one thread, begun when needed."""

    _making = threading.Lock()

    def __init__(self, choose=False):
        self._of = {}
        self._choose = choose

    def _bench(self, row):
        of = row.documents, row.words
        with self._making:
            if of not in self._of:
                op, secret = ground.operation(
                    row.documents, ground.documents(row.documents))
                self._of[of] = ground.Bench(op, secret, COPIES, row.words,
                                            self._choose)
        return self._of[of]

    def trial(self, row, seed):
        got = self._bench(row).trial("%d %s %s %d 0" % (
            seed, row.kind, row.setting, row.pictures))
        if got.get("failed"):
            got["outcome"] = "failed"
        exact = {"log10_lr": got.get("log10_lr"), "tried": got.get("tried")}
        return dict({key: short(value) for key, value in got.items()},
                    **exact, row=row.name, copies=COPIES)

    def close(self):
        for bench in self._of.values():
            bench.close()


class Campaign:
    def __init__(self, record, rows, part, end):
        self.rows = rows
        self.most = {row.name: max(1, round(row.planned * part))
                     for row in rows}
        self.end = end
        self.record = record
        self.done = {}
        for row in self.record.rows:
            self.done.setdefault(row["row"], set()).add(row["seed"])
        self._lock = threading.Lock()

    def share(self, row):
        return len(self.done.get(row.name, ())) / self.most[row.name]

    def next(self):
        """The row that is behind the others, and its next seed."""
        with self._lock:
            open_ = [row for row in self.rows if self.share(row) < 1]
            if not open_ or time.time() > self.end:
                return None
            row = min(open_, key=self.share)
            seeds = self.done.setdefault(row.name, set())
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


def chosen_alone(rows):
    """Rows whose page does not depend on what is in view in the picture."""
    return {row.name: row for row in rows
            if not re.search(r"(quarter|words)\d+$", row.setting)}


def settle(record, rows):
    """Trials of another version hold where those done again are the same. What
    is foretold is no outcome: it is asked anew of a row that holds. Until then
    the record has what it had, so that its tables can be written at any time."""
    benches = Benches()
    known = {row.name: row for row in rows}
    alone = chosen_alone(rows)

    def again(trial):
        got = benches.trial(known[trial["row"]], trial["seed"])
        if trial["row"] in alone:
            got.update({key: trial[key] for key in CHOSEN})
        return got

    record.keep(lambda trial: trial["row"] in known,
                "no row is of them any more")
    record.settle(again, group=lambda trial: trial["row"],
                  most=trials.AGAIN_SLOW,
                  renew=lambda mine: choose(mine, alone))
    benches.close()


def choose(mine, known):
    """What these trials are of, as of now, without a photograph."""
    benches = Benches(choose=True)
    for trial in mine:
        if trial["row"] in known:
            got = benches.trial(known[trial["row"]], trial["seed"])
            trial.update({key: got.get(key) for key in CHOSEN})
    benches.close()


def fill(record, rows):
    """Trials whose CHOSEN fields are not known."""
    known = chosen_alone(rows)
    empty = [trial for trial in record.rows
             if trial["bait"] is None and trial["row"] in known]
    if empty:
        choose(empty, known)
        record.rewrite()


def run(record, rows, wanted, end):
    settle(record, rows)
    fill(record, rows)
    campaign = Campaign(record, wanted, float(os.environ.get("PART", "1")), end)
    campaign.run(int(os.environ.get("JOBS", os.cpu_count())))


def main():
    wanted = sys.argv[1:]
    end = time.time() + 60 * float(os.environ.get("MINUTES", "1e6"))
    records = []
    for name, rows in RECORDS:
        record = ground.record(name, FIELDS)
        mine = [row for row in rows if not wanted or row.name in wanted]
        if mine:
            run(record, rows, mine, end)
        records.append(record)
    results_trace.trace(records, [rows for _, rows in RECORDS])


if __name__ == "__main__":
    main()
