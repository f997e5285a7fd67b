"""A camera changes its headers while somebody is there, as at dusk, or when a lamp
goes on: that incident ends, and who comes in afterwards is told as ever."""
import signal

from cameras import camera, end
from story import Story, cameras_name, wait_for
from two_streams import STILL, clip_make, ledger, soon_quiet

WALK = "[0:v]trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS[%s];"
LAST = "scale=384:216,noise=c0s=5:c0f=t,format=yuv420p"
# Quiet, and somebody half through the room; then quiet, and somebody again.
DAY = STILL % (150, "a") + WALK % (40, 130, "v") + "[a][v]concat=n=2," + LAST
DUSK = (STILL % (300, "a") + WALK % (40, 215, "v") + STILL % (60, "b")
        + "[a][v][b]concat=n=3," + LAST)


def joined(story):
    """One film of both, whose headers change between them."""
    parts = [clip_make(story, "day", DAY),
             clip_make(story, "dusk", DUSK, "-refs", "3")]
    film = story.path("film.mp4")
    listed = story.write("parts.txt", "".join("file %s\n" % part
                                              for part in parts))
    story.run("ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0",
              "-i", listed, "-c", "copy", film)
    return film


def inits(op):
    return sum(" init camera=yard " in line for line in ledger(op))


with Story("a camera changes its headers while somebody is there") as story:
    op = story.operation()
    soon_quiet(op)
    server, port = camera(joined(story), "loop=0")
    cameras_name(op, "  - name: yard\n    url: rtsp://127.0.0.1:%d/camera\n"
                 % port)
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera yard: somebody is there", 60)
    wait_for(lambda: inits(op) == 2, 30)
    station.wait_line("incident 1: nothing more is seen, ITS END WAS NOT: a "
                      "camera's picture changed or broke off", 30)
    story.check(any(" state=closed " in line and " unseen=yard" in line
                    for line in ledger(op)),
                "its headers have changed: its end was not seen")
    station.wait_line("INCIDENT 2 at camera yard: somebody is there", 90)
    story.check(station.stop(signal.SIGINT) == 0,
                "who comes in afterwards is told")
    end(server)
