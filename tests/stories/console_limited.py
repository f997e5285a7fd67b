"""A custodian of some cameras, in a browser: of those he sees all there is, of
the others nothing, neither on a page nor by asking. Pictures are kept where
PICTURES says."""
import signal
import time

from browsing import browser, browser_is_there, cameras_name, console_start, \
    pictures_of
from console_play import COLOURS, film, first_of, ledger, people, stretch_of
from story import Story


def begin(story):
    """Three places: a yard that otto sees, a garage and a gate that he does
    not. Nobody answers at the gate, which is an incident."""
    op = story.operation()
    for name, colours in (("yard", COLOURS[::-1]), ("garage", COLOURS)):
        cameras_name(op, "  - name: %s\n    url: %s\n    place: %s\n"
                     % (name, film(story, name, colours), name))
    cameras_name(op, "  - name: gate\n    url: rtsp://127.0.0.1:%d/gate\n"
                 "    place: gate\n" % story.free_port())
    station, link = console_start(story, op)
    for name in ("garage", "yard"):
        station.wait_line("camera %s: over" % name, 30)
    station.wait_line("INCIDENT 1 at camera gate", 30)
    who = people(story, link.group(1), link.group(2))
    end = time.time() + 20
    while len(ledger(op, "seg")) < 2 and time.time() < end:
        time.sleep(0.2)
    return op, station, link, who


def played_by_another(story, op, cleo):
    """Who sees all has looked at both, and noted something: lines that name
    what otto does not see."""
    wish = dict(stretch_of(op), cameras="garage,yard", browser="none",
                why="was it at the garage?")
    http, got = cleo.ask("/api/play/ask", wish)
    story.check(http == 200, "another custodian asks for both", got)
    story.sting("unlock", op, "--code", got["play"]["code"], *story.keys())
    http, got = cleo.ask("/api/note", {"incident": "1", "type": "note",
                                       "who": "", "text": "the gate is shut"})
    story.check(http == 200, "and notes something", got)


def main(story):
    browser_is_there()
    op, station, link, who = begin(story)
    played_by_another(story, op, who["cleo"])
    begin_ms = first_of(op) - 20000
    browser(story, "limited.mjs", link.group(1) + "/", pictures_of(story),
            str(begin_ms), str(begin_ms + 61000), op, *story.keys())
    shown = [line for line in ledger(op, "custody") if "by=otto" in line]
    story.check(shown and not any("garage" in line or "gate" in line
                                  for line in shown),
                "what he was shown is of his camera, and is a line", shown)
    made = story.sting("verify", op + "-exhibit", "--json").json()[-1]
    story.check(made["verdict"].startswith("INTACT"),
                "an exhibit of his holds", made)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the record holds",
                found)


if __name__ == "__main__":
    with Story("a custodian of one camera learns nothing of others") as told:
        main(told)
