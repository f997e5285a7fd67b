"""What a camera costs while somebody is there: two visits of the clip in
1080p25, grain, about 4 Mbit/s, live, and Motion on the same stream; then the
same with a second stream, 640x360 at 5 a second, that is looked at instead."""
import os
import sys
import tempfile
import time

import camera

BUILD_FILM = os.path.join(camera.BUILD, "tests", "tools", "visitors_build")
GOAL_S = 3.0
AFTER_S = 10  # it may look at every frame for as long


def film_make(folder):
    """Two visits, (begin, end) in s, in 1080p25, and the second stream."""
    film, first, second = (os.path.join(folder, name + ".mp4")
                           for name in ("film", "first", "second"))
    truth = camera.run(BUILD_FILM, camera.FOOTAGE, film, "visits=3", "noise=1",
                       "crf=18")
    camera.run("ffmpeg", "-v", "error", "-y", "-i", film, *camera.GRAIN, "-g",
               "25", first)
    camera.run("ffmpeg", "-v", "error", "-y", "-i", film, "-vf",
               "scale=640:360,noise=c0s=13:c0f=t,gblur=sigma=0.7", "-r", "5",
               "-an", "-c:v", "libx264", "-preset", "superfast", "-bf", "0",
               "-g", "5", "-crf", "28", second)
    return [tuple(map(float, line.split())) for line in truth.splitlines()], \
        first, second


def recording_await(watch):
    """When its first picture came, by the monotonic clock."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if any("recording, " in line for line in list(watch.told)):
            return time.monotonic()
        time.sleep(0.02)
    sys.exit("the camera was not recorded: %s" % list(watch.told))


def live(folder, visits, first, second=None):
    """Seconds a minute as Watch.spent(): while somebody is there, and in the
    ten seconds after."""
    spent = {"there": [0] * 5, "after": [0] * 5}
    with camera.Watch(folder, first, second) as watch:
        began = recording_await(watch)
        for begin, end in visits:
            marks = []
            for at in (begin, end, end + AFTER_S):
                time.sleep(max(0, began + at - time.monotonic()))
                marks.append(watch.spent())
            for name, (a, b) in zip(spent, zip(marks, marks[1:])):
                spent[name] = [then and one + then - now for one, now, then
                               in zip(spent[name], a, b)]
    long_s = {"there": sum(end - begin for begin, end in visits),
              "after": AFTER_S * len(visits)}
    return {name: [one and one / long_s[name] * 60 for one in of]
            for name, of in spent.items()}


def tell(what, got, peer, its):
    reading, looking, relay, core, motion = got["there"]
    camera.row(what + "looking", "%.2f s" % looking, "goal", "%.2f s" % GOAL_S)
    camera.row("  in the %d s after it" % AFTER_S, "%.2f s" % got["after"][1],
               peer, its)
    camera.row("  all of it", "%.2f s" % (reading + looking + relay + core),
               "Motion, same stream and time", camera.told_s(motion))


def main():
    if not os.path.exists(camera.FOOTAGE):
        print("skipped: the footage is not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        visits, first, second = film_make(folder)
        long_s = sum(end - begin for begin, end in visits)
        got = live(folder, visits, first)
        every = camera.decoding(first, long_s=visits[-1][1] + 15)
        tell("CPU a minute while somebody is there (%.0f s): " % long_s, got,
             "ffmpeg, all frames decoded", "%.2f s" % every)
        camera.decoding_tell(got["there"][1], GOAL_S, every)
        tell("  with look: ", live(folder, visits, first, second), "", "")


if __name__ == "__main__":
    main()
