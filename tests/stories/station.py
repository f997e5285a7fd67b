"""What a station does for those who rely on it, with stand-in cameras."""
import json
import os
import signal
import socket
import stat
import time

from shim import WALL, Shim
from story import Story, film_s, parts, wait_for


def configure(op, cameras, **changes):
    path = os.path.join(op, "operation.yaml")
    with open(path) as file:
        text = file.read()
    text = text.replace("\ncameras:\n", "\ncameras:\n" + cameras, 1)
    for old, new in changes.get("replace", []):
        text = text.replace(old, new, 1)
    with open(path, "w") as file:
        file.write(text)


def clip(op, text):
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write(text)


GARAGE = "  - name: garage\n    url: clip.txt\n"

with Story("a station tells, records, and lets others write") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    hook = story.webhook()
    configure(op, GARAGE, replace=[
        ("quiet_s: 10", "quiet_s: 1"),
        ("\nalerts:\n", "\nalerts:\n  - webhook: %s\n" % hook.url)])
    clip(op, "interval_ms=100 duration_ms=100 person_at=15 person_until=40 "
             "page_at=25")
    station = story.sting_start("run", op, "--json")
    station.wait_line("camera garage: recording", 5)
    mode = stat.S_IMODE(os.stat(os.path.join(op, "core.sock")).st_mode)
    story.check(mode == 0o600, "core.sock is the owner's alone")

    second = story.sting("run", op, code=2)
    story.check(second.err.count("\n") == 1 and not second.out
                and "another station" in second.err,
                "a second station is refused with one line", second)

    station.wait_line("INCIDENT 1 at camera garage: somebody is there", 5)
    began = station.at
    station.wait_line("ALERT! INCIDENT 1 .*TOUCHED", 5)
    moment, _, _, body = hook.wait(1)
    story.check(abs(moment - began) < 1 and
                json.loads(body)["kind"] == "person",
                "the webhook knows within a second")
    hook.wait(2)

    story.sting("log", op, "the door was found open")
    with open(os.path.join(op, "evidence/ledger")) as file:
        story.check(" note type=" in file.read(),
                    "sting log writes through the station")

    began = time.time()
    code = station.stop(signal.SIGTERM)
    story.check(code == 0 and time.time() - began < 2,
                "it ends in order within two seconds")
    objects = [json.loads(line) for _, line in station.line
               if line.startswith("{")]
    story.check({"station", "camera", "incident"} <=
                {one["event"] for one in objects},
                "--json tells the same as objects")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] == "INTACT" and found["tail_entries"] == 0,
                "all of it is sealed and signed: INTACT", found)

with Story("a worker that dies or talks nonsense is replaced") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    configure(op, GARAGE)
    clip(op, "interval_ms=100 duration_ms=100 nonsense_at=20")
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 5)
    station.wait_line("its worker spoke nonsense and was stopped", 5)
    station.wait_line("camera garage: recording again", 5)
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid)) as file:
        workers = [int(word) for word in file.read().split()]
    os.kill(workers[0], signal.SIGKILL)
    killed = time.time()
    station.wait_line("its worker was killed", 5)
    after = len(station.line)
    station.wait_line("camera garage: recording again", 5, after)
    story.check(station.at - killed < 3, "pictures come again within 3 s")
    station.stop(signal.SIGINT)
    with open(os.path.join(op, "evidence/ledger")) as file:
        lines = [line.split(" ")[3] for line in file]
    story.check(lines.count("worker") == 2, "each death cost one line", lines)
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check({gap["cause"] for gap in found["gaps"]} == {"worker"},
                "and a gap that says so", found)

with Story("a camera that falls silent is told within five seconds") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    configure(op, GARAGE)
    clip(op, "interval_ms=100 duration_ms=100 silent_at=10")
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 5)
    began = station.at
    station.wait_line("camera garage: NO PICTURE", 8)
    story.check(station.at - began < 6.5, "told %.1f s after the last picture"
                % (station.at - began - 1))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

with Story("a clip that is not there is told, and taken once it is") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    configure(op, GARAGE)
    station = story.sting_start("run", op)
    began = time.time()
    station.wait_line("camera garage: NO PICTURE", 6)
    story.check(station.at - began < 5, "told within five seconds")
    clip(op, "interval_ms=100 duration_ms=100 over_at=20")
    station.wait_line("camera garage: recording", 8)
    station.wait_line("camera garage: the clip is over", 8)
    story.check(station.is_running(), "the end of a clip ends nothing else")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

with Story("past its end an operation records nothing") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    shim = Shim(story)
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    configure(op, GARAGE, replace=[
        ("\nquiet_s:", "\nuntil: %s\nquiet_s:" % soon)])
    clip(op, "interval_ms=100 duration_ms=100 person_at=5")
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("this operation ends on", 5)
    station.wait_line("camera garage: recording", 5)
    station.wait_line("INCIDENT 1 at camera garage", 8)
    story.wait_film(op, "garage")
    shim.add(WALL, 700 * 1000000)
    station.wait_line("THE OPERATION IS PAST ITS END", 8)
    story.check(wait_for(lambda: not list(parts(op, "garage"))),
                "what was recorded is sealed")
    before = film_s(op, "garage")
    time.sleep(2)
    story.check(before == film_s(op, "garage") and before >= 1,
                "recording has stopped")
    station.wait_line("incident 1: nothing more is seen, ITS END WAS NOT", 20)
    story.check(station.is_running(), "and nobody is said to be there who is "
                "not watched")
    shim.add(WALL, -700 * 1000000)  # the clock was wrong
    station.wait_line("not past its end any more", 8)
    station.wait_line("camera garage: recording", 8)
    story.check(wait_for(lambda: film_s(op, "garage") > before + 1),
                "recording goes on once the clock is before the end again")
    station.wait_line("INCIDENT 2 at camera garage", 8)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    with open(os.path.join(op, "evidence/ledger")) as file:
        lines = file.readlines()
    off, = (n for n, line in enumerate(lines) if " state=off " in line
            and "the%20operation%20has%20ended" in line)
    story.check(any(" gap cause=worker camera=garage" in line
                    for line in lines[off:]),
                "what is missing between is a gap", lines[off:])
    got = story.sting("verify", op, "--json", code=10).json()[0]
    story.check(got["verdict"] == "INTACT WITH GAPS", "and verify says so",
                got)

with Story("a station that cannot begin leaves no gap") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    configure(op, GARAGE)
    clip(op, "interval_ms=100 duration_ms=100")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = "127.0.0.1:%d" % taken.getsockname()[1]
        got = story.sting("run", op, "--listen", busy, code=2)
        story.check("cannot be listened at" in got.err, "it says why", got)
    for wrong in ("127.0.0.1:99999", "127.0.0.1:https", "here"):
        got = story.sting("run", op, "--listen", wrong, code=1)
        story.check("is no address" in got.err, "%s is refused" % wrong, got)
    story.check(not os.path.exists(op + "/core.sock"), "no socket is left")
    story.sting("log", op, "the port was somebody else's")
    got = story.sting("verify", op, "--json", code=0).json()[0]
    story.check(got["verdict"] == "INTACT" and not got["gaps"],
                "nothing is told as a crash", got)
