"""Every command that opens an operation says so alike when it cannot: 2 where
there is no folder, 1 where operation.yaml has a mistake, which is told with
line and column. No command may be forgotten: they are those of sting --help.
"""
import os
import re
import time

from story import Story

BY = ["--by", "B", "--reason", "R"]
WHEN = "2026-01-01T00:00:0%dZ"


def commands(story, op):
    """The words of each, after `sting`; KEYS where a passphrase is asked."""
    keys = list(story.keys())
    shown = [*keys, "--reason", "R"]
    file, sample = story.passphrase, story.sample("water-tank.pdf")
    out = story.path("none")
    tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                             time.gmtime(time.time() + 86400))
    return {
        "check": [op],
        "bait add": [op, sample],
        "bait declare": [op, "tank", file, *keys],
        "bait strength": [op, "tank", *keys],
        "bait issue": [op, "tank", "--to", "A", "--out", out, *keys],
        "bait list": [op, *keys],
        "bait copy": [op, "tank", "1", "--out", out, *keys],
        "bait confirm": [op, sample, "--holder", "A", *keys],
        "bait receipt": [op, "tank", "1", "--by", "B", *keys],
        "run": [op],
        "log": [op, "seen"],
        "ack": [op, "1"],
        "alert test": [op],
        "go": [op, "--who", "B"],
        "arm": [op],
        "disarm": [op, "--until", tomorrow],
        "reindex": [op],
        "unlock": [op, *shown],
        "dossier": [op, "--out", out, *shown],
        "exhibit": [op, "--incident", "1", "--mark", "ABC/1", "--out", out,
                    *shown],
        "trace": [op, sample, *keys],
        "release": [op, "--incident", "1", "--out", out, *shown],
        "verify": [op, "--inside", *shown],
        "renew": [op],
        "drill": [op],
        "replay": [op, sample],
        "passphrase": [op, *keys, "--new-file", file],
        "recipients": [op],
        "extend": [op, "--until", "2099-01-01", *BY],
        "erase": [op, *BY],
        "backup": [op, "--to", out],
        "close": [op, *BY, "--destroy-keys"],
        "import": [op, out],
    }


NONE = {"new", "cameras", "restore", "version"}  # open none that is there
MORE = [  # other ways into the same command
    ("drill", lambda op, story: [op, "--walk"]),
    ("drill", lambda op, story: [op, "--watched"]),
    ("drill", lambda op, story: [op, "--footage", story.passphrase]),
    ("drill", lambda op, story: [op, "--eye", story.path("eye.html"),
                                 *story.keys()]),
    ("drill", lambda op, story: [op, "--eye-score", story.passphrase,
                                 *story.keys()]),
    ("trace", lambda op, story: [op, "--text", story.passphrase,
                                 *story.keys()]),
    ("exhibit", lambda op, story: [op, "--camera", "c", "--from", WHEN % 1,
                                   "--to", WHEN % 9, "--mark", "ABC/1",
                                   "--out", story.path("none"),
                                   *story.keys_for("R")]),
    ("log", lambda op, story: [op, "--list", *story.keys()]),
    ("new", lambda op, story: [story.path("box"), "--role", "box", "--office",
                               op, "--passphrase-file", story.passphrase]),
]


def ask(story, op, code, said):
    rows = [*commands(story, op).items(),
            *((name, words(op, story)) for name, words in MORE)]
    for name, words in rows:
        got = story.sting(*name.split(), *words, code=code)
        story.check(got.err.startswith("sting: %s" % op)
                    and got.err.count("\n") == 1 and said in got.err
                    and not got.out,
                    "%s says what it could not open" % " ".join(
                        [name] + [w for w in words if w.startswith("--")][:1]),
                    got)


with Story("what cannot be opened has one exit code everywhere") as story:
    listed = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +", story.sting("--help").out,
                        re.MULTILINE)
    asked = set(commands(story, "op"))
    story.check(set(listed) == asked | NONE, "every command is asked",
                set(listed) ^ (asked | NONE))
    op = story.operation()
    ask(story, story.path("nowhere"), 2, "cannot be opened")
    file = os.path.join(op, "operation.yaml")
    with open(file, encoding="utf-8") as text:
        right = text.read()
    with open(file, "w", encoding="utf-8") as text:
        text.write("recrd: always\n" + right)
    ask(story, op, 1, "operation.yaml:1:1: ")
    with open(file, "w", encoding="utf-8") as text:
        text.write(right)
    story.sting("check", op)
    story.sting("verify", op)
