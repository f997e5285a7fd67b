"""`record: incidents`: what is about an incident is kept, from 10 s before it
began; the rest was watched, is not kept, and is no gap. A camera that is lost
is an incident: what it showed last is kept."""
import datetime
import os
import re
import signal
import time

from story import Story, cameras_name, config_edit


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")


def lines(op, kind):
    found = []
    with open(os.path.join(op, "evidence", "ledger")) as file:
        for line in file:
            if line.split(" ")[3] == kind:
                found.append(dict(re.findall(r"(\S+)=(\S+)", line)))
    return found


def begin(story, name, script):
    """A station with one camera that keeps only incidents."""
    op = story.operation(name)
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    config_edit(op, "quiet_s: 10", "quiet_s: 1\nrecord: incidents")
    story.write(name + "/clip.txt", "interval_ms=100 duration_ms=100 "
                "learned_at=5 " + script)
    station = story.sting_start("run", op)
    station.wait_line("only incidents are recorded", 10)
    return op, station


def kept_of(op):
    """Begin and end of each recording."""
    return [(moment(one["t0"]), moment(one["t0"]) + datetime.timedelta(
        microseconds=int(one["us"]))) for one in lines(op, "seg")]


def visit(story):
    op, station = begin(story, "visit", "person_at=130 person_until=140")
    station.wait_line("INCIDENT 1 at camera garage: somebody is there", 60)
    after = len(station.line)
    station.wait_line("incident 1: over", 20, after)
    time.sleep(2)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

    rests, segs = lines(op, "rest"), lines(op, "seg")
    opened = next(one for one in lines(op, "incident")
                  if one["state"] == "opened")
    began = moment(opened["start"])
    kept = kept_of(op)
    about = [one for one in kept if one[1] > moment(rests[0]["to"])]
    before_s = (began - about[0][0]).total_seconds()
    story.check(8.5 < before_s < 12.5,
                "kept from %.1f s before the incident" % before_s, kept)
    story.check((about[-1][1] - began).total_seconds() > 1.5,
                "until it was over", kept)
    story.check(len(rests) == 2 and int(rests[0]["looks"]) > 5,
                "before and after it rested: two lines", rests)
    story.check(not lines(op, "gap"), "and no gap", lines(op, "gap"))
    files = [name for _, _, names in os.walk(os.path.join(op, "evidence"))
             for name in names if name.endswith((".part", ".m4s.age"))]
    story.check(len(files) == len(segs),
                "nothing lies there that no line names", files)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT", "INTACT", found)


def loss(story):
    op, station = begin(story, "loss", "lost_at=130")
    station.wait_line("INCIDENT 1 at camera garage: the camera is gone", 60)
    station.wait_line("camera garage: recording again", 20)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    gap, rest = lines(op, "gap")[0], lines(op, "rest")[0]
    ends = moment(gap["from"])
    about = [one for one in kept_of(op) if moment(rest["to"]) < one[1] <=
             ends + datetime.timedelta(milliseconds=10)]
    story.check(about and (ends - about[-1][1]).total_seconds() < 0.01 and
                8.5 < (ends - about[0][0]).total_seconds() < 12.5,
                "what a camera showed in the 10 s before it was lost is kept",
                (rest, gap, kept_of(op)))
    story.check((about[0][0] - moment(rest["to"])).total_seconds() < 0.01,
                "and only what was before is told as rest", (rest, about))
    story.check(len(lines(op, "gap")) == 1 and gap["cause"] == "camera",
                "one gap, from its last picture on", lines(op, "gap"))
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check(found["verdict"] == "INTACT WITH GAPS" and
                len(found["gaps"]) == 1, "and verify says so", found)


with Story("only incidents are kept, and the rest is told") as story:
    story.binary = os.environ["STANDIN"]
    visit(story)
    loss(story)
