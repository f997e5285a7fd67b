"""A scanned page and a drawing have no words to move, and are traced all the
same."""
import os
import shutil
import subprocess
import zlib

from paper import stream, write_pdf
from story import Story, SKIPPED

# A drawing of the tank's pipes, as a plotting program would write it.
PIPES = "".join(
    "%.1f w %d %d m %d %d l %d %d l S\n%d %d %d %d re S\n" % (
        0.5 + i % 3 * 0.4,
        70 + i * 61 % 420, 90 + i * 47 % 600, 100 + i * 61 % 420,
        90 + i * 47 % 600, 100 + i * 61 % 420, 130 + i * 47 % 600,
        80 + i * 89 % 400, 100 + i * 71 % 580, 24 + i % 5 * 9, 18 + i % 7 * 5)
    for i in range(70))


# A form: words too few by themselves, and lines too few for a drawing.
FORM = b"BT/F 10 Tf 80 790 Td(Order for a garden tank)Tj ET\n" + b"".join(
    b"BT/F 10 Tf 80 %d Td(%s)Tj ET\n80 %d 420 34 re S\n" % (
        762 - 110 * i, label, 720 - 110 * i)
    for i, label in enumerate((b"Name of the garden", b"Place of the tank",
                               b"Litres it holds", b"Date of the order",
                               b"Signed for the buyer")))


def page_pdf(path, width, height, content, more=b"", resources=b""):
    write_pdf(path, [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
        b"/Resources<<%s>>>>" % (width, height, resources),
        stream(b"/Filter/FlateDecode", zlib.compress(content))] + ([more] if more else []))


def scan(story, pdf, page, path):
    """A page as a picture of 200 dots an inch and nothing else."""
    jpeg = story.path("scan.jpg")
    subprocess.run(["pdftoppm", "-r", "200", "-jpeg", "-f", str(page),
                    "-l", str(page), "-singlefile", pdf, jpeg[:-4]],
                   check=True)
    with open(jpeg, "rb") as file:
        data = file.read()
    at = data.index(b"\xff\xc0")
    height, width = (int.from_bytes(data[at + n:at + n + 2], "big")
                     for n in (5, 7))
    keys = (b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace"
            b"/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode" %
            (width, height))
    w, h = round(width * 72 / 200), round(height * 72 / 200)
    page_pdf(path, w, h, b"q %d 0 0 %d 0 0 cm /I Do Q" % (w, h),
             stream(keys, data), b"/XObject<</I 5 0 R>>")


with Story("drawings, scanned pages and forms are marked and traced") as story:
    if not shutil.which("pdftoppm"):
        raise SystemExit(SKIPPED)
    op = story.operation()
    files = {"pipes": story.path("pipes.pdf"), "scan": story.path("scan.pdf"),
             "form": story.path("form.pdf")}
    page_pdf(files["pipes"], 595, 842, PIPES.encode())
    scan(story, story.sample("water-tank.pdf"), 2, files["scan"])
    page_pdf(files["form"], 595, 842, FORM, b"", b"/Font<</F<</Type/Font"
             b"/Subtype/Type1/BaseFont/Helvetica>>>>")
    for name, path in files.items():
        added, = story.sting("bait", "add", op, path, "--name", name,
                             "--json").json()
        story.check(added["units"] > 150 and not added["unmarkable_pages"],
                    "the page of %s can be marked" % name, added)
        story.check(0.1 < added["max_shift_pt"] < 0.305,
                    "by less than the eye sees", added)
    for name, path in files.items():
        lines = story.sting("bait", "issue", op, name, "--to", "Anna", "Ben",
                            "Carl", "--out", story.path(name), "--json",
                            *story.keys()).json()
        copies = [line["file"] for line in lines]
        second = lines[1]["copy"]
        size = os.path.getsize(path)
        # The drawing repeats itself and packs into 1.8 KB; a copy of it, in
        # which nothing repeats, takes about 6.4 KB more.
        story.check(all(abs(os.path.getsize(c) - size) < 0.15 * size + 9000
                        for c in copies), "copies of %s keep its size" % name)
        again = story.path("again-" + name)
        story.sting("bait", "copy", op, name, second, "--out", again,
                    *story.keys())
        with open(copies[1], "rb") as one, open(os.path.join(
                again, "Ben", os.path.basename(path)), "rb") as other:
            story.check(one.read() == other.read(),
                        "a copy of %s comes out again byte for byte" % name)
        photograph = story.path(name + ".jpg")
        story.sting("drill", "--photograph", copies[1], "--setting", "garage",
                    "--seed", 3, "--out", photograph)
        found, = story.sting("trace", op, photograph, "--json", *story.keys(),
                             seconds=300).json()
        story.check(found["verdict"] == "attributed" and found["copy"] == second
                    and found["bait"] == name and found["issued_to"] == "Ben",
                    "a photograph of %s in a garage names its copy" % name,
                    found)
        story.check(found["log10_lr"] > 12 and found["control_log10_lr"] < 3,
                    "strongly enough for a million copies", found)

    dark = story.path("unmarked.jpg")
    story.sting("drill", "--photograph", files["scan"], "--setting",
                "half-light", "--seed", 4, "--out", dark)
    none, = story.sting("trace", op, dark, "--json", *story.keys(), code=3,
                        seconds=300).json()
    story.check(none["verdict"] == "none" and none["copy"] is None,
                "a photograph of the scan itself names nobody", none)

    blank = story.path("blank.pdf")
    page_pdf(blank, 595, 842, b"")
    said = story.sting("bait", "add", op, blank, code=2)
    story.check("nothing to mark" in said.err, "a blank page says why not")
