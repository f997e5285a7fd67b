"""A report says what was found; a third party can check it, and sees any
change."""
import base64
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys

from packs import changed, checks, flip, none_hold, signed
from story import ROOT, Story

HOLDERS = ["gardener-%02d" % n for n in range(1, 6)]


BLEND = """
import cv2, sys
one, other = (cv2.imread(name).astype(float) for name in sys.argv[1:3])
cv2.imwrite(sys.argv[3], ((one + other) / 2).round().astype("uint8"))
"""


# A page of the report, seen: the photograph in it beside the one that was
# given, frames in green and red, and where the longest upright line in red
# of the plot stands, in points.
LOOK = """
import cv2, sys
import numpy as np
given, inside = (cv2.imread(name, 0) for name in sys.argv[1:3])
small = cv2.resize(given, inside.shape[::-1], interpolation=cv2.INTER_AREA)
page = cv2.imread(sys.argv[3]).astype(int)
blue, green, red = (page[:, :, i] for i in range(3))
line = (abs(red - 204) < 25) & (abs(green - 31) < 25) & (abs(blue - 26) < 25)
axis = int(float(sys.argv[4]) * 144 / 72)  # the plot ends there
line[:axis - 200] = line[axis:] = False
print(np.corrcoef(small.ravel(), inside.ravel())[0, 1],
      int(((green > red + 12) & (green > blue + 12)).sum()),
      int(((red > green + 12) & (red > blue + 12)).sum()),
      float(line.sum(axis=0).argmax()) * 72 / 144)
"""


def ticks_of(path, page):
    """Where numbers stand under the plot, in points: down; across, and they."""
    text = subprocess.run(["pdftotext", "-bbox", "-f", page, "-l", page, path,
                           "-"], check=True, capture_output=True,
                          text=True).stdout
    rows = {}
    for left, top, right, word in re.findall(
            r'xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" [^>]*>'
            r'(-?[0-9]+)</word>', text):
        rows.setdefault(round(float(top)), []).append(
            ((float(left) + float(right)) / 2, int(word)))
    top = max(rows, key=lambda row: len(rows[row]))
    return top, rows[top]


def figures_show(story, report, photo, line):
    """What is drawn is what was given and found."""
    path = os.path.join(report, "report.pdf")
    pages = subprocess.run(["pdftotext", path, "-"], check=True,
                           capture_output=True, text=True).stdout.split("\f")
    page = str(next(number for number, text in enumerate(pages, 1)
                    if "speaks for other codes" in " ".join(text.split())))
    subprocess.run(["pdfimages", "-all", path, story.path("inside")],
                   check=True)
    subprocess.run(["pdftoppm", "-r", "144", "-png", "-singlefile", "-f", page,
                    path, story.path("seen")], check=True)
    top, ((x, v), *_, (x2, v2)) = ticks_of(path, page)
    # Debian's own, for which python3-opencv is.
    alike, green, red, mark = map(float, subprocess.run(
        ["/usr/bin/python3", "-c", LOOK, photo, story.path("inside-000.jpg"),
         story.path("seen.png"), str(top)], check=True, capture_output=True,
        text=True).stdout.split())
    story.check(alike > 0.95, "the photograph is the one that was given", alike)
    story.check(green > 2 * red and red > 0,
                "most words are framed as the copy named has them",
                (green, red))
    value = v + (mark - x) * (v2 - v) / (x2 - x)
    story.check(abs(value - line["log10_lr"]) < 1 + 0.01 * abs(v2 - v),
                "the copy's line stands at its strength",
                (value, line["log10_lr"]))
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        figures = [base64.b64decode(data) for data in re.findall(
            'data:image/svg.xml;base64,([A-Za-z0-9+/=]+)', file.read())]
    with open(story.path("inside-000.jpg"), "rb") as file:
        jpeg = base64.b64encode(file.read())
    story.check(any(jpeg in figure.replace(b"\n", b"") for figure in figures),
                "the page has it too, to the byte")


def nameless(story, op, body, photo, pack):
    """The check tells of which picture and page a pack is; one that is signed
    but names no copy does not hold."""
    mine, theirs = checks(story, pack)
    with open(photo, "rb") as file:
        picture = hashlib.sha256(file.read()).hexdigest()
    story.check("picture with SHA-256 %s, sheet 1; pages measured: 2\n" % picture
                in mine.out, "the check tells picture, sheet and page", mine)
    story.check("sheet 1 of the picture with SHA-256 %s, page 2\n" % picture
                in theirs.stdout, "and so does the script", theirs.stdout)
    empty = re.sub(rb"(?m)^unit .*\n", b"", body)
    empty = changed(changed(empty, b"measured", lambda v: b"0"),
                    b"log10-lr", lambda v: b"0")
    bad = story.path("nameless.recheck")
    with open(bad, "wb") as file:
        file.write(signed(story, op, empty))
    mine, theirs = checks(story, bad)
    story.check(mine.code == 3 and "names no copy" in mine.err
                and theirs.returncode == 1 and "names no copy" in theirs.stderr,
                "a pack that names no copy does not hold", (mine, theirs))


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


def too_little(story, lines, page):
    """What shows too little is no word against a copy, nor for none."""
    weak = [line for line in lines if line["picture"]
            and line["verdict"] in ("none", "lead")]
    none = [line for line in weak if line["verdict"] == "none"]
    open_ones = [line for line in none if not line["excluded"]]
    story.check(weak and all(line["power"] >= 0.9 for line in none
                             if line["excluded"]),
                "of weak pictures some name no copy, and none excludes one",
                lines)
    story.check(page.count("too little to name a copy or to exclude one")
                == len(open_ones)
                and ("speaks for none" in page) == (open_ones != none)
                and "%d that tell too little to name or to exclude one"
                % len(open_ones) in page,
                "and the report says just that", page[-3000:])
    story.check(all("The best of all copies issued reaches %.1f."
                    % line["log10_lr"] in page for line in weak),
                "the best of the copies, which is not named, is among them",
                (weak, page[-3000:]))


def weak_pictures(story, op, copy):
    """Of three pages a picture each that names nobody alone. Asking again
    weakens the answer, so that there is one."""
    weak = []
    for page in (4, 5, 6):
        for seed in range(20, 40):
            picture = story.path("weak%d.jpg" % page)
            story.sting("drill", "--photograph", copy["file"], "--page", page,
                        "--setting", "garage70-words60", "--seed", seed,
                        "--out", picture)
            line = story.sting("trace", op, picture, "--json", *story.keys(),
                               code=None).json()[0]
            if line["verdict"] in ("none", "lead") and line["log10_lr"] > 2:
                weak.append(picture)
                break
    return weak


def only_together(story, op, copy):
    """A copy that no picture alone names, and several together do."""
    weak, report = weak_pictures(story, op, copy), story.path("weak")
    lines = story.sting("trace", op, *weak, "--json", "--report", report,
                        *story.keys()).json()
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        page = file.read()
    part = re.split("<h2>", page)
    too_little(story, lines, page)
    story.check("was issued to: %s. This report does not say" % copy["holder"]
                in part[1] and "together, copy 4" in part[5]
                and "Odds before" in part[5], "what they name together has "
                "holder and strength in the report", part[1] + part[5])
    told = story.sting("trace", op, *weak, *story.keys()).out
    story.check("0 attributed" in told and "together: ATTRIBUTED" in told
                and "A copy is not a person" in told,
                "and the terminal says what it is not", told)


def last_of_many(story, op, photo, holder):
    """What names a copy is told first, however much comes before it."""
    many, report = story.path("many"), story.path("many-report")
    plain = story.path("plain.jpg")
    os.makedirs(many)
    story.sting("drill", "--photograph", story.sample("water-tank.pdf"),
                "--page", 3, "--setting", "half-light-quarter", "--seed", 4,
                "--out", plain)
    for number in range(1, 14):
        shutil.copy(plain, os.path.join(many, "IMG_%02d.jpg" % number))
    shutil.copy(photo, os.path.join(many, "IMG_14.jpg"))
    story.sting("trace", op, many, "--report", report, *story.keys(),
                seconds=300)
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        part = re.split("<h2>", file.read())
    story.check("The picture IMG_14.jpg" in part[1] and holder in part[1]
                and part[1].index("IMG_14.jpg") < part[1].index("IMG_01.jpg")
                and "Pages found that are not told here: 2." in part[1],
                "the last of many pictures leads the conclusion, and what is "
                "left out is counted", part[1])
    story.check("IMG_14.jpg" in part[4] and "IMG_14.jpg" in part[5]
                and "Pages found that are not drawn here: 2." in part[4],
                "it is drawn, and its strength told", part[4][-2000:])


def two_copies(story, op, photo, others):
    """Pictures of different copies are no question of one copy."""
    report, packs = story.path("apart"), story.path("apart-packs")
    theirs = story.path("theirs.jpg")
    story.sting("drill", "--photograph", others["file"], "--page", 3,
                "--setting", "half-light-quarter", "--seed", 8, "--out", theirs)
    lines = story.sting("trace", op, photo, theirs, "--json", "--report",
                        report, "--pack", packs, *story.keys()).json()
    story.check([line["copy"] for line in lines] == [4, others["copy"]]
                and lines[0]["tried"] > 5 * (2 + 2),
                "each picture names its own copy, nothing is told of both as "
                "one, and that look is counted", lines)
    story.check(not any(name.startswith("together")
                        for name in os.listdir(packs)),
                "no pack says otherwise", os.listdir(packs))
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        page = file.read()
    story.check("Judged together" not in page and others["holder"] in page
                and "they name different copies (4, %d)" % others["copy"]
                in page, "the report says so, and names both", page[-3000:])
    told = story.sting("trace", op, photo, theirs, *story.keys()).out
    story.check("are not judged as one: they name different copies" in told,
                "and so does the terminal", told)


def exif_add(path):
    """As a telephone writes it (CIPA DC-008): make, model, time and zone."""
    texts = {0x010F: b"Gardenphone\0", 0x0110: b"GP 7\0",
             0x9003: b"2026:11:01 21:14:03\0", 0x9011: b"+01:00\0"}

    def table(tags, at, more=b""):
        """Entries of a directory that begins there; texts lie behind it."""
        out, data = b"", b""
        end = at + 2 + 12 * (len(tags) + bool(more)) + 4
        for tag in tags:
            out += struct.pack("<HHII", tag, 2, len(texts[tag]),
                               end + len(data))
            data += texts[tag]
        return struct.pack("<H", len(tags) + bool(more)) + out + more \
            + b"\0\0\0\0" + data

    sub = 8 + len(table([0x010F, 0x0110], 8, b"\0" * 12))
    tiff = b"II*\0\x08\0\0\0" + table([0x010F, 0x0110], 8, struct.pack(
        "<HHII", 0x8769, 4, 1, sub)) + table([0x9003, 0x9011], sub)
    with open(path, "r+b") as file:
        jpeg = file.read()
        file.seek(2)
        file.write(b"\xff\xe1" + struct.pack(">H", len(tiff) + 8)
                   + b"Exif\0\0" + tiff + jpeg[2:])


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digits(path):
    return hashlib.sha256(read(path)).hexdigest()[:8]


def asked(op):
    """How often anything was asked, by the ledger."""
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        return sum(line.split(" ")[3] == "trace" for line in file)


def nothing_replaced(story, op, photo, packs, report):
    """What was given out stays: where it is in the way, that is told before
    the question is asked, or after it is answered."""
    first, = (os.path.join(packs, name) for name in os.listdir(packs)
              if not name.endswith(".bad"))
    story.check(os.path.basename(first)
                == "photo.jpg-%s-page2.recheck" % digits(photo),
                "a pack is named after picture, digest and page", first)
    before, questions = read(first), asked(op)
    file = story.write("file", "no folder\n")
    for words in (["--report", report], ["--report", file], ["--pack", file],
                  ["--draw", file]):
        got = story.sting("trace", op, photo, *words, *story.keys(), code=2)
        story.check(asked(op) == questions and not got.out
                    and got.err.count("\n") == 1,
                    "%s in the way is told before it is asked" % words[0], got)
    again = story.sting("trace", op, photo, "--pack", packs, "--json",
                        *story.keys()).json()[0]
    second = first.replace("page2", "page2-run%d" % again["run"])
    story.check(read(first) == before and again["run"] > 1
                and b"holder" in read(second),
                "a further run's pack stands beside the first", again)
    third = story.write(os.path.join(packs, os.path.basename(first).replace(
        "page2", "page2-run%d" % (again["run"] + 1))), "another\n")
    got = story.sting("trace", op, photo, "--pack", packs, *story.keys(),
                      code=2)
    story.check("ATTRIBUTED to copy 4" in got.out and read(third)
                == b"another\n" and "is there already: name another" in got.err,
                "where another file stands it stays, and the answer is told",
                got)
    deep = story.path("card", *(letter * 90 for letter in "abc"))
    os.makedirs(deep)
    shutil.copy(photo, os.path.join(deep, "photo.jpg"))
    story.sting("trace", op, story.path("card"), "--pack", packs,
                *story.keys())
    story.check([name for name in os.listdir(packs) if re.fullmatch(
                 "b+_c+_photo.jpg-%s-page2-run[0-9]+.recheck" % digits(photo),
                 name)], "of a file far down too", os.listdir(packs))


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
    exif_add(photo)
    report, packs = story.path("report"), story.path("packs")
    line, = story.sting("trace", op, photo, "--json", "--report", report,
                        "--pack", packs, *story.keys()).json()
    story.check(line["verdict"] == "attributed" and line["copy"] == 4,
                "the copy is named", line)
    story.check(line["taken"] == "2026-11-01T21:14:03+01:00"
                and line["camera"] == "Gardenphone GP 7",
                "time and camera are kept", line)

    with open(os.path.join(report, "report.html")) as file:
        page = file.read()
    pdf = subprocess.run(["pdftotext", "-layout",
                          os.path.join(report, "report.pdf"), "-"],
                         check=True, capture_output=True, text=True).stdout
    for words in ("copy 4", copy["holder"], "extremely strong",
                  "A copy is not a person", "Odds before", "Gardenphone GP 7",
                  "2026-11-01", "21:14:03+01:00"):
        story.check(words in page and words in " ".join(pdf.split()),
                    "HTML and PDF both say: %s" % words)
    story.check("<script" not in page and "http" not in
                page.replace("http-equiv", "").split("base64")[0],
                "the page runs and fetches nothing")

    figures_show(story, report, photo, line)
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
        b"measured": ("damaged", lambda v: b"%d\nunit %s" % (
            int(v) + 1, re.search(rb"(?m)^unit (.*)$", body).group(1))),
        b"tried": ("", lambda v: b"0"),
        b"unit": ("strength", lambda v: v.split()[0] + b" 3.25"),
        b"log10-lr": ("strength", lambda v: b"99.5"),
        b"genesis": ("first line", lambda v: base64.b64encode(
            base64.b64decode(v).replace(b"role=single", b"role=office"))),
        b"issue": ("checkpoint", lambda v: base64.b64encode(
            base64.b64decode(v).replace(b"count=5", b"count=4"))),
    }
    none_hold(story, op, body, seen, "recheck.py")
    nameless(story, op, body, photo, pack)
    other = story.path("other.jpg")
    story.sting("drill", "--photograph", copy["file"], "--page", 3,
                "--setting", "half-light-quarter", "--seed", 8, "--out", other)
    both = story.path("both")
    lines = story.sting("trace", op, photo, other, "--json", "--pack", both,
                        *story.keys()).json()
    pack, = [os.path.join(both, name) for name in os.listdir(both)
             if re.fullmatch("together1-[0-9a-f]{8}(-run[0-9]+)?.recheck",
                             name)]
    mine, theirs = checks(story, pack)
    told = story.sting("trace", "--recheck", pack, "--json").json()[0]
    story.check(mine.code == 0 and theirs.returncode == 0 and told["pages"] == 2
                and any(abs(told["log10_lr"] - line["log10_lr"]) < 0.01
                        and abs(told["log10_false"] - line["log10_false"]) < .01
                        for line in lines if line["log10_lr"] is not None),
                "two pages judged together are one pack that holds", told)
    two_copies(story, op, photo, issued[1])
    only_together(story, op, copy)
    last_of_many(story, op, photo, copy["holder"])
    mixture(story, op, issued)
    story.check(story.sting("verify", op).code == 0, "the record is intact")

    nothing_replaced(story, op, photo, packs, report)
    # Of two pictures of one name none takes the other's place.
    drawn, folder = story.path("drawn"), story.path("elsewhere")
    os.makedirs(folder)
    shutil.copy(other, os.path.join(folder, "photo.jpg"))
    story.sting("trace", op, photo, os.path.join(folder, "photo.jpg"), "--draw",
                drawn, *story.keys(), code=None)
    story.check(sorted(name.split("-")[1] for name in os.listdir(drawn))
                == sorted(digits(path) for path in (photo, other)),
                "pictures of one name are two", os.listdir(drawn))
