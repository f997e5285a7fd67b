"""Copies against their originals as Poppler reads them, from the two files
alone: what may differ, and how far words may go (docs/formats/bait.md)."""
import html
import json
import re
import subprocess

MOST_PT = 0.20       # along a line ..
MOST_SHARE = 0.07    # .. and of the smaller gap beside a word
END_PT = 0.08        # at the end of a line
ACROSS_PT = 0.08
SIGN_PT, SIGN_SHARE = 0.075, 0.15  # the same of CJK
ROUNDED_PT = 0.035   # what a copy's spelling rounds and leaves out
TOUCH_PT = 0.5       # boxes of letters side by side may overlap so far
LOOKED_AT = 8        # pages of a copy
DPI = 600            # at which ink is looked at
INK = bytes(value < 160 for value in range(256))
FEW_WORDS = 150      # a page of fewer may move those at ends, too
CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
# Scripts whose letters Poppler and sting put together in different ways.
MADE_UP = re.compile("[\u0590-\u0eff\ufb1d-\ufdff\ufe70-\ufeff]")
WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" '
                  r'yMax="([-\d.]+)">(.*?)</word>')


def run(*words):
    return subprocess.run(words, capture_output=True, timeout=120,
                          check=False).stdout


def objects(path):
    """Of each object that another names, as qpdf reads it, its value; of a
    stream its entries but for its length and how it is packed."""
    # Warnings are of the document, which may have been made carelessly.
    got = json.loads(subprocess.run(
        ["qpdf", "--warning-exit-0", "--json=2", "--json-stream-data=none",
         path], check=True, capture_output=True).stdout)["qpdf"][1]
    for one in got.values():  # pages that are unmarked: left out of copies
        one = one.get("value", one.get("stream", {}).get("dict"))
        for key in ("/Thumb", "/PieceInfo") if isinstance(one, dict) else ():
            one.pop(key, None)
    named = set(re.findall(r'"(\d+ \d+ R)"', json.dumps(got)))
    lengths = {"obj:%s" % one["stream"]["dict"].get("/Length")
               for one in got.values() if "stream" in one}
    out = {}
    for name, one in got.items():
        stream = one.get("stream")
        if name in lengths or (name[4:] not in named and name != "trailer"):
            pass
        elif stream is None:
            out[name] = one
        elif stream["dict"].get("/Type") not in ("/XRef", "/ObjStm"):
            out[name] = {key: value for key, value in stream["dict"].items()
                         if key not in ("/Length", "/Filter", "/DecodeParms")}
    out["trailer"] = {key: out["trailer"]["value"].get(key)
                      for key in ("/Root", "/Info", "/ID", "/Encrypt")}
    return out


def kept(path):
    """What a copy must keep beside its text."""
    info = run("pdfinfo", path).splitlines()
    return {
        "fonts": run("pdffonts", path),
        "outline": run("mutool", "show", path, "outline"),
        "links": run("pdfinfo", "-url", path),
        "info": [line for line in info if not line.startswith(b"File size")
                 and not line.startswith(b"Optimized")],
    }


def pages(path):
    """Of the first pages the words, in the order in which they are drawn:
    (x0, y0, x1, y1, text)."""
    out = run("pdftotext", "-raw", "-bbox", "-l", str(LOOKED_AT), path,
              "-").decode("utf-8", "replace")
    return [[(*map(float, word[:4]), html.unescape(word[4]))
             for word in WORD.findall(page)]
            for page in out.split("<page ")[1:]]


def turned(words):
    """What may stand upright, one letter above the other: on a page where
    some long word does, all that are higher than wide."""
    high = [y1 - y0 > x1 - x0 for x0, y0, x1, y1, _ in words]
    surely = any(y1 - y0 > 2 * (x1 - x0) and len(text) >= 5
                 for x0, y0, x1, y1, text in words)
    return [surely and one for one in high]


def beside(words, i, right, share):
    """The nearest word on that side of one that shares so much of its height;
    or None. (Boxes are as high as fonts say, and lines may overlap.)"""
    x0, y0, x1, y1, _ = words[i]
    found = None
    for j, (u0, v0, u1, v1, _) in enumerate(words):
        shared = min(y1, v1) - max(y0, v0)
        is_there = u0 > x1 - TOUCH_PT if right else u1 < x0 + TOUCH_PT
        if is_there and shared > share * min(y1 - y0, v1 - v0) and (
                found is None or (u0 < words[found][0] if right
                                  else u1 > words[found][2])):
            found = j
    return found


def most_pt(one, other, gap):
    share, most = MOST_SHARE, MOST_PT
    if CJK.search(one[4]) or CJK.search(other[4]):
        share, most = max(share, SIGN_SHARE), MOST_PT
        if CJK.search(one[4]) and CJK.search(other[4]):
            most = SIGN_PT
    return min(most, share * gap) + ROUNDED_PT


class Ink:
    """Where the ink of a page's words begins and ends: what Poppler tells of
    them are boxes of letters, which are wider."""

    def __init__(self, path, number):
        self._words = ("pdftoppm", "-r", str(DPI), "-gray", "-f", str(number),
                       "-l", str(number), path)
        self._rows = None

    def _draw(self):
        head, _, rest = run(*self._words).partition(b"\n255\n")
        width = int(head.split()[-2])
        rest = rest.translate(INK)
        self._rows = [rest[at:at + width] for at in range(0, len(rest), width)]

    def ends(self, word):
        if self._rows is None:
            self._draw()
        x0, y0, x1, y1 = (int(side * DPI / 72) for side in word[:4])
        rows = [row[x0:x1 + 1] for row in self._rows[y0:y1 + 1]
                if row.find(1, x0, x1 + 1) >= 0]
        return ((x0 + min(row.find(1) for row in rows)) * 72 / DPI,
                (x0 + 1 + max(row.rfind(1) for row in rows)) * 72 / DPI
                ) if rows else (word[0], word[2])


def wrong_on(before, after, ink):
    """Words of a page that went further than they may, with why."""
    moved = [(b[0] - a[0], b[3] - a[3]) for a, b in zip(before, after)]
    is_turned = turned(before)
    for a, (dx, dy), turns in zip(before, moved, is_turned):
        along, across = abs(dx), abs(dy)
        if turns:
            along, across = across, along
        if along > MOST_PT + ROUNDED_PT or across > ACROSS_PT + ROUNDED_PT:
            yield "%s goes %.3f, %.3f pt" % (a[4], dx, dy)
    for i, word in enumerate(before):
        if is_turned[i] or MADE_UP.search(word[4]):
            continue
        far = abs(moved[i][0])
        for right in (False, True):
            if (len(before) >= FEW_WORDS and far > END_PT + ROUNDED_PT
                    and beside(before, i, right, 0.1) is None):
                yield "%s goes %.3f pt at an end" % (word[4], far)
            j = beside(before, i, right, 0.5)
            if j is None:
                continue
            gap = (before[j][0] - word[2] if right else word[0] - before[j][2])
            change = abs(moved[i][0] - moved[j][0])
            if change <= ROUNDED_PT or far <= most_pt(word, before[j], gap):
                continue
            one, other = ink.ends(word), ink.ends(before[j])
            gap = other[0] - one[1] if right else one[0] - other[1]
            if far > most_pt(word, before[j], gap):
                yield "%s goes %.3f pt, %.2f pt beside %s" % (
                    word[4], far, gap, before[j][4])


def judged(original, copy):
    """(words that moved, words that went too far); None where Poppler groups
    the letters of a page into other words."""
    one, other = pages(original), pages(copy)
    if [[w[4] for w in page] for page in one] != [
            [w[4] for w in page] for page in other]:
        return None
    moved = sum(abs(a[0] - b[0]) > ROUNDED_PT for before, after in
                zip(one, other) for a, b in zip(before, after))
    return moved, [wrong for i, (before, after) in enumerate(zip(one, other))
                   for wrong in wrong_on(before, after, Ink(original, i + 1))]
