"""A form that is drawn twice on one page moves alike in both places, and its
words count once."""
import os
import random
import re
import shutil
import subprocess
import zlib

from paper import stream, write_pdf
from story import Story, SKIPPED

WORDS = ("water tank garden pipe valve level float inlet outlet overflow filter "
         "barrel litre rain gutter hose pump brass copper joint seal").split()


def text(lines, seed):
    draw = random.Random(seed)
    out = "BT /F 12 Tf 15 TL 60 780 Td\n"
    for _ in range(lines):
        line = draw.choice(WORDS)
        while len(line) < 72:
            line += " " + draw.choice(WORDS)
        out += "(%s) Tj T*\n" % line
    return (out + "ET\n").encode()


def packed(keys, data):
    return stream(keys + b"/Filter/FlateDecode", zlib.compress(data))


def sheet_pdf(path):
    """Two pages in one: the same form twice, side by side. A picture that is
    not compressed makes the file large enough for marks."""
    twice = b"q .7 0 0 .7 0 0 cm /X Do Q q .7 0 0 .7 421 0 cm /X Do Q"
    grain = bytes(random.Random(7).randrange(200, 256) for _ in range(16000))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R/I 7 0 R>>>>>>",
        packed(b"", b"q 9 0 0 9 820 2 cm /I Do Q " + twice),
        packed(b"/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 6 0 R>>"
               b">>", text(46, 1)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
        b"<</Subtype/Image/Width 160/Height 100/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Length 16000>>\nstream\n%s\nendstream" % grain]
    write_pdf(path, objects)


def lefts(path):
    """Where each word begins, in the order of the file."""
    told = subprocess.run(["pdftotext", "-raw", "-bbox", path, "-"], check=True,
                          capture_output=True).stdout.decode()
    return [float(x) for x in re.findall(r'<word xMin="([\d.]+)"', told)]


with Story("what is drawn twice is marked once") as story:
    if not shutil.which("pdftotext"):
        raise SystemExit(SKIPPED)
    op, paper = story.operation(), story.path("paper.pdf")
    sheet_pdf(paper)
    added, = story.sting("bait", "add", op, paper, "--name", "paper",
                         "--json").json()
    words = lefts(paper)
    half = len(words) // 2
    story.check(100 < added["units"] < half, "each word is one unit at most",
                added)
    lines = story.sting("bait", "issue", op, "paper", "--to", "Anna", "Ben",
                        "--out", story.path("out"), "--json",
                        *story.keys()).json()
    moved = [b - a for a, b in zip(words, lefts(lines[1]["file"]))]
    story.check(sum(abs(m) > 0.03 for m in moved[:half]) > 100 and all(
        abs(a - b) < 0.01 for a, b in zip(moved[:half], moved[half:])),
                "both places move alike")
    photograph = story.path("paper.jpg")
    story.sting("drill", "--photograph", lines[1]["file"], "--setting",
                "half-light", "--seed", 3, "--out", photograph)
    found, *more = story.sting("trace", op, photograph, "--json", *story.keys(),
                         seconds=300).json()
    story.check(found["verdict"] == "attributed" and found["issued_to"] ==
                "Ben" and found["units"] <= added["units"],
                "a photograph of both names the copy", found)
    # One half also lies well over the other; that says the same or nothing.
    story.check(all(other["issued_to"] in ("Ben", None) for other in more),
                "however they are laid over each other", more)
