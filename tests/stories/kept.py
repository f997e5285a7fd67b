"""What lies in an operation's folder is accounted for, file by file; who changes
it by hand is told of, who adds himself to its readers is refused."""
import fnmatch
import hashlib
import os
import re
import signal
import socket
import subprocess

from outsiders import Authority
from story import ROOT, Story, config_edit

WHO = ("--by", "Anna", "--reason", "a test")
TABLE = os.path.join(ROOT, "docs", "formats", "folder.md")


def table():
    """(pattern, what vouches for it) of every row of folder.md's table."""
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    part = text.split("## Which line vouches for which file")[1]
    part = part.split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| (\w+) \|", part, re.M)


def files(op):
    for at, _, names in os.walk(op):
        for name in names:
            yield os.path.relpath(os.path.join(at, name), op)


def ledger(op):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return file.read()


def make(story):
    """Everything that an operation can hold, as far as one machine can do it
    in seconds: blind, bait with facts, a recording, an authority, a box."""
    op, second = story.path("op"), story.write("second", "nine blue hoses\n")
    story.both = (*story.keys(), "--passphrase-file", second)
    story.new(op, "--goal", "who takes the drawing", "--legal-basis",
              "house rules", "--decided-by", "the head gardener", "--blind",
              "--recipient", story.recipient()[0], *story.both)
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    facts = story.write("facts.txt", "is of the same [laminate|laminete] as the "
                        "shell\n")
    story.sting("bait", "declare", op, "tank", facts, *story.keys())
    story.sting("bait", "issue", op, "tank", "--to", "Anna", "Ben", "--out",
                story.path("out"), *story.both)
    authority = Authority(story.path("tsa"))
    with open(op + "/operation.yaml", "a", encoding="utf-8") as file:
        file.write("anchors:\n  - tsa: %s\n    ca_file: %s\n" % (
            authority.serve(), authority.ca))
    config_edit(op, "\ncameras:\n", "\ncameras:\n  - name: garage\n"
                "    url: %s\n" % os.environ["CLIP"])
    station = story.sting_start("run", op)
    station.wait_line(r"camera garage: recording", 20)
    station.wait_line(r"stamp|tsa|authority", 30)
    story.wait_film(op, "garage")
    station.kill()  # parts, and an end that is not in order
    with open(op + "/evidence/ledger", "a", encoding="ascii") as file:
        file.write("999 torn")
    station = story.sting_start("run", op)
    station.wait_line(r"watching", 20)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    authority.close()
    story.check(not os.path.exists(op + "/core.sock"),
                "and takes its socket with it")
    box = story.path("shed")
    story.sting("new", box, "--role", "box", "--office", op, "--by", "Anna")
    story.sting("log", box, "a leaf on the lens")
    story.sting("import", op, box, "--by", "Anna")
    story.sting("reindex", op)
    return op


def accounted(story, op):
    rows, used = table(), set()
    told = ledger(op)
    for path in files(op):
        hits = [row for row in rows if fnmatch.fnmatchcase(path, row[0])]
        if not hits:
            story.check(False, "%s stands in no row of folder.md" % path)
        if len(set(hits)) > 1:
            story.check(False, "%s stands in several rows" % path, hits)
        pattern, line = hits[0]
        used.add(pattern)
        with open(os.path.join(op, path), "rb") as file:
            is_told = hashlib.sha256(file.read()).hexdigest() in told
        if line == "hash" and not is_told:
            story.check(False, "no line names the hash of %s" % path)
    story.check(len(used) >= 19, "every file of %d kinds stands in a row, and "
                "in a line where that says so" % len(used), sorted(used))
    for name in ("bait/tank/index.age", "keys/mark", "keys/names"):
        if name not in [path for path in files(op)]:
            story.check(False, "%s should be here" % name)


def verdict(story, op, **kwargs):
    return story.sting("verify", op, "--json", code=None, **kwargs).json()[0]


def changed_by_hand(story, op):
    story.check(verdict(story, op)["config"] == "same", "nothing was changed")
    before = len(verdict(story, op)["config_changes"])
    config_edit(op, "quiet_s: 10", "quiet_s: 11")
    got = verdict(story, op)
    story.check(got["config"] == "changed" and "INTACT" in got["verdict"],
                "a change by hand is seen, and is no tampering", got)
    story.sting("log", op, "warmer")
    got = verdict(story, op)
    last = got["config_changes"][-1]
    story.check(got["config"] == "same" and last["why"] == "changed by hand"
                and last["by"] and len(got["config_changes"]) == before + 1,
                "whoever writes next tells it, with the account", got)
    words = story.sting("verify", op, code=None).out
    story.check("operation.yaml changed at entry %d" % last["at"] in words,
                "verify says when and by whom", words)
    story.flip_bit(op + "/keys/case", 100)
    got = verdict(story, op)
    story.check([one["file"] for one in got["changed"]] == ["keys/case"]
                and "INTACT" in got["verdict"], "a changed key file is named",
                got)
    story.flip_bit(op + "/keys/case", 100)
    story.flip_bit(op + "/bait/tank/index.age", 300)
    got = verdict(story, op)
    story.check(got["verdict"] == "TAMPERED"
                and got["file"] == "bait/tank/index.age",
                "a changed index is found without a key", got)
    story.flip_bit(op + "/bait/tank/index.age", 300)


def opens(story, identity, op):
    """How many files of the folder an identity opens."""
    return sum(subprocess.run(["age", "-d", "-i", identity, op + "/" + path],
                              capture_output=True, check=False).returncode == 0
               for path in files(op) if path.endswith(".age"))


def refused(story, op, station):
    """Nothing is written for who has added himself; the file put back, all
    goes on."""
    thief = story.path("thief" + ("-too" if station else ""))
    story.run("age-keygen", "-o", thief)
    key = story.run("age-keygen", "-y", thief).out.strip()
    with open(op + "/operation.yaml", encoding="utf-8") as file:
        honest = file.read()
    for place in ("\nrecipients:\n", "\nnames_recipients:\n"):
        config_edit(op, place, place + "  - %s\n" % key)
        for words in (("log", op, "a secret"),
                      ("bait", "add", op, story.sample("water-tank.pdf"),
                       "--name", "other"),
                      ("bait", "issue", op, "tank", "--to", "Zoe", "--out",
                       story.path("more"), *story.both),
                      ("new", story.path("den"), "--role", "box", "--office",
                       op)):
            got = story.sting(*words, code=2)
            story.check("NOBODY" in got.err.upper() and key[:20] in got.err,
                        "sting %s is refused, %s" % (
                            words[0], "with a station" if station
                            else "alone"), got)
        story.check(not os.path.exists(story.path("den")), "no box is made")
        with open(op + "/operation.yaml", "w", encoding="utf-8") as file:
            file.write(honest)
    lines = re.findall(r"custody item=operation.yaml state=refused", ledger(op))
    story.sting("log", op, "all is well")
    story.check(lines and not opens(story, thief, op),
                "each text is told once, and his key opens nothing",
                len(lines))
    return thief, key


def confirmed(story, op, thief, key):
    config_edit(op, "\nrecipients:\n", "\nrecipients:\n  - %s\n" % key)
    said = story.sting("recipients", op)
    story.check(key not in said.out and key in said.err,
                "the list is the ledger's, and the other is told", said)
    story.sting("recipients", op, "--confirm", *story.both, code=1)
    got = story.sting("recipients", op, "--confirm", *WHO, *story.both)
    story.check(key in got.out, "a named person confirms it", got)
    story.sting("log", op, "for three")
    story.check(opens(story, thief, op) > 0, "then it is sealed to")
    config_edit(op, "  - %s\n" % key, "")
    story.sting("log", op, "x", code=2)
    story.sting("recipients", op, "--remove", key, *WHO, *story.both)
    story.sting("log", op, "for two")
    story.check("INTACT" in verdict(story, op)["verdict"], "all is intact")


def dead_socket(story, op):
    """What a crash leaves is in nobody's way, whatever it is."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(op + "/core.sock")
    story.sting("log", op, "over a dead socket")
    station = story.sting_start("run", op)
    station.wait_line(r"watching", 20)
    story.sting("log", op, "over a living one")
    station.kill()
    story.check(os.path.exists(op + "/core.sock"), "a station dies")
    got = story.sting("log", op, "after it", seconds=5)
    os.remove(op + "/core.sock")
    alone = story.sting("log", op, "where nothing is left")
    story.check(got.seconds < 3 + alone.seconds,
                "the next command does not wait for it", (got, alone.seconds))


with Story("all that an operation holds is accounted for") as story:
    op = make(story)
    accounted(story, op)
    changed_by_hand(story, op)
    refused(story, op, False)
    station = story.sting_start("run", op)
    station.wait_line(r"watching", 20)
    thief, key = refused(story, op, True)
    station.stop(signal.SIGINT)
    confirmed(story, op, thief, key)
    dead_socket(story, op)
