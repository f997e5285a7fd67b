"""Every page of the console in a real browser, by keyboard and by mouse, from
a telephone to a desk, light and dark, in both languages; axe-core finds
nothing. Pictures of the pages are kept where PICTURES says; WATCH_S, seconds
before they are looked at, makes them livelier."""
import os
import signal

from browsing import (MODULES, browser, browser_is_there, console_start,
                      pictures_of)
from story import ROOT, Story, cameras_name

CLIP = os.environ["CLIP"]

with Story("the console's pages can be used") as story:
    browser_is_there()
    got = browser(story, "words.mjs", os.path.join(ROOT, "src", "web", "page"))
    story.check(got["keys"] > 80, "every word is there in both languages", got)
    with open(os.path.join(ROOT, "tests", "browser", "package-lock.json"),
              encoding="utf-8") as file:
        locked = file.read()
    story.check('"integrity"' in locked and "://" not in locked
                and '"resolved"' not in locked,
                "the tests' npm packages are known by hash, from no address")
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n    zones:\n"
                 "      - name: desk\n        bait: tank\n        copy: 7 # since spring\n"
                 "        polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 0.9]]\n"
                 "  - name: yard\n    url: rtsp://127.0.0.1:%d/yard\n"
                 % (CLIP, story.free_port()))
    with open(os.path.join(op, "operation.yaml"), "a", encoding="utf-8") as file:
        file.write("retention:\n  days: 30 # as the works council agreed\n")
    # One that crashed, so that there is a gap to be seen.
    station = story.sting_start("run", op)
    story.wait_film(op, "garage", float(os.environ.get("WATCH_S", "2")))
    station.kill()
    station, link = console_start(story, op)
    station.wait_line("camera garage: recording", 20)
    node = story.start(
        "node", os.path.join(ROOT, "tests", "browser", "pages.mjs"),
        link.group(0), pictures_of(story),
        env=dict(os.environ, BROWSER_MODULES=MODULES))
    node.wait_line("a note is sealed", 120)
    said = story.sting("log", op, "--list", "--show", "--reason", "the board",
                       *story.keys())
    story.check("had the key" in said.out and "cable was loose" in said.out
                and "nothing was shown" not in said.err,
                "notes are opened on the machine", said)
    story.check(node.wait(300) == 0 and '"wall"' in node.text(),
                "every page was looked at", node.text())
    with open(os.path.join(op, "operation.yaml"), encoding="utf-8") as file:
        text = file.read()
    story.check("# since spring" in text and "name: shelf" in text
                and "[0.3200, 0.5110]" in text,
                "zones are as they were drawn, comments are kept", text)
    story.check("quiet_s: 12\n" in text and "# as the works council" in text
                and r'instruction: "wait by the gate: \"quietly\""' in text,
                "settings are written, comments are kept", text)
    story.check("/etc/passwd" not in text and "days: 30 #" in text,
                "what was refused is not", text)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        told = [line for line in file if "by=anna" in line]
    story.check([line.split()[3] for line in told if " console " not in line]
                == ["ack", "note", "custody", "go", "go", "config", "config", "arm", "arm"] and "false=alarm" in "".join(told),
                "lines say who drew them, and who called it a false alarm",
                told)
    read = [line for line in told if " custody " in line]
    story.check("item=notes%20of%20lines%20" in read[0]
                and "the%20report%20to%20the%20board" in read[0],
                "and who read which notes, and why", read)
    story.sting("verify", op, code=None)
