"""A camera whose second stream is at a port of its own: that one is looked at,
its loss costs the recorded one nothing, and the part that reads both reaches
no third port and no other host."""
import os
import shutil
import signal
import sys

from cameras import (begin, children, compare, end, frames, no_namespaces,
                     recorded)
from story import Story, cameras_name
from two_streams import SEEN, UNSEEN, clip_make, remarks, soon_quiet

TRY = ("import errno, socket, sys\n"
       "one = socket.socket()\n"
       "one.settimeout(5)\n"
       "print(errno.errorcode.get(one.connect_ex((sys.argv[1], "
       "int(sys.argv[2]))), 'let'))\n")


def worker_of(station, kind):
    for pid in children(station):
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            words = file.read().split(b"\0")
        if words[2] == kind:
            return pid, words[3]
    return None, None


def tried(story, pid, host, port):
    """From within the network of that process: what became of connecting."""
    return story.run("nsenter", "--target", str(pid), "--net", sys.executable,
                     "-c", TRY, host, str(port)).out.strip()


def reach(story, station, ports):
    pid, held = worker_of(station, b"camera")
    story.check(held == b"%d,%d" % ports, "its worker is held to the two ports",
                held)
    if os.geteuid() != 0 or not shutil.which("nsenter"):
        return
    third = story.free_port()
    found = [tried(story, pid, "127.0.0.1", third),
             tried(story, pid, "192.0.2.9", ports[1])]
    story.check(found == ["ECONNREFUSED", "ENETUNREACH"],
                "from its network no third port and no other host is reached",
                found)


def another_host(story, op, port):
    cameras_name(op, "  - name: shed\n    url: rtsp://localhost:%d/camera\n"
                 "    look: rtsp://192.0.2.9:%d/second\n" % (port, port))
    told = story.sting("check", op, code=None)
    story.check(told.code != 0 and "reaches no other host" in told.err,
                "a second stream of another host is refused", told.err)


with Story("a second stream at a port of its own is looked at") as story:
    clips = [clip_make(story, "large", UNSEEN), clip_make(story, "small", SEEN)]
    (large, first), (small, second) = (
        begin([os.environ["RTSP_SERVE"], clip, "0", "--second", clip])
        for clip in clips)
    op = story.operation()
    cameras_name(op, "  - name: garage\n"
                 "    url: rtsp://localhost:%d/camera\n"
                 "    look: rtsp://localhost:%d/second\n" % (first, second))
    soon_quiet(op)
    story.sting("check", op)
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording, 768 x 432", 20)
    station.wait_line("camera garage: looking at its second stream, "
                      "384 x 216; the recorded one is only checked", 25)
    reach(story, station, (first, second))
    station.wait_line("INCIDENT", 40)
    story.check(True, "who is to be seen at the second port alone is an "
                "incident")
    station.wait_line("incident.*over|is over|ended", 60)
    lines = len(station.line)
    end(small)
    station.wait_line("camera garage: NO SECOND STREAM: .*; looking at the "
                      "recorded one instead", 10, after=lines)
    small, _ = begin([os.environ["RTSP_SERVE"], clips[1], str(second),
                      "--second", clips[1]])
    station.wait_line("camera garage: looking at its second stream", 30,
                      after=lines)
    story.check(not station.lost("garage"),
                "the recorded one was there all the time")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    story.check(["NO%20SECOND" in line for line in remarks(op, "garage")]
                == [False, True, False], "each change is a line in the ledger",
                remarks(op, "garage"))
    made, inits = recorded(story, op, "garage")
    story.check(inits == 1, "the large stream was recorded in one", inits)
    compare(story, "garage", frames(story, clips[0]), frames(story, made))

    end(small)
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 20)
    station.wait_line("camera garage: NO SECOND STREAM", 30)
    story.check(not station.lost("garage"),
                "nobody at the second port from the start: it is recorded")
    story.check(station.stop(signal.SIGINT) == 0, "and ends in order")
    station = story.sting_start("run", op, preexec_fn=no_namespaces)
    station.wait_line("it is held to ports %d and %d alone" % (first, second),
                      20)
    station.wait_line("camera garage: recording", 20)
    story.check(station.stop(signal.SIGINT) == 0,
                "without namespaces that is told, and it is recorded")
    end(large)
    story.sting("verify", op, code=None)
    another_host(story, op, first)
