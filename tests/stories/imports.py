"""What somebody without keys adds to a copy of a box's record binds no office:
neither lines that nobody signed nor files that no line names."""
import hashlib
import os

from story import Story

WHO = ("--by", "Anna", "--reason", "a test")


def lines(folder):
    with open(folder + "/evidence/ledger", "rb") as file:
        return file.read().splitlines(True)


def forged(folder, kind, *fields):
    """Append a line that fits, signed by nobody."""
    last = lines(folder)[-1]
    word = last.decode("ascii").split()
    digits = len(word[-1].split("=")[1])
    before = hashlib.sha256(last).hexdigest()[:digits]
    text = " ".join([str(int(word[0]) + 1), word[1], word[2], kind, *fields,
                     "r=" + os.urandom(16).hex(), "prev=" + before])
    with open(folder + "/evidence/ledger", "ab") as file:
        file.write(text.encode("ascii") + b"\n")


def make(story):
    office, box = story.path("office"), story.path("garage")
    recipient, _ = story.recipient()
    story.sting("new", office, "--role", "office", "--goal", "the tank",
                "--legal-basis", "house rules", "--decided-by", "the head",
                "--recipient", recipient, *story.keys())
    story.sting("new", box, "--role", "box", "--office", office, "--by",
                "Anna")
    story.sting("log", box, "it stands in the garage")
    return office, box


def signed_part(story, office, box):
    """A forged tail is taken in, told, and stands in nobody's way."""
    copy = story.copy(box, "brought")
    signed = len(lines(box))
    forged(copy, "drill", "type=t", "trials=1", "hits=1")
    got = story.sting("import", office, copy, *WHO, "--json").json()[0]
    story.check(got["tail_entries"] == 1, "what nobody signed is told", got)
    line = [one.decode().split() for one in lines(office)
            if one.split()[3] == b"import"][-1]
    story.check("size=%d" % signed in line,
                "the import line signs what the box signed", line)
    story.check(len(lines(office + "/boxes/garage")) == signed + 1,
                "all that came is kept")
    poisoned(story, office, box, copy)
    story.sting("log", box, "it goes on")
    story.sting("import", office, box, *WHO)
    story.check(lines(office + "/boxes/garage") == lines(box),
                "the box that signs on from there is taken in")
    got = story.sting("verify", office, "--boxes", "--json").json()
    story.check(all(one["verdict"] == "INTACT" for one in got),
                "and the office is whole", got)


def poisoned(story, office, box, copy):
    """The true box is taken in place of a poisoned copy, which is kept."""
    here = office + "/boxes/"
    got = story.sting("import", office, box, *WHO, "--json").json()[0]
    story.check(lines(here + "garage") == lines(box)
                and got["aside"] == ".garage.1"
                and lines(here + ".garage.1") == lines(copy),
                "the box itself is taken in place of a copy with a forged "
                "tail, which is kept beside", got)
    got = story.sting("import", office, copy, *WHO, "--json").json()[0]
    story.check(got["aside"] is None and lines(here + "garage") == lines(copy),
                "nothing is kept of what came again whole", got)
    got = story.sting("import", office, box, *WHO)
    story.check("kept as %s.garage.2" % here in got.out
                and lines(here + ".garage.2") == lines(copy)
                and lines(here + ".garage.1") == lines(copy),
                "what is kept gives way to nothing", got)


def remains(story, office, box):
    """A record that has lost its ledger gives way to none."""
    here = office + "/boxes/garage/evidence/ledger"
    os.rename(here, story.path("ledger"))
    got = story.sting("import", office, box, *WHO, code=3)
    story.check("evidence/ledger is gone" in got.err
                and os.listdir(office + "/boxes/garage/evidence/blobs"),
                "what is left of a record without its ledger stays", got)
    os.rename(story.path("ledger"), here)


def malformed(story, office, box):
    """A line of the office's that is none hides no record."""
    second = story.path("shed")
    story.sting("new", second, "--role", "box", "--office", office, "--by",
                "Anna")
    story.sting("import", office, second, *WHO)
    broken = story.copy(office, "broken")
    with open(broken + "/evidence/ledger", "ab") as file:
        file.write(b"nonsense\n")
    got = story.sting("verify", broken, "--boxes", "--json", code=None)
    told = {one.get("box"): one["verdict"] for one in got.json()}
    story.check(got.code == 13 and told == {
        None: "UNVERIFIABLE", "garage": "INTACT", "shed": "INTACT"},
                "one malformed line of the office's is told, and each record "
                "judged", got)
    story.sting("log", box, "on")
    got = story.sting("import", broken, box, *WHO)
    story.check(lines(broken + "/boxes/garage") == lines(box),
                "and the box is taken in", got)


def refusals(story, office, box):
    fork = story.copy(box, "fork")
    old = story.copy(box, "old")
    story.sting("log", fork, "in another way")
    story.sting("log", box, "in one way")
    brought = story.copy(box, "again")
    forged(brought, "drill", "type=t", "trials=1", "hits=1")
    got = story.sting("import", office, brought, *WHO)
    story.check("nobody signed" in got.out, "people are told too", got)
    story.sting("log", fork, "and longer")
    story.sting("log", fork, "and longer still")
    story.sting("import", office, fork, *WHO, code=3)
    story.sting("import", office, old, *WHO, code=3)
    forged(old, "drill", "type=t", "trials=1", "hits=1")
    story.sting("import", office, old, *WHO, code=3)
    story.check(lines(office + "/boxes/garage") == lines(brought),
                "a fork and an older state are refused, with a tail or "
                "without")


def unsigned(story, office, box):
    """A record that is here and has lost checkpoints gives way to no fork."""
    fork = story.copy(box, "other")
    for _ in range(3):
        story.sting("log", fork, "in another way")
    story.sting("log", box, "in one way")
    story.sting("import", office, story.copy(box, "tailed"), *WHO)
    here = office + "/boxes/garage"
    forged(here, "drill", "type=t", "trials=1", "hits=1")
    kept = lines(here)
    folder = here + "/evidence/checkpoints/"
    name = sorted(os.listdir(folder))[-1]
    with open(folder + name, "rb") as file:
        notes = file.read()
    first = notes.index(b"\n\n", notes.index(b"\n\n") + 2) + 2
    for left in (notes[:first], b""):
        with open(folder + name, "wb") as file:
            file.write(left)
        story.sting("import", office, fork, *WHO, code=3)
        story.check(lines(here) == kept, "%d of %d bytes of checkpoints are "
                    "left, and no fork is taken in" % (len(left), len(notes)))
    with open(folder + name, "wb") as file:
        file.write(notes)


def planted(story, office, box):
    """A file full of holes, and what a box has not."""
    story.sting("log", box, "and on")
    brought = story.copy(box, "planted")
    with open(brought + "/evidence/blobs/big.bin", "wb") as file:
        file.truncate(1 << 42)
    os.makedirs(brought + "/bait/tank")
    story.write("planted/bait/tank/original.pdf.age", "x")
    os.makedirs(brought + "/boxes/shed")
    got = story.sting("import", office, brought, *WHO, "--json")
    taken = office + "/boxes/garage"
    story.check(got.json()[0]["left"] == 1 and "big.bin" in got.err
                and not os.path.exists(taken + "/evidence/blobs/big.bin"),
                "a file that no record has is told and left", got)
    story.check(not os.path.exists(taken + "/bait")
                and not os.path.exists(taken + "/boxes"),
                "bait and boxes of a box are left too")
    os.rename(brought + "/evidence/blobs/big.bin",
              brought + "/evidence/blobs/%s.age" % ("a" * 64))
    got = story.sting("import", office, brought, *WHO, code=2)
    story.check("are free" in got.err,
                "what finds no room is not begun", got)


with Story("an import binds to what the box signed, and to nothing else") \
        as story:
    office, box = make(story)
    signed_part(story, office, box)
    remains(story, office, box)
    malformed(story, office, box)
    refusals(story, office, box)
    unsigned(story, office, box)
    planted(story, office, box)
