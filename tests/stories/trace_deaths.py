"""The worker that reads a scan dies over one of its pages: that one is told,
the others are read all the same."""
import json
import os
import signal
import time

from story import Story, workers_of

PAGES = 6
# Of the time that an unharmed run takes; another one may be in a hurry.
PARTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.5, 0.4, 0.6, 0.3)


def killed_after(story, words, seconds):
    """Exit code and findings a page of a run whose worker is killed then."""
    run = story.start(story.binary, *words)
    time.sleep(seconds)
    for worker in workers_of(run, "picture"):
        os.kill(worker, signal.SIGKILL)
    code = run.wait(120)
    found = [json.loads(line) for line in run.text().splitlines()
             if line.startswith("{")]
    return code, [row for row in found if row.get("sheet")], run.text()


with Story("a worker dies over one page of a scan") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issued = story.sting("bait", "issue", op, "water-tank", "--to", "Anna",
                         "Bert", "--out", story.path("out"), "--json",
                         *story.keys()).json()
    words = ["trace", op, issued[1]["file"], "--json", *story.keys()]
    began = time.monotonic()
    whole = [row for row in story.sting(*words).json() if row.get("sheet")]
    took_s = time.monotonic() - began
    story.check([row["sheet"] for row in whole] == list(range(1, PAGES + 1))
                and all(row["copy"] == 2 for row in whole),
                "every page of the scan names the copy", whole)
    without = []
    for part in PARTS:
        code, found, text = killed_after(story, words, part * took_s)
        lost = [row for row in found if row["verdict"] == "unreadable"]
        if code == 0:
            story.check([row["sheet"] for row in found]
                        == list(range(1, PAGES + 1)) and len(lost) <= 1
                        and all(row["copy"] == 2 for row in found
                                if row not in lost),
                        "killed after %.1f of the time: %d of %d pages named"
                        % (part, len(found) - len(lost), len(found)), text)
            without += lost
            if lost:
                break
        else:  # over the document itself: nothing is told, and that loudly
            story.check(code == 2 and not found and "was killed" in text,
                        "or the run ends and says why", text)
    story.check(without and all("was killed" in row["why"]
                                for row in without),
                "a page over which it died is told, and of what", without)
