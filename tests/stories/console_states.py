"""What a camera sees is said in words on the wall, and of a document on the
table: one camera a state. Pictures are kept where PICTURES says."""
import os
import signal

from browsing import browser, browser_is_there, console_start, pictures_of
from story import Story, cameras_name

# What happens at each, by the number of a tenth of a second. Zones hold
# documents at those that have a copy.
CAMERAS = {
    "shed": ("learned_at=2", 0),
    "barn": ("", 0),
    "yard": ("learned_at=2 all_dark_at=5", 0),
    "loft": ("lost_at=5", 0),
    "hall": ("learned_at=2 person_at=5 sizes=2", 0),
    "bench": ("learned_at=2 in_view_at=5 sight_at=5", 5),
    "desk": ("learned_at=2 person_at=5 page_at=8 in_view_at=6 "
             "lifted_at=9 flashes_at=120 persons=2 clock_ms=-15000", 7),
    "rack": ("learned_at=2 dark_at=5 in_view_at=6 read_at=7", 9),
}


def configure(story, op):
    text = ""
    for name, (words, copy) in CAMERAS.items():
        story.write("op/%s.txt" % name, "interval_ms=100 duration_ms=100 "
                    "bytes=2000 " + words)
        text += "  - name: %s\n    url: %s.txt\n    place: %s\n" % (
            name, name, name)
        if copy:
            text += ("    zones:\n      - name: paper\n        bait: tank\n"
                     "        copy: %d\n        polygon: [[0.2, 0.2], "
                     "[0.8, 0.2], [0.8, 0.8]]\n        length: {from: "
                     "[0.25, 0.5], to: [0.75, 0.5], metres: 8}\n" % copy)
    cameras_name(op, text)


with Story("each state of a camera and of a page has its words") as story:
    browser_is_there()
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    configure(story, op)
    station, link = console_start(story, op)
    station.wait_line("at camera desk.*TOUCHED", 20)
    browser(story, "states.mjs", link.group(0), pictures_of(story))
    station.wait_line("camera desk, paper: 3 camera flashes over the page in "
                      r"\d+ s", 30)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        lines = file.readlines()
    gone = [line for line in lines if " go state=in " in line]
    sharp = [line for line in lines if " sight camera=bench zone=paper " in line]
    story.check(len(sharp) == 1 and " px_m=80.0 class=observe" in sharp[0],
                "pixels a metre and their class are in the ledger", sharp)
    story.check(len(gone) == 1 and "camera=hall" in gone[0],
                "our own went into the room that was chosen", gone)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
