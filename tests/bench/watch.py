"""Person visible to incident, beside Motion, MOG2 and a Frigate-like stage on
the same films and their second streams. What each costs is in camera.py."""
import concurrent.futures
import json
import os
import shutil
import statistics
import subprocess
import tempfile

import camera  # which knows where what is shared with campaigns is
import peer_motion
import peer_stage
from camera import row, run

SECOND = ["-vf", "fps=5,scale=640:360", "-an", "-c:v", "libx264", "-preset",
          "superfast", "-tune", "zerolatency", "-bf", "0", "-g", "5", "-crf",
          "26"]
LIGHT = ((), ("mirror=1", "all-noisy=1", "noise=4"),
         ("light=0.28", "noise=6", "all-noisy=1"),
         ("light=0.2", "noise=5", "all-noisy=1", "mirror=1"))
BESIDE_US = (0, 2)  # films that others see too
# Width, height, frames a second; and who looks beside us, for which
# /usr/bin/motion or OpenCV have to be there.
SHAPE = {"first": (768, 432, 10), "second": (640, 360, 5)}
BESIDE = {"first": ("motion", "mog2"), "second": ("motion", "frigate")}
NAME = {"motion": "Motion", "mog2": "MOG2, every frame",
        "frigate": "Frigate-like, every frame"}


def is_here(way):
    return bool(shutil.which("motion") if way == "motion"
                else peer_stage.interpreter())


# ---- visits ----

def replay(op, clip):
    return [json.loads(line) for line in run(
        os.environ["STING"], "replay", op, clip, "--json").splitlines()]


def sting_see(op, clip):
    return [(one["first_look_s"], one["end_s"]) for one in replay(op, clip)
            if one.get("kind") in ("person", "page", "tamper")]


def film_make(folder, number):
    """A film, and a second stream of it where others look; its visits and how
    long it is."""
    clips = {"first": os.path.join(folder, "first%d.mp4" % number)}
    truth = run(os.path.join(camera.BUILD, "tests/tools/visitors_build"),
                camera.FOOTAGE, clips["first"], "seed=%d" % (100 + number),
                *LIGHT[number])
    if number in BESIDE_US:
        clips["second"] = os.path.join(folder, "second%d.mp4" % number)
        run("ffmpeg", "-v", "error", "-i", clips["first"], *SECOND,
            clips["second"])
    visits = [tuple(map(float, line.split())) for line in truth.splitlines()]
    long_s = float(run("ffprobe", "-v", "error", "-show_entries",
                       "format=duration", "-of", "csv=p=0", clips["first"]))
    return clips, visits, long_s


def motion_see(clip, stream, long_s):
    with tempfile.TemporaryDirectory() as folder:
        return peer_motion.see(clip, folder, SHAPE[stream], long_s)


def film_see(pool, op, film):
    """Who saw what of a film, by stream and who looks: what is judged later.
    Motion only waits most of the time, and goes on meanwhile."""
    clips, _, long_s = film
    ways = [(stream, way) for stream in clips if "second" in clips
            for way in BESIDE[stream] if is_here(way)]
    seen = {(stream, way): pool.submit(motion_see, clips[stream], stream,
                                       long_s)
            for stream, way in ways if way == "motion"}
    seen.update(((stream, way), peer_stage.stage(way, clips[stream])["spans"])
                for stream, way in ways if way != "motion")
    seen.update(((stream, "sting"), sting_see(op, clip))
                for stream, clip in clips.items())
    return seen


def judged(films, seen, stream, way, beside=None):
    """All films together that it saw (and `beside` too), as is told of one;
    None where it saw none."""
    every = []
    for (_, visits, long_s), of in zip(films, seen):
        spans = of.get((stream, way))
        if spans is None or (beside and (stream, beside) not in of):
            continue
        if isinstance(spans, concurrent.futures.Future):
            spans = spans.result()[0]
        every.append(peer_motion.judge(spans, visits, long_s))
    return every and {
        "late": [s for one in every for s in one["late"]],
        "visits": sum(one["visits"] for one in every),
        "share": statistics.mean(one["share"] for one in every),
        "beside": sum(one["beside"] for one in every)}


def seen_tell(one):
    return "%d of %d" % (len(one["late"]), one["visits"])


def late_tell(one):
    late = one["late"]
    return "%.1f s, %.1f s" % (statistics.median(late),
                               max(late)) if late else "-"


def stream_tell(what, films, seen, stream):
    own = judged(films, seen, stream, "sting")
    row("visits seen, light 1 to 0.2" + what, seen_tell(own), "goal",
        "all, each within 2 s" if stream == "first" else "all")
    row("  person visible to incident: median, longest", late_tell(own), "",
        "")
    row("  incidents beside the visits", str(own["beside"]), "goal", "0")
    for way in BESIDE[stream]:
        its = judged(films, seen, stream, way)
        if its:
            row("  films that others saw too", seen_tell(judged(
                films, seen, stream, "sting", way)), NAME[way],
                "%s; %s; %d beside, alarmed in %.0f %% of the quiet" % (
                    seen_tell(its), late_tell(its), its["beside"],
                    100 * its["share"]))


def main():
    if not os.path.exists(camera.FOOTAGE):
        print("skipped: the footage is not here")
        return
    for way, package in ("motion", "motion"), ("mog2", "python3-opencv"):
        if not is_here(way):
            row(NAME[way], "-", "Debian's %s" % package, "not installed")
    plays = 2 * len(BESIDE_US)
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(plays) as pool:
        op = camera.operation_new(folder)
        films, seen = [], []
        for number in sorted(range(len(LIGHT)),
                             key=lambda number: number not in BESIDE_US):
            films.append(film_make(folder, number))
            seen.append(film_see(pool, op, films[-1]))
        stream_tell("", films, seen, "first")
        stream_tell(", 640x360 at 5", films, seen, "second")


if __name__ == "__main__":
    main()
