"""A camera changes its headers while somebody is there, as at dusk, or when a lamp
goes on: where it shows the same room he stays in the incident, and its end is
seen; where it shows another, it is told that the end was not."""
import signal

from cameras import camera, end
from story import Story, cameras_name, wait_for
from two_streams import clip_make, ledger, soon_quiet

# Of another frame each: the grain of one would come again, which is a picture
# played again.
STILL = "[0:v]trim=start_frame=%d:end_frame=%d,loop=%d:1,setpts=N/10/TB[a];"
WALK = "[0:v]trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS[%s];"
LAST = "scale=384:216,noise=c0_seed=%d:c0s=5:c0f=t,format=yuv420p"
# Quiet, and somebody half through the room; the rest of his way by another
# coder, quiet, and somebody half through it again; then a mirrored room.
DAY = STILL % (20, 21, 150) + WALK % (40, 130, "v") + "[a][v]concat=n=2," + LAST % 1
DUSK = (WALK % (130, 215, "v") + STILL % (212, 213, 120) + WALK % (226, 320, "w")
        + "[v][a][w]concat=n=3," + LAST % 2)
TURNED = (WALK % (320, 400, "v") + STILL % (480, 481, 300)
          + "[v][a]concat=n=2,hflip," + LAST % 3)


def joined(story):
    """One film of all, whose headers change between them."""
    parts = [clip_make(story, "day", DAY),
             clip_make(story, "dusk", DUSK, "-refs", "3"),
             clip_make(story, "turned", TURNED, "-refs", "2")]
    film = story.path("film.mp4")
    listed = story.write("parts.txt", "".join("file %s\n" % part
                                              for part in parts))
    story.run("ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0",
              "-i", listed, "-c", "copy", film)
    return film


def lines(op, *words):
    return [line for line in ledger(op) if all(word in line for word in words)]


def inits(op):
    return len(lines(op, " init camera=yard "))


def learnt(op):
    return len(lines(op, " kind=learning ", " state=opened "))


with Story("a camera changes its headers while somebody is there") as story:
    op = story.operation()
    soon_quiet(op)
    server, port = camera(joined(story), "loop=0")
    cameras_name(op, "  - name: yard\n    url: rtsp://127.0.0.1:%d/camera\n"
                 % port)
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera yard: somebody is there", 60)
    wait_for(lambda: inits(op) == 2, 30)
    story.check(not lines(op, " incident ", " n=1 ", " state=closed "),
                "its headers have changed, and he is there")
    station.wait_line("incident 1: over, after 1[0-9] s", 40)
    story.check(learnt(op) == 1 and not lines(op, " unseen="),
                "he is seen to go, and nothing is learned anew")
    station.wait_line("INCIDENT 2 at camera yard: somebody is there", 40)
    station.wait_line("incident 2: nothing more is seen, ITS END WAS NOT: a "
                      "camera's picture changed or broke off", 30)
    story.check(len(lines(op, " n=2 ", " state=closed ", " unseen=yard")) == 1
                and inits(op) == 3 and learnt(op) == 2,
                "in another room his end was not seen")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    end(server)
