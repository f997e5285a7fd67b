"""Exhibits of an incident: while a station runs, and of a closed operation."""
import datetime
import os
import re
import shutil
import time

from exhibit_changes import Bag
from exhibit_made import exhibit
from story import Broken, Script, film_s, parts, wait_for


def incident_checks(story, matrix):
    """Of an incident, while a station runs; its camera is a stand-in, and so
    are its pictures."""
    op = story.operation("yard")
    told = open(op + "/operation.yaml", encoding="utf-8").read()
    story.write("yard/operation.yaml", told.replace(
        "\ncameras:\n", "\ncameras:\n  - name: yard\n    url: clip.txt\n"
        ).replace("quiet_s: 10", "quiet_s: 1"))
    script = Script(op + "/clip.txt", "interval_ms=100 duration_ms=100 "
                    "person_at=25 page_at=30 person_until=35", 34)
    station = story.start(os.environ["STANDIN"], "run", op)
    station.wait_line("ALERT! INCIDENT 1", 30)
    early = exhibit(story, op, "YARD/1", "early", "--incident", 1, code=2)
    story.check("is not over" in early.err and not os.path.exists(
        story.path("early")), "an incident that goes on is not cut by accident")
    script.go_on()
    lines = ended(op)
    time.sleep(2.5)  # what is shown after it is of this session, too
    station.stop()
    station = story.start(os.environ["STANDIN"], "run", op)
    station.wait_line("camera yard: recording", 30)
    story.wait_film(op, "yard", film_s(op, "yard") + 1)
    none = exhibit(story, op, "YARD/1", "none", "--incident", 9, code=2)
    story.check("no incident 9" in none.err, "nor made of none")
    made = exhibit(story, op, "YARD/1", "yard-1", "--incident", 1,
                   "--json").json()[0]
    live_checks(story, op)
    story.check(station.is_running() and station.stop() == 0,
                "the station goes on meanwhile")
    got = matrix.ask(story.path("yard-1"), made["case_key"])
    story.check({matrix.cell(one) for one in got} == {"INTACT"},
                "an exhibit of an incident is INTACT, say all three", got)
    bag = Bag(story.path("yard-1"), "")
    asked = dict(row.split(" ")[:2] for row in bag.read(
        "data/exhibit.txt").decode().splitlines() if row.count(" ") == 1)
    shown = b"".join(bag.lines()).decode()
    story.check(asked["incident"] == "1" and asked["camera"] == "yard"
                and asked["from"] < re.search(r" start=(\S+)", lines)[1]
                and asked["to"] > re.search(r" end=(\S+)", lines)[1]
                and " alert " in shown and " state=closed " in shown,
                "it is of that camera, from before to after, with its alert",
                asked)


def live_checks(story, op):
    """Of what a station records at this moment."""
    least = newest(op)
    now = datetime.datetime.now(datetime.timezone.utc)
    text = [text_of(now + datetime.timedelta(seconds=more))
            for more in (-1, 0, 3600)]
    words = ("--camera", "yard", "--from", text[0], "--json", "--to")
    got = exhibit(story, op, "YARD/7", "live", *words, text[1])
    made = got.json()[0]
    # On a busy machine a picture may be missing at that very moment; then
    # that is told.
    story.check(made["films_until"] >= least
                and made["is_short"] == (made["films_until"] < text[1])
                and made["is_short"] == ("goes up to" in got.err),
                "a station that runs seals its segment and signs when it is "
                "asked (%.1f s)" % got.seconds,
                (got, open(op + "/evidence/ledger", encoding="ascii").read()))
    got = exhibit(story, op, "YARD/8", "short", *words, text[2])
    made = got.json()[0]
    told = [open(story.path("short", name), encoding="utf-8").read()
            for name in ("LIMITS.txt", "data/REPORT.html")]
    until = made["films_until"][:19]
    story.check(made["is_short"] and "goes up to " + until in got.err
                and all("recording goes up to " + until in one
                        for one in told),
                "one that ends before its stretch says so on stderr, in JSON, "
                "in LIMITS.txt and in the report", (got, told[0]))


def newest(op):
    """Half a picture before the newest part that is on disk ends, since part
    and recording reckon the camera's clock each by itself, to a millisecond;
    while a recording is being sealed there is none."""
    last = wait_for(lambda: max(((one["t0"], int(one["us"])) for one in parts(
        op, "yard")), default=None))
    at = datetime.datetime.strptime(last[0], "%Y-%m-%dT%H:%M:%S.%fZ")
    return text_of(at + datetime.timedelta(microseconds=last[1] - 50000))


def text_of(at):
    """In the shape of films_until: of one shape, texts compare as times."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:23] + "Z"


def ended(op):
    """The line that ends incident 1."""
    for _ in range(100):
        with open(op + "/evidence/ledger", encoding="ascii") as ledger:
            end = re.search(r"^.* incident n=1 state=closed .*$",
                            ledger.read(), re.M)
        if end:
            return end[0]
        time.sleep(0.3)
    raise Broken("incident 1 does not end")


def closed_checks(story, op):
    """An operation that is closed is given out by one that is open."""
    gone = story.path("yard")
    print_ = story.sting("verify", gone, "--json").json()[0]["case_key"]
    who = ("--by", "the head gardener", "--reason", "the season is over")
    story.sting("close", gone, *who, "--keys-to", story.path("safe"))
    got = exhibit(story, gone, "ABC/9", "never", "--incident", 1, code=2)
    story.check("sting import" in got.err and not os.path.exists(
        story.path("never")), "a closed operation has no key to sign an "
                "exhibit, and says what to do", got)
    story.sting("import", op, gone, "--name", "gone", "--fingerprint",
                ":".join(re.findall("..", print_.upper())), *who)
    taken = op + "/boxes/gone"
    os.mkdir(taken + "/keys", 0o700)
    shutil.copy(story.path("safe", "identity"), taken + "/keys/identity")
    exhibit(story, taken, "ABC/9", "gone", "--incident", 1)
    got = story.sting("verify", story.path("gone"), "--case-key", print_,
                      "--json", code=None).json()[0]
    origin = story.sting("verify", op, "--note").out.split("\n")[0]
    # The station may have begun anew before the stretch was over: a gap.
    story.check(got["verdict"] in ("INTACT", "INTACT WITH GAPS")
                and got["office"] == origin,
                "imported into an open one, the open one signs", got)
    for script in (("sh", "VERIFY.sh"), ("python3", "verify.py"),
                   (story.binary, "verify", ".", "--case-key")):
        got = story.run(*script, print_, code=None, cwd=story.path("gone"))
        story.check("THE WORD OF WHO IMPORTED IT, %s, VOUCHED FOR BY NOBODY "
                    "HERE" % origin in got.out.split("\n")[0],
                    "%s says with its verdict whose word the rest is"
                    % script[1], got)
