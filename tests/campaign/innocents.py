"""Pictures of what is not a copy of ours: nobody may be named.

Unmarked originals, copies under another mark key, other documents, and other
content on the same form; beside the issued numbers, random codes are scored
and those that reach 10 ... 10^8 counted. Environment as trace.py; CODES
(10^6) a picture.
"""
import os
import sys
import threading
import time

import ground
import results

CODES = int(os.environ.get("CODES", "1000000"))
COPIES = int(os.environ.get("COPIES", "1000"))
FIELDS = ["row", "seed", "outcome", "verdict", "log10_lr", "copies", "codes",
          "exceed"]
KINDS = ["unmarked", "other operation", "other document", "same form"]
# Codes are scored where a page of ours is found: in all of the first two kinds
# and few of the others. These give more than 500 pictures with 10^6 codes.
TRIALS = {"unmarked": 245, "other operation": 245, "other document": 150,
          "same form": 150}
SETTINGS = ["half-light", "garage", "dim-room", "scan150", "garage-quarter"]


def order(kind, seed, pdfs):
    setting = SETTINGS[seed % len(SETTINGS)]
    word = {"unmarked": "unmarked", "other operation": "stranger"}.get(
        kind, "copy")
    pdf = pdfs[kind][seed % len(pdfs[kind])] if kind in pdfs else ""
    return "%d %s %s 1 %d %s" % (seed, word, setting, CODES, pdf)


def trial(bench, kind, seed, pdfs):
    got = bench.trial(order(kind, seed, pdfs))
    if got.get("failed"):
        got["outcome"] = "failed"
    return dict(got, row=kind, copies=COPIES)


def work(jobs, lock, op, secret, pdfs, record):
    bench = ground.Bench(op, secret, COPIES)
    while True:
        with lock:
            if not jobs:
                break
            kind, seed = jobs.pop(0)
        got = trial(bench, kind, seed, pdfs)
        record.add(got)
        print("%s %d: %s" % (kind, seed, got.get("verdict")),
              file=sys.stderr, flush=True)
    bench.close()


def main():
    op, secret = ground.operation("report", ground.documents("report"))
    pdfs = {"other document": ground.documents("foreign"),
            "same form": ground.documents("template")}
    record = ground.record("innocents", FIELDS)
    again = ground.Bench(op, secret, COPIES)
    record.settle(lambda row: trial(again, row["row"], row["seed"], pdfs))
    again.close()
    part = float(os.environ.get("PART", "1"))
    done = {(row["row"], row["seed"]) for row in record.rows}
    jobs = [(kind, seed) for seed in range(1, max(TRIALS.values()) + 1)
            for kind in KINDS if seed <= round(part * TRIALS[kind])
            and (kind, seed) not in done]
    end = time.time() + 60 * float(os.environ.get("MINUTES", "1e6"))
    lock = threading.Lock()
    threads = [threading.Thread(target=work, args=(
        jobs, lock, op, secret, pdfs, record))
        for _ in range(int(os.environ.get("JOBS", os.cpu_count())))]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)
        if time.time() > end:
            with lock:
                jobs.clear()
    results.innocents(record, KINDS)


if __name__ == "__main__":
    main()
