"""Photographs of a copy name it; everything else names nobody."""
import glob
import os
import subprocess

from story import Story

HOLDERS = ["gardener-%02d" % n for n in range(1, 21)]


def issue(story, op, out):
    """The sample, issued to 20 holders; the file of each copy number."""
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    lines = story.sting("bait", "issue", op, "water-tank", "--to", *HOLDERS,
                        "--out", story.path(out), "--json",
                        *story.keys()).json()
    return {line["copy"]: (line["file"], line["holder"]) for line in lines}


def photograph(story, pdf, page, setting, seed, *more):
    out = story.path("%s-%d-%s-%d.jpg" % (
        os.path.basename(os.path.dirname(pdf)), page, setting, seed))
    story.sting("drill", "--photograph", pdf, "--page", page, "--setting",
                setting, "--seed", seed, "--out", out, *more)
    return out


def scan(jpeg, size):
    """A PDF whose only page is this JPEG at 150 dots an inch."""
    page = b"0 0 %g %g" % (size[0] * .48, size[1] * .48)
    draw = b"q %g 0 0 %g 0 0 cm /I Do Q" % (size[0] * .48, size[1] * .48)
    parts = [b"<</Type/Catalog/Pages 2 0 R>>",
             b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R"
             b"/Resources<</XObject<</I 5 0 R>>>>>>" % page,
             b"<</Length %d>>\nstream\n%s\nendstream" % (len(draw), draw),
             b"<</Type/XObject/Subtype/Image/Width %d/Height %d"
             b"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
             b"/Length %d>>\nstream\n%s\nendstream"
             % (size[0], size[1], len(jpeg), jpeg)]
    out = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"trailer <</Root 1 0 R>>\n"


def ffmpeg(*words):
    subprocess.run(("ffmpeg", "-v", "error", "-y") + words, check=True,
                   timeout=120)


def size_of(picture):
    out = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=width,height",
         "-of", "csv=p=0", picture], check=True, capture_output=True).stdout
    return tuple(int(part) for part in out.decode().strip().split(",")[:2])


def memory_card(story, card, picture):
    """One photograph as all kinds of files, and what else lies on a card."""
    at = lambda name: os.path.join(card, name)
    for folder in ("DCIM", "z"):
        os.makedirs(at(folder))
    subprocess.run(["heif-enc", "-q", "80", picture, "-o", at("DCIM/a.heic")],
                   check=True, stdout=subprocess.DEVNULL, timeout=120)
    ffmpeg("-i", picture, "-quality", "90", at("DCIM/b.webp"))
    ffmpeg("-i", picture, "-compression_algo", "lzw", at("c.tiff"))
    ffmpeg("-loop", "1", "-i", picture, "-t", "0.4", "-r", "10", "-vf",
           "crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v",
           "libx264", "-preset", "ultrafast", "-crf", "14", at("z/clip.mp4"))
    with open(picture, "rb") as file:
        jpeg = file.read()
    for name, data in (("scan.pdf", scan(jpeg, size_of(picture))),
                       ("cut.jpg", jpeg[:3000]), ("notes.txt", b"tank\n")):
        with open(at(name), "wb") as file:
            file.write(data)
    os.symlink(picture, at("elsewhere.jpg"))
    return card


def trace(story, op, pictures, code, *more):
    return story.sting("trace", op, *pictures, "--json", *more, *story.keys(),
                       code=code, seconds=300).json()


with Story("a photograph names the copy, and nothing else does") as story:
    op = story.operation()
    copies = issue(story, op, "copies")
    seventh, holder = copies[7]

    taken = [photograph(story, seventh, 1, "half-light", 1),
             photograph(story, seventh, 2, "room", 2),
             photograph(story, seventh, 5, "half-light-quarter", 3)]
    drawings = story.path("drawings")
    *found, together = trace(story, op, taken, 0, "--draw", drawings)
    for line, page in zip(found, (1, 2, 5)):
        story.check(line["verdict"] == "attributed" and line["copy"] == 7
                    and line["page"] == page and line["bait"] == "water-tank"
                    and line["issued_to"] == holder,
                    "page %d of copy 7 is found and named" % page, line)
        story.check(line["log10_false"] <= -6 and line["log10_lr"] > 6
                    and line["control_log10_lr"] < 3,
                    "and its strength is told beside the control's", line)
        story.check(line["tried"] == 160, "20 copies on three pages, on all of "
                    "them, and again beside copy 7, were tried", line)
        story.check([name["copy"] for name in line["copies"]] == [7]
                    and line["expected_log10_lr"] > 6 and line["power"] > 0.9,
                    "no second copy is seen, and a true one was expected", line)
    story.check(together["picture"] is None and together["copy"] == 7
                and together["page_list"] == [1, 2, 5]
                and together["log10_lr"] > max(
                    line["log10_lr"] for line in found),
                "the three pages together are stronger than each", together)
    for picture in taken:
        svg, = glob.glob(os.path.join(glob.escape(drawings), glob.escape(
            os.path.basename(picture)) + "-????????.svg"))
        with open(svg) as drawn:
            story.check("data:image/jpeg" in drawn.read(),
                        "the marks of %s are drawn" % os.path.basename(svg))

    unmarked = photograph(story, story.sample("water-tank.pdf"), 2,
                          "half-light", 4)
    line, = trace(story, op, [unmarked], 3)
    story.check(line["verdict"] == "none" and line["page"] == 2
                and line["copy"] is None and line["issued_to"] is None,
                "the unmarked original is our page, no copy of ours", line)
    story.check(line["words"] == "unmoved" and line["power"] > 0.9
                and line["excluded"] and line["expected_log10_lr"] > 15,
                "its words were not moved, and a copy would have shown", line)
    story.check(line["run"] == 2, "another picture of a page asks again", line)

    # Without its mirror this one shows a page of ours by chance.
    mirrored = photograph(story, story.sample("water-tank.pdf"), 2,
                          "half-light-half", 8, "--mirror")
    line, = trace(story, op, [mirrored], 3)
    story.check(line["verdict"] == "none" and line["page"] == 2
                and line["tried"] == 40, "a mirrored page is found behind what"
                " chance shows, and both are counted", line)

    again, = trace(story, op, [taken[0]], 0)
    story.check(again["run"] == 2 and again["verdict"] == "attributed",
                "asking again is counted", again)
    apart = trace(story, op, [taken[1], unmarked], 0)
    story.check([line["verdict"] for line in apart] == ["attributed", "none"],
                "what stands as in the original is not judged with a copy",
                apart)

    other = story.operation("other")
    theirs, _ = issue(story, other, "their-copies")[7]
    line, = trace(story, op, [photograph(story, theirs, 1, "desk", 5)], 3)
    story.check(line["verdict"] == "none" and line["copy"] is None
                and line["words"] == "moved" and line["power"] > 0.9
                and line["excluded"],
                "another operation's copy names nobody here, and is told to be "
                "marked", line)

    dark = story.path("dark.png")
    ffmpeg("-i", photograph(story, seventh, 2, "screen-photo", 8), "-vf",
           "format=gray,lutyuv=y=20+0.5*(255-val)", dark)
    line, = trace(story, op, [dark], 0)
    story.check(line["verdict"] == "attributed" and line["copy"] == 7,
                "a screen in its dark mode, light on dark, names it", line)

    foreign = "/usr/share/doc/shared-mime-info/shared-mime-info-spec.pdf"
    if os.path.exists(foreign):
        line, = trace(story, op, [photograph(story, foreign, 3, "desk", 6)], 3)
        story.check(line["verdict"] == "no-page" and line["bait"] is None,
                    "a foreign page is no page of ours", line)
        seen = line["would_be_seen"]
        story.check(seen[0] == {"part": 0.5, "put": 4, "found": 4}
                    and len(seen) > 1,
                    "and ours, put into that picture, would have been found",
                    seen)

    broken = story.write("broken.jpg", b"\xff\xd8\xff\xe0 no picture at all")
    empty = story.write("empty.png", b"")
    for bad in (broken, empty):
        got = story.sting("trace", op, bad, "--json", *story.keys(), code=2)
        story.check(got.json()[0]["verdict"] == "unreadable"
                    and got.err.count("\n") == 1,
                    "%s is told to be unreadable in one line"
                    % os.path.basename(bad), got)
    red = story.write("\x1b[31mred.jpg", b"no picture")
    got = story.sting("trace", op, red, *story.keys(), code=2)
    story.check("\x1b" not in got.err + got.out and "?[31mred.jpg: " in got.err,
                "a file's name steers no terminal", got)
    got = story.sting("trace", op + "-none", *["%d.jpg" % number for number in
                                               range(1100)], code=2)
    story.check("op-none: " in got.err, "more than a thousand files may be "
                "named", got)
    card = story.path("card")
    found = trace(story, op, [memory_card(story, card, taken[2])], 0)
    joint = [line for line in found if line["picture"] is None]
    got = {os.path.relpath(line["picture"], card): line for line in found
           if line["picture"] is not None}
    story.check(len(joint) >= 1 and all(line["verdict"] == "attributed"
                                        and line["copy"] == 7
                                        for line in joint),
                "all pictures of the card together name it too", joint)
    kinds = {"DCIM/a.heic": "HEIC", "DCIM/b.webp": "WebP", "c.tiff": "TIFF",
             "scan.pdf": "PDF", "z/clip.mp4": "video"}
    for name, kind in kinds.items():
        line = got.get(name, {})
        story.check(line.get("verdict") == "attributed" and line["copy"] == 7
                    and line["kind"] == kind, "%s names the copy" % name, line)
    story.check(got["z/clip.mp4"]["at_s"] is not None
                and got["c.tiff"]["taken"] is None,
                "a frame has its time in the video", got["z/clip.mp4"])
    story.check(got["cut.jpg"]["verdict"] == "unreadable"
                and got["cut.jpg"]["why"] == "the JPEG is cut short"
                and got["notes.txt"]["why"].startswith("this is not a picture")
                and got["elsewhere.jpg"]["why"] == "a link, not followed",
                "what is unreadable is listed, so are links", got)
    story.check(story.sting("verify", op).code == 0,
                "and the record of all this is intact")
