"""`make run` is ended with Ctrl-C, which a terminal gives to all that it
started: the station ends in order, and the camera does not go before it."""
import os
import signal
import subprocess
import sys

from story import ROOT, Story, workers_of

sys.path.insert(0, os.path.join(ROOT, "tools"))
from sample import Sample  # noqa: E402


def inside(folder):
    """The sample sting, as far as a station that watches its own camera."""
    with Story("as far as the station", folder) as story:
        sample = Sample(story, None)
        for step in (sample.begin, sample.bait, sample.watch, sample.go_on):
            step()


def ended(story, child):
    """Its exit code, and what it said until then."""
    said = []
    for line in child.stdout:
        said.append(line)
        if "until Ctrl-C" in line:
            story.wait_film(story.path("sample", "op"), "garage", 2)
            cameras = workers_of(child, "--camera")
            story.check(len(cameras) == 1 and os.getpgid(cameras[0])
                        != child.pid, "the camera does not hear of it",
                        cameras)
            os.killpg(child.pid, signal.SIGINT)
    return child.wait(), "".join(said)


def outside():
    with Story("the sample sting ends with Ctrl-C") as story:
        child = subprocess.Popen([sys.executable, os.path.abspath(__file__),
                                  story.path("sample")], text=True,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT,
                                 start_new_session=True)
        try:
            code, text = ended(story, child)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
        story.check(code == 0 and "     INTACT: " in text
                    and "NO PICTURE" not in text,
                    "and its record is whole, without a gap", (code, text))


if len(sys.argv) > 1:
    os.makedirs(sys.argv[1])
    inside(sys.argv[1])
else:
    outside()
