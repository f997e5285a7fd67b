"""The console on a telephone, by finger: the strip of time, zones, and areas of
a cut; and whether all that is to be touched is large enough. Pictures are kept
where PICTURES says."""
import os
import signal
import time

from browsing import browser, browser_is_there, console_start, pictures_of
from console_play import Person, ledger
from story import Story, cameras_name

CLIP = os.environ["CLIP"]


def main(story):
    browser_is_there()
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n" % CLIP)
    station, link = console_start(story, op)
    station.wait_line("camera garage: recording", 20)
    Person(link.group(1), "anna", link.group(2))
    until = time.time() + 40  # the strip shows what is sealed
    while not ledger(op, "seg") and time.time() < until:
        time.sleep(0.2)
    got = browser(story, "touch.mjs", link.group(1) + "/", pictures_of(story),
                  "garage")
    story.check(got["pages"] == 10, "a finger does what a mouse does, and all "
                "of ten pages is large enough for it", got)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")


if __name__ == "__main__":
    with Story("the console under a finger") as told:
        main(told)
