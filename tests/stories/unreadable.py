"""A file whose reading fails says nothing about the evidence: whoever checks
says that it could not be read, and gives no verdict."""
import os
import shutil
import sys

from story import ROOT, Story, namespace_of_its_own

WHO = ("--by", "Anna", "--reason", "a test")
# A regular file of 4,096 bytes whose reading fails, on every machine.
FAILS = "/sys/class/net/lo/speed"


class Failing:
    """A file that cannot be read while this holds."""

    def __init__(self, story, path):
        self.story, self.path = story, path

    def __enter__(self):
        self.story.run("mount", "--bind", os.path.realpath(FAILS), self.path)

    def __exit__(self, *_):
        self.story.run("umount", self.path)


def a_record(story):
    """Of an imported one: neither CUT nor TAMPERED."""
    office, box = story.path("office"), story.path("garage")
    recipient, _ = story.recipient()
    story.new(office, "--role", "office", "--goal", "the tank",
              "--legal-basis", "house rules", "--decided-by", "the head",
              "--recipient", recipient, *story.keys())
    story.sting("new", box, "--role", "box", "--office", office, "--by",
                "Anna")
    story.sting("import", office, box, *WHO)
    with Failing(story, office + "/boxes/garage/evidence/ledger"):
        got = story.sting("verify", office, code=2)
        story.check("boxes/garage cannot be read" in got.err
                    and "check the disk" in got.err and "CUT" not in got.out,
                    "an imported record that cannot be read is not CUT", got)
    story.sting("verify", office)


def an_exhibit(story):
    """Of one: no verdict by any of the three verifiers, at any of its files;
    what was changed is told all the same once it can be read."""
    here = os.path.dirname(os.path.abspath(__file__))
    shutil.unpack_archive(os.path.join(here, "exhibit_v1.tar.xz"),
                          story.path("first"))
    bag = story.path("first", "ex")
    scripts = os.path.join(ROOT, "src", "exhibit")
    ways = [["sh", os.path.join(scripts, "VERIFY.sh")],
            [sys.executable, os.path.join(scripts, "verify.py")],
            [story.binary, "verify", "."]]
    films = [os.path.join(at, name) for at, _, names in os.walk(bag)
             for name in names if name.endswith(".mp4")]
    for path in (films[0], bag + "/bagit.txt", bag + "/manifest-sha256.txt",
                 bag + "/data/ledger/lines.txt"):
        with Failing(story, path):
            got = [story.run(*way, code=None, cwd=bag) for way in ways]
        story.check(all(one.code == 2 and "check" in one.err
                        and "TAMPERED" not in one.out for one in got),
                    "%s of an exhibit cannot be read: no verifier says "
                    "TAMPERED" % os.path.basename(path),
                    "\n".join(map(str, got)))
    story.flip_bit(films[0], 100)
    got = [story.run(*way, code=12, cwd=bag) for way in ways]
    story.check(len(got) == 3, "a changed film is TAMPERED as ever")


namespace_of_its_own("mount")
with Story("what cannot be read is told as that") as story:
    a_record(story)
    an_exhibit(story)
