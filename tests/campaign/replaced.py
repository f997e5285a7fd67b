"""How late is it told that the recorded stream shows another picture, while a
second stream is looked at? Each trial has its own still, noise, other picture
and moment; its keyframes stay where they were, and of the size they had.
Every second one has a keyframe in two seconds, the others in one. TRIALS=24 and
FIRST=13 do as many, from that seed on."""
import os
import random
import re
import signal
import sys
from datetime import datetime, timezone

import ground

sys.path.insert(0, os.path.join(ground.ROOT, "tests", "stories"))
CLIP = os.path.join(ground.ROOT, "..", "shared", "footage", "visitors.mp4")
SERVE = os.path.join(ground.BUILD, "tests", "tools", "rtsp_serve")
os.environ.setdefault("STING", ground.STING)
os.environ.update(CLIP=CLIP, RTSP_SERVE=SERVE)
from cameras import begin, end  # noqa: E402
from story import Broken, Story, cameras_name  # noqa: E402
from two_streams import ledger  # noqa: E402

TRIALS = int(os.environ.get("TRIALS", "12"))
FIRST = int(os.environ.get("FIRST", "1"))
AT_ONCE, FPS, CHANGE_S = 6, 10, 42
FILM = ("[0:v]trim=start_frame=%d:end_frame=%d,loop=%d:1,setpts=N/10/TB,"
        "split[a0][b0];[a0]trim=end=%.1f[a];[b0]%s,scale=768:432,"
        "trim=end=%.1f[b];[a][b]concat=n=2,scale=%d:%d,"
        "noise=c0s=%d:c0f=t:all_seed=%d,format=yuv420p")


def film_make(story, name, size, seed, gop, other, change_s):
    """`other`: how the picture becomes another one."""
    draw = random.Random(seed)
    still, grain = draw.randrange(2, 38), draw.randrange(10, 16)
    clip = story.path(name + ".mp4")
    story.run("ffmpeg", "-v", "error", "-y", "-i", CLIP, "-an",
              "-filter_complex", FILM % (
                  still, still + 1, 60 * FPS, change_s, other, 60 - change_s,
                  *size, grain, seed), "-c:v", "libx264", "-preset",
              "ultrafast", "-bf", "0", "-g", str(gop * FPS), "-sc_threshold",
              "0", "-r", str(FPS), clip)
    return clip


def other_of(seed):
    draw = random.Random(1000 + seed)
    part = draw.uniform(0.5, 0.75)
    return ("crop=iw*%.2f:ih*%.2f:iw*%.2f:ih*%.2f%s" % (
        part, part, draw.uniform(0, 1 - part), draw.uniform(0, 1 - part),
        draw.choice(["", ",hflip", ",vflip"])))


def camera_make(story, name, seed, gop, change_s):
    clips = [film_make(story, name + "-large", (768, 432), seed, gop,
                       other_of(seed), change_s),
             film_make(story, name + "-small", (384, 216), seed, 1, "null",
                       change_s)]
    pair = [begin([SERVE, clip, "0", "--second", clip])
            for clip in clips]
    text = ("  - name: %s\n    url: rtsp://localhost:%d/camera\n"
            "    look: rtsp://localhost:%d/second\n"
            % (name, pair[0][1], pair[1][1]))
    return pair, text


def began_s(op, name):
    """When the first picture of its recording came."""
    for line in ledger(op):
        found = re.search(r" seg camera=%s .*t0=(\S+)" % name, line)
        if found:
            at = datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S.%fZ")
            return at.replace(tzinfo=timezone.utc).timestamp()
    return None


def told_s(station, name):
    for at, line in station.line:
        if re.search("camera %s: what is recorded of it" % name, line):
            return at
    return None


def round_of(seeds):
    """Gives seconds, None where it was not told, by seed."""
    with Story("another picture is recorded") as story:
        op, servers, listed = story.operation(), [], ""
        plan = {seed: CHANGE_S + random.Random(2000 + seed).randrange(40) / 10
                for seed in seeds}
        for seed, change_s in plan.items():
            pair, text = camera_make(story, "c%d" % seed, seed, 1 + seed % 2,
                                     change_s)
            servers += pair
            listed += text
        cameras_name(op, listed)
        station = story.sting_start("run", op)
        for seed in plan:
            station.wait_line("camera c%d: recording" % seed, 30)
        for seed in plan:
            try:
                station.wait_line("camera c%d: what is recorded" % seed, 60)
            except Broken as why:  # goes on with the others
                print(str(why)[-300:])
        station.stop(signal.SIGINT)
        for process, _ in servers:
            end(process)
        found = {}
        for seed, change_s in plan.items():
            told, began = told_s(station, "c%d" % seed), began_s(op,
                                                                 "c%d" % seed)
            found[seed] = told and told - began - change_s
            print("replaced seed=%d gop_s=%d change_s=%.1f told_s=%s"
                  % (seed, 1 + seed % 2, change_s, found[seed]
                     and "%.2f" % found[seed]), flush=True)
        return found


def main():
    found, over = {}, FIRST + TRIALS
    for first in range(FIRST, over, AT_ONCE):
        found.update(round_of(range(first, min(first + AT_ONCE, over))))
    for gop in (1, 2):
        told = sorted(s for seed, s in found.items()
                      if s and 1 + seed % 2 == gop)
        if told:
            print("keyframes %d s apart: %d told, median %.1f s, latest %.1f s"
                  % (gop, len(told), told[len(told) // 2], told[-1]))
    print("not told: %d of %d" % (sum(s is None for s in found.values()),
                                  len(found)))


main()
