"""`record: incidents`: what is about an incident is kept, from 10 s before it
began; the rest was watched, is not kept, and is no gap."""
import datetime
import os
import re
import signal
import time

from story import Story


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")


def lines(op, kind):
    found = []
    with open(os.path.join(op, "evidence", "ledger")) as file:
        for line in file:
            if line.split(" ")[3] == kind:
                found.append(dict(re.findall(r"(\S+)=(\S+)", line)))
    return found


with Story("only incidents are kept, and the rest is told") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    path = os.path.join(op, "operation.yaml")
    with open(path) as file:
        text = file.read()
    for old, new in (("quiet_s: 10", "quiet_s: 1\nrecord: incidents"),
                     ("\ncameras:\n", "\ncameras:\n  - name: garage\n"
                      "    url: clip.txt\n")):
        story.check(old in text, "operation.yaml has %s" % old.strip())
        text = text.replace(old, new, 1)
    with open(path, "w") as file:
        file.write(text)
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write("interval_ms=100 duration_ms=100 learned_at=5 "
                   "person_at=130 person_until=140")
    station = story.sting_start("run", op)
    station.wait_line("only incidents are recorded", 10)
    station.wait_line("INCIDENT 1 at camera garage: somebody is there", 60)
    after = len(station.line)
    station.wait_line("incident 1: over", 20, after)
    time.sleep(2)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

    rests, segs = lines(op, "rest"), lines(op, "seg")
    opened = next(one for one in lines(op, "incident")
                  if one["state"] == "opened")
    began = moment(opened["start"])
    kept = [(moment(one["t0"]), moment(one["t0"]) + datetime.timedelta(
        microseconds=int(one["us"]))) for one in segs]
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
