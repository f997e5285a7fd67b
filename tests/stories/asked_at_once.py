"""Two runs on one page at the same time do not both pay as the first."""
import os
import re

from story import Story

with Story("of two traces side by side one is charged, one refused") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    copy = story.sting("bait", "issue", op, "water-tank", "--to", "Anna",
                       "Bert", "--out", story.path("out"), "--json",
                       *story.keys()).json()[0]["file"]
    photos = [story.path("photo%d.jpg" % n) for n in (1, 2)]
    for n, photo in enumerate(photos):
        story.sting("drill", "--photograph", copy, "--page", "2", "--setting",
                    "half-light", "--seed", n + 1, "--out", photo)
    runs = [story.sting_start("trace", op, photo, *map(str, story.keys()))
            for photo in photos]
    codes = [run.wait(120) for run in runs]
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        asked = [re.search(r"question=(\w+) k=(\d+)", line).groups()
                 for line in file if line.split(" ")[3] == "trace"]
    story.check(0 in codes and set(codes) <= {0, 2}, "one at least answers",
                codes)
    story.check(len(asked) == len(set(asked)) and len(asked) >= 2,
                "no two are charged as the same", asked)
    refused = [run.text() for run, code in zip(runs, codes) if code == 2]
    story.check(all("asked about the same meanwhile" in text and
                    "run it again" in text and "copy" not in text
                    for text in refused),
                "who is refused is told why, and no copy", refused)
    again = story.sting("trace", op, photos[1], *story.keys(), "--json").json()
    story.check(again[0]["run"] == len({k for _, k in asked}) + 1
                and again[0]["copy"] == 1, "and may ask again", again)
    told = " ".join(story.sting("trace", "--help").out.split())
    story.check("the k-th run on a page is charged k (k + 1)" in told and
                "A further quotation of a document (--text) is charged so too"
                in told, "the help says beforehand what that costs", told)
