"""A page that is taken while nobody watches is missed when the camera looks again;
and one that is lifted before a camera that sees nobody is an incident."""
import json
import os
import signal

from story import Story, cameras_name, config_edit

CAMERAS = """  - name: desk
    place: office
    url: desk.txt
    zones:
      - name: paper
        bait: water-tank
        copy: 1
        polygon: [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]
  - name: door
    place: office
    url: door.txt
"""
QUIET = "interval_ms=100 duration_ms=100 bytes=2000 learned_at=2 "


def ledger(op, kind):
    """Lines of that kind: their number, and what they say."""
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        words = [line.split() for line in file]
    return [dict(word.split("=", 1) for word in line[4:] if "=" in word)
            | {"entry": int(line[0])} for line in words if line[3] == kind]


def watched(story, op, hook, desk, door, until):
    """A station, until it has told that and its incident is over; what the
    webhook heard meanwhile."""
    heard = len(hook.received)
    story.write("op/desk.txt", QUIET + desk)
    story.write("op/door.txt", QUIET + door)
    station = story.sting_start("run", op)
    station.wait_line(until, 30)
    if "INCIDENT" in until:
        station.wait_line("incident [0-9]+: over", 30)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    return station.text(), [json.loads(body) for *_, body in
                            hook.received[heard:]]


with Story("a page that is gone, and nobody was seen") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    hook = story.webhook()
    story.write("op/keys/secret", "x\n")
    cameras_name(op, CAMERAS)
    config_edit(op, "\nalerts:\n", "\nalerts:\n  - webhook: %s\n"
                "    secret_file: keys/secret\n" % hook.url)
    config_edit(op, "quiet_s: 10", "quiet_s: 1\nrecord: incidents")

    text, _ = watched(story, op, hook, "in_view_at=4", "", "a page lies there")
    story.check("INCIDENT" not in text, "a page that lies there is quiet", text)
    lay = ledger(op, "page")[-1]
    text, heard = watched(story, op, hook, "bare_at=30", "",
                          "INCIDENT .*paper: the page moved, is missed")
    story.check("NO SHEET IS SEEN IN ZONE paper, where copy 1 of water-tank "
                "lay when it was last told of, at %sZ" % lay["since"][:19]
                in text, "it is said which copy lay there, and when", text)
    told, gone = ledger(op, "incident")[0], ledger(op, "page")[-1]
    story.check((told["kind"], told["tier"], told["zone"], told["state"])
                == ("page", "presence", "paper", "opened"),
                "it is an incident of presence", told)
    story.check((gone["state"], gone["basis"], gone["incident"])
                == ("no-sheet", "found", told["n"])
                and gone["entry"] > told["entry"],
                "and the page's line names it", gone)
    story.check([one["change"] for one in heard][:1] == ["opened"]
                and heard[0]["tier"] == "presence",
                "channels of presence hear of it", heard)
    text, heard = watched(story, op, hook, "bare_at=30", "", "NO SHEET IS SEEN")
    story.check("where copy" not in text and not heard,
                "once: it is known then", text)

    before = len(ledger(op, "seg"))
    text, heard = watched(story, op, hook, "in_view_at=4 lifted_at=30", "",
                          "INCIDENT .*paper: the page moved")
    seconds = [int(line["us"]) / 1e6 for line in ledger(op, "seg")[before:]]
    story.check(sum(seconds) > 2.5 and heard[0]["tier"] == "presence",
                "a page lifted before a camera that sees nobody is told, and "
                "what was filmed before is kept", (seconds, heard))
    text, heard = watched(story, op, hook, "in_view_at=4 lifted_at=30",
                          "person_at=20 person_until=40", "ALERT! INCIDENT")
    story.check(("raised", "touch", "desk") in [
        (one["change"], one["tier"], one["camera"]) for one in heard],
        "somebody whom another camera of the room sees makes it a touch",
        heard)
    text, heard = watched(story, op, hook, "in_view_at=4 lifted_at=30 "
                          "flashes_at=35", "", "ALERT! INCIDENT")
    story.check("touch" in [one["tier"] for one in heard],
                "and flashes over it do, while nobody is seen", heard)
    last = ledger(op, "incident")[-1]
    story.check("cameras" not in last, "no camera is said to have seen him",
                last)
