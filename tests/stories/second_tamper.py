"""While a second stream is looked at, the recorded one is checked: a picture
that is held there, or another one, is told although the second shows nothing
of it. What is done to the lens is told from the second stream."""
import os
import signal

from cameras import begin, end
from story import Story, cameras_name
from two_streams import STILL, Camera, clip_make, ledger, remarks

CHANGE_S = 40
WIDTH, HEIGHT = 768, 432
NOISE = "noise=c0s=12:c0f=t,format=yuv420p"
GOES_ON = STILL % (850, "a") + "[a]scale=%d:%d," + NOISE
# After so many seconds, each for the rest of the film.
HELD = (STILL % (10 * CHANGE_S, "a") + "[a]scale=%d:%d," + NOISE
        + ",tpad=stop_mode=clone:stop_duration=45")
THEN = (STILL % (10 * CHANGE_S, "a") + STILL % (450, "b") + "[b]%s[c];"
        "[a][c]concat=n=2,scale=%%d:%%d," + NOISE)
OTHER = THEN % "crop=iw*2/3:ih*2/3:0:0,scale=768:432"
BLURRED = THEN % "gblur=sigma=14"
BLACK = THEN % "lutyuv=y=20:u=128:v=128"
# What is recorded, what is looked at, and what is to be told of it.
CAMERAS = {
    "held": (HELD, GOES_ON, "what is recorded of it: the same picture"),
    "other": (OTHER, GOES_ON, "what is recorded of it: the camera was turned"),
    "covered": (BLACK, BLACK, "the lens is covered"),
    "black": (BLACK, GOES_ON, "what is recorded of it: the lens is covered"),
    "blurred": (BLURRED, BLURRED, "(what is recorded of it: )?the picture is out of "
                "focus"),
    "quiet": (GOES_ON, GOES_ON, None),
}


with Story("what is recorded is checked while another is looked at") as story:
    op, servers, listed, since = story.operation(), [], "", {}
    for name, (large, small, _) in CAMERAS.items():
        clips = [clip_make(story, name + "-large", large % (WIDTH, HEIGHT)),
                 clip_make(story, name + "-small", small % (384, 216))]
        pair = [begin([os.environ["RTSP_SERVE"], clip, "0", "--second", clip])
                for clip in clips]
        servers += pair
        port = Camera(*(one for _, one in pair)).port
        listed += ("  - name: %s\n    place: %s\n"
                   "    url: rtsp://localhost:%d/camera\n"
                   "    look: rtsp://localhost:%d/second\n"
                   % (name, name, port, port))
    cameras_name(op, listed)
    station = story.sting_start("run", op)
    for name in CAMERAS:
        station.wait_line("camera %s: recording" % name, 20)
        since[name] = station.at
    for name in CAMERAS:
        station.wait_line("camera %s: looking at its second stream" % name, 40)
    for name, (_, _, what) in CAMERAS.items():
        if what:
            station.wait_line("camera %s: %s" % (name, what), CHANGE_S + 20)
            print("  %s: told %.1f s after it began" %
                  (name, station.at - since[name] - CHANGE_S))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)
    told = [line for line in ledger(op) if " incident " in line
            and "kind=learning" not in line]
    for name, kind in (("held", "tamper"), ("other", "tamper"),
                       ("covered", "tamper"), ("black", "tamper"),
                       ("blurred", "")):
        story.check([line for line in told if "camera=%s " % name in line
                     and "kind=" + kind in line],
                    "%s: an incident" % name, told)
    story.check(not [line for line in told if "camera=quiet " in line]
                and not [line for line in remarks(op, "quiet")
                         if "recorded%20of%20it" in line],
                "quiet: nothing is told", (told, remarks(op, "quiet")))
