"""Six real visits served by an RTSP server in real time and recorded by
`sting run`: what was lost on the way, and when each visit was told."""
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FOOTAGE = os.path.join(ROOT, "..", "shared", "footage", "visitors.mp4")
TOOLS = os.path.join(os.path.dirname(os.environ["STING"]), "tests", "tools")


def figure(name, value, peer="", its=""):
    print("\t".join((name, value, peer, its)), flush=True)


def found(pattern, text):
    match = re.search(pattern, text)
    if not match:
        sys.exit("the story said nothing of %s:\n%s" % (pattern, text))
    return match.group(1)


def main():
    if not os.path.exists(FOOTAGE):
        print("skipped: the footage is not here")
        return
    story = subprocess.run(
        [sys.executable, os.path.join(ROOT, "tests", "stories", "visitors.py"),
         "live"], capture_output=True, text=True, check=False,
        env=dict(os.environ, FOOTAGE=FOOTAGE,
                 VISITORS_BUILD=os.path.join(TOOLS, "visitors_build"),
                 RTSP_SERVE=os.path.join(TOOLS, "rtsp_serve")))
    text = story.stdout + story.stderr
    kept, served = map(int, found(r"recording: (\d+ of \d+)", text).split(
        " of "))
    late = list(map(float, found(r"told in time: ([-\d. ]+) s after",
                                 text).split()))
    figure("frames lost between server and recording",
           "%d of %d" % (served - kept, served), "goal", "0")
    figure("visits told live", "%d" % len(late), "visits made", "6")
    figure("person visible to incident, live, median",
           "%.1f s" % statistics.median(late), "longest",
           "%.1f s" % max(late))
    sys.exit(story.returncode)


main()
