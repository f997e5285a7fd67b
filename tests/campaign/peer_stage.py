"""How others look, written again after their descriptions, before one film:
peer_stage.py frigate|mog2 FILE prints a line of JSON, the spans in which it
is alarmed (s) and the processor seconds that it took, decoding too.

Needs Debian's python3-opencv and python3-numpy: interpreter() finds a Python
that has them.
"""
import functools
import json
import os
import resource
import subprocess
import sys

PYTHONS = (sys.executable, "/usr/bin/python3")


@functools.lru_cache(maxsize=None)
def interpreter():
    """A Python with OpenCV; None: there is none here."""
    for python in PYTHONS:
        if python and os.path.exists(python) and subprocess.run(
                [python, "-c", "import cv2, numpy"], check=False,
                stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def stage(name, path):
    """What that stage says of the film: {"spans", "cpu_s"}."""
    made = subprocess.run([interpreter(), os.path.abspath(__file__), name,
                           path], check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def frames(cv2, path, height):
    video = cv2.VideoCapture(path)
    rate, at = video.get(cv2.CAP_PROP_FPS) or 10, 0
    while True:
        good, picture = video.read()
        if not good:
            return
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        yield at / rate, cv2.resize(
            grey, (grey.shape[1] * height // grey.shape[0], height),
            interpolation=cv2.INTER_LINEAR)
        at += 1


def spans_of(said, gap_s=2.0):
    """What lasts three looks, joined over short gaps."""
    spans, run = [], []
    for at, alarm in said:
        run = run + [at] if alarm else []
        if len(run) >= 3:
            if spans and run[0] - spans[-1][1] <= gap_s:
                spans[-1][1] = at
            else:
                spans.append([at, at])
    return spans


def frigate(cv2, numpy, path):
    """The motion stage of Frigate 0.13. Height 100, contrast stretched,
    difference to a slow mean over 30, dilated, contours of more than 10
    pixels; all alight is lightning."""
    mean, low, high = None, 0.0, 255.0
    for at, grey in frames(cv2, path, 100):
        cut = numpy.percentile(grey, [4, 96])
        low, high = 0.9 * low + 0.1 * cut[0], 0.9 * high + 0.1 * cut[1]
        grey = numpy.clip((grey - low) * 255 / max(1, high - low), 0,
                          255).astype(numpy.float32)
        grey = cv2.GaussianBlur(grey, (3, 3), 0)
        if mean is None:
            mean = grey.copy()
        _, mask = cv2.threshold(cv2.absdiff(grey, mean), 30, 255,
                                cv2.THRESH_BINARY)
        mask = cv2.dilate(mask.astype(numpy.uint8), None, iterations=1)
        found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL,
                                    cv2.CHAIN_APPROX_SIMPLE)
        lightning = (mask > 0).mean() > 0.8
        yield at, (any(cv2.contourArea(c) > 10 for c in found)
                   and not lightning)
        cv2.accumulateWeighted(grey, mean, 0.2 if lightning or at < 6
                               else 0.01)


def mog2(cv2, numpy, path):
    """OpenCV's MOG2 of 180 lines, without shadows; what is opened by 3 x 3
    and larger than a thousandth of the picture."""
    model = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
    kernel = numpy.ones((3, 3), numpy.uint8)
    for at, grey in frames(cv2, path, 180):
        mask = cv2.morphologyEx(model.apply(grey), cv2.MORPH_OPEN, kernel)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        area = max((row[4] for row in stats[1:]), default=0)
        yield at, bool(at > 10 and area > 0.001 * mask.size)


def main():
    import cv2  # pylint: disable=import-outside-toplevel
    import numpy  # pylint: disable=import-outside-toplevel
    cv2.setNumThreads(1)
    begin = resource.getrusage(resource.RUSAGE_SELF)
    looks = {"frigate": frigate, "mog2": mog2}[sys.argv[1]]
    spans = spans_of(looks(cv2, numpy, sys.argv[2]))
    end = resource.getrusage(resource.RUSAGE_SELF)
    json.dump({"spans": spans, "cpu_s": end.ru_utime + end.ru_stime
               - begin.ru_utime - begin.ru_stime}, sys.stdout)


if __name__ == "__main__":
    main()
