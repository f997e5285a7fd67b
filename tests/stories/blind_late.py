"""Blind is what was made blind: `blind: yes` that is written into an operation
later is refused, for names of before lie in the record; what earlier versions
of a blind one sealed is told of; and nothing that is given out is written into
the record's own folder."""
import os

from shim import on_day
from story import Story

WHO = ("--by", "Anna", "--reason", "a test")
BEFORE = "2026-11-28"  # names could be in findings of that day


def blind_made(story, name, second, *before):
    """A blind operation, with a document."""
    op = story.path(name)
    binary, story.binary = story.binary, os.environ["STANDIN"]
    story.run(*before, story.binary, "new", op, "--goal", "who takes it",
              "--legal-basis", "house rules", "--decided-by", "the gardener",
              "--blind", "--recipient", story.recipient()[0], *story.keys(),
              "--passphrase-file", second)
    story.binary = binary
    story.run(*before, story.binary, "bait", "add", op,
              story.sample("water-tank.pdf"), "--name", "tank")
    return op


def becomes_blind(story, second):
    """Names were in the clear; then the text says that they are not."""
    op = story.operation()
    issue = ("bait", "issue", op, "tank", "--out", story.path("out"),
             *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    story.sting(*issue, "--to", "Zoe Marigold")
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "blind: yes\nnames_recipients:\n  - %s\n"
                   % story.recipient()[0])
    other = blind_made(story, "other", second)
    for with_key in (False, True):
        if with_key:
            os.rename(other + "/keys/names", op + "/keys/names")
        tried = [("log", op, "a word"),
                 ("recipients", op, "--confirm", *WHO, *story.keys())]
        if with_key:
            tried.append((*issue, "--to", "Ben", "--passphrase-file", second))
        for words in tried:
            got = story.sting(*words, code=2)
            story.check("was made without" in got.err
                        and "names given so far lie open" in got.err
                        and "sting new --blind" in got.err
                        and got.err.count("\n") == 1,
                        "sting %s: it does not become blind%s" % (
                            words[0], ", with a key for it" if with_key
                            else ""), got)
    refused = open(op + "/evidence/ledger", encoding="ascii").read()
    story.check(refused.count("state=refused") == 1
                and "why=blind:%20yes" in refused, "once, that is a line",
                refused[-900:])
    os.remove(op + "/keys/names")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    story.sting(*issue, "--to", "Ben")
    story.check(True, "the text as it was: all goes on")


def was_blind(story, second):
    """What was sealed before names were kept out of it stays as it is."""
    both = (*story.keys(), "--passphrase-file", second)
    early = on_day(story.folder, BEFORE)
    op = blind_made(story, "early", second, *early)
    story.run(*early, story.binary, "bait", "issue", op, "tank", "--to", "Anna",
              "Ben", "--out", story.path("early-out"), *both)
    got = story.sting("verify", op)
    story.check("  blind, but 1 findings, hand-overs and batches of before"
                in got.out and story.sting("verify", op, "--json").json()[0][
                    "names_early"] == 1,
                "verify tells how much of it may hold names", got.out)
    late = blind_made(story, "late", second)
    story.sting("bait", "issue", late, "tank", "--to", "Anna", "--out",
                story.path("late-out"), *both)
    story.check("  blind, but" not in story.sting("verify", late).out,
                "and nothing of one that began since")
    return late, both


def stays_outside(story, op, both):
    """No report, pack or dossier lies among what is sealed."""
    os.symlink(op + "/bait", story.path("link"))
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        before = file.read()
    photo = story.sample("water-tank.pdf")
    typed = story.write("typed.txt", "the outlet of the tank " * 40)
    for place in (op + "/given", story.path("link", "deep", "given")):
        for option in ("--report", "--pack"):
            for words in (("trace", op, photo), ("trace", op, "--text", typed)):
                got = story.sting(*words, option, place, *both, code=1)
                story.check("%s lies in the operation's own folder" % option
                            in got.err and got.err.count("\n") == 1,
                            "sting %s is refused" % " ".join(
                                [*words[::2], option]), got)
        for name in ("d.pdf", "d.html"):
            got = story.sting("dossier", op, "--out", os.path.join(place, name),
                              *WHO, *both, code=1)
            story.check("--out lies in the operation's own folder" in got.err,
                        "as is a dossier", got)
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        story.check(file.read() == before,
                    "before anything is opened, asked or written")
    story.check(not [name for _, folders, files in os.walk(op)
                     for name in folders + files
                     if name in ("given", "d.pdf", "d.html")],
                "and nothing lies there")


with Story("nothing is blind that was not made so") as told:
    words = told.write("second", "nine blue garden hoses\n")
    becomes_blind(told, words)
    stays_outside(told, *was_blind(told, words))
