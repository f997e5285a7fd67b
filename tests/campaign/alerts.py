"""From the moment a person is in the picture to the webhook's answer, over
many visits: tests/bench/alerts.py with other seeds, some streams at a time.
Each stream has six visits, a keyframe a second, in real time.

STREAMS=3 watches three at once. A visit that nobody was told of is late."""
import datetime
import os
import re
import statistics
import subprocess

import evidence
import ground
import interval

VISITS = int(float(os.environ.get("PART", "1")) * 102)
STREAMS = int(os.environ.get("STREAMS", "3"))
FIRST_SEED = 9000    # bench and stories use others
BENCH = os.path.join(ground.ROOT, "tests", "bench", "alerts.py")


def batch(seed):
    """Visits of so many streams at once: seconds each, None: not told of."""
    env = dict(os.environ, STING=ground.STING, PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        ["python3", BENCH, str(STREAMS), str(STREAMS), str(seed)], env=env,
        capture_output=True, text=True, check=False)
    told = re.findall(r"so far: (.*)", done.stdout)
    late = [None if word == "-" else float(word)
            for word in told[-1].split()] if told else []
    return {"seed": seed, "streams": STREAMS, "late": late,
            "load": round(os.getloadavg()[0], 1),
            "why": "" if told else (done.stdout + done.stderr)[-300:]}


def middle(late):
    """The median and its 95 % interval, by order: no law is assumed."""
    ordered = sorted(float("inf") if s is None else s for s in late)
    n = len(ordered)
    low = next(k for k in range(n) if interval.interval(k + 1, n)[1] > 0.5)
    high = next(k for k in range(n, 0, -1)
                if interval.interval(k - 1, n)[0] < 0.5) - 1
    return statistics.median(ordered), ordered[low], ordered[high]


def within(late, most):
    hits = sum(s is not None and s <= most for s in late)
    low, high = interval.interval(hits, len(late))
    return "%d of %d [%.1f, %.1f] %%" % (hits, len(late), 100 * low, 100 * high)


def table(journal):
    late = [s for row in journal.rows for s in row["late"]]
    told = sorted(s for s in late if s is not None)
    failed = [row for row in journal.rows if row["why"]]
    seeds = [row["seed"] for row in journal.rows]
    lines = ["# How late an alert is", "",
             "Made by `tools/campaign.sh build alerts` on %s, version %s."
             % (datetime.date.today(), journal.version), "",
             "From the moment at which somebody begins to come into the "
             "picture (the clip's own",
             "truth, by the time of the recording's first frame) to the "
             "webhook's receipt on the",
             "same machine. Real visits under fresh noise, other light and "
             "side in each stream;",
             "1280 x 720, a keyframe a second, served in real time by RTSP; "
             "%s streams at once on" % max(row["streams"]
                                           for row in journal.rows),
             "%d processors. Load of the machine while it ran: %s."
             % (os.cpu_count(), " ".join(str(row["load"])
                                         for row in journal.rows)), "",
             "| figure | goal | measured |", "|---|---|---|",
             "| visits, seeds %d to %d | | %d, of which %d were told |"
             % (min(seeds), max(seeds), len(late), len(told)),
             "| median, 95 %% interval by order | <= 1 s | %.2f s [%.2f, %.2f] |"
             % middle(late),
             "| within 1 s | | %s |" % within(late, 1),
             "| within 2 s | 99 %% | %s |" % within(late, 2),
             "| 99th of a hundred, longest | <= 2 s | %.2f s, %.2f s |"
             % (told[max(0, -(-99 * len(told) // 100) - 1)], told[-1]),
             "| runs that broke off | | %d |" % len(failed), "",
             "All, in seconds, `-` for nobody told: " + " ".join(
                 "-" if s is None else "%.2f" % s for s in late) + ".", ""]
    path = os.path.join(ground.RESULTS, "alerts.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    print("written: " + path)


def main():
    evidence.ROOMS = ["base", "media", "detect", "watch", "operation",
                      "station", "alert"]
    journal = evidence.Journal("alerts")
    done = {row["seed"] for row in journal.rows}
    for n in range(-(-VISITS // (6 * STREAMS))):
        seed = FIRST_SEED + 10 * n
        if seed not in done and not evidence.is_over():
            journal.add(**batch(seed))
    if any(row["late"] for row in journal.rows):
        table(journal)


if __name__ == "__main__":
    main()
