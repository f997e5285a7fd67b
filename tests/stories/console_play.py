"""Sealed footage is played in a browser by who asked for it, once that was
confirmed on the machine, and by nobody else. Pictures are kept where PICTURES
says."""
import datetime
import hashlib
import json
import os
import pty
import select
import time

from browsing import (MODULES, browser, call, console_start, pictures_of,
                      station_ends)
from story import BUSY, Story, cameras_name, wait_for

PASSWORD = Story.PASSPHRASE
# What a camera saw, two seconds each: a colour is a time.
COLOURS = ["red", "lime", "blue"]


def film(story, name, colours):
    """A film of plain colours, 320 x 180, a keyframe a second."""
    path = story.path(name + ".mp4")
    words = []
    for colour in colours:
        words += ["-f", "lavfi", "-i", "color=%s:s=320x180:r=25:d=2" % colour]
    story.run("ffmpeg", "-v", "error", *words, "-filter_complex",
              "concat=n=%d" % len(colours), "-c:v", "libx264", "-preset",
              "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", path)
    return path


def ledger(op, kind):
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        return [line for line in file if " %s " % kind in line]


class Person:
    """Somebody who is logged in, without a browser."""

    def __init__(self, address, user, first=None):
        self.address, self.cookie, self.csrf = address, "", ""
        fields = {"user": user, "password": PASSWORD}
        fields.update({"link": first} if first else {})
        http, headers, body = self.raw(
            "/api/first" if first else "/api/login", fields)
        assert http == 200, (http, body)
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = json.loads(body)["session"]["csrf"]

    def raw(self, path, fields=None):
        headers = {"Cookie": self.cookie, "X-Sting-Csrf": self.csrf}
        if fields is not None:
            headers["Content-Type"] = "application/json"
        return call(self.address, path, headers=headers,
                    data=json.dumps(fields).encode()
                    if fields is not None else None)

    def ask(self, path, fields=None):
        http, _, body = self.raw(path, fields)
        return http, json.loads(body)


def on_the_machine(story, op, answers):
    """sting unlock OP at a terminal of its own: what it said, how it ended."""
    words = [os.environ["STING"], "unlock", op]
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(words[0], words)
    said, end = b"", time.time() + BUSY * 30
    while time.time() < end:
        ready, _, _ = select.select([fd], [], [], 0.2)
        if ready:
            try:
                more = os.read(fd, 4096)
            except OSError:
                break
            if not more:
                break
            said += more
        if answers and answers[0][0].encode() in said:
            answer = answers.pop(0)[1]
            answer = answer() if callable(answer) else answer
            os.write(fd, (answer + "\n").encode())
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    return said.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def people(story, address, secret):
    """cleo may look back, twice; otto at the yard alone; vera looks on."""
    anna = Person(address, "anna", secret)
    for user, role, cameras in (("cleo", "custodian", "*"),
                                ("otto", "custodian", "yard"),
                                ("vera", "viewer", "*")):
        http, got = anna.ask("/api/users/add", {
            "user": user, "role": role, "cameras": cameras,
            "password": PASSWORD})
        story.check(http == 200, "%s is added" % user, got)
    return {name: Person(address, name.rstrip("2"))
            for name in ("cleo", "cleo2", "otto", "vera")} | {"anna": anna}


def stretch_of(op):
    begin = first_of(op) // 1000
    stamp = lambda at: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    return {"from": stamp(begin - 20), "to": stamp(begin + 41)}


def first_of(op):
    """When the first recording was taken, in milliseconds."""
    first = min(word[3:] for line in ledger(op, "seg") for word in line.split()
                if word.startswith("t0="))
    return int(datetime.datetime.fromisoformat(first).timestamp() * 1000)


def refused(story, who, number, told):
    """Nobody but the one session reads anything."""
    for name, http_wanted in (("cleo2", 404), ("otto", 404), ("vera", 403),
                              ("anna", 403)):
        http, got = who[name].ask("/api/play/piece?play=%d&file=0" % number)
        story.check(http == http_wanted, "%s reads nothing %s" % (name, told),
                    got)


def whole(person, number, file):
    """All of one file, piece by piece."""
    got = b""
    while True:
        http, _, body = person.raw("/api/play/piece?play=%d&file=%d&at=%d"
                                   % (number, file, len(got)))
        assert http == 200, (http, body)
        got += body
        if len(body) < 2 << 20:
            return got


def played(story, op, cleo, number):
    """What comes is bit for bit what was sealed, and plays."""
    _, got = cleo.ask("/api/play?files=1")
    files = got["play"]["files"]
    hashes = set(word[3:] for kind in ("init", "seg")
                 for line in ledger(op, kind) for word in line.split()
                 if word.startswith("pt="))
    parts = [whole(cleo, number, i) for i in range(len(files))]
    story.check(len(files) == 4 and {hashlib.sha256(part).hexdigest()
                                     for part in parts} == hashes,
                "what it gets is what the ledger tells of, bit for bit", files)


def still(story, op, cleo, number, at_us):
    at = datetime.datetime.fromtimestamp(at_us / 1e6 + 2.5, datetime.UTC)
    http, headers, body = cleo.raw("/api/play/still", {
        "play": str(number), "camera": "garage",
        "at": at.isoformat()})
    story.check(http == 200 and headers["Content-Type"] == "image/jpeg",
                "a picture of a moment is given out", body[:200])
    told = [line for line in ledger(op, "custody") if "picture" in line]
    story.check(len(told) == 1 and hashlib.sha256(body).hexdigest() in told[0]
                and "by=cleo" in told[0], "and is a line with its hash", told)


def first_still(story, cleo, number, at_us):
    """A time in whole milliseconds, as times are told, finds the first one."""
    at = datetime.datetime.fromtimestamp(at_us // 1000 / 1e3, datetime.UTC)
    http, _, body = cleo.raw("/api/play/still", {
        "play": str(number), "camera": "garage",
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")})
    story.check(http == 200, "a recording's first picture is given out",
                body[:200])


FILMS = (("yard", COLOURS[::-1]), ("garage", COLOURS))


def begin(story, films=FILMS, placed=False):
    """A station that has recorded these cameras, and who may use it; nobody
    answers at the gate, which is an incident. `placed`: each in a place."""
    op = story.operation()
    urls = [(name, film(story, name, colours)) for name, colours in films]
    for name, url in urls + [("gate", "rtsp://127.0.0.1:%d/gate"
                              % story.free_port())]:
        cameras_name(op, "  - name: %s\n    url: %s\n" % (name, url)
                     + ("    place: %s\n" % name if placed else ""))
    station, link = console_start(story, op)
    for name, _ in reversed(films):
        station.wait_line("camera %s: over" % name, 60)
    station.wait_line("INCIDENT 1 at camera gate", 60)
    who = people(story, link.group(1), link.group(2))
    wait_for(lambda: len(ledger(op, "seg")) >= len(films))
    return op, station, link, who


def by_program(story, op, who):
    """Asked, refused, confirmed, read: without a browser."""
    cleo = who["cleo"]
    stretch = dict(stretch_of(op), cameras="garage,yard", browser="curl\x1b[2J",
                   why="who moved the tank's drawing?")
    for name, http_wanted in (("anna", 403), ("vera", 403), ("otto", 404)):
        http, got = who[name].ask("/api/play/ask", stretch)
        story.check(http == http_wanted, "%s may not ask for it" % name, got)
    for field, value in (("why", " "), ("to", stretch["from"]),
                         ("from", "2020-01-01T00:00:00Z"), ("cameras", "x")):
        http, got = cleo.ask("/api/play/ask", dict(stretch, **{field: value}))
        story.check(http in (400, 404), "nor with a wrong %s" % field, got)
    http, got = cleo.ask("/api/play/ask", stretch)
    play, code = got["play"]["play"], got["play"]["code"]
    story.check(http == 200 and got["play"]["state"] == "asked",
                "a custodian may, with a reason", got)
    refused(story, who, play, "before it is confirmed")
    http, got = cleo.ask("/api/play/piece?play=%d&file=0" % play)
    story.check((http, got["error"]) == (403, "not-open"),
                "and she reads nothing before it is confirmed", got)
    got = story.sting("unlock", op, "--requests", "--json").json()
    story.check(len(got) == 1 and code not in json.dumps(got),
                "the machine tells who asks, and not her code", got)
    got = story.sting("unlock", op, "--code", "AAAA-AAAA", *story.keys(),
                      code=1)
    with open(story.path("wrong"), "w", encoding="utf-8") as file:
        file.write("not the passphrase\n")
    got = story.sting("unlock", op, "--code", code, "--passphrase-file",
                      story.path("wrong"), code=None)
    http, _ = cleo.ask("/api/play/piece?play=%d&file=0" % play)
    story.check(got.code != 0 and http == 403,
                "another code or passphrase opens nothing", got)
    said, ended = on_the_machine(story, op, [("to refuse:", code.lower()),
                                             ("assphrase", PASSWORD)])
    story.check(ended == 0 and "who moved the tank's drawing?" in said
                and "cleo (custodian)" in said and "\x1b[2J" not in said,
                "at the terminal it says who, what and why", said)
    refused(story, who, play, "that is open to another")
    played(story, op, cleo, play)
    return play, stretch


def lines_held(story, op):
    told = {kind: ledger(op, kind) for kind in ("unlock", "custody", "console")}
    unlocks = [line for line in told["unlock"] if "of=play" in line]
    story.check([("refused" in line, "opened" in line) for line in unlocks]
                == [(True, False), (False, True)] and
                all("moved" in line for line in unlocks),
                "each try is a line, with the reason", unlocks)
    shown = [line for line in told["custody"] if "recording" in line]
    cts = b"".join(sorted(bytes.fromhex(word[3:]) for kind in ("init", "seg")
                          for line in ledger(op, kind)
                          for word in line.split() if word[:3] == "ct="))
    story.check(len(shown) == 1 and "by=cleo" in shown[0] and "moved" in shown[0]
                and hashlib.sha256(cts).hexdigest() in shown[0],
                "what was shown is a line: who, why, of which files", shown)
    story.check(any("what=play-ended" in line and "4 of 4" in
                    line.replace("\\20", " ").replace("%20", " ")
                    for line in told["console"]),
                "and how much was read", told["console"])


def exhibit_withdrawn(story, op, cleo, stretch):
    """What is asked for no longer is not made, though somebody confirms it."""
    _, got = cleo.ask("/api/play/ask", dict(stretch, cameras="garage",
                                            mark="TANK/9"))

    def withdraw():
        cleo.ask("/api/play/end", {"exhibit": "1"})
        return got["exhibit"]["code"]
    said, ended = on_the_machine(story, op, [("to refuse:", withdraw),
                                             ("assphrase", PASSWORD)])
    story.check(ended == 2 and "nobody waits" in said
                and not [line for line in ledger(op, "export")
                         if "TANK/9" in line],
                "an exhibit that was withdrawn meanwhile is not made", said)


def exhibit_held(story, op):
    """What was marked in the browser is an exhibit like any other."""
    found = story.sting("verify", op + "-exhibit", "--json").json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the exhibit holds",
                found)
    made = [line for line in ledger(op, "export") if "exhibit=TANK/1" in line]
    story.check(len(made) == 1 and "state=made" in made[0] and "court" in made[0]
                and len(os.listdir(os.path.join(op + "-exhibit", "data"))) > 3,
                "and is a line", made)


if __name__ == "__main__":
    with Story("sealed footage is played by who may, once confirmed") as story:
        op, station, link, who = begin(story)
        play, stretch = by_program(story, op, who)
        files = who["cleo"].ask("/api/play?files=1")[1]["play"]["files"]
        still(story, op, who["cleo"], play, [one["t0_us"] for one in files
              if one["camera"] == "garage" and one["t0_us"]][0])
        first_still(story, who["cleo"], play, [one["t0_us"] for one in files
                    if one["camera"] == "garage" and one["t0_us"]][0])
        who["cleo"].ask("/api/play/end", {})
        http, _ = who["cleo"].ask("/api/play/piece?play=%d&file=0" % play)
        story.check(http == 403, "what is ended is closed")
        lines_held(story, op)
        exhibit_withdrawn(story, op, who["cleo"], stretch)
        http, _ = who["otto"].ask("/api/names")
        story.check(http == 403, "holders are for who sees all cameras")
        if os.path.isdir(os.path.join(MODULES, "node_modules")):
            begin_ms = first_of(op) - 20000
            browser(story, "play.mjs", link.group(1) + "/", pictures_of(story),
                    str(begin_ms), str(begin_ms + 61000), op, *story.keys())
            exhibit_held(story, op)
        station_ends(story, station, op, code=10)
