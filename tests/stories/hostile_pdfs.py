"""A hostile PDF costs at most the worker's limits and one clear line: refused
as bait before anything of it is kept, unreadable where a scan is traced."""
import os
import struct

from hostile import Measured, deflated, is_one_line, progressive
from paper import stream, write_pdf
from story import Story

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /T 11 Tf 12 TL 50 780 Td " + 40 * (
    b"(the tank is filled at noon and emptied by the evening again) Tj T* "
) + b"ET\n"  # enough for a page to be marked, were it not for the rest
LEVELS = 12  # of towers: each draws the next ten times


def page(keys=b"", resources=b"", box=b"0 0 595 842"):
    return (b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s"
            b"/Resources<</Font<</T 5 0 R>>%s>>>>" % (box, keys, resources))


def paper(content=TEXT, more=(), first=PAGES, **of_page):
    body = content if content.startswith(b"<<") else stream(b"", content)
    return [CATALOG, first, page(**of_page), body, FONT, *more]


def form(content, names=b""):
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
                  b"/Resources<</XObject<<%s>>>>" % names, content)


def drawing(*forms):
    """A page that draws the first of these, from object 6 on."""
    return paper(TEXT + b"/X Do", forms, resources=b"/XObject<</X 6 0 R>>")


def tower(first):
    return [form(b"/X Do " * 10, b"/X %d 0 R" % (first + 1 + i))
            for i in range(LEVELS)] + [form(b"0 0 1 1 re f")]


def pattern(content, names=b""):
    return stream(b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1"
                  b"/BBox[0 0 595 842]/XStep 595/YStep 842"
                  b"/Resources<</Pattern<<%s>>>>" % names, content)


def patterns():
    fill = b"/Pattern cs /P scn " + b"0 0 595 842 re f " * 10
    return paper(TEXT + fill, [pattern(fill, b"/P %d 0 R" % (7 + i))
                               for i in range(LEVELS)] + [pattern(b"")],
                 resources=b"/Pattern<</P 6 0 R>>")


def image(side, keys, data):
    return drawing(stream(b"/Type/XObject/Subtype/Image/Width %d/Height %d"
                          b"/ColorSpace/DeviceGray/BitsPerComponent 8%s"
                          % (side, side, keys), data))


def pictured(side, keys, data, times=1):
    objects = image(side, keys, data)
    objects[3] = stream(b"", TEXT + b"q 500 0 0 500 0 0 cm " + b"/X Do " * times
                        + b"Q")
    return objects


def in_each_other(path):
    """Object streams 6 and 7, each said to be packed in the other."""
    write_pdf(path, paper())
    with open(path, "rb") as file:
        whole = file.read()
    table = whole.rindex(b"xref\n0 ")
    places = [whole.index(b"\n%d 0 obj" % number) + 1 for number in range(1, 6)]
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 7, 0),
            (2, 6, 0), (1, table, 0)]
    with open(path, "wb") as file:
        file.write(whole[:table] + b"8 0 obj\n" + stream(
            b"/Type/XRef/Size 9/W[1 4 2]/Root 1 0 R/Info 6 0 R",
            b"".join(struct.pack(">BIH", *row) for row in rows))
                   + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table)


def changed(path, old, new):
    write_pdf(path, paper())
    with open(path, "rb") as file:
        whole = file.read()
    table = whole.rindex(b"xref\n0 ")
    with open(path, "wb") as file:
        file.write(whole.replace(old, new % table if b"%d" in new else new))


def baits(op):
    with open(op + "/evidence/ledger", encoding="utf-8") as ledger:
        return ledger.read().count(" state=added ")


BLANKS, SAVES = b" " * (1 << 20), b"q Q " * (1 << 18)
FLATE = b"/Filter/FlateDecode"
LARGE, FORMS = "is larger than 128 MB", "draws too many forms"
DEEP, LOOP, TABLE = "nested too deeply", "cycle in", "table of objects"
# Objects of a PDF, or what writes one; why it is refused as bait; whether it
# is unreadable as a scan too.
CASES = {
    "bomb": (paper(stream(FLATE, deflated(SAVES, 4096))), LARGE, True),
    "bomb-in-bombs": (paper(stream(
        b"/Filter[/FlateDecode/FlateDecode]",
        deflated(deflated(BLANKS, 1024), 64))), LARGE, True),
    "form-bomb": (drawing(stream(
        b"/Subtype/Form/BBox[0 0 9 9]" + FLATE, deflated(SAVES, 4096))),
                  LARGE, True),
    "own-form": (drawing(form(b"/X Do " * 3, b"/X 6 0 R")), FORMS, False),
    "two-forms": (drawing(form(b"/X Do " * 3, b"/X 7 0 R"),
                          form(b"/X Do " * 3, b"/X 6 0 R")), FORMS, False),
    "tower": (drawing(*tower(6)), FORMS, True),
    "stamp": (paper(keys=b"/Annots[6 0 R]", more=[
        b"<</Type/Annot/Subtype/Stamp/Rect[0 0 500 500]/F 4/AP<</N 7 0 R>>>>",
        *tower(7)]), FORMS, True),
    "patterns": (patterns(), FORMS, True),
    "arrays": (paper(resources=b"/ExtGState<</A 6 0 R>>", more=[
        b"[" * 500000 + b"]" * 500000]), DEEP, False),
    "dicts": (paper(resources=b"/ExtGState<</A 6 0 R>>", more=[
        b"<</A" * 500000 + b" 0" + b">>" * 500000]), DEEP, False),
    "operands": (paper(TEXT + b"[" * 5000000), DEEP, True),
    "own-kid": (paper(first=b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"),
                LOOP, False),
    "own-parent": (paper(
        first=b"<</Type/Pages/Parent 6 0 R/Kids[3 0 R]/Count 1>>", box=b"",
        more=[b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"]),
                   LOOP, False),
    "million": (paper(first=b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>"),
                "1000000 pages", True),
    "thousands": (paper(first=b"<</Type/Pages/Kids[3 0 R]/Count 4999>>"),
                  "cannot find page", False),
    "wide-page": (paper(box=b"0 0 65535 65535"), "larger than 20000 pt", False),
    "wide-image": (pictured(65535, FLATE, deflated(BLANKS, 4096)),
                   "more than 2000 million pixels", True),
    "images": (pictured(16000, FLATE, deflated(BLANKS, 245), 100),
               "more than 2000 million pixels", True),
    "scans": (pictured(8192, b"/Filter/DCTDecode", progressive(8192, 10000)),
              "more than 500 scans", True),
    "beyond": (lambda path: changed(path, b"\n0000000", b"\n9900000"),
               TABLE, False),
    "start-beyond": (lambda path: changed(path, b"startxref\n",
                                          b"startxref\n99999"), TABLE, False),
    "in-each-other": (in_each_other, TABLE, False),
}

with Story("a hostile PDF costs one clear line") as story:
    op = story.operation()
    os.chdir(story.folder)
    files = {}
    for name, (objects, why, _) in CASES.items():
        files[name] = name + ".pdf"
        if callable(objects):
            objects(files[name])
        else:
            write_pdf(files[name], objects)
        got = Measured(story, "bait", "add", op, "--json", files[name], code=2)
        story.check(is_one_line(got.told.err, files[name], why)
                    and not got.told.bytes,
                    "%s is refused: %s" % (files[name], why), got.told)
    folder = op + "/bait"
    story.check(not os.path.exists(folder) or not os.listdir(folder),
                "nothing of them is kept")
    story.check(baits(op) == 0, "and no line names one")

    # One table that names itself as the one before it is no harm: it is read
    # once, and what the page says is there.
    changed("again.pdf", b"trailer\n<<", b"trailer\n<</Prev %d")
    Measured(story, "bait", "add", op, "again.pdf", code=0)
    got = Measured(story, "bait", "add", op, "--json",
                   story.sample("water-tank.pdf"), code=0)
    story.check(got.told.json()[0]["pages"] == 6 and baits(op) == 2,
                "the honest one is bait, and a line names it")
    bad = [files[name] for name, case in CASES.items() if case[2]]
    got = Measured(story, "trace", op, "--json", *story.keys(), *bad, code=2)
    lines = got.told.err.splitlines(keepends=True)
    story.check(len(lines) == len(bad)
                and all(is_one_line(line, path, CASES[path[:-4]][1])
                        for line, path in zip(lines, bad))
                and all(line["verdict"] == "unreadable"
                        for line in got.told.json()),
                "as scans %d of them are unreadable, in a line each"
                % len(bad), got.told)
    story.check(story.sting("verify", op).code == 0,
                "and the record of all this is intact")
