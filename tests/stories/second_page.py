"""Pages are watched on a second, smaller picture as well as that shows them:
zones lie where they were drawn on the recorded one, and what is told of a page
has the dots an inch of the picture that was looked at. Where that has another
shape it is told that zones may lie elsewhere."""
import os
import re
import signal

from cameras import begin, end
from story import Story, cameras_name
from two_streams import Camera, ledger

BEGIN, END, LAST = 40, 47, 75  # seconds into the films, which are 25 dpi
# Width and height of what is recorded and looked at, as parts of the film's;
# dots an inch of that; what is done, and must be told.
CAMERAS = {"near": ((2, 2), (1, 1), 25, "turn", "turned"),
           "far": ((1, 1), (0.5, 0.5), 12.5, "take", "gone"),
           "odd": ((1, 1), (0.5, 0.7), None, "none", None)}


def scaled(story, clip, part, name):
    if part == (1, 1):
        return clip
    made = story.path(name + ".mp4")
    story.run("ffmpeg", "-v", "error", "-y", "-i", clip, "-vf",
              "scale=trunc(iw*%g/2)*2:trunc(ih*%g/2)*2,format=yuv420p"
              % part, "-c:v", "libx264", "-preset", "ultrafast", "-bf",
              "0", "-g", "10", "-crf", "20", made)
    return made


with Story("pages are watched on a second, smaller picture") as story:
    op, servers, listed = story.operation(), [], ""
    for name, (large, small, _, act, _) in CAMERAS.items():
        clip = story.path(name + ".mp4")
        zone = story.run(os.environ["PAGE_FILM"], clip, act, "3", str(BEGIN),
                         str(LAST)).out.strip()
        pair = [begin([os.environ["RTSP_SERVE"], one, "0", "--second", one])
                for one in (scaled(story, clip, large, name + "-large"),
                            scaled(story, clip, small, name + "-small"))]
        servers += pair
        port = Camera(*(one for _, one in pair)).port
        listed += ("  - name: %s\n    place: %s\n"
                   "    url: rtsp://localhost:%d/camera\n"
                   "    look: rtsp://localhost:%d/second\n    zones:\n"
                   "      - name: table\n        bait: tank\n        copy: 7\n"
                   "        polygon: %s\n" % (name, name, port, port, zone))
    cameras_name(op, listed)
    station = story.sting_start("run", op)
    for name in CAMERAS:
        station.wait_line("camera %s: looking at its second stream" % name, 45)
    station.wait_line("camera odd: its second stream, .* is of another shape "
                      "than .*: zones: may lie elsewhere in it", 10)
    told = [(name, state) for name, (*_, state) in CAMERAS.items() if state]
    for name, state in told:
        station.wait_line("camera %s, table: THE PAGE IS %s"
                          % (name, state.upper()), 60)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)
    lines = ledger(op)
    story.check(not [line for line in lines if "another%20shape" in line
                     and "camera=odd" not in line],
                "of no other stream it is told that its shape is another")
    for name, state in told:
        dpi = CAMERAS[name][2]
        mine = [line for line in lines if "camera=%s " % name in line]
        changed = [i for i, line in enumerate(mine) if "second%20" in line][0]
        pages = [[(re.search(r"state=(\S+)", line)[1],
                   int((re.search(r" dpi=(\d+)", line) or [0, 0])[1]))
                  for line in part if " page " in line]
                 for part in (mine[:changed], mine[changed:])]
        print(" ", name, pages)
        story.check(any(one == state for one, _ in pages[1]),
                    "%s: the page is %s, seen on the small picture"
                    % (name, state), pages)
        story.check(all(abs(at - dpi) < dpi / 4 for _, at in pages[1] if at),
                    "%s: with the dots an inch of the small picture" % name,
                    pages)
        touched = [line for line in mine if " incident " in line
                   and "zone=table" in line and "learning" not in line]
        story.check(bool(touched), "%s: the incident is of the zone" % name,
                    [line for line in mine if " incident " in line])
