"""GO: our own go into the room. From then on people there are not told as
intruders; when who was told, answered and went stands with the incident."""
import json
import os
import re
import signal

from alerts import all_sent, configure, ledger
from browsing import call, console_start
from channels import Syslog
from story import Story


def lines(op, kind, word):
    return [line for line in ledger(op, kind) if word in line]


def post(address, path, session, **fields):
    http, headers, body = call(
        address, path, data=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json", "Cookie": session[0],
                 "X-Sting-Csrf": session[1]})
    return http, json.loads(body), (headers["Set-Cookie"] or "").split(";")[0]


with Story("our own are no intruders") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    hook, late = story.webhook(), story.webhook()
    syslog = Syslog()
    configure(story, op, "interval_ms=100 duration_ms=100 person_at=20 "
              "person_until=200 hold_at=100\n",
              "  - webhook: %s\n    secret_file: keys/secret\n"
              "  - syslog: tcp://127.0.0.1:%d\n"
              "  - webhook: %s\n    after_s: 60\n" % (
                  hook.url, syslog.port, late.url))
    station, link = console_start(story, op)
    address, word = link.groups()
    _, got, cookie = post(address, "/api/first", ("", ""), link=word,
                          user="anna", password=story.PASSPHRASE)
    anna = (cookie, got["session"]["csrf"])
    state = lambda: json.loads(call(address, "/api/state", headers={
        "Cookie": cookie})[2])
    story.check(state()["team"] is None, "nobody of ours is there at first")
    station.wait_line("INCIDENT 1 at camera garage", 20)
    hook.wait(1)
    none = story.sting("go", op, "--who", "the night shift", "--incident", "9",
                       code=1)
    story.check("no incident 9" in none.err,
                "nobody goes into an incident that there is not", none.err)
    story.check("--who NAME" in story.sting("go", op, code=1).err
                and "sting go OP --who NAME" in story.sting("go", code=1).err,
                "what is missing is said")
    http, got, _ = post(address, "/api/go", anna, who="x", incident="9")
    story.check((http, got["error"]) == (404, "incident"),
                "from the console neither", got)
    story.sting("ack", op, "1", "--by", "night desk")
    said = story.sting("go", op, "--who", "the night shift", "--incident", "1",
                       "--json").json()
    story.check(said == [{"state": "in", "who": "the night shift",
                          "incident": 1, "camera": "garage"}],
                "it is said by number", said)
    station.wait_line("GO: the night shift goes in", 5)
    station.wait_line("incident 1: own team in the room since", 5)
    body = json.loads(hook.wait(2)[3])
    story.check(body["change"] == "team" and body["team_since"],
                "who was told of the incident is told that they are there",
                body)
    now = state()
    incident = now["incident"]
    story.check(now["team"]["who"] == "the night shift"
                and now["team"]["since"] == incident["team_since"]
                and incident["team_who"] == "the night shift"
                and incident["start"] <= incident["alerted"]
                <= incident["acknowledged"] <= incident["team_since"],
                "alerted, acknowledged, in the room: the times are there", now)
    with open(op + "/clip.txt", "a", encoding="ascii") as out:
        out.write("hold_at=-1\n")
    station.wait_line("incident 1: over", 60)
    team = re.search(r"team=(\S+)", lines(op, "incident", "state=closed")[0])
    went = re.search(r"\d{4}-\S+Z", lines(op, "go", "state=in")[0])
    story.check(team and team.group(1)[:23] == went.group(0)[:23]
                and "who=the%20night%20shift" in team.string,
                "the incident's last line says since when, to the moment of "
                "the go line", (team and team.string, went.group(0)))

    all_sent(op)
    # They come back from round the corner: nobody is told.
    with open(op + "/clip.txt", "w", encoding="ascii") as out:
        out.write("interval_ms=100 duration_ms=100 person_at=10 "
                  "person_until=30")
    story.check(station.stop() == 0, "the station ends in order")
    told = len(hook.received)
    station = story.sting_start("run", op, "--listen", "127.0.0.1:0")
    address = station.wait_line(r"console at (https://[^/]+)/", 20).group(1)
    station.wait_line("GO: the night shift goes in", 5)
    # On a busy machine the camera may be lost for a while before.
    second = station.wait_line(
        r"INCIDENT (\d+) at camera garage\S*: somebody is there", 20).group(1)
    station.wait_line("incident %s: over" % second, 40)
    story.check(len(hook.received) == told
                and len(lines(op, "alert", "own%20team")) == 3
                and lines(op, "incident", "n=%s " % second)[0].count(
                    "team=") == 1,
                "after a start too our own are known, and wake nobody",
                ledger(op, "alert"))
    _, got, cookie = post(address, "/api/login", ("", ""), user="anna",
                          password=story.PASSPHRASE)
    anna = (cookie, got["session"]["csrf"])
    post(address, "/api/users/add", anna, user="ben", role="operator",
         cameras="garage", password=story.PASSPHRASE)
    _, got, cookie = post(address, "/api/login", ("", ""), user="ben",
                          password=story.PASSPHRASE)
    ben = (cookie, got["session"]["csrf"])
    http, _, _ = post(address, "/api/go", ben, who="ben")
    out, got, _ = post(address, "/api/go", ben, who="the night shift",
                       state="out")
    story.check((http, out) == (403, 200), "who sees one camera can say that "
                "they are out of its room, and not go into every one", got)
    station.wait_line("the night shift is out", 5)
    story.check(state()["team"] is None, "and that is so at once")
    got = json.loads(call(address, "/api/incidents?incident=1", headers={
        "Cookie": cookie})[2])
    one = got["incidents"][0]
    story.check(one["team_who"] == "the night shift" and one["alerted"]
                and one["acknowledged"] and one["text"] is None
                and [row["word"] for row in got["events"]
                     if row["what"] == "go"] == ["in"],
                "looking back, the incident says all of it", got)
    before = lines(op, "go", "who=")
    os.kill(station.pid, signal.SIGSTOP)
    got = story.sting("go", op, "--who", "the day shift", code=2)
    os.kill(station.pid, signal.SIGCONT)
    story.check("the station (process %d) has not answered" % station.pid
                in got.err and "nothing is on record" in got.err,
                "who goes in is not left waiting for a station that hangs",
                got.err)
    story.sting("log", op, "It goes on.")
    story.check(lines(op, "go", "who=") == before, "and nothing is on record of it")
    story.check(station.stop() == 0 and not late.received
                and lines(op, "alert", "state=spared"),
                "where our own went nobody further was woken")
    story.binary = os.environ["STING"]
    got = story.sting("dossier", op, "--out", story.path("d.html"),
                      *story.keys_for("the garden fair"))
    html = open(story.path("d.html"), encoding="utf-8").read()
    story.check("Own team in the room" in html and "the night shift" in html
                and "Acknowledged" in html and "First alert out" in html,
                "the dossier too", got.err)
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] in ("INTACT", "INTACT WITH GAPS")
                and all(gap["cause"] == "lost" for gap in found["gaps"]),
                "the record holds; nothing but pictures that came while the "
                "station hung may be missing", found)
