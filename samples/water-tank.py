#!/usr/bin/env python3
"""Set samples/water-tank.pdf: six pages about a fast-emptying water tank.

    samples/water-tank.py samples/water-tank.pdf

Needs only Python and Debian's fonts-liberation. The same fonts give the same
bytes: dates are fixed, nothing is random. Line breaks minimise the squared
stretch of a paragraph's gaps; pairs are kerned; fonts are embedded, reduced
to the glyphs in use.
"""
import math
import struct
import sys
import zlib

FONT_DIR = "/usr/share/fonts/truetype/liberation/"
FACES = {"r": "LiberationSerif-Regular", "i": "LiberationSerif-Italic",
         "b": "LiberationSerif-Bold", "s": "LiberationSans-Regular"}
PAGE_W, PAGE_H = 595.276, 841.890
LEFT, RIGHT, TOP, BOTTOM = 85.0, 510.3, 96.0, 92.0
MEASURE = RIGHT - LEFT
SIZE, LEADING = 10.8, 14.4
DATE = "D:20110314091500Z"


# ---------------------------------------------------------------- fonts

class Font:
    """A TrueType face: widths, kerning, and a subset to embed."""

    def __init__(self, key, name):
        self.key, self.name = key, name
        with open(FONT_DIR + name + ".ttf", "rb") as file:
            data = file.read()
        self.table = {}
        for i in range(struct.unpack(">H", data[4:6])[0]):
            tag, _, offset, length = struct.unpack(
                ">4sLLL", data[12 + 16 * i:28 + 16 * i])
            self.table[tag.decode()] = data[offset:offset + length]
        self.em = struct.unpack(">H", self.table["head"][18:20])[0]
        self.glyphs = struct.unpack(">H", self.table["maxp"][4:6])[0]
        self.read_cmap()
        self.read_widths()
        self.read_kern()
        self.used = {" "}
        self.code = {}

    def read_cmap(self):
        cmap, self.glyph = self.table["cmap"], {}
        for i in range(struct.unpack(">H", cmap[2:4])[0]):
            platform, encoding, at = struct.unpack(
                ">HHL", cmap[4 + 8 * i:12 + 8 * i])
            if (platform, encoding) == (3, 1):
                break
        count = struct.unpack(">H", cmap[at + 6:at + 8])[0] // 2
        def column(k):
            start = at + 14 + 2 * count * k + (2 if k else 0)
            return struct.unpack(f">{count}H", cmap[start:start + 2 * count])
        ends, starts, deltas, offsets = (column(k) for k in range(4))
        base = at + 16 + 6 * count
        for k in range(count):
            for char in range(starts[k], min(ends[k], 0xfffe) + 1):
                if offsets[k]:
                    spot = base + 2 * k + offsets[k] + 2 * (char - starts[k])
                    glyph = struct.unpack(">H", cmap[spot:spot + 2])[0]
                    glyph = (glyph + deltas[k]) & 0xffff if glyph else 0
                else:
                    glyph = (char + deltas[k]) & 0xffff
                if glyph:
                    self.glyph[chr(char)] = glyph

    def read_widths(self):
        longs = struct.unpack(">H", self.table["hhea"][34:36])[0]
        hmtx = self.table["hmtx"]
        self.advance = [struct.unpack(">H", hmtx[4 * min(g, longs - 1):][:2])[0]
                        for g in range(self.glyphs)]

    def read_kern(self):
        self.kern, kern = {}, self.table.get("kern", b"")
        if kern:
            pairs = struct.unpack(">H", kern[10:12])[0]
            for i in range(pairs):
                left, right, value = struct.unpack(
                    ">HHh", kern[18 + 6 * i:24 + 6 * i])
                self.kern[left, right] = value

    def width(self, text, size):
        total, before = 0, None
        for char in text:
            glyph = self.glyph[char]
            total += self.advance[glyph] + self.kern.get((before, glyph), 0)
            before = glyph
        return total * size / self.em

    def code_of(self, char):
        """WinAnsi where it has the character; ligatures get free places."""
        extra = {"\ufb01": 1, "\ufb02": 2, "\u2212": 3}
        return extra[char] if char in extra else char.encode("cp1252")[0]

    def show(self, text, stretch):
        """The operand of TJ: kerning, and `stretch` thousandths a blank."""
        parts, run, before = [], b"", None
        for char in text:
            self.used.add(char)
            glyph = self.glyph[char]
            move = self.kern.get((before, glyph), 0) * 1000 / self.em
            if before == self.glyph[" "]:
                move += stretch
            if abs(move) > 0.5 and run:
                parts.append(literal(run) + f"{-move:.0f}".encode())
                run = b""
            run += bytes([self.code_of(char)])
            before = glyph
        return b"[" + b"".join(parts) + literal(run) + b"]"

    def subset(self):
        """The face with every outline gone that no text here needs."""
        loca_long = struct.unpack(">h", self.table["head"][50:52])[0]
        kind, unit = (">L", 1) if loca_long else (">H", 2)
        step = struct.calcsize(kind)
        loca = [struct.unpack(kind, self.table["loca"][step * g:][:step])[0]
                * unit for g in range(self.glyphs + 1)]
        keep, todo = set(), [0] + [self.glyph[c] for c in sorted(self.used)]
        while todo:
            glyph = todo.pop()
            if glyph not in keep:
                keep.add(glyph)
                todo += components(self.table["glyf"][loca[glyph]:
                                                      loca[glyph + 1]])
        glyf, offsets = b"", []
        for glyph in range(self.glyphs):
            offsets.append(len(glyf))
            if glyph in keep:
                glyf += self.table["glyf"][loca[glyph]:loca[glyph + 1]]
                glyf += b"\0" * (-len(glyf) % 4)
        offsets.append(len(glyf))
        tables = {t: self.table[t] for t in
                  ("head", "hhea", "maxp", "hmtx", "cvt ", "fpgm", "prep")}
        tables["glyf"] = glyf
        tables["loca"] = b"".join(struct.pack(kind, o // unit)
                                  for o in offsets)
        tables["cmap"] = self.cmap_of_codes()
        return sfnt(tables)

    def cmap_of_codes(self):
        """Format 4, (3, 1): from Unicode to glyphs, a segment a character."""
        chars = sorted(ord(c) for c in self.used)
        ends = chars + [0xffff]
        deltas = [(self.glyph[chr(c)] - c) & 0xffff for c in chars] + [1]
        count = len(ends)
        power = 2 ** int(math.log2(count))
        body = struct.pack(f">{count}H", *ends) + b"\0\0"
        body += struct.pack(f">{count}H", *ends)
        body += struct.pack(f">{count}H", *deltas) + b"\0\0" * count
        head = struct.pack(">HHHHHHH", 4, 14 + len(body), 0, 2 * count,
                           2 * power, int(math.log2(power)),
                           2 * (count - power))
        return struct.pack(">HHHHL", 0, 1, 3, 1, 12) + head + body


def components(glyph):
    if len(glyph) < 10 or struct.unpack(">h", glyph[:2])[0] >= 0:
        return []
    found, at, more = [], 10, True
    while more:
        flags, index = struct.unpack(">HH", glyph[at:at + 4])
        found.append(index)
        at += 8 if flags & 1 else 6
        at += 2 if flags & 8 else 4 if flags & 64 else 8 if flags & 128 else 0
        more = flags & 32
    return found


def sfnt(tables):
    head, body = b"", b""
    count = len(tables)
    power = 2 ** int(math.log2(count))
    at = 12 + 16 * count
    for tag in sorted(tables):
        data = tables[tag]
        padded = data + b"\0" * (-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded))
        head += struct.pack(">4sLLL", tag.encode(), total & 0xffffffff,
                            at + len(body), len(data))
        body += padded
    return struct.pack(">LHHHH", 0x10000, count, 16 * power,
                       int(math.log2(power)), 16 * (count - power)) \
        + head + body


def literal(run):
    out = b""
    for byte in run:
        if byte in b"()\\":
            out += b"\\" + bytes([byte])
        elif byte < 32:
            out += b"\\%03o" % byte
        else:
            out += bytes([byte])
    return b"(" + out + b")"


# ------------------------------------------------------------ PDF file

class File:
    def __init__(self):
        self.objects = []

    def reserve(self):
        self.objects.append(None)
        return len(self.objects)

    def put(self, body, number=None):
        number = number or self.reserve()
        self.objects[number - 1] = body
        return number

    def stream(self, data, extra=b""):
        packed = zlib.compress(data, 9)
        return self.put(b"<<" + extra + b"/Filter/FlateDecode/Length %d>>\n"
                        b"stream\n" % len(packed) + packed + b"\nendstream")

    def write(self, root, info):
        out, at = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
        for i, body in enumerate(self.objects):
            at.append(len(out))
            out += b"%d 0 obj\n" % (i + 1) + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1)
        out += b"".join(b"%010d 00000 n \n" % a for a in at)
        out += b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R" % (
            len(at) + 1, root, info)
        name = b"6d1f0c2e9b7a4853a1e4c07d52f8b36e"
        out += b"/ID[<" + name + b"><" + name + b">]>>\n"
        return out + b"startxref\n%d\n%%%%EOF\n" % start


# ------------------------------------------------------------- setting

class Page:
    def __init__(self):
        self.out, self.links, self.anchors = [], [], {}

    def op(self, text):
        self.out.append(text.encode() if isinstance(text, str) else text)

    def text(self, font, size, x, y, text, stretch=0.0, grey=0.0):
        self.op(f"BT /{font.key.upper()} {size:g} Tf {grey:g} g "
                f"{x:.3f} {PAGE_H - y:.3f} Td ".encode()
                + font.show(text, stretch) + b" TJ ET")

    def line(self, points, width=0.6, grey=0.0, close=False, fill=None,
             dash=""):
        path = " ".join(f"{x:.2f} {PAGE_H - y:.2f} {'l' if i else 'm'}"
                        for i, (x, y) in enumerate(points))
        tail = "h " if close else ""
        paint = "S" if fill is None else "B"
        ink = "" if fill is None else f"{fill:g} g "
        self.op(f"q {width:g} w {grey:g} G [{dash}] 0 d {ink}{path} "
                f"{tail}{paint} Q")

    def circle(self, x, y, r, width=0.6, fill=None):
        k, yy = 0.5523 * r, PAGE_H - y
        ink = "" if fill is None else f"{fill:g} g "
        self.op(f"q {width:g} w 0 G {ink}{x + r:.2f} {yy:.2f} m "
                f"{x + r:.2f} {yy + k:.2f} {x + k:.2f} {yy + r:.2f} "
                f"{x:.2f} {yy + r:.2f} c "
                f"{x - k:.2f} {yy + r:.2f} {x - r:.2f} {yy + k:.2f} "
                f"{x - r:.2f} {yy:.2f} c "
                f"{x - r:.2f} {yy - k:.2f} {x - k:.2f} {yy - r:.2f} "
                f"{x:.2f} {yy - r:.2f} c "
                f"{x + k:.2f} {yy - r:.2f} {x + r:.2f} {yy - k:.2f} "
                f"{x + r:.2f} {yy:.2f} c {'S' if fill is None else 'B'} Q")


FONT = {}


def words_of(text):
    """Split markup into words: lists of (face, text, link). *italic*,
    **bold**, [text](target)."""
    text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    text = text.replace("'", "\u2019")
    words, word, face, link, i = [], [], "r", None, 0
    def add(piece):
        if word and word[-1][0] == face and word[-1][2] == link:
            word[-1] = (face, word[-1][1] + piece, link)
        else:
            word.append((face, piece, link))
    while i < len(text):
        if text.startswith("**", i):
            face, i = ("r" if face == "b" else "b"), i + 2
        elif text[i] == "*":
            face, i = ("r" if face == "i" else "i"), i + 1
        elif text[i] == "[" and "](" in text[i:]:
            middle = text.index("](", i)
            end = text.index(")", middle)
            link = text[middle + 2:end].replace("\ufb01", "fi") \
                                       .replace("\ufb02", "fl")
            text = text[:i] + text[i + 1:middle] + "\0" + text[end + 1:]
        elif text[i] == "\0":
            link, i = None, i + 1
        elif text[i] == " ":
            if word:
                words.append(word)
            word, i = [], i + 1
        else:
            add(text[i])
            i += 1
    return words + ([word] if word else [])


def word_width(word, size):
    return sum(FONT[face].width(text, size) for face, text, _ in word)


def break_lines(words, size, first, measure):
    """Line ends that minimise the sum of cubed stretch (Knuth and Plass)."""
    widths = [word_width(w, size) for w in words]
    blank = FONT["r"].width(" ", size)
    best = [(0.0, 0)] + [(1e18, 0)] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(end - 1, max(-1, end - 30), -1):
            room = measure - (first if start == 0 else 0)
            natural = sum(widths[start:end]) + blank * (end - start - 1)
            slack = room - natural
            gaps = max(1, end - start - 1)
            ratio = slack / gaps / blank
            if ratio < -0.18:
                break
            cost = 0.0 if end == len(words) and slack >= 0 else \
                (abs(ratio) * 10) ** 3
            if end == len(words) and end - start == 1:
                cost += 400  # no line of a single word
            if best[start][0] + cost < best[end][0]:
                best[end] = (best[start][0] + cost, start)
    lines, end = [], len(words)
    while end:
        lines.append((best[end][1], end))
        end = best[end][1]
    return lines[::-1]


class Composer:
    def __init__(self):
        self.pages, self.outline = [], []
        self.new_page()

    def new_page(self):
        self.page = Page()
        self.pages.append(self.page)
        self.y = TOP

    def room(self, height):
        if self.y + height > PAGE_H - BOTTOM:
            self.new_page()

    def heading(self, text, anchor, level=1):
        size = 14 if level == 1 else 11.5
        self.y += 12 if self.y > TOP else 0
        self.room(size + 4 * LEADING)
        self.y += size
        face = "b" if level == 1 else "i"
        self.page.text(FONT[face], size, LEFT, self.y,
                       text.replace("fi", "\ufb01").replace("fl", "\ufb02"))
        self.page.anchors[anchor] = self.y - size - 6
        self.outline.append((level, text, anchor))
        self.y += 7

    def set_line(self, words, x, room, last, size, y):
        """One line: runs of one face, blanks inside runs, gaps stretched."""
        blank = FONT["r"].width(" ", size)
        natural = sum(word_width(w, size) for w in words)
        gaps = len(words) - 1
        gap = blank if last or not gaps else (room - natural) / gaps
        if last and gaps and (room - natural) / gaps < blank:
            gap = (room - natural) / gaps
        stretch = (gap - blank) * 1000 / size
        runs, at = [], x
        for k, word in enumerate(words):
            for face, text, link in word:
                if runs and runs[-1][0] == face and runs[-1][3] == link:
                    runs[-1][2] += text
                else:
                    runs.append([face, at, text, link])
                at += FONT[face].width(text, size)
            if k < gaps:
                face, _, _, link = runs[-1]
                follows = words[k + 1][0]
                if follows[0] == face and follows[2] == link:
                    runs[-1][2] += " "
                at += gap
        for face, start, text, link in runs:
            inside = text.count(" ") * (gap - FONT[face].width(" ", size))
            width = FONT[face].width(text, size) + inside
            self.page.text(FONT[face], size, start, y, text,
                           stretch + (blank - FONT[face].width(" ", size))
                           * 1000 / size)
            if link:
                self.page.links.append((start, y - size, start + width,
                                        y + 3, link))

    def paragraph(self, text, indent=0.0, left=0.0, size=SIZE,
                  leading=LEADING, after=0.0):
        words = words_of(text)
        measure = MEASURE - left
        lines = break_lines(words, size, indent, measure)
        for k, (start, end) in enumerate(lines):
            if k == 0 and len(lines) > 1:
                self.room(2 * leading)
            self.room(leading)
            self.y += leading
            x = LEFT + left + (indent if k == 0 else 0)
            self.set_line(words[start:end], x,
                          measure - (indent if k == 0 else 0),
                          k == len(lines) - 1, size, self.y)
        self.y += after

    def body(self, *paragraphs):
        for k, text in enumerate(paragraphs):
            self.paragraph(text, indent=0 if k == 0 else 16)

    def item(self, label, text):
        self.room(2 * LEADING)
        y = self.y
        page = self.page
        self.paragraph(text, left=20)
        page.text(FONT["r"], SIZE, LEFT + 4, y + LEADING, label)

    def centred(self, face, size, text):
        text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
        width = FONT[face].width(text, size)
        self.page.text(FONT[face], size, (PAGE_W - width) / 2, self.y, text)


# -------------------------------------------------------------- content

TANK_AREA = math.pi * 1.00 ** 2 / 4
HEAD = 1.27
CD = 0.62


def emptying_s(bore_mm, head=HEAD):
    """Torricelli's law, integrated over a falling head."""
    area = math.pi * (bore_mm / 1000) ** 2 / 4
    return 2 * TANK_AREA * math.sqrt(head) / (
        CD * area * math.sqrt(2 * 9.81))


TRIALS = [  # bore, mean of five measured times, spread, plate on or off
    (75, 1.046, 1.9, "cast"), (90, 1.052, 1.4, "cast"),
    (110, 1.057, 1.1, "cast"), (125, 1.049, 0.8, "cast"),
    (160, 1.038, 0.6, "welded"), (160, 1.190, 2.3, "none"),
]


def table(c):
    columns = [("Bore", "mm", 0, 44), ("Calculated", "s", 62, 74),
               ("Measured", "s", 148, 70), ("Spread", "s", 226, 54),
               ("Peak flow", "l/s", 290, 66), ("Vortex plate", "", 366, 59)]
    c.y += 12
    c.room(170)
    c.y += 11
    c.page.anchors["table1"] = c.y - 20
    c.page.text(FONT["b"], 9.6, LEFT, c.y, "Table 1.")
    c.page.text(FONT["i"], 9.6, LEFT + 42, c.y,
                "Time to empty 1,000 litres through the bottom valve; "
                "means of \ufb01ve runs.")
    c.y += 8
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.9)
    c.y += 13
    for name, unit, x, w in columns:
        put_right(c, "b", name, LEFT + x + w, c.y)
        put_right(c, "i", unit, LEFT + x + w, c.y + 11.5)
    c.y += 17
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.45)
    for bore, factor, spread, plate in TRIALS:
        c.y += 13.6
        calculated = emptying_s(bore)
        area = math.pi * (bore / 1000) ** 2 / 4
        peak = CD * area * math.sqrt(2 * 9.81 * HEAD) * 1000 / factor
        row = [f"{bore}", f"{calculated:.1f}", f"{calculated * factor:.1f}",
               f"{spread:.1f}", f"{peak:.1f}", plate]
        for (_, _, x, w), value in zip(columns, row):
            put_right(c, "r", value, LEFT + x + w, c.y)
    c.y += 6
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.9)
    c.y += 10


PARTS = [
    ("1", "Shell, glass-fibre laminate, 7 mm at the foot", "1", "28.4"),
    ("2", "Lid, the same laminate on a plywood core", "1", "6.1"),
    ("3", "Hand lever, ash, 820 mm, oiled", "1", "0.9"),
    ("4", "Pull rod, tube 12 by 1, A4 steel", "1", "0.4"),
    ("5", "Vortex plate, 290 mm across, rim upwards", "1", "1.7"),
    ("5a", "Leg, threaded rod M8, 140 mm, with three nuts", "4", "0.3"),
    ("6", "Plug, polyurethane on a steel core, 60 degrees", "1", "2.2"),
    ("6a", "Soft ring, EPDM, 7 mm, joint glued", "1", "0.1"),
    ("7", "Outlet, drain pipe DN 160, 210 mm, with coupling", "1", "1.3"),
    ("8", "Overflow, drain pipe DN 50, with two bends", "1", "1.1"),
    ("9", "Block, concrete, 80 by 240 mm, with wedges", "3", "11.5"),
    ("10", "Anchor, M10, A4 steel", "3", "0.2"),
]


def parts_table(c):
    c.y += 12
    c.room(230)
    c.y += 11
    c.page.anchors["table2"] = c.y - 20
    c.page.text(FONT["b"], 9.6, LEFT, c.y, "Table 2.")
    c.page.text(FONT["i"], 9.6, LEFT + 42, c.y,
                "Parts of one tank; numbers as in Figure 1, mass of one "
                "piece.")
    c.y += 8
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.9)
    c.y += 13
    c.page.text(FONT["b"], 9.8, LEFT + 4, c.y, "No.")
    c.page.text(FONT["b"], 9.8, LEFT + 42, c.y, "Part")
    put_right(c, "b", "Pieces", LEFT + 345, c.y)
    put_right(c, "b", "Mass, kg", RIGHT - 4, c.y)
    c.y += 6
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.45)
    for number, name, pieces, mass in PARTS:
        c.y += 13.6
        shown = name.replace("fi", "\ufb01").replace("fl", "\ufb02")
        c.page.text(FONT["r"], 9.8, LEFT + 4, c.y, number)
        c.page.text(FONT["r"], 9.8, LEFT + 42, c.y, shown)
        put_right(c, "r", pieces, LEFT + 345, c.y)
        put_right(c, "r", mass, RIGHT - 4, c.y)
    c.y += 6
    c.page.line([(LEFT, c.y), (RIGHT, c.y)], 0.9)
    c.y += 10


def put_right(c, face, text, x, y, size=9.8):
    c.page.text(FONT[face], size, x - FONT[face].width(text, size), y, text)


def arrow(page, x, y, dx, dy, size=5.0):
    """A solid head at (x, y), pointing along (dx, dy)."""
    length = math.hypot(dx, dy)
    dx, dy = dx / length, dy / length
    page.line([(x, y), (x - size * dx - 0.3 * size * dy,
                        y - size * dy + 0.3 * size * dx),
               (x - size * dx + 0.3 * size * dy,
                y - size * dy - 0.3 * size * dx)],
              0.2, close=True, fill=0)


def dimension(page, a, b, label, side):
    """A dimension line from a to b with arrows and its text beside it."""
    page.line([a, b], 0.4)
    arrow(page, *a, a[0] - b[0], a[1] - b[1])
    arrow(page, *b, b[0] - a[0], b[1] - a[1])
    font, size = FONT["s"], 7.6
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    if abs(a[0] - b[0]) > abs(a[1] - b[1]):
        page.text(font, size, x - font.width(label, size) / 2, y - 3, label)
    else:
        width = font.width(label, size)
        page.text(font, size, x + (4 if side > 0 else -width - 4), y + 2.5,
                  label)


def callout(page, number, at, to):
    page.line([at, to], 0.4)
    page.circle(*to, 1.3, 0.3, fill=0)
    page.circle(*at, 7.2, 0.5, fill=1)
    label = str(number)
    width = FONT["s"].width(label, 8)
    page.text(FONT["s"], 8, at[0] - width / 2, at[1] + 2.8, label)


def hatch(page, x0, y0, x1, y1, step=5.0):
    """45 degree hatching of a rectangle, clipped to it."""
    page.op(f"q {x0:.2f} {PAGE_H - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re W n")
    x = x0 - (y1 - y0)
    while x < x1:
        page.line([(x, y1), (x + (y1 - y0), y0)], 0.3)
        x += step
    page.op("Q")


def wall(page, x0, y0, x1, y1):
    hatch(page, x0, y0, x1, y1)
    page.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], 0.9, close=True)


def drawing(c):
    """Figure 1: a section through the tank, 1 : 12."""
    c.y += 10
    c.room(390)
    page, top = c.page, c.y
    page.anchors["figure1"] = top
    x0, x1, y0, y1 = LEFT + 120, LEFT + 310, top + 34, top + 262
    t = 7
    page.op("q 0.9 g " f"{x0:.2f} {PAGE_H - y1:.2f} {x1 - x0:.2f} "
            f"{y1 - y0 - 22:.2f} re f Q")
    for k in range(6):
        y = y0 + 34 + 32 * k
        for x in range(int(x0) + 14 + 17 * (k % 2), int(x1) - 24, 38):
            page.line([(x, y), (x + 15, y)], 0.35, grey=0.45)
    page.line([(x0, y0 + 22), (x1, y0 + 22)], 0.8)
    for k, half in enumerate((7, 4.5, 2)):
        y = y0 + 25 + 2.6 * k
        page.line([(x1 - 30 - half, y), (x1 - 30 + half, y)], 0.5)
    seat0, seat1 = (x0 + x1) / 2 - 15, (x0 + x1) / 2 + 15
    wall(page, x0 - t, y0, x0, y1 + t)
    wall(page, x1, y0, x1 + t, y1 + t)
    wall(page, x0, y1, seat0 - 9, y1 + t)
    wall(page, seat1 + 9, y1, x1, y1 + t)
    wall(page, seat0 - 9, y1 - 8, seat0, y1 + 48)
    wall(page, seat1, y1 - 8, seat1 + 9, y1 + 48)
    page.line([(x0 - t - 6, y0), (x0 - t - 2, y0 - 9), (x1 + t + 2, y0 - 9),
               (x1 + t + 6, y0)], 0.9, close=True, fill=0.82)
    page.line([(seat0 - 6, y1 - 8), (seat0 + 6, y1 - 15),
               (seat1 - 6, y1 - 15), (seat1 + 6, y1 - 8)], 0.8, close=True,
              fill=0.55)
    middle = (seat0 + seat1) / 2
    page.line([(middle - 26, y1 - 30), (middle + 26, y1 - 30)], 2.0)
    for dx in (-22, 22):
        page.line([(middle + dx, y1 - 30), (middle + dx, y1)], 0.8)
    page.line([(middle, y1 - 15), (middle, y0 + 8)], 0.7, dash="3 1.5")
    page.circle(middle, y0 + 5, 3.2, 0.8, fill=1)
    page.line([(middle, y0 + 5), (x1 + 44, y0 - 20)], 2.2)
    page.line([(x1 + 44, y0 - 20), (x1 + 56, y0 - 25)], 4.0)
    page.line([(x0 - t, y0 + 15), (x0 - 40, y0 + 15), (x0 - 40, y1 - 20)], 0.9)
    page.line([(x0 - t, y0 + 26), (x0 - 29, y0 + 26), (x0 - 29, y1 - 20)], 0.9)
    page.line([(x0 - 40, y1 - 20), (x0 - 29, y1 - 20)], 0.9, dash="2 2")
    page.line([(x0 - 72, y1 + 78), (x1 + 72, y1 + 78)], 0.9)
    hatch(page, x0 - 72, y1 + 78, x1 + 72, y1 + 86, 7)
    for x in (x0 + 6, x1 - 18):
        wall(page, x, y1 + t, x + 12, y1 + 78)
    for dx in (-7, 0, 7):
        page.line([(middle + dx, y1 + 50), (middle + dx, y1 + 66)], 0.5)
        arrow(page, middle + dx, y1 + 70, 0, 1, 4.5)
    for y in (y0 + 22, y1):
        page.line([(x1 + t + 3, y), (x1 + 84, y)], 0.3, grey=0.4)
    dimension(page, (x1 + 76, y0 + 22), (x1 + 76, y1), "1270", 1)
    for x in (x0, x1):
        page.line([(x, y1 + 88), (x, y1 + 108)], 0.3, grey=0.4)
    dimension(page, (x0, y1 + 103), (x1, y1 + 103), "\u00d8 1000", 0)
    for x in (seat0, seat1):
        page.line([(x, y1 + 50), (x, y1 + 62)], 0.3, grey=0.4)
    dimension(page, (x0 - 56, y1 + t), (x0 - 56, y1 + 78), "420", -1)
    for n, at, to in (
            (1, (x0 - 74, y0 - 4), (x0 - t / 2, y0 + 60)),
            (2, (x0 - 12, y0 - 32), (x0 + 40, y0 - 5)),
            (3, (x1 + 84, y0 - 36), (x1 + 40, y0 - 18)),
            (4, (x1 + 40, y0 + 52), (middle, y0 + 66)),
            (5, (x1 + 46, y1 - 62), (middle + 18, y1 - 30)),
            (6, (x1 + 46, y1 - 30), (middle + 14, y1 - 11)),
            (7, (x1 + 50, y1 + 40), (seat1 + 5, y1 + 34)),
            (8, (x0 - 92, y1 - 60), (x0 - 35, y1 - 84))):
        callout(page, n, at, to)
    c.y = y1 + 132
    page.text(FONT["b"], 9.6, LEFT, c.y, "Figure 1.")
    c.y -= 12.6
    c.paragraph("Section through the tank, about 1 : 12, millimetres. "
                "1 shell, 2 lid, 3 hand lever, 4 pull rod, 5 vortex plate on "
                "four legs, 6 conical plug on its seat, 7 outlet with "
                "coupling, 8 overflow, led down to the foot.",
                size=9.6, leading=12.6, indent=46)
    c.y += 6


def contents(c, entries):
    c.y += 4
    for level, text, anchor in entries:
        if level != 1:
            continue
        c.y += 14.4
        page = NUMBER.get(anchor, 1)
        shown = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
        end = LEFT + FONT["r"].width(shown, SIZE)
        label = str(page)
        c.page.text(FONT["r"], SIZE, LEFT, c.y, shown)
        put_right(c, "r", label, RIGHT, c.y, SIZE)
        dots = " ." * int((RIGHT - 16 - end) / FONT["r"].width(" .", SIZE))
        put_right(c, "r", dots.strip(), RIGHT - 14, c.y, SIZE)
        c.page.links.append((LEFT, c.y - SIZE, RIGHT, c.y + 3, anchor))


NUMBER = {}


def compose(entries):
    c = Composer()
    c.y = 150
    c.centred("b", 20, "A fast-emptying garden water tank")
    c.y += 24
    c.centred("i", 12.5, "Working paper on the bottom valve, third revision")
    c.y += 22
    c.centred("r", 10.8, "Internal. Not to leave the workshop before the "
              "patent has been \ufb01led.")
    c.y += 26
    c.page.line([(LEFT + 120, c.y), (RIGHT - 120, c.y)], 0.5)
    c.y += 10
    c.paragraph(
        "**Summary.** A rain-water tank of one cubic metre usually empties "
        "through a garden tap in half an hour. The tank described here gives "
        "its whole content to a channel or a row of beds in thirty-three "
        "seconds, without a pump and without electricity, and closes again "
        "by its own weight. Three things make that possible: a conical plug "
        "that seats on a soft ring, a flat plate above it that keeps air "
        "out of the outlet until the last few centimetres, and an outlet "
        "whose upper edge is rounded. The paper gives the dimensions, the "
        "measurements on which they rest, and the way in which the parts are "
        "put together.", left=24, size=10.2, leading=13.4)
    c.y += 6
    contents(c, entries)
    c.heading("1  Why a tank should empty fast", "why")
    c.body(
        "Who waters beds with a can carries ten litres at a time, and who "
        "waters them with a hose waits. Neither is good for the soil. Water "
        "that comes slowly wets the upper centimetres and evaporates by noon; "
        "water that comes all at once runs along the furrow, fills it to an "
        "even depth and sinks to the roots. Growers in dry countries have "
        "always known that: they open a sluice for a minute, not a tap for an "
        "hour.",
        "A second use came to light while the first tank stood in the yard. A "
        "cubic metre within reach, ready at any moment and independent of the "
        "mains, puts out a burning compost heap or a shed roof before a hose "
        "has been unrolled. For this the time to full flow counts more than "
        "the time to empty, and both depend on the same part, the valve in "
        "the bottom.",
        "What can be bought does not serve. Ball valves of more than two "
        "inches are dear, heavy and slow to turn; slide valves jam with the "
        "first leaf; and the flush valves of cisterns, which have the right "
        "idea, are made for a head of thirty centimetres and a bore of sixty "
        "millimetres. The plug that we describe has been taken from them and "
        "made larger, and what had to change on the way is the subject of "
        "this paper.")
    c.heading("2  Principle", "principle")
    c.body(
        "Water leaves a hole in the bottom of a vessel with the speed that it "
        "would reach in free fall from the surface. With a cross-section *A* "
        "of the tank, *a* of the outlet, a coefficient of discharge *C* and a "
        "head *h*, the tank is empty after the time *t* = (2*A* / *C a*) "
        "(*h* / 2*g*)\u00bd. Doubling the bore therefore divides the time by "
        "four, while doubling the head adds only two fifths. A low, wide tank "
        "with a wide outlet is the right shape, and its height should follow "
        "from the place where it stands and not from the wish for pressure.",
        "Two effects spoil the simple law. The jet contracts behind a sharp "
        "edge, so that only six tenths of the hole carry water; rounding the "
        "edge with a radius of one seventh of the bore wins back most of it, "
        "but a turned ring costs as much as the shell, and we have been "
        "content with a bevel. The other effect is worse. As soon as the "
        "surface has sunk to about three bores above the outlet, the water "
        "begins to turn, a funnel of air reaches down into the pipe, and the "
        "flow falls to a half. In a tank of one metre this is the last third "
        "of the content.",
        "A plate that lies one half of a bore above the outlet stops the "
        "turning at its root: the water must come in from all sides "
        "underneath it, and no funnel can form around its middle. The plate "
        "costs nothing in flow as long as the gap all around is larger than "
        "the bore. It carries the guide of the pull rod as well, which would "
        "otherwise need a bracket of its own. The effect is plain in the last "
        "two rows of [Table 1](table1): the same outlet of 160 mm needs a "
        "fifth more time without the plate.",
        "The plug is a cone of sixty degrees, cast from polyurethane around a "
        "steel core. Its own weight under water is 1.4 kg, enough to follow "
        "the falling surface of the last centimetre and close, and little "
        "enough to be lifted by hand against the weight of the water above "
        "it. That weight is considerable: on a seat of 160 mm and under a "
        "head of 1.27 m it comes to twenty-five kilograms. The lever at the "
        "rim divides it by six.")
    c.heading("3  Measurements", "measurements")
    c.body(
        "All runs were made with one shell of glass-fibre laminate, one metre "
        "wide inside and filled to a mark 1.27 m above the seat, which is "
        "1,000 litres within three. Each outlet was run five times. The time "
        "was taken from film, from the first movement of the lever to the "
        "moment when the plate comes clear of the water; between runs the "
        "tank was filled from the mains through a meter. The temperature of "
        "the water lay between eleven and fourteen degrees.")
    table(c)
    c.body(
        "The measured times exceed the calculated ones by four to six per "
        "cent in every case with a plate. This is what one expects of a "
        "coefficient that was taken from a book for a sharp edge in a thin "
        "wall; with 0.59 instead of 0.62 all five rows fall on the line. The "
        "peak flow has been calculated from the slope of the first three "
        "seconds. It agrees with the flow over the weir at the end of the "
        "channel within the error of the weir, which is five per cent at "
        "best.",
        "The spread between runs falls with the bore. With 75 mm the end of "
        "the run is drawn out, and it is a matter of judgement when the plate "
        "is clear; with 160 mm it is over between two frames. Without a plate "
        "the spread is larger than the effect of the wind, and two of five "
        "runs ended with a sound that could be heard in the house.",
        "Three further observations do not fit into the table. First, leaves "
        "do not matter: two handfuls of birch leaves were thrown in before "
        "the last series, and all went through. Second, the first run after a "
        "week of rest took a second longer, because the soft ring had stuck "
        "to the cone; a trace of silicone grease cured it. Third, the shell "
        "moved. While the tank empties, its foot is relieved unevenly, and "
        "with the widest outlet it walked four millimetres towards the "
        "channel in twenty runs. It must be bolted down.")
    c.heading("4  Construction", "construction")
    c.body(
        "[Figure 1](figure1) shows the tank in section. The shell is laid up "
        "from six layers of mat on a collapsible former and is seven "
        "millimetres thick at the foot. The bottom is flat; a fall towards the outlet "
        "would be of use for the last two litres only, and would cost the "
        "flat seat. The outlet is a length of standard drain pipe with its "
        "spigot upwards, laminated in; the seat is turned on its upper edge "
        "after the resin has cured, with a tool that is centred in the pipe "
        "itself. Seat and pipe can then not be out of line.",
        "The plate stands on four legs of threaded rod, so that its height "
        "can be set with nuts between 60 and 120 mm. Eighty has proved right "
        "for the wide outlet. It is of the same laminate as the shell and "
        "stiffened by a rim turned upwards, never downwards: under a rim that "
        "points down, air remains when the tank is filled, and the first "
        "gush carries it into the pipe, where it hammers.",
        "The pull rod is a stainless tube of twelve millimetres. Its upper "
        "end carries a fork, and the lever lies in the fork without a pin; a "
        "blow against the lever can thus lift the plug but not bend the rod. "
        "When the lever is let go, the plug sinks to the seat in less than a "
        "second. A hook on the lid holds the lever down while the tank "
        "empties. Who wants to give only a part of the content lets it go "
        "earlier.",
        "The overflow is led outside down to the foot and is as wide as the "
        "inlet. This is not a matter of taste. A tank that overflows over its "
        "rim wets the ground on which it stands, and a tonne of water on wet "
        "ground has once already ended in the neighbour's fence.")
    drawing(c)
    c.heading("5  Putting it together", "assembly")
    c.body(
        "The order matters, since the seat cannot be reached once the plate "
        "is in its place. Two persons need an afternoon.")
    c.item("1.", "Set the shell on its three blocks and level it with the "
           "wedges until water in the seat stands even all around. Drill the "
           "holes for the anchors through the foot, not beside it.")
    c.item("2.", "Press the soft ring into the groove of the plug, joint "
           "upwards, and grease it. Lay the plug into the seat and turn it "
           "once: the grease must show a closed ring. If it does not, the "
           "seat has to be cut again; the ring does not make up for it.")
    c.item("3.", "Screw the legs into the bottom with sealing tape, two turns "
           "and a half. Put on the plate and set it to eighty millimetres, "
           "measured at each leg. Tighten the upper nuts by hand only.")
    c.item("4.", "Pass the rod through the plate and screw it into the plug. "
           "Hang in the lever. It should touch its stop when the plug is "
           "forty-five millimetres above the seat; more is of no use.")
    c.item("5.", "Fill to the mark and leave it for an hour. A drop each "
           "minute is allowed on the first day and none on the third.")
    c.item("6.", "Open. Stay clear of the channel: the front of the water "
           "moves at four metres a second and carries what lies in its way.")
    c.y += 4
    c.body(
        "The anchors are drawn home only after the first emptying, when the "
        "shell has settled. Their torque is 40 N m; a larger one cracks the "
        "foot. In winter the tank is left empty with the lever hooked down, so "
        "that rain runs through. The ring then lies free of the seat and "
        "cannot freeze to it.")
    c.heading("6  What has not been settled", "open")
    c.body(
        "The soft ring. Rings of nitrile rubber swelled by two per cent within "
        "a month and had to be cut shorter; those of silicone did not, but "
        "took a set where the cone pressed on them. A ring of EPDM has been "
        "in the second tank since November and shows neither. Until it has "
        "been through a summer the question stays open.",
        "The rounded inlet. A trial piece turned from a block of polyethylene "
        "brought the time of the wide outlet from 9.9 s per half tank to 8.4 "
        "s. That is a gain of fifteen per cent for a part which costs as much "
        "as the plug and the plate together. A pressed sheet might do, and an "
        "offer has been asked for.",
        "The closing. The plug falls onto its seat with the water that "
        "follows it, and the blow can be felt at the foot. Nothing has broken "
        "in three hundred runs. Still, a tank in a garden is used by people who "
        "have not read this paper, and one of them will stand on the lever. A "
        "small dash-pot under the lid has been drawn and will be tried in "
        "May.",
        "The name. In the workshop it is called the bucket. The patent agent "
        "asks for another one.")
    c.heading("7  Parts and suppliers", "parts")
    c.body(
        "Everything but the shell and the plug is bought. The drain pipe is "
        "to EN 1401, DN 160, with a wall of four millimetres; thinner pipe "
        "gives way under the tool. Legs, nuts and rod are of A4 steel, since "
        "A2 showed rust at the threads after one season above a compost heap. "
        "The lever is ash, oiled. A list with the numbers of all drawings is "
        "kept with the formers; the current state is that of revision three, "
        "and drawings of revision two must not be used, as they show the legs "
        "inside the rim of the plate. Questions about this paper go to "
        "[the workshop's page](https://www.example.org/water-tank), where a "
        "film of the last series can be seen as well.",
        "The cost of one tank, without labour, was last counted in January. "
        "Shell and foot take a little less than half of it, the plug with its "
        "mould a fifth, steel parts a quarter; pipe, ring, lever and small "
        "things share the rest. A second tank from the same former saves the "
        "mould, and a series of ten would bring the price of the shell to "
        "two thirds, as resin and mat are then bought by the drum and the "
        "roll.")
    parts_table(c)
    c.heading("8  Notes from one summer", "notes")
    c.body(
        "The first tank stood in a nursery from April to October and was "
        "emptied on sixty-one days, for the most part in the early morning "
        "into a channel of forty metres with eight gates. The gardeners were "
        "asked to write down what they did and what annoyed them. They found "
        "the lever too long at first, and by June they had stopped to "
        "mention it. One of them hung a watering can on it, which opened the "
        "valve in the night; since then the hook also holds the lever up.",
        "Water use fell by a quarter against the year before, with the same "
        "beds and about as much rain. We do not claim this for the tank. Who "
        "must decide each morning whether to pull a lever looks at the soil "
        "first, and a hose that runs does not ask. Beds at the end of the "
        "channel did as well as those at its head, which had never been so "
        "before and which is the better argument.",
        "Algae grew on the sunny side as high as the light came in through "
        "the shell. They do no harm to the plants, but they make the plug "
        "slippery, and a slippery plug sits askew once in twenty times. "
        "The next shell gets a dark layer. Frogs got in through the overflow, "
        "and nobody has wished to keep them out.")
    return c


def running_heads(c):
    for k, page in enumerate(c.pages):
        if k:
            page.text(FONT["i"], 9.2, LEFT, 66,
                      "A fast-emptying garden water tank")
            put = "Internal, third revision"
            page.text(FONT["i"], 9.2, RIGHT - FONT["i"].width(put, 9.2), 66,
                      put)
            page.line([(LEFT, 71), (RIGHT, 71)], 0.35)
        label = str(k + 1)
        page.text(FONT["r"], 9.6, (PAGE_W - FONT["r"].width(label, 9.6)) / 2,
                  PAGE_H - 56, label)


# ------------------------------------------------------------- writing

def put_font(file, font):
    data = font.subset()
    packed = zlib.compress(data, 9)
    program = file.put(b"<</Length1 %d/Filter/FlateDecode/Length %d>>\nstream"
                       b"\n" % (len(data), len(packed)) + packed +
                       b"\nendstream")
    head, hhea = font.table["head"], font.table["hhea"]
    scale = 1000 / font.em
    box = [round(v * scale) for v in struct.unpack(">4h", head[36:44])]
    rise, fall = (round(v * scale) for v in struct.unpack(">2h", hhea[4:8]))
    name = b"TANK" + font.key.upper().encode() + b"A+" + font.name.encode()
    italic = -16 if font.key == "i" else 0
    flags = 32 + (64 if font.key == "i" else 0) + (2 if font.key != "s" else 0)
    descriptor = file.put(
        b"<</Type/FontDescriptor/FontName/" + name + b"/Flags %d/FontBBox[%d "
        b"%d %d %d]/ItalicAngle %d/Ascent %d/Descent %d/CapHeight 662/StemV "
        b"%d/FontFile2 %d 0 R>>" % (flags, *box, italic, rise, fall,
                                    130 if font.key == "b" else 80, program))
    widths = [0] * 256
    for char in font.used:
        widths[font.code_of(char)] = round(
            font.advance[font.glyph[char]] * scale)
    pairs = sorted((font.code_of(c), c) for c in font.used)
    unicode = b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap" \
        b"\n/CMapName/Used def/CMapType 2 def\n1 begincodespacerange<00><FF>" \
        b"endcodespacerange\n%d beginbfchar\n" % len(pairs)
    plain = {"\ufb01": "fi", "\ufb02": "fl"}
    for code, char in pairs:
        value = plain.get(char, char).encode("utf-16-be").hex().upper()
        unicode += b"<%02X><%s>\n" % (code, value.encode())
    unicode += b"endbfchar\nendcmap end end\n"
    cmap = file.stream(unicode)
    return file.put(
        b"<</Type/Font/Subtype/TrueType/BaseFont/" + name +
        b"/FirstChar 0/LastChar 255/Widths[" +
        b" ".join(b"%d" % w for w in widths) +
        b"]/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/fi/fl"
        b"/minus]>>/FontDescriptor %d 0 R/ToUnicode %d 0 R>>" % (
            descriptor, cmap))


def put_annotations(file, page, places):
    refs = []
    for x0, y0, x1, y1, target in page.links:
        box = b"[%.2f %.2f %.2f %.2f]" % (x0, PAGE_H - y1, x1, PAGE_H - y0)
        if target.startswith("https:"):
            action = b"/A<</S/URI/URI(" + target.encode() + b")>>"
        else:
            number, y = places[target]
            action = b"/Dest[%d 0 R/XYZ 0 %.1f null]" % (number, PAGE_H - y)
        refs.append(file.put(b"<</Type/Annot/Subtype/Link/Rect" + box +
                             b"/Border[0 0 0]" + action + b">>"))
    return b"".join(b"%d 0 R " % r for r in refs)


def put_outline(file, outline, places):
    root = file.reserve()
    numbers = [file.reserve() for _ in outline]
    for k, (_, text, anchor) in enumerate(outline):
        page, y = places[anchor]
        body = b"<</Title(" + text.encode("cp1252") + b")/Parent %d 0 R" % root
        if k:
            body += b"/Prev %d 0 R" % numbers[k - 1]
        if k + 1 < len(numbers):
            body += b"/Next %d 0 R" % numbers[k + 1]
        file.put(body + b"/Dest[%d 0 R/XYZ 0 %.1f null]>>" % (
            page, PAGE_H - y), numbers[k])
    file.put(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (
        numbers[0], numbers[-1], len(numbers)), root)
    return root


def write(c):
    file = File()
    catalog, pages = file.reserve(), file.reserve()
    numbers = [file.reserve() for _ in c.pages]
    places = {a: (numbers[k], y) for k, page in enumerate(c.pages)
              for a, y in page.anchors.items()}
    contents_of = [file.stream(b"\n".join(p.out)) for p in c.pages]
    fonts = b"".join(b"/%s %d 0 R" % (key.upper().encode(), put_font(file, f))
                     for key, f in FONT.items())
    resources = file.put(b"<</Font<<" + fonts + b">>>>")
    for number, page, content in zip(numbers, c.pages, contents_of):
        annotations = put_annotations(file, page, places)
        file.put(b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.3f %.3f]"
                 b"/Resources %d 0 R/Contents %d 0 R/Annots[%s]>>" % (
                     pages, PAGE_W, PAGE_H, resources, content, annotations),
                 number)
    file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(numbers), b" ".join(b"%d 0 R" % n for n in numbers)), pages)
    outline = put_outline(file, c.outline, places)
    file.put(b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R/Lang(en-GB)"
             b"/PageMode/UseOutlines>>" % (pages, outline), catalog)
    info = file.put(b"<</Title(A fast-emptying garden water tank)/Subject("
                    b"Working paper on the bottom valve)/CreationDate(" +
                    DATE.encode() + b")/ModDate(" + DATE.encode() + b")>>")
    return file.write(catalog, info)


def main():
    for key, name in FACES.items():
        FONT[key] = Font(key, name)
    first = compose([(1, "x", "x")] * 7)
    NUMBER.update({a: k + 1 for k, page in enumerate(first.pages)
                   for a in page.anchors})
    c = compose(first.outline)
    running_heads(c)
    data = write(c)
    with open(sys.argv[1], "wb") as out:
        out.write(data)
    print(f"{sys.argv[1]}: {len(c.pages)} pages, {len(data)} bytes")


if __name__ == "__main__":
    main()
