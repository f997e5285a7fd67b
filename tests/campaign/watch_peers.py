"""Others before the same streams: Motion, a Frigate-like stage, MOG2.

watch_trial makes films (H.264, the truth beside it); each is given, in one
run, to `sting replay`, to Motion as Debian has it (every frame, and half of them, five a
second, as of a camera's second stream), to the motion stage of
Frigate 0.13 written again after its description, and to OpenCV's MOG2 on
every frame. A visit is found when an alarm begins or goes on in it that was
not on one second before it; alarms are what lasts three looks.
"""
import json
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time

import cv2
import ground
import numpy

TRIAL = os.path.join(ground.BUILD, "tests", "campaign", "watch_trial")
NAMES = ("sting", "Motion, every frame", "Motion, 5 frames a second",
         "Frigate-like, 5/s", "MOG2, every frame")


def cpu(who=resource.RUSAGE_CHILDREN):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def film(path, condition, room):
    """A film and its visits, (begin, end) in seconds; how long it is."""
    made = subprocess.run(
        [os.environ.get("WATCH_TRIAL") or TRIAL, "film", "out=" + path, "width=640", "room=%d" % room,
         "visits=6", "fps=10"] + condition.split(),
        capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in made.stdout.splitlines()]
    return ([(row["begin_s"], row["end_s"]) for row in rows
             if "visit" in row], rows[-1]["stream_s"])


def sting(path, folder):
    op = os.path.join(folder, "op")
    if not os.path.exists(op):
        key = os.path.join(folder, "identity")
        subprocess.run(["age-keygen", "-o", key], check=True,
                       capture_output=True)
        to = subprocess.run(["age-keygen", "-y", key], check=True,
                            capture_output=True, text=True).stdout.strip()
        secret = os.path.join(folder, "pass")
        with open(secret, "w", encoding="ascii") as file:
            file.write("seven green watering cans\n")
        subprocess.run([ground.STING, "new", op, "--goal", "count",
                        "--legal-basis", "count", "--decided-by", "count",
                        "--recipient", to, "--passphrase-file", secret],
                       check=True, capture_output=True)
    made = subprocess.run([ground.STING, "replay", op, path, "--json"],
                          capture_output=True, text=True, check=True)
    return [(row["first_look_s"], row["end_s"])
            for row in map(json.loads, made.stdout.splitlines())
            if row.get("kind") in ("person", "page", "tamper")]


CONF = """daemon off
setup_mode off
log_level 7
netcam_url file://%s
width %d
height %d
framerate %d
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
event_gap 2
minimum_motion_frames 1
"""


def motion_play(conf, length_s):
    """When Motion began to play and when it was through, by our clock."""
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
        child.wait()
        late.cancel()
    return begin, end


def motion(path, folder, width, fps, length_s):
    """Motion plays a file at a pace of its own: one of ten frames a second is
    over some 7 % too early. Its times are stretched to the film's."""
    conf = os.path.join(folder, "motion.conf")
    log = os.path.join(folder, "motion.log")
    note = os.path.join(folder, "note.sh")
    with open(note, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\necho $1$(date +%%s.%%N) >> %s\n" % log)
    os.chmod(note, 0o700)
    with open(conf, "w", encoding="ascii") as file:
        file.write(CONF % (path, width, width * 9 // 16, fps))
        # Motion puts its own words in place of what follows a % sign.
        file.write("on_event_start %s B\non_event_end %s E\n" % (note, note))
    with open(log, "w", encoding="ascii"):
        pass
    begin, end = motion_play(conf, length_s)
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
    return [tuple(span) for span in spans]


def frames(path, step=1, height=None):
    video = cv2.VideoCapture(path)
    rate, at = video.get(cv2.CAP_PROP_FPS) or 10, 0
    while True:
        good, picture = video.read()
        if not good:
            return
        if at % step == 0:
            grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
            if height:
                grey = cv2.resize(grey, (grey.shape[1] * height
                                         // grey.shape[0], height),
                                  interpolation=cv2.INTER_LINEAR)
            yield at / rate, grey
        at += 1


def spans_of(said, gap_s=2.0):
    """What lasts three looks, joined over short gaps."""
    spans, run = [], []
    for at, alarm in said:
        run = run + [at] if alarm else []
        if len(run) >= 3:
            if spans and run[0] - spans[-1][1] <= gap_s:
                spans[-1][1] = at
            else:
                spans.append([at, at])
    return [tuple(span) for span in spans]


def frigate(path):
    """Height 100, contrast stretched, difference to a slow mean over 30,
    dilated, contours of more than 10 pixels; all alight is lightning."""
    mean, low, high, said = None, 0.0, 255.0, []
    for at, grey in frames(path, step=2, height=100):
        cut = numpy.percentile(grey, [4, 96])
        low, high = 0.9 * low + 0.1 * cut[0], 0.9 * high + 0.1 * cut[1]
        grey = numpy.clip((grey - low) * 255 / max(1, high - low), 0,
                          255).astype(numpy.float32)
        grey = cv2.GaussianBlur(grey, (3, 3), 0)
        if mean is None:
            mean = grey.copy()
        _, mask = cv2.threshold(cv2.absdiff(grey, mean), 30, 255,
                                cv2.THRESH_BINARY)
        mask = cv2.dilate(mask.astype(numpy.uint8), None, iterations=1)
        found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL,
                                    cv2.CHAIN_APPROX_SIMPLE)
        lightning = (mask > 0).mean() > 0.8
        alarm = any(cv2.contourArea(c) > 10 for c in found) and not lightning
        said.append((at, alarm))
        cv2.accumulateWeighted(grey, mean, 0.2 if lightning or at < 6
                               else 0.01)
    return spans_of(said)


def mog2(path):
    model = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
    kernel, said = numpy.ones((3, 3), numpy.uint8), []
    for at, grey in frames(path, height=180):
        mask = cv2.morphologyEx(model.apply(grey), cv2.MORPH_OPEN, kernel)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        area = max((row[4] for row in stats[1:]), default=0)
        said.append((at, at > 10 and area > 0.001 * mask.size))
    return spans_of(said)


def small_stream(path, folder):
    out = os.path.join(folder, "small.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, "-vf",
                    "fps=5", "-c:v", "libx264", "-preset",
                    "superfast", "-tune", "zerolatency", "-bf", "0", "-g",
                    "10", "-crf", "26", out], check=True)
    return out


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


def run(name, path, folder, length_s):
    if name == "sting":
        return sting(path, folder)
    if name == "Motion, every frame":
        return motion(path, folder, 640, 10, length_s)
    if name == "Motion, 5 frames a second":
        return motion(small_stream(path, folder), folder, 640, 5, length_s)
    return frigate(path) if name.startswith("Frigate") else mog2(path)


def one(condition, options, room):
    """Every system on one film; gives a row each."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "film.mp4")
        visits, length_s = film(path, options, room)
        for name in NAMES:
            own, children = cpu(resource.RUSAGE_SELF), cpu()
            spans = run(name, path, folder, length_s)
            row = judge(spans, visits, length_s)
            spent = (cpu(resource.RUSAGE_SELF) - own + cpu() - children)
            row.update(system=name, condition=condition, room=room,
                       cpu_s_a_minute=spent / length_s * 60)
            rows.append(row)
    return rows
