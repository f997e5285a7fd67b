"""Somebody looks at pairs of pages and says which one is the copy.

Two sessions in a real browser; what the page saves is scored. The pictures of
it are kept where PICTURES says.
"""
import json
import os
import re
import sys

from story import ROOT, SKIPPED, Story

with Story("an eye session can be held and is scored") as story:
    modules = os.environ.get("BROWSER_MODULES",
                             os.path.join(ROOT, "build", "browser"))
    if not os.path.isdir(os.path.join(modules, "node_modules")):
        print("tools/setup_browser.sh was not run")
        sys.exit(SKIPPED)
    pictures = os.environ.get("PICTURES", story.path("pictures"))
    os.makedirs(pictures, exist_ok=True)

    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name", "tank")
    page = story.path("eye.html")
    story.sting("drill", op, "--eye", page, "--pairs", 2, *story.keys())
    text = open(page, encoding="utf-8").read()
    session = re.search(r"id=session hidden>([0-9a-f]{32})<", text).group(1)
    story.check(text.count("<img ") == 4 and "http" not in text,
                "an eye session has its pairs inside and fetches nothing")

    got = json.loads(story.run(
        "node", os.path.join(ROOT, "tests", "browser", "eye.mjs"), page,
        pictures, env=dict(os.environ, BROWSER_MODULES=modules)).out)
    hits = 0
    for name, answers in (("telephone", "LL"), ("desk", "RR")):
        held = got[name]["answers"]
        story.check(held == {"session": session, "answers": answers},
                    "what was answered is what is saved", held)
        row = story.sting("drill", op, "--eye-score",
                          story.write("answers.json", json.dumps(held)),
                          "--json", *story.keys()).json()[0]
        story.check(row["trials"] == 2 and row["low"] <= row["hits"] / 2
                    <= row["high"], "answers are scored", row)
        hits += row["hits"]
    story.check(hits == 2, "left and right cannot both be the copy", hits)
    for ink in got["desk"]["inks"]:
        story.check(abs(ink[0] - ink[1]) < 0.02 * max(ink),
                    "copy and original are equally black", ink)
    ledger = open(op + "/evidence/ledger").read()
    story.check(len(re.findall(r"drill type=eye trials=2 hits=\d", ledger)) == 2,
                "and every score is in the ledger")
    junk = story.write("junk.json", "no answers")
    got = story.sting("drill", op, "--eye-score", junk, *story.keys(), code=2)
    story.check("no answers of a session" in got.err, "junk is refused", got)
