"""A station deletes by itself what does not fit: the oldest day first, never
what belongs to an incident; a line tells of it, and it records meanwhile."""
import calendar
import glob
import os
import re
import signal
import time

from shim import BOOT, WALL, Shim
from story import Story, cameras_name, film_s, wait_for

LIMIT = 64 << 20
MINUTE_US, DAY_US = 60 * 1000000, 86400 * 1000000
# A megabyte a second, of so many seconds: however late the test looks.
LARGE = "interval_ms=50 duration_ms=1000 bytes=1000000 bytes_until=%d"
SMALL = "interval_ms=100 duration_ms=100 bytes=2000"


def ledger(op, kind):
    """Fields of every line of a kind."""
    with open(os.path.join(op, "evidence/ledger"), encoding="utf-8") as file:
        return [dict(re.findall(r" (\w+)=(\S+)", line)) for line in file
                if line.split(" ")[3] == kind]


def files(op):
    """Whole recordings that are there, as DAY/NAME."""
    folder = os.path.join(op, "evidence/segments/garage")
    return {os.path.relpath(path, folder)
            for path in glob.glob(folder + "/*/[0-9]*.m4s.age")}


def size_of(path):
    """0 of what went since it was listed."""
    try:
        return os.path.getsize(path)
    except FileNotFoundError:
        return 0


def bytes_of(op):
    return sum(size_of(path) for path in glob.glob(
        os.path.join(op, "evidence/segments/garage/*/*")))


def noon_us(days_ago):
    """What to add to the clock for noon of that day."""
    now = time.time()
    return int((calendar.timegm(time.gmtime(now)[:3] + (12, 0, 0)) - now)
               * 1e6) - days_ago * DAY_US


def station_start(story, op, shim, words):
    story.write("op/clip.txt", words)
    station = story.sting_start("run", op, env=shim.env)
    station.wait_line("camera garage: recording", 10)
    return station


def record(story, op, shim, seconds, more=""):
    """A station that records so much; what it recorded."""
    before, film = files(op), film_s(op, "garage")
    station = station_start(story, op, shim, LARGE % (seconds + 4) + more)
    if more:
        station.wait_line("somebody is there", 20)
        station.wait_line(r"incident \d+: over", 20)
    story.wait_film(op, "garage", film + seconds)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    return files(op) - before


def days_record(story, op, shim):
    """Two days: nobody for a while, ten minutes later a visit, which holds
    what is around it; a day later nobody again."""
    shim.set(WALL, noon_us(3))
    quiet = record(story, op, shim, 40)
    shim.add(WALL, 10 * MINUTE_US)
    visit = record(story, op, shim, 16, " person_at=4 person_until=8")
    shim.set(WALL, noon_us(2))
    return quiet, visit, record(story, op, shim, 20)


def erased(op, count):
    """So many `erase` lines, and what they say is gone is."""
    wait_for(lambda: len(ledger(op, "erase")) >= count, 60)
    lines = ledger(op, "erase")
    told = sum(int(line["count"]) for line in lines)
    wait_for(lambda: len(ledger(op, "seg")) - len(files(op)) >= told, 20)
    return lines


with Story("a station keeps no more than it may, and says what went") as story:
    story.binary = os.environ["STANDIN"]
    op, shim = story.operation(), Shim(story)
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    with open(op + "/operation.yaml", "r+", encoding="utf-8") as file:
        text = file.read().replace("quiet_s: 10", "quiet_s: 1")
        file.seek(0)
        file.write(text)
    quiet, visit, later = days_record(story, op, shim)
    with open(op + "/operation.yaml", "a", encoding="utf-8") as file:
        file.write("retention:\n  bytes: 64M\n")
    story.check(bytes_of(op) > LIMIT and not ledger(op, "erase")
                and files(op) == quiet | visit | later,
                "%d MB lie there, more than is allowed from now on"
                % (bytes_of(op) >> 20))

    shim.set(WALL, noon_us(1))
    station = station_start(story, op, shim, SMALL)
    line = erased(op, 1)
    film = film_s(op, "garage")
    story.check([(one["count"], one["camera"], one["why"], one["by"])
                 for one in line] == [(str(len(quiet)), "garage", "retention",
                                       "the%20station")],
                "one line tells that the oldest day goes, and why", line)
    story.check(files(op) >= visit | later and not files(op) & quiet,
                "it is gone, what is around the visit and the next day stay",
                sorted(files(op)))
    story.check(bytes_of(op) < LIMIT, "and all fits")
    story.wait_film(op, "garage", film + 2)
    story.check(not station.lost("garage"), "it has recorded meanwhile",
                station.text())
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"] and
                found["erased"] == len(quiet),
                "the record is INTACT, with what the station erased", found)

    with open(op + "/clip.txt", "a", encoding="ascii") as file:
        file.write("\nbytes=1000000\n")
    wait_for(lambda: bytes_of(op) > LIMIT, 60)
    story.check(len(ledger(op, "erase")) == 1, "more comes; it looks again in "
                "an hour")
    for clock in WALL, BOOT:
        shim.add(clock, 61 * MINUTE_US)
    line = erased(op, 2)
    story.check(len(line) == 2 and line[1]["count"] == str(len(later))
                and files(op) >= visit and not files(op) & later,
                "then the next day goes; the visit stays", line)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    causes = {gap["cause"] for gap in found["gaps"]}
    story.check("suspend" in causes and causes <= {"suspend", "camera"} and
                found["erased"] == len(quiet) + len(later) and
                [one["by"] for one in found["erasures"]]
                == 2 * ["the station"],
                "the record has no other gap than that hour", found)
