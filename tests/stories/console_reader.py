"""The console by ear: what a reader of screens is given of every page, in both
languages; an incident and a touch are said once, and nobody loses his place.
What would be read is kept where PICTURES says."""
import os
import signal

from browsing import MODULES, browser_is_there, console_start, pictures_of
from story import ROOT, Script, Story, cameras_name

# Who is there, and when a document is touched: each when the browser is where
# that is to be heard.
CAMERAS = {"shed": ("person_at=10 page_at=20 person_until=30", 10, 20, 30),
           "yard": ("person_at=10 page_at=20", 10, 20)}
TURNS = (("the wall is open", "shed"), ("somebody stands on its line", "shed"),
         ("the touch was told once", "shed"), ("the table is open", "yard"),
         ("he was told of it there", "yard"))


def main(story):
    browser_is_there()
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    hook = story.webhook()
    scripts = {}
    for name, (words, *holds) in CAMERAS.items():
        scripts[name] = Script("%s/%s.txt" % (op, name), "interval_ms=100 "
                               "duration_ms=100 bytes=2000 learned_at=2 "
                               "in_view_at=5 " + words, *holds)
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
    node = story.start("node", os.path.join(ROOT, "tests", "browser",
                                            "reader.mjs"), link.group(0),
                       pictures_of(story),
                       env=dict(os.environ, BROWSER_MODULES=MODULES))
    for words, name in TURNS:
        node.wait_line(words, 60)
        scripts[name].go_on()
    story.check(node.wait(100) == 0, "all of it is heard, and once", node.text())
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")


if __name__ == "__main__":
    with Story("the console can be used by ear") as told:
        main(told)
