"""Others before the same films: Motion, a Frigate-like stage, MOG2.

watch_trial makes films (H.264, 640 x 360, ten a second, the truth beside it)
and of each a second stream of five a second is made, as cameras give one.
`sting replay` and Motion as Debian has it see both, the motion stage of
Frigate 0.13 the second, OpenCV's MOG2 every frame of the first. A visit is
found when an alarm begins or goes on in it that was not on one second before
it; alarms are what lasts three looks.

Films are rooms 15000 and 15001; trials count for their own version, and are
kept in docs/results/trials/watch_peers.jsonl. Motion plays in real time.
"""
import collections
import concurrent.futures
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import ground
import interval
import peer_motion
import peer_stage
import results
import trials
import watch

ROOMS = (15000, 15001)
CONDITIONS = ("clean", "grain", "dark")
# What is said, and how it is made: stream and way.
SYSTEMS = {
    "sting": ("first", "sting"),
    "sting, second stream": ("second", "sting"),
    "Motion": ("first", "motion"),
    "Motion, second stream": ("second", "motion"),
    "Frigate-like, second stream": ("second", "frigate"),
    "MOG2": ("first", "mog2"),
}
RATE = {"first": 10, "second": 5}
SIZE = (640, 360)
PATHS = watch.PATHS + ["tests/campaign/watch_peers.py",
                       "tests/campaign/peer_motion.py",
                       "tests/campaign/peer_stage.py"]
RAW = os.path.join(ground.RESULTS, "trials", "watch_peers.jsonl")


def film(path, condition, room):
    """A film and its visits, (begin, end) in seconds; how long it is."""
    made = subprocess.run(
        [watch.TRIAL, "film", "out=" + path, watch.SIZE, "room=%d" % room,
         "visits=6", "fps=%d" % RATE["first"]]
        + watch.CONDITION[condition].split(),
        capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in made.stdout.splitlines()]
    return ([(row["begin_s"], row["end_s"]) for row in rows
             if "visit" in row], rows[-1]["stream_s"])


def second_of(path, out):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, "-vf",
                    "fps=%d" % RATE["second"], "-c:v", "libx264", "-preset",
                    "superfast", "-tune", "zerolatency", "-bf", "0", "-g",
                    "10", "-crf", "26", out], check=True)


def operation_new(folder):
    op, key = os.path.join(folder, "op"), os.path.join(folder, "identity")
    secret = os.path.join(folder, "pass")
    run = lambda *words: subprocess.run(words, check=True, text=True,
                                        capture_output=True).stdout
    run("age-keygen", "-o", key)
    with open(secret, "w", encoding="ascii") as file:
        file.write("seven green watering cans\n")
    run(ground.STING, "new", op, "--goal", "count", "--legal-basis", "count",
        "--decided-by", "count", "--recipient",
        run("age-keygen", "-y", key).strip(), "--passphrase-file", secret)
    return op


def sting(path, folder):
    with subprocess.Popen([ground.STING, "replay", operation_new(folder), path,
                           "--json"], stdout=subprocess.PIPE,
                          text=True) as child:
        said = child.stdout.read()
        spent = peer_motion.waited(child)
    if child.returncode:
        raise RuntimeError("sting replay ended with %d" % child.returncode)
    return [(row["first_look_s"], row["end_s"])
            for row in map(json.loads, said.splitlines())
            if row.get("kind") in ("person", "page", "tamper")], spent


def see(name, films, length_s):
    """One system before its stream: its alarms and processor seconds."""
    stream, way = SYSTEMS[name]
    with tempfile.TemporaryDirectory() as folder:
        if way == "sting":
            return sting(films[stream], folder)
        if way == "motion":
            return peer_motion.see(films[stream], folder,
                                   (*SIZE, RATE[stream]), length_s)
    said = peer_stage.stage(way, films[stream])
    return said["spans"], said["cpu_s"]


def one(condition, room):
    """Every system on one film; gives a row each. Motion, which only waits
    most of the time, plays both streams at once."""
    with tempfile.TemporaryDirectory() as folder:
        films = {name: os.path.join(folder, name + ".mp4") for name in RATE}
        visits, length_s = film(films["first"], condition, room)
        second_of(films["first"], films["second"])
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            slow = {name: pool.submit(see, name, films, length_s)
                    for name, (_, way) in SYSTEMS.items() if way == "motion"}
            seen = {name: see(name, films, length_s) for name in SYSTEMS
                    if name not in slow}
            seen.update((name, made.result()) for name, made in slow.items())
    return [dict(peer_motion.judge(seen[name][0], visits, length_s),
                 system=name, condition=condition, room=room,
                 cpu_s_a_minute=seen[name][1] / length_s * 60)
            for name in SYSTEMS]


def done_of(version):
    """Trials of this version: those of others count no more."""
    if not os.path.exists(RAW):
        return []
    with open(RAW, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.endswith("\n")]
    return [row for row in rows if row["version"] == version]


def count(version):
    """Six films; what is there already stays."""
    rows = done_of(version)
    done = {(row["condition"], row["room"]) for row in rows}
    until = time.monotonic() + 60 * float(os.environ.get("MINUTES", 1e6))
    jobs = [(name, room) for room in ROOMS for name in CONDITIONS]
    jobs = jobs[:max(1, int(len(jobs) * float(os.environ.get("PART", 1))))]
    for name, room in jobs:
        if (name, room) in done or time.monotonic() > until:
            continue
        rows += [dict(row, version=version) for row in one(name, room)]
        with open(RAW + ".new", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        os.replace(RAW + ".new", RAW)
    return rows


def line_of(condition, system, mine):
    late = [s for row in mine for s in row["late"]]
    found, visits = (sum(row[key] for row in mine)
                     for key in ("found", "visits"))
    return "| %s | %s | %d of %d | %s | %s | %s | %d | %.0f %% | %.2f |" % (
        condition, system, found, visits, interval.text(found, visits),
        "%.1f" % statistics.median(late) if late else "-",
        "%.1f" % max(late) if late else "-",
        sum(row["beside"] for row in mine),
        100 * statistics.mean(row["share"] for row in mine),
        statistics.mean(row["cpu_s_a_minute"] for row in mine))


def table(rows):
    lines = ["| condition | system | visits found | rate [95 %] | median s | "
             "longest | alarms beside | of the quiet, alarmed | CPU s a minute "
             "|", "|---|---|---|---|---|---|---|---|---|"]
    by = collections.defaultdict(list)
    for row in rows:
        by[row["condition"], row["system"]].append(row)
    return lines + [line_of(*key, mine) for key, mine in by.items()]


HEAD = """# Others before the same films

Made by `tests/campaign/watch_peers.py` on %s, version %s. Films as in
watch.md, rooms 15000 and 15001, six visits each, H.264 of 640 x 360, ten a
second; of each a second stream, five a second, as cameras give one. Rates have
their exact 95 %% interval (Clopper and Pearson 1934). A visit is found when an
alarm begins or goes on in it that was not on a second before it. Motion is
Debian's with its own settings, at the film's pace; the motion stage of Frigate
0.13 and OpenCV's MOG2 are written again after their descriptions
(tests/campaign/peer_stage.py). CPU with decoding, while other work ran.
"""


def main():
    missing = [name for name, found in (
        ("python3-opencv and python3-numpy (for %s)" % " or ".join(
            peer_stage.PYTHONS), peer_stage.interpreter()),
        ("motion", shutil.which("motion")), ("age", shutil.which("age-keygen")))
        if not found]
    if missing:
        sys.exit("watch_peers: Debian's %s: not here" % ", ".join(missing))
    version = trials.version(PATHS)
    rows = count(version)
    head = HEAD % (datetime.date.today(), version)
    results.write("watch-peers.md", head.split("\n") + table(rows))


if __name__ == "__main__":
    main()
