"""What masks cover is covered on a second stream too: who goes there is in
nothing that is kept, and not looked at either. Beside it a camera that shows
the same person where no mask lies, and one whose second stream has another
shape, so that nobody knows where masks lie in it."""
import os
import signal

from cameras import begin, end, recorded
from story import Story, cameras_name
from two_streams import (STILL, Camera, clip_make, ledger, remarks,
                         soon_quiet)

WIDTH, HEIGHT = 768, 432
# Two rooms beside each other: in the left one she comes and goes.
ROOMS = ("[0:v]trim=start_frame=40:end_frame=215,setpts=PTS-STARTPTS[v];"
         + STILL % (300, "a") + STILL % (500, "b") + STILL % (975, "c")
         + "[a][v][b]concat=n=3[l];[l][c]hstack,scale=%d:%d,"
         "noise=c0s=5:c0f=t,format=yuv420p")
HERS = "[[0.1, 0], [0.52, 0], [0.52, 1], [0.1, 1]]"
OTHER = "[[0.6, 0], [0.8, 0], [0.8, 0.5], [0.6, 0.5]]"
INSIDE = (77, 0, 399, HEIGHT)
OUTSIDE = (480, 0, 760, HEIGHT)
SIZES = {"hidden": ((384, 216), HERS), "open": ((384, 216), OTHER),
         "odd": ((288, 216), HERS)}


def range_in(picture, area):
    x0, y0, x1, y1 = area
    rows = [picture[y * WIDTH + x0:y * WIDTH + x1] for y in range(y0, y1, 4)]
    return (min(min(row) for row in rows), max(max(row) for row in rows))


def pictures_check(story, path, name):
    """Each frame of a film: black in the mask, a picture beside it."""
    raw = story.run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v",
                    "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "gray",
                    "-").bytes
    size = WIDTH * HEIGHT
    kept = [raw[i:i + size] for i in range(0, len(raw), size)]
    brightest = max(range_in(one, INSIDE)[1] for one in kept)
    story.check(len(kept) > 300 and brightest <= 24,
                "%s: black in each of %d frames where a mask lies"
                % (name, len(kept)), brightest)
    low, high = range_in(kept[-1], OUTSIDE)
    story.check(high - low > 8, "%s: and a picture where none lies" % name,
                (low, high))


with Story("a second stream is masked where the recorded one is") as story:
    large = clip_make(story, "large", ROOMS % (WIDTH, HEIGHT))
    small = {size: clip_make(story, "small%d" % size[0], ROOMS % size)
             for size, _ in SIZES.values()}
    op = story.operation()
    servers, listed = [], ""
    for name, (size, mask) in SIZES.items():
        pair = [begin([os.environ["RTSP_SERVE"], clip, "0", "--second", clip])
                for clip in (large, small[size])]
        servers += pair
        port = Camera(*(one for _, one in pair)).port
        listed += ("  - name: %s\n    url: rtsp://localhost:%d/camera\n"
                   "    look: rtsp://localhost:%d/second\n"
                   "    masks:\n      - %s\n" % (name, port, port, mask))
    cameras_name(op, listed)
    soon_quiet(op)
    story.sting("check", op)
    station = story.sting_start("run", op)
    station.wait_line("camera odd: NO SECOND STREAM: its 288 x 216 is of "
                      "another shape than 768 x 432 and masks: do not fit it",
                      25)
    for name in ("hidden", "open"):
        station.wait_line("camera %s: looking at its second stream, 384 x "
                          "216; the recorded one is only checked" % name, 40)
    station.wait_line("INCIDENT.*open", 60)
    station.wait_line("incident.*over|is over|ended", 60)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)

    told = [line for line in ledger(op)
            if " incident " in line and "kind=learning" not in line]
    story.check([line for line in told if "kind=person" in line and
                 "camera=open" in line],
                "who is where no mask lies is an incident", told)
    story.check(not [line for line in told
                     if "hidden" in line or "odd" in line],
                "who is in a mask is not looked at", told)
    story.check(not [line for line in remarks(op, "hidden")
                     if "NO%20SECOND" in line],
                "and the second stream was there", remarks(op, "hidden"))
    for name in ("hidden", "odd"):
        path, inits = recorded(story, op, name)
        story.check(inits == 1, "%s: one recording" % name, inits)
        pictures_check(story, path, name)
    story.sting("exhibit", op, "--camera", "hidden", "--from",
                "2011-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z",
                "--mark", "ABC/1", "--out", story.path("exhibit"),
                *story.keys_for("what was masked?"))
    films = [os.path.join(top, one)
             for top, _, names in os.walk(story.path("exhibit"))
             for one in names if one.endswith(".mp4")]
    story.check(len(films) == 1, "it is exhibited", films)
    pictures_check(story, films[0], "exhibit")
