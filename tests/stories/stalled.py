"""Who looks at a camera hangs, for ever: one thread of its worker is stopped, as
a decoder that goes round in circles would be, while the other reads on. What
is recorded has no hole, it is told in time and loudly that nobody looks,
another looks from there on, and of who comes then there are words and
pictures."""
import json
import os
import re
import signal
import time

from cameras import begin, end
from hung import thread_go_on, thread_stop, threads_of
from story import BUSY, Story, cameras_name, wait_for, workers_of
from two_streams import STILL, clip_make, ledger, soon_quiet

TOLD_S = 15   # that it may hang before it is told: docs/design/station.md
LATE_S = 5    # for the next keyframe, and for this machine
VISITS = (25, 75)
# Somebody walks twice; between them who looked hangs.
FILM = ("".join(STILL % (10 * count, "s%d" % i) for i, count
                in enumerate((VISITS[0], VISITS[1] - VISITS[0] - 17, 60)))
        + "[0:v]trim=start_frame=40:end_frame=215,setpts=N/10/TB,split[v][w];"
        "[s0][v][s1][w][s2]concat=n=5,scale=384:216,noise=c0s=5:c0f=t,"
        "format=yuv420p")


def films(hook):
    """Forms, which carry pictures, among what came: incident by number."""
    found = {}
    for _, _, headers, body in list(hook.received):
        if headers["Content-Type"].startswith("multipart/"):
            row = json.loads(re.search(rb"\{.*\}", body)[0])
            found[row["incident"]] = b"\xff\xd8\xff" in body
    return found


with Story("a looker that hangs is told of and replaced") as story:
    op, hook = story.operation(), story.webhook()
    server, port = begin([os.environ["RTSP_SERVE"],
                          clip_make(story, "visits", FILM), "0"])
    cameras_name(op, "  - name: yard\n    url: rtsp://127.0.0.1:%d/camera\n"
                 % port)
    soon_quiet(op)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\nalerts:\n", "\nalerts:\n  - webhook: %s\n"
                                "    attach: clear\n" % hook.url, 1))
    station = story.sting_start("run", op)
    station.wait_line("camera yard: recording", 20)
    station.wait_line("INCIDENT 1 at camera yard", 60)
    station.wait_line("incident 1: over", 60)
    wait_for(lambda: films(hook).get(1))
    story.check(films(hook).get(1), "who comes is told of, with a picture")
    worker = workers_of(station, "camera")
    story.check(len(worker) == 1, "one worker reads and looks", worker)
    began = time.time()
    hung = thread_stop(worker[0])
    station.wait_line("camera yard: NOBODY LOOKS", TOLD_S + LATE_S)
    took = station.at - began
    story.check(took <= BUSY * (TOLD_S + LATE_S), "that nobody looks is told "
                "after %.1f s" % took, station.text())
    station.wait_line("INCIDENT 2 at camera yard.*somebody", 90)
    story.check(workers_of(station, "camera") == worker,
                "another looks, in the same worker, and sees who comes next",
                station.text())
    wait_for(lambda: films(hook).get(2))
    story.check(films(hook).get(2), "of whom there is a picture too",
                [row[2] for row in hook.received])
    thread_go_on(hung)
    wait_for(lambda: hung not in threads_of(worker[0]))
    story.check(hung not in threads_of(worker[0])
                and len(threads_of(worker[0])) == 1,
                "who hung ends, should he ever go on")
    station.wait_line("incident 2: over", 60)
    story.check(station.text().count("learning what quiet") == 4,
                "and tells nothing any more", station.text())
    story.check("is lost" not in station.text()
                and "gone" not in station.text(),
                "the camera was never lost", station.text())
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    end(server)
    lines = [line for line in ledger(op) if " camera camera=yard" in line]
    story.check(any("NOBODY%20LOOKS" in line for line in lines),
                "the ledger has it", lines)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"],
                "what is recorded has no hole", found)
