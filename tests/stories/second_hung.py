"""A camera with two streams: who checks that the recorded one is what the camera
sees hangs. It is told, another checks from there on, and neither is the
recording touched nor who looks at the second stream."""
import signal
import time

from cameras import end
from hung import thread_go_on, threads_of, youngest_stop
from story import BUSY, Story, wait_for, workers_of
from two_streams import SEEN, UNSEEN, clip_make, garage_begin, remarks

TOLD_S = 15 + 5  # docs/design/station.md, and for the next that is checked
TOLD = "NOT CHECKED: who checked what is recorded of it has hung"

with Story("who hangs over the recorded stream is told of and replaced") as story:
    large, small = (clip_make(story, name, film) for name, film
                    in (("large", UNSEEN), ("small", SEEN)))
    servers, _, op = garage_begin(story, large, small)
    station = story.sting_start("run", op)
    station.wait_line("the recorded one is only checked", 45)
    worker = workers_of(station, "camera")
    hung = []
    for count in (1, 2):
        threads = len(threads_of(worker[0]))
        time.sleep(3)  # it has begun, and mostly waits, with no lock held
        hung.append(youngest_stop(worker[0]))
        wait_for(lambda: station.text().count(TOLD) == count, BUSY * TOLD_S)
        story.check(station.text().count(TOLD) == count,
                    "of the %d. it is told that nobody checks" % count,
                    station.text())
        wait_for(lambda: len(threads_of(worker[0])) == threads + 1, 5)
        story.check(len(threads_of(worker[0])) == threads + 1,
                    "and another checks", threads_of(worker[0]))
    story.check("INCIDENT 1 at camera garage: somebody" in station.text(),
                "meanwhile who is on the second stream is told of",
                station.text())
    story.check(workers_of(station, "camera") == worker
                and "NOBODY LOOKS" not in station.text()
                and "is gone" not in station.text(),
                "and the camera was never lost", station.text())
    for tid in hung:
        thread_go_on(tid)
    wait_for(lambda: not set(hung) & set(threads_of(worker[0])))
    story.check(not set(hung) & set(threads_of(worker[0])),
                "those that hung end, should they ever go on")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)
    lines = [line for line in remarks(op, "garage") if "hung" in line]
    story.check(len(lines) == 2, "the ledger has both", lines)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"],
                "and the recording has no hole", found)
