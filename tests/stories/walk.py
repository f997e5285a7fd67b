"""How well is it watched? Walk tests against a running station, the share of
a bait's hours under a camera that saw, and what nobody saw."""
import fcntl
import json
import os
import signal
import subprocess
import termios
import time

from alerts import ledger
from browsing import console_start
from console_play import Person
from story import Script, Story, cameras_name, config_edit, wait_for

CAMERAS = "".join("""  - name: %s
    url: %s.txt
    zones:
      - name: table
        bait: tank
        copy: 7
        polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
""" % (name, name) for name in ("garage", "gate"))


def configure(op):
    scripts = [Script("%s/%s.txt" % (op, name), "interval_ms=100 "
                      "duration_ms=100 sight_at=2 %s person_at=10 "
                      "person_until=25" % dark, 10)
               for name, dark in (("garage", "dark_at=8"),
                                  ("gate", "dark_at=40"))]
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read().replace("quiet_s: 10", "quiet_s: 1")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("\ncameras:\n", "\ncameras:\n" + CAMERAS, 1))
    return scripts


def enter(process):
    """Enter, once it was taken."""
    process.stdin.write(b"\n")
    process.stdin.flush()
    wait_for(lambda: fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4))
             == bytes(4))


def walk(process, meanwhile):
    """Enter, what happens in there, Enter; its row."""
    enter(process)
    meanwhile()
    enter(process)
    return json.loads(process.stdout.readline())


def walks_begin(story, op):
    return subprocess.Popen(
        [story.binary, "drill", op, "--walk", "--team", "1", "--by", "Ben",
         "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


with Story("who was to be alerted and was not came too late") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    scripts = configure(op)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("\nalerts:\n", "\nalerts:\n  - webhook: "
                               "http://127.0.0.1:%d/nobody\n"
                               % story.free_port(), 1))
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 20)
    drill = walks_begin(story, op)

    def told_by_the_terminal():
        for script in scripts:
            script.go_on()
        station.wait_line("INCIDENT 1 at camera", 20)
        time.sleep(1.2)
    seen = walk(drill, told_by_the_terminal)
    story.check(seen["told_s"] is not None and seen["in_time"] is False,
                "the terminal told of him, and no channel did", seen)
    drill.communicate(b"\n", 20)
    story.check(station.stop() == 0, "the station ends in order")

with Story("a covered lens watches nothing, also when all is quiet") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    cameras_name(op, CAMERAS.partition("  - name: gate")[0])
    config_edit(op, "quiet_s: 10", "quiet_s: 1")
    story.write("op/garage.txt", "interval_ms=100 duration_ms=100 "
                "learned_at=2 sight_at=3 covered_at=20 hold_at=25 "
                "covered_until=30\n")
    station, link = console_start(story, op)
    anna = Person(link.group(1), "anna", link.group(2))
    station.wait_line("A CAMERA IS COVERED OR GONE", 30)
    camera = anna.ask("/api/state")[1]["cameras"][0]
    story.check((camera["state"], camera["sight"]["state"],
                 camera["zones"][0]["sight"]["state"]) ==
                ("tamper", "unknown", "unknown") and camera["is_recorded"],
                "the console says that it sees nothing", camera)
    with open(op + "/garage.txt", "a", encoding="ascii") as out:
        out.write("hold_at=-1\n")
    station.wait_line("camera garage sees again", 30)
    camera = anna.ask("/api/state")[1]["cameras"][0]
    story.check((camera["state"], camera["zones"][0]["sight"]["state"]) ==
                ("on", "good"), "and that it sees again", camera)
    story.check(station.stop() == 0, "the station ends in order")
    begun, over, again = [line for line in ledger(op, "incident")
                          if "kind=tamper" in line]
    story.check("state=closed" in over and " blind=garage " in over,
                "the closing line names who is covered still", over)
    out = story.sting("drill", op, "--watched", "--json").json()[0]["left_out"]
    covered = [part for part in out if part["why"] == "covered"]
    story.check([(part["from"], part["to"]) for part in covered] ==
                [tuple(line.split(" ")[1][:23] + "Z" for line in
                       (begun, again))],
                "from when it was told until it saw again", (out, begun, again))

with Story("hours and touches are those of the copy that lay there") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    story.sting("bait", "issue", op, "tank", "--to", "anna", "ben", "cleo",
                "--out", story.path("copies"), *story.keys())
    cameras_name(op, CAMERAS.partition("  - name: gate")[0])
    config_edit(op, "copy: 7", "copy: 2")
    story.write("op/garage.txt", "interval_ms=100 duration_ms=100 "
                "learned_at=2 sight_at=3 in_view_at=4 person_at=6 lifted_at=8")
    station = story.sting_start("run", op)
    station.wait_line("garage, table: THE PAGE IS LIFTED", 30)
    config_edit(op, "copy: 2", "copy: 3")
    os.kill(station.pid, signal.SIGHUP)
    station.wait_line("operation.yaml was read again", 20)
    story.check(wait_for(lambda: len(ledger(op, "laid")) == 2),
                "which copy lies there is a line, and so is another one",
                ledger(op, "laid"))
    story.check(station.stop() == 0, "the station ends in order")
    rows = [row for row in
            story.sting("drill", op, "--watched", "--json").json()
            if row["type"] == "watched"]
    story.check([row["copy"] for row in rows] == [3, 2]
                and rows[1]["laid"][0]["to"] == rows[0]["laid"][0]["from"]
                and rows[0]["laid"][0]["to"] is None
                and rows[1]["to"] == rows[0]["from"] and rows[1]["good"] > 0,
                "each copy has its own hours", rows)
    story.sting("dossier", op, "--out", story.path("e.html"),
                *story.keys_for("the garden fair"))
    html = open(story.path("e.html"), encoding="utf-8").read()
    story.check("page lifted, copy 2, zone table of camera garage, " in html
                and "copy 2: zone table of camera garage, from " in html
                and "copy 3: zone table of camera garage, since " in html,
                "and the dossier says which one was lifted", html)

with Story("it is measured how well it was watched") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    scripts = configure(op)
    none = story.sting("drill", op, "--walk", code=2)
    story.check("no station runs" in none.err, "nobody walks unwatched", none)
    story.sting("drill", "--walk", code=1)
    none = story.sting("drill", op, "--walk", "--at", "attic", code=1)
    story.check("no camera attic" in none.err, "nor in no room", none)
    station = story.sting_start("run", op, "--json")
    station.wait_line('"event": ?"sight".*"dark".*"garage"', 20)
    drill = walks_begin(story, op)

    number = []  # a busy machine may have lost a camera before: 1, or 2

    def told_of():
        time.sleep(1.2)  # in there, and nobody sees him yet
        for script in scripts:
            script.go_on()
        number.append(int(station.wait_line(
            r"INCIDENT (\d+) at camera \S+: somebody is there", 20).group(1)))
        time.sleep(1.2)  # what the team needs
    seen = walk(drill, told_of)
    story.check(seen["type"] == "walk" and seen["incidents"] == number
                and 1 < seen["told_s"] < 6 and seen["in_time"] is True,
                "who walks is told of, in time for the team", seen)
    station.wait_line("incident %d: over" % number[0], 20)
    unseen = walk(drill, lambda: time.sleep(0.5))
    story.check(unseen["told_s"] is None and unseen["in_time"] is False
                and unseen["incidents"] == [],
                "and that nobody was told of is told as well", unseen)
    out, _ = drill.communicate(b"\n", 20)
    rates = [json.loads(line) for line in out.splitlines()]
    story.check([(row["type"], row["hits"], row["trials"]) for row in rates]
                == [("walks", 1, 2), ("walks-in-time", 1, 2)]
                and rates[0]["low"] < 0.5 < rates[0]["high"]
                and drill.returncode == 0,
                "one walk that did not end does not count", rates)
    lines = ledger(op, "drill")
    story.check(len(lines) == 4 and "incidents=%d" % number[0] in lines[0]
                and "by=Ben" in lines[0] and "incidents=" not in lines[2],
                "each is a line that names its incidents", lines)
    story.check(any("cameras=garage,gate" in line
                    for line in ledger(op, "incident")),
                "an incident's lines say which cameras saw it",
                ledger(op, "incident"))
    station.wait_line('"event": ?"sight".*"dark".*"gate"', 20)
    story.check(station.stop() == 0, "the station ends in order")

    rows = story.sting("drill", op, "--watched", "--json").json()
    hours = [row for row in rows if row["type"] == "watched"]
    why = [part["why"] for part in hours[0]["left_out"]]
    story.check(len(hours) == 1 and hours[0]["bait"] == "tank"
                and hours[0]["copy"] == 7 and 0 < hours[0]["good"] < 1
                and why[-1] in ("dark", "off") and "dark" in why
                and why[0] in ("off", "learning"),
                "while one camera saw it was covered, then not, and why",
                hours)
    story.check(not [row for row in rows if row["type"] == "unseen"],
                "a walk test is no visit", rows)
    story.check([(row["hits"], row["trials"]) for row in rows
                 if row["type"] == "walks"] == [(1, 2)],
                "walks of before are counted", rows)
    words = story.sting("drill", op, "--watched").out
    story.check("too dark to see a person" in words
                and "walks that were told of: 1 of 2" in words
                and "no two cameras of one room have told of one" in words,
                "in words too", words)
    story.binary = os.environ["STING"]
    story.sting("dossier", op, "--out", story.path("d.html"),
                *story.keys_for("the garden fair"))
    html = open(story.path("d.html"), encoding="utf-8").read()
    story.check("walk test" in html and "too dark to see a person" in html
                and "Walk tests that were told of" in html,
                "the dossier says so")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] == "INTACT", "the record holds", found)
