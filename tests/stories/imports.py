"""What somebody without keys adds to a copy of a box's record binds no office:
neither lines that nobody signed nor files that no line names. And what the box
has deleted since is not lost at its office."""
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


def make(story, below=""):
    office, box = story.path(below + "office"), story.path(below + "garage")
    recipient, _ = story.recipient()
    story.new(office, "--role", "office", "--goal", "the tank",
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


def erase(story, box, *names):
    """`sting erase` of those recordings; the rest of the day is elsewhere
    meanwhile, and the day is not the newest one."""
    folder = box + "/evidence/segments/garage/"
    day = folder + sorted(os.listdir(folder))[0] + "/"
    kept = [one for one in os.listdir(day)
            if one.endswith(".m4s.age") and one not in names]
    os.mkdir(folder + "2100-01-01")
    for name in kept:
        os.rename(day + name, story.path(name))
    story.sting("erase", box, "--date", os.path.basename(day[:-1]), *WHO)
    for name in kept:
        os.rename(story.path(name), day + name)
    os.rmdir(folder + "2100-01-01")


def recordings(folder):
    """Each recording, and what is in it."""
    top = folder + "/evidence/segments/garage/"
    found = {}
    for day in os.listdir(top):
        for name in os.listdir(top + day):
            with open("%s%s/%s" % (top, day, name), "rb") as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def erased(story):
    """What a box erases after an import stays at the office."""
    story.run("mkdir", story.path("second"))
    office, box = make(story, "second/")
    story.run(os.environ["LARGE_FILL"], box, 96, 0)
    first, second, third = ("%08d.m4s.age" % n for n in range(3))
    here = office + "/boxes/garage"
    story.sting("import", office, box, *WHO)
    whole = recordings(here)
    not_here(story, office)
    erase(story, box, first)
    got = story.sting("import", office, box, *WHO)
    date = [one.split()[1][:10].decode() for one in lines(box)
            if one.split()[3] == b"erase"][0]
    story.check(first not in recordings(box) and recordings(here) == whole,
                "a recording that the box has erased is not lost at the "
                "office", recordings(here))
    story.check("1 recordings that the box erased on %s are kept here" % date
                in got.out and lines(here) == lines(box), "which is told", got)
    intact(story, office)
    erase(story, box, second)
    got = story.sting("import", office, box, *WHO, "--json").json()[0]
    story.check(recordings(here) == whole and got["kept"] == 2
                and got["kept_bytes"] > 60e6 and got["unlike"] == 0
                and date <= got["erased_first"] <= got["erased_last"]
                and got["aside"] is None,
                "nor is one that goes later, nor the first by then", got)
    intact(story, office)
    unlike(story, office, box, first, third)


def not_here(story, office):
    """An office erases nothing of what it imported: no line of the record
    could say so, and it would be told as tampered with."""
    here = office + "/boxes/garage"
    days, before = here + "/evidence/segments/garage/", recordings(here)
    told = lines(office)
    os.mkdir(days + "2100-01-01")
    got = story.sting("erase", here, "--date", sorted(os.listdir(days))[0],
                      *WHO, code=None)
    os.rmdir(days + "2100-01-01")
    story.check(got.code == 1 and got.err.count("\n") == 1
                and "imported record" in got.err
                and recordings(here) == before and lines(office) == told,
                "nothing is erased of an imported record, in one line", got)
    intact(story, office)


def unlike(story, office, box, first, third):
    """A file that is not as its line says passes for none."""
    here = office + "/boxes/garage"
    day = os.listdir(here + "/evidence/segments/garage")[0]
    path = "/evidence/segments/garage/%s/" % day
    story.flip_bit(here + path + first, 300)
    changed = recordings(here)
    erase(story, box, third)
    got = story.sting("import", office, box, *WHO)
    story.check("1 files that were here" in got.out
                and "kept as %s/boxes/.garage.1" % office in got.out
                and recordings(office + "/boxes/.garage.1") == changed
                and first not in recordings(here)
                and third in recordings(here),
                "one that is not as its line says is kept beside, and told",
                got)
    intact(story, office)
    os.unlink(here + path + third)
    story.sting("import", office, box, *WHO)
    story.check(third not in recordings(here),
                "and what the office deletes of that stays deleted")
    intact(story, office)


def intact(story, office):
    got = story.sting("verify", office, "--boxes", "--json").json()
    got += story.sting("verify", office + "/boxes/garage", "--json").json()
    story.check(len(got) == 3
                and all(one["verdict"] == "INTACT" for one in got),
                "the office and the record are whole", got)


def main(story):
    office, box = make(story)
    signed_part(story, office, box)
    remains(story, office, box)
    malformed(story, office, box)
    refusals(story, office, box)
    unsigned(story, office, box)
    planted(story, office, box)
    erased(story)


if __name__ == "__main__":
    with Story("an import binds to what the box signed, and to nothing "
               "else") as told_story:
        main(told_story)
