"""What does not work is seen at the console: a channel that nobody answers at,
an outsider that is away, a worker that died, a camera that was lost. Pictures
are kept where PICTURES says."""
import http.server
import os
import signal
import threading

from browsing import MODULES, browser_is_there, console_start, pictures_of
from story import ROOT, Story, cameras_name


class Taker(http.server.BaseHTTPRequestHandler):
    """A webhook's receiver that takes all."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def worker_of(station, kind):
    """The process of a worker of that kind."""
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid)) as file:
        for pid in file.read().split():
            with open("/proc/%s/cmdline" % pid, "rb") as words:
                if kind.encode() in words.read().split(b"\0"):
                    return int(pid)
    raise LookupError(kind)


def configure(story, op, hook, away):
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\nalerts:\n", "\nalerts:\n  - webhook: http://"
                                "127.0.0.1:%d/\n" % hook, 1)
                   + "anchors:\n  - beacon: http://127.0.0.1:%d/\n" % away)
    story.write("op/clip.txt", "interval_ms=100 duration_ms=100 person_at=15 "
                "person_until=30")


with Story("what does not work is seen at the console") as story:
    browser_is_there()
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    hook, away = story.free_port(), story.free_port()
    configure(story, op, hook, away)
    station, link = console_start(story, op)
    station.wait_line("INCIDENT 1", 20)
    os.kill(worker_of(station, "camera"), signal.SIGKILL)
    station.wait_line("its worker was killed", 10)
    node = story.start(
        "node", os.path.join(ROOT, "tests", "browser", "health.mjs"),
        link.group(0), pictures_of(story),
        env=dict(os.environ, BROWSER_MODULES=MODULES))
    node.wait_line("failures seen", 60)
    taker = http.server.ThreadingHTTPServer(("127.0.0.1", hook), Taker)
    threading.Thread(target=taker.serve_forever, daemon=True).start()
    story.check(node.wait(60) == 0, "and that it works again", node.text())
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check({gap["cause"] for gap in found["gaps"]} == {"worker"},
                "and the record blames no camera for its worker's death",
                found)
