"""A blind operation: whoever traces learns which copy, not whose; the name
opens with a second person, and the ledger tells."""
import os
import subprocess

from opened import all_that_opens, identity_of
from story import Story, config_edit

HOLDERS = ["Workshop %d" % n for n in range(1, 13)] + ["Zenobia Quill"]
FACTS = """\
the same outlet of [1##] mm needs a fifth more time
under a head of [1.##] m it comes to twenty-five
above the seat, which is [1,###] litres within three
with 0.59 instead of [0.##] all five rows fall
"""
WHO = ("--by", "Anna", "--reason", "a test")


def stays_outside(story, op, both):
    """No copy is written into the record, by whatever name of the folder."""
    os.symlink(op + "/bait", story.path("link"))
    for out in (op, op + "/out", op + "/bait/new/../new", story.path("link"),
                story.path("link", "deep", "deeper")):
        for words in (("bait", "issue", op, "tank", "--to", "Zoe Marigold"),
                      ("bait", "copy", op, "tank", "1")):
            got = story.sting(*words, "--out", out, *both, code=1)
            story.check("own folder" in got.err and got.err.count("\n") == 1,
                        "sting bait %s --out %s is refused" % (
                            words[1], os.path.relpath(out, story.path())), got)
    story.check(not [name for _, folders, files in os.walk(op)
                     for name in folders + files
                     if name == "out" or name.endswith(".pdf")],
                "and nothing lies there in clear")
    os.remove(story.path("link"))


def stays_blind(story, op, both):
    """Whoever edits the text alone neither becomes a reader of names nor has
    them issued in clear."""
    thief = story.path("thief")
    story.run("age-keygen", "-o", thief)
    key = "\n  - %s\n" % story.run("age-keygen", "-y", thief).out.strip()
    issue = ("bait", "issue", op, "tank", "--to", "Zoe Marigold", "--out",
             story.path("later"), *both)
    confirm = ("recipients", op, "--confirm", *WHO)
    config_edit(op, "blind: yes", "blind: no")
    config_edit(op, "names_recipients:\n", "names_recipients:" + key)
    for away in (False, True):
        if away:
            os.rename(op + "/keys/names", story.path("names-away"))
        for words in ((*confirm, *story.keys()), (*confirm, *both), issue,
                      ("bait", "list", op, *both), ("log", op, "a word")):
            got = story.sting(*words, code=2)
            story.check("says blind: no" in got.err
                        and "put `blind: yes` back" in got.err,
                        "sting %s: blind it was made, blind it stays%s" % (
                            words[0], ", with the key away" if away else ""),
                        got)
    story.check("INTACT" in story.sting("verify", op, "--json").json()[0][
        "verdict"], "verify goes on as ever")
    config_edit(op, "blind: no", "blind: yes")
    other = story.path("other")
    story.new(other, "--goal", "x", "--legal-basis", "x", "--decided-by", "x",
              "--blind", "--recipient", story.recipient()[0], *story.keys(),
              "--passphrase-file", story.write("own", "a word of my own\n"))
    os.rename(other + "/keys/names", op + "/keys/names")
    got = story.sting(*confirm, *story.keys(), "--passphrase-file",
                      story.path("own"), code=2)
    story.check("not the second person's" in got.err,
                "a key of his own in place of the second person's is none", got)
    os.rename(story.path("names-away"), op + "/keys/names")
    config_edit(op, "names_recipients:" + key, "names_recipients:\n")
    mine = story.sting(*issue, "--json").json()
    again = story.sting(*issue, "--again", "--json").json()
    story.check(again[0]["copy"] == mine[0]["copy"],
                "to the same folder, --again goes on with it", again)
    story.check(mine[0]["holder"] == "Zoe Marigold" and not os.path.exists(story.path("no"))
                and not [path for path, data in all_that_opens(op, thief)
                         if b"Zoe Marigold" in data],
                "the text as it was: all goes on, and he opens nothing", mine)


with Story("a trace gives the copy, a second person the name") as story:
    second = story.write("second", "nine blue garden hoses\n")
    both = (*story.keys(), "--passphrase-file", second)
    op = story.path("op")
    story.new(op, "--goal", "who takes the drawing", "--legal-basis",
              "house rules", "--decided-by", "the head gardener", "--blind",
              "--recipient", story.recipient()[0], *both)
    story.check(sorted(os.listdir(op + "/keys"))
                == ["case", "epoch", "identity", "log", "mark", "names"],
                "it has a key for names")
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    story.sting("bait", "declare", op, "tank", story.write("facts", FACTS),
                *story.keys())
    alone = story.sting("bait", "issue", op, "tank", "--to", *HOLDERS, "--out",
                        story.path("no"), *story.keys(), code=2)
    story.check("of the second person: give one more" in alone.err,
                "who is alone is told that another is needed", alone)
    issued = story.sting("bait", "issue", op, "tank", "--to", *HOLDERS, "--out",
                         story.path("out"), "--json", *both).json()
    mine = [row for row in issued if row["holder"] == "Zenobia Quill"][0]
    story.check(sorted(row["holder"] for row in issued) == sorted(HOLDERS)
                and [row["holder"] for row in issued] != HOLDERS,
                "each gets one, not in the order of the list", issued)
    with open(mine["file"], "rb") as file:
        bytes_of_mine = file.read()
    os.remove(mine["file"])
    again = story.sting("bait", "issue", op, "tank", "--to", *HOLDERS[::-1],
                        "--out", story.path("out"), "--json", *both).json()
    story.check([(row["copy"], row["holder"], row["sha256"]) for row in again]
                == [(row["copy"], row["holder"], row["sha256"])
                    for row in issued],
                "both people issue, and the same again, in another order and "
                "with one file missing, gives the same copies", again)
    other = story.sting("bait", "copy", op, "tank", str(mine["copy"]), "--out",
                        story.path("other-out"), "--json", *both).json()[0]
    with open(other["file"], "rb") as file:
        story.check(file.read() == bytes_of_mine, "as does bait copy")
    one = story.sting("bait", "list", op, "--json", *story.keys()).json()
    one = [row for row in one if "copy" in row]
    story.check(len(one) == 13 and all(row["holder"] is None for row in one),
                "the first person's list has copies and no names", one[:2])

    photo = story.path("photo.jpg")
    story.sting("drill", "--photograph", mine["file"], "--setting", "desk",
                "--out", photo)
    found = story.sting("trace", op, photo, "--json", "--report",
                        story.path("report"), *story.keys()).json()[0]
    words = story.sting("trace", op, photo, *story.keys()).out
    story.check(found["verdict"] == "attributed"
                and found["copy"] == mine["copy"]
                and found["issued_to"] is None
                and all(name["issued_to"] is None for name in found["copies"]),
                "a trace gives the copy and no name", found)
    story.check("under seal" in words and "Quill" not in words,
                "in words it says that the name is under seal", words)
    story.sting("trace", op, photo, "--pack", story.path("packs"),
                *story.keys(), code=2)
    story.sting("trace", op, mine["file"], *story.keys())  # in a folder of hers
    got = story.sting("trace", op, "--waiting", "--pack", story.path("packs"),
                      *both, code=1)
    story.check("no --pack" in got.err, "and none of what goes to the console",
                got)
    story.sting("dossier", op, "--out", story.path("dossier.html"), *WHO,
                *story.keys())

    identity = identity_of(story, op)
    given_out = [story.path("dossier.html")]
    for at, _, names in os.walk(story.path("report")):
        given_out += [os.path.join(at, name) for name in names]
    opened = list(all_that_opens(op, identity))
    leaks = [path for path, data in opened
             if b"Quill" in data or b"Workshop 3" in data]
    story.check(any(b"sting-register-3" in data for _, data in opened),
                "the register opens to the first person")
    story.check(not [path for path, data in opened
                     if b"sting-register-3" in data
                     and os.path.basename(story.folder).encode() in data],
                "and does not say where the files went")
    leaks += [path for path in given_out
              if b"Quill" in open(path, "rb").read()]
    story.check(os.path.getsize(identity) > 70 and not leaks,
                "nothing that the first person can open names a holder", leaks)

    for name, words in (("the first", story.keys()),
                        ("the second", ("--passphrase-file", second))):
        got = story.sting("unlock", op, "--name", mine["copy"], *WHO, *words,
                          code=2)
        story.check("Quill" not in got.out, name + " alone opens no name")
    got = story.sting("unlock", op, "--name", mine["copy"], *WHO, *both)
    story.check("Zenobia Quill" in got.out, "both together do")
    lines = story.sting("unlock", op, "--list", "--json").json()
    story.check(lines[-2]["what"] == "identity,names"
                and lines[-1]["item"] == "name of copy %d" % mine["copy"]
                and "after" not in lines[-1],
                "each is a line, without a hash to guess a name from",
                lines[-2:])
    story.sting("bait", "receipt", op, "tank", mine["copy"], "--by", "me",
                "--file", photo, *story.keys(), code=1)
    story.sting("trace", op, photo, "--pack", story.path("packs"), *both)
    hers = story.path("Zenobia Quill.jpg")
    story.sting("drill", "--photograph", mine["file"], "--setting", "desk",
                "--seed", 2, "--out", hers)
    story.sting("bait", "confirm", op, hers, "--holder", "Zenobia Quill",
                *both)
    packs = os.listdir(story.path("packs"))
    typed = story.write("typed.txt", subprocess.run(
        ["pdftotext", "-raw", mine["file"], "-"], capture_output=True,
        check=True).stdout)
    found = story.sting("trace", op, "--text", typed, "--pack",
                        story.path("quoted"), "--json", *both).json()[0]
    story.check(found["copy"] == mine["copy"]
                and found["issued_to"] == "Zenobia Quill",
                "a quotation names the copy, with both its holder", found)
    leaks = [path for path, data in all_that_opens(op, identity)
             if b"Quill" in data]
    story.check(not leaks, "what both did is sealed to the first person "
                "without a name", leaks)
    story.sting("trace", "--recheck", story.path("packs", packs[0]))
    story.check(len(packs) == 1, "with both, a pack is made and holds")
    story.sting("passphrase", op, "--second", *WHO, "--passphrase-file", second,
                "--new-file", story.write("third", "one very red rake\n"))
    story.sting("unlock", op, "--name", mine["copy"], *WHO, *story.keys(),
                "--passphrase-file", story.path("third"))
    story.check(True, "the second person changes his passphrase alone")
    sizes = []
    for name in ("Jo", "Bartholomew Featherstonehaugh, north workshop, bench 9"):
        story.sting("bait", "issue", op, "tank", "--to", name,
                    "--register-only", *story.keys(), "--passphrase-file",
                    story.path("third"))
        folder = op + "/bait/tank/register/"
        sizes.append(os.path.getsize(folder + max(os.listdir(folder))))
    story.check(len(set(sizes)) == 1, "a register's size tells nothing of the "
                "length of a name", sizes)
    stays_outside(story, op, (*story.keys(), "--passphrase-file",
                              story.path("third")))
    stays_blind(story, op, (*story.keys(), "--passphrase-file",
                            story.path("third")))
    story.sting("verify", op)
