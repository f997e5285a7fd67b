"""Workers of the station die: those that send alerts, ask outsiders, look up
names of cameras, judge answers, decode stills and play what was sealed. Each
death is one line, another worker does the work, and the health page tells."""
import http.server
import os
import signal
import threading

from browsing import console_start
from cameras import camera, end
from console_play import COLOURS, Person, film, ledger, stretch_of
from story import Story, cameras_name, wait_for, workers_of

PASSWORD = Story.PASSPHRASE


class Junk(http.server.BaseHTTPRequestHandler):
    """An authority whose answers say nothing; a webhook that takes all."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(b"junk")

    def log_message(self, *_):
        pass


def whose(op):
    """Of whom each `worker` line is."""
    return sorted(word[3:] for line in ledger(op, "worker")
                  for word in line.split() if word.startswith("of="))


def rows_of(anna):
    """Workers as the health page has them, by whom they serve."""
    return {row["of"]: row for row in anna.ask("/api/health")[1]["workers"]
            if row["of"] != "camera"}


def all_at_work(station):
    return (len(workers_of(station, "net")) == 3
            and len(workers_of(station, "check")) == 1)


def killed(story, station, op, kind, of):
    """Workers of one kind are killed: a line for each, and no other."""
    before = whose(op)
    for pid in workers_of(station, kind):
        os.kill(pid, signal.SIGKILL)
    wanted = sorted(before + of)
    story.check(wait_for(lambda: whose(op) == wanted),
                "killed %s: one line for %s" % (kind, ", ".join(of)), whose(op))
    told = [line for line in ledger(op, "worker") if "of=" + of[0] in line]
    story.check("killed" in told[-1] and "name=" + kind in told[-1],
                "it says which and how", told)


def stills(story, station, op, anna):
    """A picture; the worker dies idle, then while one is asked for."""
    ask = lambda: anna.raw("/api/snapshot?camera=yard")
    story.check(wait_for(lambda: ask()[0] == 200), "a still is decoded")
    killed(story, station, op, "player", ["stills"])
    story.check(wait_for(lambda: ask()[0] == 200), "and the next one is")
    killed(story, station, op, "player", ["stills"])


def playing(story, station, op, cleo):
    http_, got = cleo.ask("/api/play/ask", dict(
        stretch_of(op), cameras="garage", browser="none", why="who was it?"))
    story.check(http_ == 200, "a recording is asked for", got)
    number, code = got["play"]["play"], got["play"]["code"]
    story.sting("unlock", op, "--code", code, *story.keys())
    piece = "/api/play/piece?play=%d&file=0" % number
    story.check(wait_for(lambda: cleo.raw(piece)[0] == 200), "and read")
    wait_for(lambda: len(workers_of(station, "player")) == 1)
    killed(story, station, op, "player", ["playing"])
    story.check(wait_for(lambda: cleo.raw(piece)[0] == 200),
                "and read on, by another worker")


def configure(story, op, port, hook):
    cameras_name(op, "  - name: garage\n    url: %s\n  - name: yard\n"
                 "    url: rtsp://127.0.0.1:%d/camera\n  - name: gate\n"
                 "    url: rtsp://gate.invalid/camera\n"
                 % (film(story, "garage", COLOURS), port))
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    address = "http://127.0.0.1:%d/" % hook.server_address[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(
            "\nalerts:\n", "\nalerts:\n  - webhook: %s\n" % address, 1)
            + "anchors:\n  - tsa: %s\n    ca_file: %s\n    every_s: 10\n"
            % (address, authority(story)))


def authority(story):
    """A certificate; nothing that it stamped will come."""
    made = story.run("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes",
                     "-keyout", story.path("ca.key"), "-out",
                     story.path("ca.pem"), "-days", "2", "-subj", "/CN=stamps")
    story.check(made.code == 0, "an authority is made", made)
    return story.path("ca.pem")


def main(story):
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Junk)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    process, port = camera(film(story, "yard", COLOURS * 20))
    op = story.operation()
    configure(story, op, port, hook)
    station, link = console_start(story, op)
    station.wait_line("camera yard: recording", 30)
    address, secret = link.group(1), link.group(2)
    anna = Person(address, "anna", secret)
    anna.ask("/api/users/add", {"user": "cleo", "role": "custodian",
                                "cameras": "*", "password": PASSWORD})
    stills(story, station, op, anna)
    station.wait_line("camera garage: over", 30)
    wait_for(lambda: ledger(op, "seg"))
    playing(story, station, op, Person(address, "cleo"))
    story.check(wait_for(lambda: all_at_work(station), 60),
                "alerts, outsiders, names and answers have workers",
                [(kind, workers_of(station, kind)) for kind in ("net", "check")]
                + [line for line in ledger(op, "anchor")])
    killed(story, station, op, "net", ["alerts", "names", "outsiders"])
    killed(story, station, op, "check", ["answers"])
    rows = rows_of(anna)
    story.check({of: row["deaths"] for of, row in rows.items()} == {
        "pages": 0, "alerts": 1, "outsiders": 1, "answers": 1, "names": 1,
        "stills": 2, "playing": 1}, "the health page counts them", rows)
    story.check("killed" in rows["answers"]["why"], "with the reason", rows)
    story.check(wait_for(lambda: rows_of(anna)["alerts"]["since"]
                         and rows_of(anna)["answers"]["since"], 60),
                "and others have taken their place", rows_of(anna))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    end(process)
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the record holds",
                found)


if __name__ == "__main__":
    with Story("workers die, and it is told once each") as told:
        main(told)
