"""Pages that can carry no mark: which they are, and why, is told when the
document is added, and with the strength that is foretold."""
import zlib

from story import Story

LINE = " ".join("word%d of many that stand here" % i for i in range(2))
WHY = {  # of the pages behind two that carry marks
    3: "it is blank",
    4: "too few words",
    5: "hidden",
    6: "can be displaced",
    7: "more samples",
}


def stream(head, data):
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (head, len(data), data)


def text(lines, mode=0):
    return b"BT /F 11 Tf %d Tr 60 780 Td 14 TL\n%s ET" % (mode, b"".join(
        b"(%s) '\n" % line.encode() for line in lines))


def grey(width, height):
    """A picture of one shade, a bit a sample."""
    return stream(b"/Type /XObject /Subtype /Image /Width %d /Height %d "
                  b"/ColorSpace /DeviceGray /BitsPerComponent 1 "
                  b"/Filter /FlateDecode" % (width, height),
                  zlib.compress(b"\xff" * ((width + 7) // 8 * height)))


def pdf():
    shown = b"q 500 0 0 700 50 50 cm /I Do Q"
    pages = [b"", text(["Four words stand here"]), text([LINE] * 40, mode=3),
             shown, shown]
    image = {3: grey(64, 64), 4: grey(17000, 17000)}
    objects = [b"<</Type /Catalog /Pages 2 0 R>>", b"",
               b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"]
    kids = []
    for number, content in enumerate(pages):
        objects.append(stream(b"", content))
        also = b""
        if number in image:
            objects.append(image[number])
            also = b"/XObject <</I %d 0 R>>" % len(objects)
        at = len(objects) - (number in image)
        objects.append(b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                       b"/Contents %d 0 R /Resources <</Font <</F 3 0 R>> %s>>"
                       b">>" % (at, also))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type /Pages /Count %d /Kids [%s]>>" % (
        len(kids), b" ".join(kids))
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number + 1, one)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (
        len(objects) + 1, b"".join(b"%010d 00000 n \n" % at for at in places)
    ) + b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, len(out))


def every_other_blank(story, op, made):
    """Of 26 pages every other one is blank: pages with marks are looked at."""
    long = story.path("long.pdf")
    pages = [word for number in range(13) for word in
             (made, "1", story.sample("water-tank.pdf"), str(number % 6 + 1))]
    story.run("qpdf", "--empty", "--pages", *pages, "--", long)
    story.sting("bait", "add", op, long)
    rows = story.sting("bait", "strength", op, "long", *story.keys(),
                       "--json").json()
    says = [row["says"] for row in rows if row.get("part") == "full"
            and row["setting"] == "good light"]
    got = story.sting("bait", "issue", op, "long", "--to", "Bert",
                      "--register-only", *story.keys())
    story.check(set(says) == {"names the copy"} and len(says) == 13
                and "good light: a full page names the copy" in got.out
                and "one in 2 was looked at" in got.out
                and worst(rows) in got.out,
                "what is foretold is of pages with marks", got)


def worst(rows):
    """What a quarter in a garage tells, of every other page with marks."""
    says = [row["says"] for row in rows if row.get("part") == "quarter"
            and row["setting"] == "garage"][::2]
    if len(set(says)) == 1:
        return "a quarter page " + says[0]
    return "a quarter page names it on %d of %d pages" % (
        says.count("names the copy"), len(says))


with Story("pages that carry no mark are told, and why") as story:
    op = story.operation()
    made, whole = story.write("made.pdf", pdf()), story.path("whole.pdf")
    story.run("qpdf", "--empty", "--pages", story.sample("water-tank.pdf"),
              "1-2", made, "1-5", "--", whole)
    words = story.sting("bait", "add", op, whole).out
    story.check(all(why in words for why in WHY.values()),
                "when the document is added", words)
    words = story.sting("bait", "strength", op, "whole", *story.keys()).out
    for page, why in WHY.items():
        line = [line for line in words.splitlines()
                if line.split()[:2] == [str(page), "-"]]
        story.check(len(line) == 1 and "carries no mark" in line[0]
                    and why in line[0], "page %d: %s" % (page, why), words)
    rows = story.sting("bait", "strength", op, "whole", *story.keys(),
                       "--json").json()
    told = {row["page"]: row["why"] for row in rows if "why" in row}
    story.check(told.keys() == WHY.keys() and
                all(why in told[page] for page, why in WHY.items()) and
                {row["page"] for row in rows if "why" not in row} == {1, 2},
                "programs are told too", told)
    issued = story.sting("bait", "issue", op, "whole", "--to", "Anna", "--out",
                         story.path("out"), *story.keys()).out
    story.check(all(why in issued for why in WHY.values()),
                "and before the first copy is made", issued)
    every_other_blank(story, op, made)
