"""A camera with two streams: the large one is recorded, the small one looked
at. Somebody is to be seen on the small one alone; it goes and comes back, and
the recording of the large one lacks no frame."""
import signal
import time

from cameras import compare, end, frames, recorded
from story import Story, wait_for
from two_streams import SEEN, UNSEEN, clip_make, garage_begin, remarks


with Story("a second stream is looked at, and the first recorded") as story:
    large = clip_make(story, "large", UNSEEN)
    small = clip_make(story, "small", SEEN)
    servers, camera, op = garage_begin(story, large, small)
    story.sting("check", op)
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording, 768 x 432", 20)
    station.wait_line("camera garage: looking at its second stream, "
                      "384 x 216; the recorded one is only checked", 25)
    station.wait_line("INCIDENT", 40)
    story.check(True, "who is to be seen on the small stream alone is an "
                "incident")
    station.wait_line("incident.*over|is over|ended", 60)
    gone = time.time()
    camera.small_ends()
    station.wait_line("camera garage: NO SECOND STREAM: .*; looking at the "
                      "recorded one instead", 20)
    story.check(True, "its loss is told while it is away: after %.2f s"
                % (station.at - gone))
    lines = len(station.line)
    camera.small_is_there = True
    station.wait_line("camera garage: looking at its second stream", 30,
                      after=lines)
    wait_for(lambda: len(remarks(op, "garage")) >= 3)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)
    told = remarks(op, "garage")
    story.check(["NO%20SECOND" in line for line in told]
                == [False, True, False],
                "each change is a line in the ledger", told)
    made, inits = recorded(story, op, "garage")
    story.check(inits == 1, "the large stream was recorded in one", inits)
    compare(story, "garage", frames(story, large), frames(story, made))
    story.sting("verify", op)
