"""From the moment a person is in the picture to the webhook's answer: real
visits served by an RTSP server in real time, a keyframe a second, watched by
`sting run` on the same machine.

Usage: alerts.py [STREAMS [AT-ONCE [SEED]]]: five visits a stream, other noise,
light and side in each: of the clip's six another one is left out in turn, since
a channel is told of five presences in ten minutes and then of a storm. All lie
0 to 0.9 s behind a keyframe, in turn. Visible is when the clip's truth says that
somebody begins to come into the picture, by the time that the ledger gives to
the stream's first frame. A visit counts by the first message after it began.
"""
import json
import os
import re
import statistics
import sys
from datetime import datetime

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "stories"))
from story import Story  # noqa: E402

FOOTAGE = os.environ.get("FOOTAGE") or os.path.join(
    ROOT, "..", "shared", "footage", "visitors.mp4")
TOOLS = os.path.join(os.path.dirname(os.environ["STING"]), "tests", "tools")
FORMS = (("",), ("mirror=1", "noise=3"), ("noise=4", "light=0.7"),
         ("mirror=1", "light=0.5", "noise=3"))


def figure(name, value, peer="", its=""):
    print("\t".join((name, value, peer, its)), flush=True)


def log_tail(k, n, p):
    """log P(X >= k) for X of n trials with chance p."""
    from math import exp, lgamma, log, log1p
    logs = [lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p)
            + (n - i) * log1p(-p) for i in range(k, n + 1)]
    most = max(logs)
    return most + log(sum(exp(one - most) for one in logs))


def interval(k, n):
    """The exact 95 % interval of Clopper and Pearson for k of n."""
    from math import log

    def least(k):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            if middle and log_tail(k, n, middle) > log(0.025):
                high = middle
            else:
                low = middle
        return low
    return (least(k) if k else 0.0, 1 - least(n - k) if k < n else 1.0)


class Watch:
    """One stream, its server, its station and its webhook."""

    def __init__(self, story, number, seed):
        self.story, self.op = story, story.operation("op%d" % number)
        self.hook = story.webhook()
        self.clip = story.path("clip%d.mp4" % number)
        turn = seed // 10 * 5 + number
        made = story.run(os.path.join(TOOLS, "visitors_build"), FOOTAGE,
                         self.clip, "seed=%d" % (seed + number),
                         "visits=%d" % (63 - (1 << turn % 6)),
                         "quiet=%.1f" % (30 + turn * 3 % 10 / 10),
                         *(word for word in FORMS[number % len(FORMS)]
                           if word), seconds=300)
        self.visits = [tuple(map(float, line.split()))
                       for line in made.out.splitlines()]

    def begin(self):
        """Once all clips are made: that work is no camera's."""
        story = self.story
        camera = story.start(os.path.join(TOOLS, "rtsp_serve"), self.clip, "0")
        port = camera.wait_line(r"listening (\d+)").group(1)
        path = os.path.join(self.op, "operation.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("quiet_s: 10", "quiet_s: 3")
        text = text.replace("\ncameras:\n", "\ncameras:\n  - name: table\n"
                            "    url: rtsp://127.0.0.1:%s/camera\n" % port, 1)
        text = text.replace("\nalerts:\n", "\nalerts:\n  - webhook: %s\n"
                            % self.hook.url, 1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.station = story.sting_start("run", self.op)
        self.station.wait_line("camera table: recording", 30)

    def late(self):
        """Seconds from visible to delivered, None for a visit not told."""
        self.station.wait_line("NO PICTURE", self.visits[-1][1] + 60)
        self.station.stop()
        with open(self.op + "/evidence/ledger", encoding="ascii") as file:
            text = file.read()
        t0 = re.search(r" seg .* t0=(\S+)", text).group(1)
        began = datetime.fromisoformat(t0.replace("Z", "+00:00")).timestamp()
        opened = [at - began for at, _, _, body in self.hook.received
                  if json.loads(body)["change"] in ("opened", "folded")
                  and json.loads(body)["kind"] == "person"]
        late = [next((at - begin for at in opened if begin <= at < end), None)
                for begin, end in self.visits]
        if None in late:
            print("  not told: visit %d; incidents: %s; alerts: %s" % (
                late.index(None) + 1,
                " ".join(re.findall(r"state=opened .*?kind=(\w+)", text)),
                " ".join(re.findall(r" alert .*?state=(\w+)", text))))
        return late


def main():
    streams = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    if not os.path.exists(FOOTAGE):
        print("skipped: the footage is not here")
        return
    late = []
    for first in range(0, streams, at_once):
        with Story("visits %d to %d" % (5 * first + 1, 5 * min(
                first + at_once, streams))) as story:
            watched = [Watch(story, number, seed) for number in
                       range(first, min(first + at_once, streams))]
            for one in watched:
                one.begin()
            for one in watched:
                late += one.late()
            print("  so far: %s" % " ".join(
                "-" if s is None else "%.2f" % s for s in late), flush=True)
    told = sorted(s for s in late if s is not None)
    for most in (1, 2):
        within = sum(s <= most for s in told)
        low, high = interval(within, len(late))
        figure("person visible to webhook within %d s" % most,
               "%d of %d [%.3f, %.3f]" % (within, len(late), low, high),
               "goal", "half" if most == 1 else "99 of 100")
    figure("person visible to webhook, median",
           "%.2f s" % statistics.median(told), "goal", "1 s")
    figure("person visible to webhook, longest of %d" % len(told),
           "%.2f s" % told[-1], "goal for 99 of 100", "2 s")


main()
