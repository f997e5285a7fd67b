"""A web worker that was taken over asks the core for everything that it should
not get, and gets nothing. Each of its processes that speaks nonsense is ended;
recording goes on."""
import json
import os
import re
import signal
import socket
import time

from story import ROOT, Story, cameras_name

CLIP = os.environ["CLIP"]
TAKEN = os.environ["TAKEN"]
PASSWORD = Story.PASSPHRASE
HANGS = 60  # seconds until which the core has answered, or hangs


def enum_of(path, name):
    """The names of an enum of ours, as numbers."""
    with open(os.path.join(ROOT, "src", path), encoding="utf-8") as file:
        text = re.search(r"enum %s \{(.*?)\n\};" % name, file.read(),
                         re.S).group(1)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    number, found = 0, {}
    for word, value in re.findall(r"(\w+)(?:\s*=\s*(\d+))?\s*(?:,|$)", text):
        number = int(value) if value else number
        found[word] = number
        number += 1
    return found


def text_of(*names):
    with open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return file.read()


def asks_of():
    """What the core may be asked, in its order: (ask, method, path)."""
    parts = re.findall(r"ASK_ROWS_(\w+)\(ROW\)", text_of("src", "wire", "ask.h"))
    return [("ASK_" + name, method, path) for part in parts
            for name, method, path in re.findall(
                r'ROW\((\w+), \w+,\s+"(\w+)",\s+"([^"]+)"',
                text_of("src", "wire", "ask_%s.h" % part.lower()))]


def rows_of():
    """ask -> (method, who, needed and other fields), from the document."""
    told = {(method, path): (method, who, fields.split())
            for method, path, who, fields in re.findall(
                r"^\| (GET|POST) \| (/\S+) \| (.*?) \| (.*?) ?\|$",
                text_of("docs", "formats", "http.md"), re.M)}
    return {ask: told[method, path] for ask, method, path in asks_of()}


class Worker:
    """What the taken worker can do, by its own words."""

    def __init__(self, port):
        self.port, self.ids, self.line = port, 0, None
        self.kind = enum_of("wire/kinds.h", "wire_kind")
        self.asks = {row[0]: i for i, row in enumerate(asks_of())}

    def open(self):
        end = time.time() + HANGS
        while True:
            try:
                self.line = socket.create_connection(
                    ("127.0.0.1", self.port), 2 * HANGS)
                self.file = self.line.makefile("rb")
                return
            except OSError:
                if time.time() > end:
                    raise
                time.sleep(0.1)

    def send(self, kind, numbers, payload=b"", word="SEND"):
        """The core's next message as (kind, numbers, payload); "nothing"; None:
        the core has ended this worker."""
        numbers = list(numbers) + [0] * (6 - len(numbers))
        try:
            if self.line is None:
                self.open()
            self.line.sendall(("%s %d %s %s\n" % (
                word, kind, " ".join(map(str, numbers)), payload.hex())).encode())
            got = self.file.readline().decode()
        except TimeoutError:
            return "nothing"
        except OSError:
            got = ""
        if not got:
            self.line = None
            return None
        if got.startswith("NOTHING"):
            return "nothing"
        word = got.split()
        return (int(word[0]), [int(n) for n in word[1:7]],
                bytes.fromhex(word[7]) if len(word) > 7 else b"")

    def ask(self, ask, session="", csrf="", fields=(), word="SEND"):
        """(HTTP status, JSON, session) of a row; "nothing" of a pushed one."""
        self.ids += 1
        payload = b"".join(text.encode() + b"\0"
                           for text in (session, csrf, *fields))
        got = self.send(self.kind["WIRE_WEB_ASK"],
                        [self.ids, self.asks[ask]], payload, word)
        while isinstance(got, tuple) and got[1][0] != self.ids:
            got = self.more()
        if not isinstance(got, tuple):
            return got
        token, _, body = got[2].partition(b"\0")
        try:
            return got[1][1], json.loads(body), token.decode()
        except ValueError:
            return got[1][1], body, token.decode()

    def more(self):
        """What else the core says, after something that it does not answer."""
        return self.send(self.kind["WIRE_WEB_GONE"], [0])


def people_begin(story, worker, secret):
    """anna, admin; cleo, viewer of no camera of ours: their sessions."""
    got = worker.ask("ASK_FIRST", fields=(secret, "anna", PASSWORD))
    story.check(got[0] == 200, "through it somebody can log in", got)
    anna, csrf = got[2], got[1]["session"]["csrf"]
    for user, role, cameras in (("cleo", "viewer", "yard"),
                                ("odo", "auditor", ""),
                                ("ona", "operator", "yard"),
                                ("bea", "admin", ""),
                                ("kim", "custodian", "garage")):
        got = worker.ask("ASK_USER_ADD", session=anna, csrf=csrf,
                             fields=(user, role, cameras, PASSWORD))
        story.check(got[0] == 200, "%s is added" % user, got)
    sessions = {"anna": (anna, csrf)}
    for user in ("cleo", "odo", "ona", "bea", "kim"):
        got = worker.ask("ASK_LOGIN", fields=(user, PASSWORD, ""))
        sessions[user] = (got[2], got[1]["session"]["csrf"])
    return sessions


def fields_for(row):
    return ["x"] * len(row[2])


def rows_without(story, worker, rows, sessions):
    """Every row that wants somebody, by nobody and by the wrong one."""
    closed = {ask: row for ask, row in rows.items() if row[1] != "anybody"}
    for ask, row in closed.items():
        for session in ("", "0" * 64, "f" * 64, sessions["anna"][0][:-1],
                        sessions["anna"][1] * 2, "anna"):
            got = worker.ask(ask, session=session, fields=fields_for(row))
            if not (isinstance(got, tuple) and got[0] == 401):
                story.check(False, "%s by nobody is refused" % ask, got)
    story.check(True, "%d rows by nobody, with 6 words for a session each: 401"
                % len(closed))
    refused = 0
    for user, role in (("cleo", "viewer"), ("odo", "auditor")):
        for ask, row in closed.items():
            if row[1] == "all roles" or role in row[1].split():
                continue
            session, csrf = sessions[user]
            got = worker.ask(ask, session, csrf, fields_for(row))
            refused += 1
            if not (isinstance(got, tuple) and got[0] == 403
                    and got[1]["error"] == "role"):
                story.check(False, "%s by a %s is refused" % (ask, role), got)
    story.check(refused > 5, "%d rows by who has no right to them: 403"
                % refused)
    posts = [ask for ask, row in closed.items() if row[0] == "POST"]
    for ask in posts:
        who = "kim" if closed[ask][1] == "custodian" else "anna"
        got = worker.ask(ask, sessions[who][0], sessions["cleo"][1],
                         fields_for(closed[ask]))
        if not (isinstance(got, tuple) and got[0] == 403
                and got[1]["error"] == "csrf"):
            story.check(False, "%s with another's csrf is refused" % ask, got)
    story.check(True, "%d changes with another's CSRF word: 403" % len(posts))


def cameras_without(story, worker, sessions):
    session, csrf = sessions["cleo"]
    for ask, fields in (("ASK_LIVE", ("garage", "")),
                        ("ASK_LIVE", ("garage", "garage")),
                        ("ASK_SNAPSHOT", ("garage",))):
        got = worker.ask(ask, session, csrf, fields)
        story.check(got[0] == 404, "%s of a camera that is not his" % ask, got)
    got = worker.ask("ASK_STATE", session, csrf)
    story.check(got[1]["cameras"] == [], "nor does his state tell of it", got)


def incidents_without(story, station, worker, sessions):
    """Of a camera that an operator does not see."""
    station.wait_line("INCIDENT 1", 60)
    got = worker.ask("ASK_ACK", *sessions["ona"], ("1", "alarm", ""))
    story.check(got[0] == 404, "an incident that is not hers is not "
                "acknowledged", got)
    got = worker.ask("ASK_ARM", *sessions["ona"],
                     ("disarmed", "2099-01-01T00:00:00Z", ""))
    story.check(got[0] == 403, "nor all cameras put to rest", got)
    got = worker.ask("ASK_ACK", *sessions["anna"], ("1", "", ""))
    story.check(got[0] == 200, "by who sees all, it is", got)


def recordings_without(story, worker, sessions):
    """What is sealed: it can ask in somebody's name, and open nothing."""
    hour = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + s))
            for s in (-60, 0)]
    for user, wanted in (("anna", 403), ("kim", 200)):
        got = worker.ask("ASK_PLAY_ASK", *sessions[user],
                         ("garage", *hour, "out of curiosity", "", ""))
        story.check(got[0] == wanted, "%s %s" % (user, "asks for a recording"
                    if wanted == 200 else "may not"), got)
    play = got[1]["play"]["play"]
    for session, wanted in (("kim", 403), ("anna", 403), ("ona", 403)):
        got = worker.ask("ASK_PLAY_PIECE", *sessions[session],
                         (str(play), "0", "", ""))
        story.check(got[0] == wanted, "nothing is read of it by %s" % session,
                    got)
    got = worker.send(worker.kind["WIRE_PLAY_OPEN"], [play, 600, 0],
                      b"kim\0" + bytes(16))
    story.check(got is None, "a key for it from there ends the worker", got)
    got = worker.ask("ASK_PLAY", *sessions["kim"], ("1",))
    story.check(got[0] == 200 and got[1]["play"]["state"] == "asked"
                and got[1]["play"]["files"] == [],
                "what was asked for waits for somebody at the machine", got)


def shut_out(story, worker, sessions):
    """An admin is removed while a password that she set is at work: the core
    reads both in one go, and takes a finished password before or after."""
    worker.ask("ASK_USER_ADD", *sessions["bea"],
               ("eve", "admin", "", PASSWORD), word="PUSH")
    worker.ask("ASK_USER_REMOVE", *sessions["anna"], ("bea",), word="PUSH")
    added, removed = worker.ids - 1, worker.ids
    answer, end = {}, time.time() + HANGS
    while len(answer) < 2 and time.time() < end:
        got = worker.more()
        if isinstance(got, tuple):
            answer[got[1][0]] = got[1][1]
    story.check(answer == {removed: 200, added: 401}, "who is removed while a "
                "password is at work does not get what she asked for", answer)
    got = worker.ask("ASK_USERS", *sessions["anna"])
    story.check("eve" not in [one["user"] for one in got[1]["users"]],
                "nobody was added", got)


def nonsense(story, worker):
    """What no web worker sends ends it; each end costs twice the pause."""
    kind, ask = worker.kind, worker.kind["WIRE_WEB_ASK"]
    line = b"unlock\0what\0all\0by\0anna\0why\0none\0command\0unlock\0"
    for told, number, numbers, payload in (
            ("a line for the ledger", kind["WIRE_CORE_LINE"], [], line),
            ("a file key to be opened", kind["WIRE_CHECK_UNWRAP"], [],
             bytes(64)),
            ("a row that is none", ask, [1, 9999], b"\0\0"),
            ("a session without end", ask, [1, worker.asks["ASK_STATE"]],
             b"a" * 200 + b"\0\0")):
        got = worker.send(number, numbers, payload)
        story.check(got is None, "%s ends the worker" % told, got)
        got = worker.ask("ASK_HEALTH")
        story.check(got and got[0] == 200, "and another one starts", got)
    for fields in ((), ("x",) * 9, ("l" * 64, "u" * 33, PASSWORD),
                   ("l" * 64, "", PASSWORD)):
        got = worker.ask("ASK_FIRST", fields=fields)
        story.check(got[0] == 400, "fields that do not fit are refused", got)


with Story("a web worker that was taken over gets nothing") as story:
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n" % CLIP)
    port = story.free_port()
    station = story.start(TAKEN, "run", op, "--listen", "127.0.0.1:%d" % port)
    secret = station.wait_line(r"#first=([0-9a-f]{64})", 20).group(1)
    station.wait_line("camera garage: recording", 20)
    worker, rows = Worker(port), rows_of()
    sessions = people_begin(story, worker, secret)
    rows_without(story, worker, rows, sessions)
    cameras_without(story, worker, sessions)
    incidents_without(story, station, worker, sessions)
    recordings_without(story, worker, sessions)
    shut_out(story, worker, sessions)
    got = worker.ask("ASK_FIRST", fields=(secret, "eve", PASSWORD))
    story.check(got[0] == 403, "the link is good once", got)
    nonsense(story, worker)
    got = worker.ask("ASK_STATE", *sessions["anna"])
    story.check(got[0] == 200, "who is logged in stays so behind each of them")
    got = worker.ask("ASK_LOGOUT", *sessions["anna"])
    got = worker.ask("ASK_STATE", *sessions["anna"])
    story.check(got[0] == 401, "who logged out does not come back", got)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        text = file.read()
    story.check(" unlock " not in text and "what=all" not in text,
                "nothing that it wanted written was")
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT", "recording did not notice", found)
