"""Several operations on one machine: each station keeps its own record, shows
its own console, and knows nobody of the other's; none runs twice."""
import os
import signal

from browsing import call, console_start
from console_play import Person, ledger
from story import Story, cameras_name


def begin(story, name, camera):
    op = story.operation(name)
    cameras_name(op, "  - name: %s\n    url: clip.txt\n" % camera)
    story.write(name + "/clip.txt", "interval_ms=100 duration_ms=100 "
                "person_at=15 person_until=30")
    station, link = console_start(story, op)
    station.wait_line("INCIDENT 1 at camera %s" % camera, 20)
    return op, station, link


def main(story):
    story.binary = os.environ["STANDIN"]
    tank = begin(story, "tank", "garage")
    shed = begin(story, "shed", "yard")
    anna = Person(tank[2].group(1), "anna", tank[2].group(2))
    ben = Person(shed[2].group(1), "ben", shed[2].group(2))
    for person, camera in ((anna, "garage"), (ben, "yard")):
        _, got = person.ask("/api/state")
        story.check([one["name"] for one in got["cameras"]] == [camera],
                    "%s sees the own camera alone" % person.address, got)
    for person, other in ((anna, ben), (ben, anna)):
        got = [call(other.address, path, headers={"Cookie": person.cookie})[0]
               for path in ("/api/state", "/api/incidents", "/api/health")]
        story.check(got == [401] * 3, "a session of one is none of the other",
                    got)
    again = story.sting("run", tank[0], code=None, seconds=20)
    story.check(again.code == 2 and "another station" in again.err,
                "no operation runs twice", again.err)
    for op, station, _ in (tank, shed):
        story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
        names = {word for line in ledger(op, "seg") for word in line.split()
                 if word.startswith("camera=")}
        story.check(len(names) == 1, "its record holds its camera alone", names)
        found = story.sting("verify", op, "--json", code=None).json()[-1]
        story.check(found["verdict"] == "INTACT", "the record holds", found)


if __name__ == "__main__":
    with Story("several operations live side by side") as told:
        main(told)
