"""A report says what was found; a third party can check it, and sees any
change."""
import base64
import os
import re
import subprocess
import sys

from packs import checks, flip, none_hold
from story import ROOT, Story

HOLDERS = ["gardener-%02d" % n for n in range(1, 6)]


BLEND = """
import cv2, sys
one, other = (cv2.imread(name).astype(float) for name in sys.argv[1:3])
cv2.imwrite(sys.argv[3], ((one + other) / 2).round().astype("uint8"))
"""


def mixture(story, op, lines):
    """Two copies laid over each other: each is named, each has its pack."""
    mixed, packs = story.path("mixed.png"), story.path("mixed")
    shots = []
    for line in (line for line in lines if line["copy"] in (2, 4)):
        shots.append(story.path("shot%d.jpg" % line["copy"]))
        story.sting("drill", "--photograph", line["file"], "--page", 2,
                    "--setting", "screenshot150", "--out", shots[-1])
    # Debian's own, for which python3-opencv is.
    subprocess.run(["/usr/bin/python3", "-c", BLEND, *shots, mixed],
                   check=True)
    found, = story.sting("trace", op, mixed, "--json", "--pack", packs,
                         *story.keys()).json()
    named = {one["copy"]: one["log10_lr"] for one in found["copies"]}
    story.check(set(named) == {2, 4}, "both copies of a mixture are named",
                found)
    story.check(len(os.listdir(packs)) == 2, "each has a pack of its own")
    for pack in os.listdir(packs):
        mine, theirs = checks(story, os.path.join(packs, pack))
        told = story.sting("trace", "--recheck", os.path.join(packs, pack),
                           "--json").json()[0]
        story.check(mine.code == 0 and theirs.returncode == 0
                    and abs(told["log10_lr"] - named.pop(told["copy"])) < .01,
                    "which holds, for sting and for the script", told)


with Story("a report, and a pack that anybody can check") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issued = story.sting("bait", "issue", op, "water-tank", "--to", *HOLDERS,
                         "--out", story.path("copies"), "--json",
                         *story.keys()).json()
    copy = [line for line in issued if line["copy"] == 4][0]
    photo = story.path("photo.jpg")
    story.sting("drill", "--photograph", copy["file"], "--page", 2,
                "--setting", "half-light-quarter", "--seed", 9, "--out", photo)
    report, packs = story.path("report"), story.path("packs")
    line, = story.sting("trace", op, photo, "--json", "--report", report,
                        "--pack", packs, *story.keys()).json()
    story.check(line["verdict"] == "attributed" and line["copy"] == 4,
                "the copy is named", line)

    with open(os.path.join(report, "report.html")) as file:
        page = file.read()
    pdf = subprocess.run(["pdftotext", "-layout",
                          os.path.join(report, "report.pdf"), "-"],
                         check=True, capture_output=True, text=True).stdout
    for words in ("copy 4", copy["holder"], "extremely strong",
                  "A copy is not a person", "Odds before"):
        story.check(words in page and words in " ".join(pdf.split()),
                    "HTML and PDF both say: %s" % words)
    story.check("<script" not in page and "http" not in
                page.replace("http-equiv", "").split("base64")[0],
                "the page runs and fetches nothing")

    # The report is no document of ours: a picture of it is the other negative.
    other, second = story.path("other.jpg"), story.path("second")
    story.sting("drill", "--photograph", os.path.join(report, "report.pdf"),
                "--setting", "desk", "--seed", 2, "--out", other)
    story.sting("trace", op, other, "--report", second, *story.keys(), code=3)
    with open(os.path.join(second, "report.html")) as file:
        negative = file.read()
    story.check("no page of this operation" in negative
                and "4 that filled half" in negative,
                "of a picture of nothing of ours it says what would have been "
                "found", negative[-3000:])

    pack, = [os.path.join(packs, name) for name in os.listdir(packs)]
    mine, theirs = checks(story, pack)
    told = story.sting("trace", "--recheck", pack, "--json").json()[0]
    story.check(mine.code == 0 and theirs.returncode == 0,
                "the pack holds, for sting and for the script", theirs)
    story.check(told["verdict"] == "holds" and told["copy"] == 4
                and abs(told["log10_lr"] - line["log10_lr"]) < 0.01
                and abs(told["log10_false"] - line["log10_false"]) < 0.01,
                "and gives the number that was reported", told)
    story.check("log10_lr %.4f, log10_false %.4f"
                % (told["log10_lr"], told["log10_false"]) in theirs.stdout,
                "the script gives the same", theirs.stdout)
    with open(pack, "rb") as file:
        text = file.read()
    names = set(text.decode().split()) & set(HOLDERS)
    story.check(names == {copy["holder"]}, "no other holder is in it", names)

    at = len(text) // 3
    with open(pack + ".bad", "wb") as file:
        file.write(text[:at] + bytes([text[at] ^ 1]) + text[at + 1:])
    mine, theirs = checks(story, pack + ".bad")
    story.check(mine.code == 3 and theirs.returncode == 1,
                "one changed bit is seen", mine)

    # Whoever holds the machine can sign again; the commitment still stands.
    body = text[:text.rindex(b"signature ")]
    seen = {
        b"holder": ("committed to", lambda v: b"gardener-01"),
        b"key": ("committed to", flip),
        b"salt": ("committed to", flip),
        b"bias-key": ("committed to", flip),
        b"bias": ("committed to", flip),
        b"copy-path": ("committed to", flip),
        b"original": ("another batch", flip),
        b"line-path": ("checkpoint", flip),
        b"unit": ("strength", lambda v: v.split()[0] + b" 3.25"),
        b"log10-lr": ("strength", lambda v: b"99.5"),
        b"genesis": ("first line", lambda v: base64.b64encode(
            base64.b64decode(v).replace(b"role=single", b"role=office"))),
        b"issue": ("checkpoint", lambda v: base64.b64encode(
            base64.b64decode(v).replace(b"count=5", b"count=4"))),
    }
    none_hold(story, op, body, seen, "recheck.py")
    other = story.path("other.jpg")
    story.sting("drill", "--photograph", copy["file"], "--page", 3,
                "--setting", "half-light-quarter", "--seed", 8, "--out", other)
    both = story.path("both")
    lines = story.sting("trace", op, photo, other, "--json", "--pack", both,
                        *story.keys()).json()
    pack = os.path.join(both, "together1.recheck")
    mine, theirs = checks(story, pack)
    told = story.sting("trace", "--recheck", pack, "--json").json()[0]
    story.check(mine.code == 0 and theirs.returncode == 0 and told["pages"] == 2
                and any(abs(told["log10_lr"] - line["log10_lr"]) < 0.01
                        and abs(told["log10_false"] - line["log10_false"]) < .01
                        for line in lines if line["log10_lr"] is not None),
                "two pages judged together are one pack that holds", told)
    mixture(story, op, issued)
    story.check(story.sting("verify", op).code == 0, "the record is intact")
