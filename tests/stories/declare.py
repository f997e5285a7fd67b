"""Facts are planted before the first copy goes out: each copy has its own
wordings and digits, in the document's own fonts and places, and text that is
typed off gives the copy."""
import base64
import hashlib
import math
import os
import re
import subprocess

from packs import changed, checks, flip, none_hold
from story import Story

SCRIPT = "recheck_quote.py"

FACTS = """\
# what may be untrue, as the head gardener decided
the same outlet of [1##] mm needs a fifth more time
under a head of [1.##] m it comes to twenty-five
above the seat, which is [1,###] litres within three
is of the same [laminate|laminete] as the shell
usually empties through a garden tap in half an hour
"""
REFUSED = {
    "Growers in [dry|wet] countries have": "would show",
    "Growers in [dry|d\u0436y] countries have": "no glyph for",
    "[above|abave] the seat": "more than once",
    "Growers in [Dry|fry] countries have": "the document says \"dry\"",
}


def words(path):
    """Every word of the file with its box, as another reader sees it."""
    text = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True,
                          capture_output=True, text=True).stdout
    return [(word, [float(place) for place in places]) for *places, word
            in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax='
                          r'"([\d.]+)" yMax="([\d.]+)">(.*?)</word>', text)]


SLIP = base64.b64encode(b"THE SAME 0UTLET OF 111 MM NEEDS A FIFHT MORE TIME")
# Whoever has the log's key signs anew; what was declared and issued stands.
CHANGED = {
    b"sheet": ("declared", lambda v: base64.b64encode(
        base64.b64decode(v).replace(b"1,###", b"2,###"))),
    b"text": ("text", lambda v: SLIP),
    b"choice": ("text", flip),
    b"key": ("committed to", flip),
    b"salt": ("committed to", flip),
    b"holder": ("committed to", lambda v: b"Anna"),
    b"copy-path": ("committed to", flip),
    b"line-path": ("checkpoint", flip),
    b"log10-lr": ("strength", lambda v: b"9.5"),
    b"genesis": ("first line", lambda v: base64.b64encode(
        base64.b64decode(v).replace(b"role=single", b"role=office"))),
    b"declared": ("checkpoint", lambda v: base64.b64encode(
        base64.b64decode(v).replace(b"pages=", b"pages=1"))),
    b"issue": ("checkpoint", lambda v: base64.b64encode(
        base64.b64decode(v).replace(b"count=4", b"count=5"))),
}


def opened(story, op, pack):
    """A third party opens the facts: without operation, keys or sting."""
    got = story.sting("trace", "--recheck", pack, "--json").json()[0]
    story.check(got["verdict"] == "holds" and got["copy"] == 3
                and got["issued_to"] == "Cleo" and got["units"] == 4
                and got["document_facts"] == 1 and got["log10_lr"] > 6
                and got["declared"] < got["issued"] and [
                    fact["agrees"] for fact in got["facts"]]
                == [None, True, True, True, True],
                "the pack opens the facts and names the copy", got)
    mine, theirs = checks(story, pack, SCRIPT)
    for said in (mine.out, theirs.stdout):
        story.check("copy 3, issued to Cleo" in said
                    and "log10_lr %.4f" % got["log10_lr"] in said
                    and said.count("the text has: ") == 5
                    and said.count("as the copy has it") == 4
                    and "0UTLET" in said and got["case_key"] in said,
                    "sting and the script say so and show the passages", said)
    with open(pack, "rb") as file:
        text = file.read()
    story.check(not {"Anna", "Bert", "Dan"} & set(text.decode().split()),
                "no other holder is in it")
    for key in sorted(set(re.findall(rb"(?m)^([a-z0-9-]+) ", text))):
        bad = story.write("bad.recheck", changed(text, key, altered).decode())
        mine = story.sting("trace", "--recheck", bad, code=None)
        story.check(mine.code == 3 and mine.err.count("\n") == 1
                    and not mine.out, "a changed %s is seen" % key.decode())
    none_hold(story, op, text[:text.rindex(b"signature ")], CHANGED, SCRIPT)


def reported(story, got):
    """What court and defence read, as another program reads it."""
    text = subprocess.run(
        ["pdftotext", "-layout", story.path("report", "report.pdf"), "-"],
        check=True, capture_output=True, text=True).stdout
    with open(story.path("report", "report.html"), encoding="utf-8") as file:
        html = re.sub("<[^>]*>", " ", file.read())
    for said in (text, html):
        said = " ".join(said.split())
        story.check("quotes 5 facts that were planted" in said
                    and "copy 3 was issued to: Cleo" in said
                    and "Hand-over of copy 3: none. Nothing in the ledger"
                    in said
                    and "power of %.1f" % got["log10_lr"] in said
                    and "0UTLET" in said and "1 to 3" in said
                    and "run 1 about the facts planted in this document" in said
                    and said.count(" yes ") == 4 and "Declared 20" in said
                    and got["facts_sha256"] in said and "A copy is not a person" in said,
                    "the report says what was found and how strong it is",
                    said)


def altered(value):
    """Another letter in the middle."""
    at = len(value) // 2
    return value[:at] + (b"1" if value[at:at + 1] == b"0" else b"0") \
        + value[at + 1:]


def document_opened(story, op):
    """Where only the document is quoted, no copy is opened with it."""
    path, packs = story.write("common.txt", "It \u201cusually empties through "
                              "a garden tap in half an hour\u201d, they "
                              "say.\n"), story.path("common")
    story.sting("trace", op, "--text", path, "--pack", packs, *story.keys(),
                code=3)
    pack = os.path.join(packs, *os.listdir(packs))
    got = story.sting("trace", "--recheck", pack, "--json").json()[0]
    mine, theirs = checks(story, pack, SCRIPT)
    story.check(got["copy"] is None and got["document_facts"] == 1
                and "copy 3" not in mine.out + theirs.stdout
                and theirs.returncode == 0 and "garden tap" in theirs.stdout,
                "a fact of all copies is opened without naming any", got)


def asked_again(story, op, last, path):
    """Five texts, all of them others, quoted this document so far."""
    charged = math.log10(last["tried"] * last["run"] * (last["run"] + 1))
    story.check(last["run"] == 5 and
                abs(charged - last["log10_lr"] - last["log10_false"]) < 0.02,
                "each other text that quotes a document is paid for", last)
    with open(path, encoding="utf-8") as file:
        nothing = story.write("nothing.txt", "".join(reversed(file.read())))
    got = story.sting("trace", op, "--text", nothing, *story.keys(), "--json",
                      code=3).json()[0]
    story.check(got["run"] == 1, "one that quotes none asks only about itself",
                got)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        asked = [re.search(r"question=(\w+) k=(\d+)", line).groups()
                 for line in file if line.split(" ")[3] == "trace"]
    mine = hashlib.sha256(b"question" + hashlib.sha256(open(story.sample(
        "water-tank.pdf"), "rb").read()).digest() + b"\xff" * 4).hexdigest()
    story.check([k for question, k in asked if question == mine]
                == list("12345"), "the ledger has each of them", asked)


def ligature_declared(story, sample):
    """The document has one sign for fi; whoever declares types two letters,
    and a copy that keeps the wording keeps the sign."""
    op = story.path("signs")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, sample)
    facts = story.write("sign.txt", "160 mm needs a [fifth|tifth] more time\n")
    story.sting("bait", "declare", op, "water-tank", facts, *story.keys())
    made = story.sting("bait", "issue", op, "water-tank", "--to", *"ABCDEFGHIJKLMNOPQRSTUVWX",
                       "--out", story.path("signed"), *story.keys(),
                       "--json").json()
    said = {re.search("needs a (.*?) more", subprocess.run(
        ["pdftotext", "-raw", copy["file"], "-"], check=True,
        capture_output=True, text=True).stdout).group(1) for copy in made}
    typed = story.write("sign-typed.txt", "of 160 mm needs a fifth more time")
    got = story.sting("trace", op, "--text", typed, *story.keys(), "--json",
                      code=3).json()[0]
    story.check(said == {"fifth", "tifth"} and got["units"] == 1
                and got["facts"][0]["value"] == "\ufb01fth",
                "a ligature is declared as its letters, and kept", (said, got))


with Story("facts are planted, and typed text gives the copy") as story:
    op = story.path("tank")
    sample = story.sample("water-tank.pdf")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, sample)
    other = story.write("other.txt", "A letter about something else.\n")
    got = story.sting("trace", op, "--text", other, *story.keys(), code=3)
    story.check("no fact was declared" in got.out,
                "where nothing was declared a no is none", got)
    got = story.sting("trace", op, "--text", other, "--report",
                      story.path("undeclared"), *story.keys(), "--json",
                      code=3).json()[0]
    with open(story.path("undeclared", "report.html")) as file:
        said = " ".join(file.read().split())
    story.check(got["why"] == "no fact was declared" and "None were declared"
                in said and "H1" not in said,
                "for programs and in the report too", (got, said))
    got = story.sting("trace", op, "--text", sample, *story.keys(), code=2)
    story.check(got.err.startswith("sting: %s: it is larger than 32 KB: give "
                                   "the typed text alone" % sample),
                "a file that is no typed text is named, not the operation", got)
    declare = ["bait", "declare", op, "water-tank"]
    for number, (fact, why) in enumerate(REFUSED.items()):
        path = story.write("refused-%d.txt" % number, fact + "\n")
        got = story.sting(*declare, path, *story.keys(), code=None)
        story.check(got.code in (1, 2) and why in got.err
                    and got.err.count("\n") == 1, "refused: " + why, got)
    facts = story.write("facts.txt", FACTS)
    got = story.sting(*declare, facts, *story.keys(), "--json").json()
    story.check(sorted(fact["choices"] for fact in got)
                == [1, 2, 100, 100, 1000],
                "five facts are declared, four of them differ")
    with open(os.path.join(op, "evidence", "ledger")) as file:
        line = [line for line in file if "state=declared" in line]
    story.check(len(line) == 1 and "pt=" + got[0]["facts_sha256"] in line[0]
                and "litres" not in line[0],
                "and committed in the ledger, unreadable")

    holders = ["Anna", "Bert", "Cleo", "Dan"]
    out = story.path("out")
    made = story.sting("bait", "issue", op, "water-tank", "--to", *holders,
                       "--out", out, *story.keys(), "--json").json()
    before, quoted = words(sample), []
    for copy in made:
        after = words(copy["file"])
        story.check(len(after) == len(before), "a copy has as many words")
        swapped = [(a, b) for a, b in zip(before, after) if a[0] != b[0]]
        moved = max(max(abs(x - y) for x, y in zip(a[1], b[1]))
                    for a, b in zip(before, after))
        story.check(0 < len(swapped) <= 4 and moved < 0.45,
                    "%d of them differ, and nothing moves by more than "
                    "%.2f pt" % (len(swapped), moved))
        text = subprocess.run(["pdftotext", "-raw", copy["file"], "-"],
                              check=True, capture_output=True,
                              text=True).stdout
        quoted.append(text)
        subprocess.run(["qpdf", "--check", copy["file"]], check=True,
                       capture_output=True)
        fonts = [subprocess.run(["pdffonts", path], check=True,
                                capture_output=True).stdout
                 for path in (sample, copy["file"])]
        story.check(fonts[0] == fonts[1], "in the fonts that are there")
    got = story.sting(*declare, facts, *story.keys(), code=2)
    story.check("issued already" in got.err,
                "nothing is declared once a copy is out", got)
    again = story.sting("bait", "copy", op, "water-tank", "2", "--out",
                        story.path("again"), *story.keys(), "--json").json()
    story.check(again[0]["sha256"] == made[1]["sha256"],
                "a copy with facts comes out again byte for byte")

    def passage(text):
        """What somebody who typed it off would write: the lines with facts,
        with their own line ends, quotes, capitals and two slips."""
        lines = [line for line in text.splitlines()
                 if re.search("same outlet|under a head|above the seat, wh"
                              "|of the same lamin|empties through|hour. The",
                              line)]
        typed = " ".join(lines).upper().replace("TWENTY-FIVE", "TWENTY-\nFIVE")
        return "\u201c%s\u201d\n" % typed.replace("FIFTH", "FIFHT").replace(
            "OUTLET", "0UTLET")

    got = story.sting("trace", op + "-none", "--text", facts, *story.keys(),
                      code=2)
    story.check("tank-none: the operation" in got.err,
                "an operation that is none is named, not the text", got)
    got = story.sting("trace", op, "--text", facts, "--pack", facts,
                      *story.keys(), code=2)
    story.check("cannot be used" in got.err and not got.out,
                "a folder that cannot be made is told before the question", got)
    path, packs = story.write("typed.txt", passage(quoted[2])), story.path(
        "packs")
    got = story.sting("trace", op, "--text", path, "--pack", packs, "--report",
                      story.path("report"), *story.keys(), "--json").json()[0]
    story.check(got["verdict"] == "attributed" and got["copy"] == 3
                and got["issued_to"] == "Cleo" and got["units"] == 4
                and got["document_facts"] == 1,
                "typed text, with slips, gives the copy", got)
    reported(story, got)
    pack, = os.listdir(packs)
    story.check(re.fullmatch("typed.txt-[0-9a-f]{8}-water-tank.recheck", pack),
                "a pack is named after text, digest and document", pack)
    opened(story, op, os.path.join(packs, pack))
    document_opened(story, op)
    path = story.write("short.txt", re.search(
        "the same outlet.*?time", quoted[3], re.DOTALL).group(0))
    got = story.sting("trace", op, "--text", path, *story.keys(), "--json",
                      code=3).json()[0]
    story.check(got["verdict"] == "none" and got["copy"] is None
                and 1.4 < got["power_log10_lr"] < 2.1,
                "one fact is too little, and it says how little", got)
    path = story.write("both.txt", passage(quoted[2]) + passage(quoted[0]))
    got = story.sting("trace", op, "--text", path, "--report",
                      story.path("two"), *story.keys(), code=3)
    with open(story.path("two", "report.html"), encoding="utf-8") as file:
        story.check("too little to name or to exclude" in got.out
                    and "too little to name a copy or to exclude one"
                    in " ".join(file.read().split()),
                    "of a text that quotes two copies neither is named", got)
    path = story.write("original.txt", passage(subprocess.run(
        ["pdftotext", "-raw", sample, "-"], check=True, capture_output=True,
        text=True).stdout))
    got = story.sting("trace", op, "--text", path, *story.keys(), "--json",
                      code=3).json()[0]
    story.check(got["verdict"] == "none" and got["units"] >= 3,
                "the original's own text is no copy's", got)
    asked_again(story, op, got, path)
    ligature_declared(story, sample)
    for kind, words in (("utf-16", "plain text"), ("latin-1", "encoding")):
        path = story.path(kind + ".txt")
        with open(path, "wb") as file:
            file.write(("caf\u00e9\n" + passage(quoted[2])).encode(
                kind, "replace"))
        got = story.sting("trace", op, "--text", path, *story.keys(), code=2)
        story.check(words in got.err and not got.out,
                    "a text in %s is not answered with a no" % kind, got)
    got = story.sting("trace", op, "--text", other, *story.keys(), code=3)
    story.check("none of the 5 facts" in got.out, "else it is one", got)
    got = story.sting("trace", op, "--text", other, *story.keys(), "--json",
                      code=3).json()[0]
    story.check(got["verdict"] == "no-page", "another text is not ours")
    story.sting("dossier", op, "--out", story.path("d.html"),
                *story.keys_for("the court asks"))
    story.sting("verify", op)
