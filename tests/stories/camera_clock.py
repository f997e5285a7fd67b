"""Cameras whose own clocks are right, slow, absurd, set anew or missing: what
they say stands in the record, and nothing goes by it."""
import calendar
import datetime
import html
import os
import re
import signal
import struct
import sys
import time

from cameras import begin, end, recorded, ODD
from story import SKIPPED, Story, cameras_name

CLIP = os.environ["CLIP"]
YEARS_80 = 80 * 365 * 86400
MASKS = "    masks:\n      - [[0, 0], [0.25, 0], [0.25, 0.5], [0, 0.5]]\n"
LATE_S = 30  # what is on its way counts as slow; longer, and something hangs
LATE = r"its own clock is (right again|\d+\.\d s slow)"
# name: what its clock is off, in s
WALLS = {
    "right": "0:0",
    "slow": "0:-900",
    "zone": "0:7200",
    "masked": "0:-900",
    "dead": "0:-%d" % (50 * 365 * 86400),
    "beyond": "0:%d" % YEARS_80,
    "edge": "0:%d" % (2 ** 32 - 2208988800 - int(time.time()) - 14),
    "none": "0:start",
    "silent": "",
    "set": "0:-900,10:0",
    "liar": ",".join("%d:%d" % (at, (-1) ** at * 5000 * at)
                     for at in range(60)),
}


def clip_make(story):
    clip = story.path("clip.mp4")
    if story.run("ffmpeg", "-v", "error", "-y", "-ss", "20", "-t", "12", "-i",
                 CLIP, "-an", "-vf", "scale=320:180", "-c:v", "libx264",
                 "-preset", "superfast", "-bf", "0", "-g", "10", clip,
                 code=None).code:
        print("ffmpeg has no x264")
        sys.exit(SKIPPED)
    return clip


def cameras_begin(clip):
    text, process = "", []
    for name, wall in WALLS.items():
        words = ["wall=" + wall] if wall else []
        one, port = begin([sys.executable, ODD, clip, "0", *words])
        process.append(one)
        text += "  - name: %s\n    url: rtsp://127.0.0.1:%d/camera\n" % (
            name, port)
        if name == "masked":
            text += MASKS
    return text, process


def lines_of(op, kind):
    """Keys and values of all lines of a kind."""
    with open(os.path.join(op, "evidence", "ledger")) as file:
        found = [line.split(" ") for line in file.read().splitlines()]
    return [dict(part.split("=", 1) for part in line[4:])
            for line in found if line[3] == kind]


def clocks(op, name):
    return [int(one["clock_ms"]) if "clock_ms" in one else None
            for one in lines_of(op, "seg") if one["camera"] == name]


def off_by(found, seconds):
    """So far from what the clock is off, in s: nothing before it was sent."""
    return [one / 1000 - seconds for one in found]


def near(found, seconds):
    return bool(found) and None not in found and all(
        -LATE_S <= one <= 0.01 for one in off_by(found, seconds))


def judge_record(story, op):
    for name, seconds in (("right", 0), ("slow", -900), ("zone", 7200),
                          ("masked", -900),
                          ("dead", -50 * 365 * 86400)):
        found = clocks(op, name)
        story.check(near(found, seconds), "%s: each recording says that its "
                    "clock is %d s off" % (name, seconds), found)
    print("  a right clock counts as slow by at most %.0f ms"
          % -min(clocks(op, "right")))
    # NTP counts 2^32 s and begins anew: 80 years on it is 1970 again.
    found = clocks(op, "beyond")
    story.check(near(found, YEARS_80 - 2 ** 32),
                "a year that cannot be said is another", found)
    for name in ("none", "silent"):
        found = clocks(op, name)
        story.check(found and set(found) == {None},
                    "%s: of no clock nothing is said" % name, found)
    found = clocks(op, "set")
    story.check(near(found[:1], -900) and near(found[-1:], 0),
                "a clock that is set is right from then on", found)


def keyframes(path):
    """Of each keyframe the host's time and the camera's own, if it said so."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = [], 0
    while at < len(data):
        size, kind, flags = struct.unpack_from(">I4sI", data, at)
        if kind == b"prft":
            ntp = struct.unpack_from(">Q", data, at + 16)[0] / 2 ** 32
            if flags & 0xffffff == 24:
                found[-1][1] = ntp
            else:
                found.append([ntp, None])
        at += size
    return found


def judge_keyframes(story, op):
    """In the sealed recording each keyframe has both times."""
    for name, seconds in (("slow", -900), ("right", 0), ("masked", -900)):
        found = keyframes(recorded(story, op, name)[0])
        off = [camera - host for host, camera in found if camera]
        story.check(len(off) >= 10 and len(off) >= len(found) - 3 and
                    near([1000 * one for one in off], seconds),
                    "%s: %d of %d keyframes have its own time too, %d s off"
                    % (name, len(off), len(found), seconds), found)
        drift = max(off) - min(off)
        story.check(drift < LATE_S, "%s: none jumps (%.0f ms at most)"
                    % (name, 1000 * drift), off)
    off = [camera - host for host, camera in
           keyframes(recorded(story, op, "set")[0]) if camera]
    steps = [i for i in range(1, len(off)) if abs(off[i] - off[i - 1]) > 450]
    story.check(len(steps) == 1, "set: where the clock was set stands between "
                "two keyframes", off)
    for name in ("none", "silent"):
        found = keyframes(recorded(story, op, name)[0])
        story.check(found and not any(camera for _, camera in found),
                    "%s: and none has a time that was not said" % name, found)


def judge_times(story, op, began):
    """Our own times are as if no camera had said anything."""
    parse = lambda text: calendar.timegm(
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").timetuple())
    for name in WALLS:
        recorded = [one for one in lines_of(op, "seg") if one["camera"] == name]
        times = [parse(one["t0"]) for one in recorded]
        story.check(times and began - 1 <= times[0] and
                    times == sorted(times) and times[-1] <= time.time(),
                    "%s: and our own times are right" % name, times)
        ends = [int(one["pts"]) + int(one["us"]) for one in recorded]
        begins = [int(one["pts"]) for one in recorded]
        story.check(begins[1:] == ends[:-1], "%s: without a hole" % name,
                    (begins, ends))


def told(station, name):
    return re.findall(r"camera %s: (its own clock .*)" % name, station.text())


def judge_told(story, op, station):
    for name, words in (
            ("slow", [r"its own clock is 15 min slow"]),
            ("zone", [r"its own clock is (119|120) min fast"]),
            ("dead", [r"its own clock is 18250 days slow"]),
            ("set", [r"its own clock is 15 min slow",
                     r"its own clock is right again"]),
            ("right", []), ("none", []), ("silent", [])):
        found = told(station, name)
        if name in ("right", "set") and clocks(op, name)[-1] < -1000:
            # So much was on its way that it may well be told as slow.
            found = [one for one in found if not re.fullmatch(LATE, one)]
            words = [one for one in words if not re.fullmatch(LATE, one)]
        story.check(len(found) == len(words) and
                    all(map(re.fullmatch, words, found)),
                    "%s: told %d times" % (name, len(words)), found)
    found = told(station, "liar")
    story.check(len(found) <= 3, "a clock that says anything is told a few "
                "times", found)
    remarks = [one for one in lines_of(op, "camera")
               if one["state"] == "remark" and one["camera"] == "slow"
               and one["why"].startswith("its%20own")]
    story.check(len(remarks) == 1, "and it is a line of the record", remarks)


def judge_exhibit(story, op, began):
    stamp = lambda at: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    for i, (name, words) in enumerate((
            ("slow", r"was 15 min slow against the recorder's\."),
            ("set", r"was between 15 min slow and \d+\.\d s (slow|fast) "
                    r"against the recorder's\."),
            ("silent", "unknown; the camera did not say"))):
        out = story.path("exhibit-" + name)
        story.sting("exhibit", op, "--camera", name, "--from", stamp(began),
                    "--to", stamp(time.time()), "--mark", "CLK/%d" % (i + 1),
                    "--out", out, *story.keys_for("what did its clock show?"))
        with open(os.path.join(out, "data", "REPORT.html")) as file:
            text = " ".join(html.unescape(file.read()).split())
        story.check(re.search(words, text), "%s: the report for a court says "
                    "so" % name, text[text.find("own clock") - 200:][:600])
        codes = [story.sting("verify", out, code=None).code,
                 story.run("sh", "VERIFY.sh", cwd=out, code=None).code,
                 story.run("python3", "verify.py", cwd=out, code=None).code]
        story.check(set(codes) <= {0, 10}, "and who checks it by hand finds it "
                    "whole", codes)


def main():
    with Story("what a camera's own clock showed is kept, and is believed by "
               "nobody") as story:
        clip = clip_make(story)
        op = story.operation()
        text, process = cameras_begin(clip)
        cameras_name(op, text)
        began = time.time()
        station = story.sting_start("run", op)
        for name in WALLS:
            station.wait_line("camera %s: recording" % name, 60)
        for name in WALLS:
            story.wait_film(op, name, 24)
        story.check(station.stop(signal.SIGINT, 60) == 0, "ended in order")
        for one in process:
            end(one)
        judge_record(story, op)
        judge_keyframes(story, op)
        judge_times(story, op, began)
        judge_told(story, op, station)
        judge_exhibit(story, op, began)
        found = story.sting("verify", op, "--json", code=None).json()[-1]
        story.check(found["verdict"].startswith("INTACT"), "it verifies",
                    found)


if __name__ == "__main__":
    main()
