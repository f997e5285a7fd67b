"""Who looks at a camera hangs, and so does who looks instead, and the third. They
keep memory that nobody gets back, so the worker ends, and another one reads
and looks: it costs a gap of seconds that is told, never the station."""
import datetime
import os
import signal
import time

from cameras import begin, end
from hung import thread_bury, thread_stop, threads_of
from story import BUSY, Story, cameras_name, film_s, wait_for, workers_of
from two_streams import UNSEEN, clip_make, ledger

TOLD_S = 15 + 5  # docs/design/station.md, and for the next keyframe


def span_s(gap):
    since, until = (datetime.datetime.fromisoformat(gap[key].rstrip("Z"))
                    for key in ("from", "to"))
    return (until - since).total_seconds()


with Story("three lookers hang, and another worker begins") as story:
    op = story.operation()
    server, port = begin([os.environ["RTSP_SERVE"],
                          clip_make(story, "nobody", UNSEEN), "0"])
    cameras_name(op, "  - name: yard\n    url: rtsp://127.0.0.1:%d/camera\n"
                 % port)
    station = story.sting_start("run", op)
    station.wait_line("camera yard: recording", 20)
    worker = workers_of(station, "camera")
    hung = []
    for count in range(1, 4):
        wait_for(lambda: len(threads_of(worker[0])) == count, BUSY * TOLD_S)
        time.sleep(3)  # it has begun, and mostly waits, with no lock held
        hung.append(thread_stop(worker[0], but=hung))
        wait_for(lambda: station.text().count("NOBODY LOOKS") == count,
                 BUSY * TOLD_S)
        story.check(station.text().count("NOBODY LOOKS") == count,
                    "of the %d. it is told that nobody looks" % count,
                    station.text())
    story.check(station.text().count("its worker ends") == 1,
                "and of the last that its worker ends", station.text())
    after = len(station.line)
    wait_for(lambda: all([thread_bury(tid) for tid in hung]), 20)
    station.wait_line("camera yard: recording", 60, after)
    again = workers_of(station, "camera")
    story.check(len(again) == 1 and again != worker,
                "after the third another worker reads and looks", again)
    film = film_s(op, "yard")
    story.wait_film(op, "yard", film + 2)
    story.check(station.is_running(), "the station has gone on")
    story.check(station.stop(signal.SIGINT) == 0, "and ends in order")
    end(server)
    lines = [line for line in ledger(op) if "NOBODY%20LOOKS" in line]
    story.check(len(lines) == 3, "the ledger has each of the three", lines)
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    missing = [span_s(gap) for gap in found["gaps"]]
    story.check({gap["cause"] for gap in found["gaps"]} == {"worker"},
                "whose cause is no camera's", found["gaps"])
    story.check(len(missing) == 1 and missing[0] < BUSY * 10,
                "the record has a gap of %s s, and no other" % missing, found)
