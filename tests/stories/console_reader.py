"""The console by ear: what a reader of screens is given of every page, in both
languages; an incident and a touch are said once, and nobody loses his place.
What would be read is kept where PICTURES says."""
import os
import signal

from browsing import browser, browser_is_there, console_start, pictures_of
from story import Story, cameras_name

# In tenths of a second: who is there, and when a document is touched.
CAMERAS = {"shed": "person_at=150 page_at=230 person_until=290",
           "yard": "person_at=480 page_at=540 person_until=1500"}


def main(story):
    browser_is_there()
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    hook = story.webhook()
    for name, words in CAMERAS.items():
        story.write("op/%s.txt" % name, "interval_ms=100 duration_ms=100 "
                    "bytes=2000 learned_at=2 in_view_at=5 " + words)
        cameras_name(op, "  - name: %s\n    url: %s.txt\n    place: %s\n"
                     "    zones:\n      - name: paper\n        bait: tank\n"
                     "        copy: 7\n        polygon: [[0.2, 0.2], "
                     "[0.8, 0.2], [0.8, 0.8]]\n" % (name, name, name))
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("quiet_s: 10", "quiet_s: 2").replace(
            "\nalerts:\n", "\nalerts:\n  - webhook: %s\n" % hook.url))
    station, link = console_start(story, op)
    browser(story, "reader.mjs", link.group(0), pictures_of(story))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")


if __name__ == "__main__":
    with Story("the console can be used by ear") as told:
        main(told)
