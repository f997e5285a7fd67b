"""Packs for a third party, as they are checked, changed and signed again."""
import os
import re
import subprocess
import sys

from story import ROOT

PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


def signed(story, op, text):
    """The pack's text under the log key: as who holds the machine could."""
    with open(os.path.join(op, "keys", "log")) as file:
        seed = bytes.fromhex(file.read().strip())
    key, said = story.path("log.der"), story.path("said")
    for name, data in ((key, PKCS8 + seed), (said, text)):
        with open(name, "wb") as file:
            file.write(data)
    made = subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-inkey", key, "-keyform", "DER",
         "-rawin", "-in", said], check=True, capture_output=True).stdout
    return text + b"signature " + made.hex().encode() + b"\n"


def checks(story, pack, script="recheck.py"):
    """What sting and the script say of a pack: exit codes and words."""
    mine = story.sting("trace", "--recheck", pack, code=None)
    theirs = subprocess.run(
        [sys.executable, os.path.join(ROOT, "tools", script), pack],
        capture_output=True, text=True, timeout=60)
    return mine, theirs


def changed(text, key, change):
    """The text with the value of the first line of this key changed."""
    found = re.search(rb"(?m)^%s (.*)$" % key, text)
    return text[:found.start(1)] + change(found.group(1)) + text[found.end(1):]


def flip(value):
    """Another first digit, hex or decimal."""
    return (b"1" if value[:1] == b"0" else b"0") + value[1:]


def none_hold(story, op, body, seen, script):
    """Changes by key with a word of what is said, signed again each."""
    for key, (why, change) in seen.items():
        bad = story.path("bad.recheck")
        with open(bad, "wb") as file:
            file.write(signed(story, op, changed(body, key, change)))
        mine, theirs = checks(story, bad, script)
        story.check(mine.code == 3 and why in mine.err,
                    "%s changed and signed again is seen" % key.decode(), mine)
        story.check(theirs.returncode == 1 and why in theirs.stderr,
                    "by the script too", theirs)
