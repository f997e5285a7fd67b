"""Who opened what, when and why: lines of the ledger, without exception, and
two people where the operation says so."""
import os
import re
import subprocess

from story import Story


def listed(story, op):
    return story.sting("unlock", op, "--list", "--json").json()


def ledger(op):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return file.read()


def every_command(story):
    """Each command that takes a passphrase leaves a line, or gives nothing."""
    op = story.operation()
    pdf = story.sample("water-tank.pdf")
    keys = story.keys()
    out = story.path("copies")
    photograph = story.path("photo.jpg")
    story.sting("bait", "add", op, pdf, "--name", "tank")
    commands = [
        ("bait issue", ("bait", "issue", op, "tank", "--to", "Workshop 3",
                        "--out", out)),
        ("bait list", ("bait", "list", op)),
        ("bait strength", ("bait", "strength", op, "tank")),
        ("bait copy", ("bait", "copy", op, "tank", "1", "--out",
                       story.path("again"))),
        ("bait receipt", ("bait", "receipt", op, "tank", "1", "--by", "me")),
        ("trace", ("trace", op, photograph)),
        ("trace --text", ("trace", op, "--text", story.write("t", "words"))),
        ("drill --eye", ("drill", op, "--eye", story.path("eye.html"),
                         "--pairs", "1")),
        ("dossier", ("dossier", op, "--out", story.path("d.html"),
                     "--reason", "the court asks")),
        ("unlock", ("unlock", op, "--reason", "a try")),
    ]
    for name, words in commands:
        if name == "trace":
            copy = [os.path.join(folder, file) for folder, _, files
                    in os.walk(out) for file in files][0]
            story.sting("drill", "--photograph", copy, "--setting", "desk",
                        "--out", photograph)
        before = len(listed(story, op))
        story.sting(*words, *keys, "--by", "Anna",
                    code=None) if name != "bait receipt" else story.sting(
                        *words, *keys)
        lines = [line for line in listed(story, op)[before:]
                 if line["kind"] == "unlock"]
        story.check(len(lines) == 1 and lines[0]["command"] == name
                    and lines[0]["state"] == "opened"
                    and "identity" in lines[0]["what"],
                    "sting %s leaves one line that says so" % name, lines)
    story.sting("verify", op)
    return op


def refusals(story, op):
    wrong = story.write("wrong", "eight green watering cans\n")
    got = story.sting("unlock", op, "--reason", "curious", "--by", "Bert",
                      "--passphrase-file", wrong, code=2)
    last = listed(story, op)[-1]
    story.check("wrong" in got.err and last["state"] == "refused"
                and last["by"] == "Bert" and last["why"] == "curious",
                "a wrong passphrase is a line too", last)
    before = ledger(op)
    got = story.sting("dossier", op, "--out", story.path("no.html"),
                      *story.keys(), code=1)
    story.check("--reason" in got.err and ledger(op) == before
                and not os.path.exists(story.path("no.html")),
                "without a reason no footage is shown, and no line written",
                got)
    story.sting("unlock", op, "--reason", "x" * 501, *story.keys(), code=1)
    os.chmod(op + "/evidence/ledger", 0o400)
    os.rename(op + "/keys/epoch", op + "/keys/elsewhere")
    got = story.sting("unlock", op, "--entry", "0", "--reason", "r",
                      *story.keys(), code=2)
    story.check(not got.out, "where no line can be written nothing is opened",
                got)
    os.rename(op + "/keys/elsewhere", op + "/keys/epoch")
    os.chmod(op + "/evidence/ledger", 0o600)


def looking(story, op):
    story.sting("log", op, "The table was moved to the left wall")
    line = [line.split(" ")[0] for line in ledger(op).splitlines()
            if " note " in line][-1]
    got = story.sting("unlock", op, "--entry", line, "--reason", "what was it",
                      "--by", "Anna\n1 forged", *story.keys())
    story.check("left wall" in got.out, "the entry's text is shown")
    digest = subprocess.run(["sha256sum"], input=got.bytes, check=True,
                            capture_output=True).stdout.decode().split()[0]
    tail = listed(story, op)[-2:]
    story.check(tail[0]["of"] == "line " + line
                and tail[1]["kind"] == "custody"
                and tail[1]["after"] == digest,
                "the ledger has what was shown by its hash", tail)
    words = story.sting("unlock", op, "--list").out
    story.check("item: line %s  state: shown  by: Anna?1 forged" % line
                in words and "\n1 forged" not in words,
                "a name cannot forge a line of the list")


def two_people(story):
    second = story.write("second", "nine blue garden hoses\n")
    op = story.path("two")
    story.sting("new", op, "--goal", "who takes the drawing", "--legal-basis",
                "house rules, section 4", "--decided-by", "the head gardener",
                "--two-people", "--recipient", story.recipient()[0],
                *story.keys(), "--passphrase-file", second)
    story.sting("log", op, "one entry")
    for name, words in (("the first", story.keys()),
                        ("the second", ("--passphrase-file", second)),
                        ("the first, twice", story.keys() * 2)):
        got = story.sting("unlock", op, "--reason", "alone", *words, code=2)
        story.check("opens" not in got.out, name + " alone opens nothing", got)
    story.sting("unlock", op, "--reason", "together", *story.keys(),
                "--passphrase-file", second)
    got = listed(story, op)
    story.check([line["state"] for line in got
                 if line["kind"] == "unlock"] == ["refused", "opened"]
                or [line["state"] for line in got
                 if line["kind"] == "unlock"][-1] == "opened",
                "both together do, and it is told", got)
    config = open(op + "/operation.yaml", encoding="utf-8").read()
    with open(op + "/operation.yaml", "w", encoding="utf-8") as file:
        file.write(re.sub("two_people: yes\n", "", config))
    got = story.sting("unlock", op, "--reason", "r", *story.keys(), code=2)
    story.check("two people" in got.err,
                "taking the word out of operation.yaml opens nothing", got)


with Story("whoever opens something is in the ledger") as story:
    op = every_command(story)
    refusals(story, op)
    looking(story, op)
    two_people(story)
    story.sting("verify", op)
