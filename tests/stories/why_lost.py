"""Why a camera gives no picture is told anew when it is another reason by now:
one that was off is on again, and asks for a password that nobody knows. And it
is not the camera's fault where the whole station stood still."""
import os
import signal
import sys
import time

from cameras import begin, end, ODD
from odd_cameras import CLIP, SMALL, X264
from story import SKIPPED, Story, cameras_name

STILL = "camera garage: still NO PICTURE: "


def lines(op, state):
    with open(os.path.join(op, "evidence", "ledger"), encoding="ascii") as file:
        return [line for line in file if " camera " in line
                and " state=%s " % state in line]


def camera(clip, port, *words):
    return begin([sys.executable, ODD, clip, str(port), *words])[0]


def asked(process, times):
    """Until the camera was asked so often where its pictures are."""
    while times > 0:
        times -= process.stdout.readline() == b"DESCRIBE\n"


def clip_make(story):
    made = story.path("clip.mp4")
    done = story.run("ffmpeg", "-v", "error", "-y", "-ss", "20", "-t", "12",
                     "-i", CLIP, "-an", *X264, *SMALL, "-g", "10", made,
                     code=None)
    if done.code:
        print("ffmpeg has no x264")
        sys.exit(SKIPPED)
    return made


def below(pid):
    """The process and all that it began."""
    found = [pid]
    with open("/proc/%d/task/%d/children" % (pid, pid),
              encoding="ascii") as file:
        for child in file.read().split():
            found += below(int(child))
    return found


def stand_still(station, meanwhile):
    """As when the machine has no time for any of it."""
    all_of_it = below(station.pid)
    for pid in all_of_it:
        os.kill(pid, signal.SIGSTOP)
    meanwhile()
    time.sleep(5)
    for pid in all_of_it:
        os.kill(pid, signal.SIGCONT)


def main(story):
    op, port, clip = story.operation(), story.free_port(), clip_make(story)
    cameras_name(op, "  - name: garage\n"
                 "    url: rtsp://127.0.0.1:%d/camera\n" % port)
    station = story.sting_start("run", op)
    station.wait_line("camera garage: NO PICTURE: 127.0.0.1 does not answer",
                      10)
    locked = camera(clip, port, "auth=digest", "user=gardener", "password=x")
    station.wait_line(STILL + "the camera refuses us", 20)
    story.check(True, "that it refuses us by now is told")
    asked(locked, 4)
    told = [line for _, line in station.line if STILL in line]
    story.check(len(told) == 1, "once, however often it refuses", told)
    end(locked)
    opened = camera(clip, port, "loop=1")
    station.wait_line("camera garage: recording again", 20)
    seen = len(station.line)
    stand_still(station, lambda: end(opened))
    opened = camera(clip, port, "loop=1")
    station.wait_line("THE STATION STOOD STILL for", 20, seen)
    station.wait_line("camera garage: recording again", 20, seen)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    end(opened)
    lost = lines(op, "lost")
    story.check(len(lost) == 2 and "stood%20still" in lost[1],
                "it was lost once, and once we stood still", lost)
    remarks = [line for line in lines(op, "remark") if "NO%20PICTURE" in line]
    story.check(len(remarks) == 1 and "refuses%20us" in remarks[0],
                "the other reason is a remark in the ledger", remarks)
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check([gap["cause"] for gap in found["gaps"]] == ["camera", "worker"],
                "and all of it one gap, the other is ours", found["gaps"])


if __name__ == "__main__":
    with Story("why a camera gives no picture is told anew") as it:
        main(it)
