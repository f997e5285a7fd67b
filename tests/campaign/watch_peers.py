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
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import ground
import interval
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
PATHS = watch.PATHS + ["tests/campaign/watch_peers.py",
                       "tests/campaign/peer_stage.py"]
RAW = os.path.join(ground.RESULTS, "trials", "watch_peers.jsonl")
CONF = """daemon off
setup_mode off
log_level 7
netcam_url file://%s
width 640
height 360
framerate %d
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
event_gap 2
minimum_motion_frames 1
on_event_start %s B
on_event_end %s E
"""


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


def waited(process):
    """Processor seconds of a child that ends, and of its own."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


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
        spent = waited(child)
    if child.returncode:
        raise RuntimeError("sting replay ended with %d" % child.returncode)
    return [(row["first_look_s"], row["end_s"])
            for row in map(json.loads, said.splitlines())
            if row.get("kind") in ("person", "page", "tamper")], spent


def motion_play(conf, length_s):
    """When Motion began to play and when it was through, by our clock, and
    its processor seconds."""
    begin, end = None, None
    with subprocess.Popen(["motion", "-c", conf, "-n"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace") as child:
        late = threading.Timer(1.5 * length_s + 30, child.kill)
        late.start()
        for line in child.stdout:
            if begin is None and "connected" in line:
                begin = time.time()
            if "End of file" in line:
                end = time.time()
                break
        child.send_signal(signal.SIGTERM)
        child.stdout.read()
        spent = waited(child)
        late.cancel()
    return begin, end, spent


def motion(path, folder, fps, length_s):
    """Motion plays a file at a pace of its own: one of ten frames a second is
    over some 7 % too early. Its times are stretched to the film's."""
    conf, log, note = (os.path.join(folder, name)
                       for name in ("motion.conf", "motion.log", "note.sh"))
    with open(note, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\necho $1$(date +%%s.%%N) >> %s\n" % log)
    os.chmod(note, 0o700)
    with open(conf, "w", encoding="ascii") as file:
        file.write(CONF % (path, fps, note, note))
    with open(log, "w", encoding="ascii"):
        pass
    begin, end, spent = motion_play(conf, length_s)
    if begin is None or end is None:
        raise RuntimeError("Motion did not play %s" % path)
    spans = []
    with open(log, encoding="ascii") as file:
        for kind, at in re.findall(r"([BE])([0-9.]+)", file.read()):
            at = (float(at) - begin) / (end - begin) * length_s
            if kind == "B":
                spans.append([at, length_s])
            elif spans:
                spans[-1][1] = min(at, length_s)
    return spans, spent


def judge(spans, visits, length_s):
    """Visits found, how late, alarms beside them, share of quiet alarmed."""
    late = []
    for begin, end in visits:
        hit = [max(a, begin) for a, b in spans
               if a < end and b > begin and not a < begin - 1]
        if hit:
            late.append(min(hit) - begin)
    beside = sum(all(b < begin or a > end + 4 for begin, end in visits)
                 and b > 25 for a, b in spans)
    quiet = alarmed = 0
    for tenth in range(250, int(10 * length_s)):
        at = tenth / 10
        if all(at < begin or at > end + 6 for begin, end in visits):
            quiet += 1
            alarmed += any(a <= at <= b for a, b in spans)
    return {"found": len(late), "late": late, "beside": beside,
            "visits": len(visits), "share": alarmed / max(1, quiet),
            "quiet_s": quiet / 10}


def see(name, films, length_s):
    """One system before its stream: its alarms and processor seconds."""
    stream, way = SYSTEMS[name]
    with tempfile.TemporaryDirectory() as folder:
        if way == "sting":
            return sting(films[stream], folder)
        if way == "motion":
            return motion(films[stream], folder, RATE[stream], length_s)
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
    return [dict(judge(seen[name][0], visits, length_s), system=name,
                 condition=condition, room=room,
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
