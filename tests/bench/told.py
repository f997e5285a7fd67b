"""How late things are told, by what stories say of it and do not hold."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.dirname(os.path.abspath(os.environ["STING"]))
CLIP = os.environ.get("FOOTAGE") or os.path.join(
    ROOT, "..", "shared", "footage", "visitors.mp4")
PLACES = {"CLIP": CLIP,
          "RTSP_SERVE": os.path.join(BUILD, "tests", "tools", "rtsp_serve"),
          "STANDIN": os.path.join(BUILD, "tests", "standin", "sting-standin"),
          "SHIM": os.path.join(BUILD, "tests", "libshim.so")}
# Story, its words, the figure, the goal.
ROWS = (
    ("alerts", r"pictures follow, .*: (.* s) behind them",
     "pictures of an alert behind its words", "4 s"),
    ("second_stream", r"told while it is away: after (.* s)",
     "second stream gone, and told", "5 s"),
    ("reload", r"it ends in order: after (.* s)",
     "station asked to end, and ended", "2 s"),
    ("camera_clock", r"counts as slow by at most (.* ms)",
     "a camera's right clock counts as slow by", "300 ms"),
)


def main():
    if not os.path.exists(CLIP):
        print("skipped: the footage is not here")
        return
    bad = 0
    for story, words, name, goal in ROWS:
        done = subprocess.run(
            [sys.executable, os.path.join(ROOT, "tests", "stories",
                                          story + ".py")],
            capture_output=True, text=True, check=False,
            env=dict(os.environ, **PLACES))
        found = re.search(words, done.stdout)
        bad += done.returncode != 0 or not found
        print("\t".join((name, found[1] if found else "not told", "goal",
                         goal)), flush=True)
    sys.exit(bad > 0)


main()
