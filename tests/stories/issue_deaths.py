"""A batch dies by kill -9 at every moment at which something of it becomes
durable: before each sync of the program, one after the other. No file is there
before its copy is registered and committed, and the same command goes on."""
import hashlib
import os

from batches import check_files, read
from shim import CAME, GATE, PASS, Shim
from story import Story

HOLDERS = 2
MOST = 200  # syncs; more are a defect of this story


def issue(story, op, number):
    """Words for a batch of its own, and where it goes."""
    out = story.path("out-%d" % number)
    return ["bait", "issue", op, "water-tank", "--to", *(
        "Bed %d-%d" % (number, i) for i in range(HOLDERS)), "--out", out,
        *story.keys()], out


def die_at(story, shim, words, wanted):
    """kill -9 when so many syncs went well; False when it ended before."""
    for which in (CAME, PASS):
        shim.set(which, 0)
    shim.set(GATE, 1)
    child = story.start(story.binary, *words, env=shim.env)
    for number, _ in enumerate(shim.each_sync(child.is_running)):
        if number == wanted:
            child.kill()
            return True
    return False


def goes_on(story, op, words):
    """The same command, unharmed: every file, as `bait copy` makes it."""
    made = story.sting(*words, "--json").json()
    if len(made) != HOLDERS or not all(os.path.exists(copy["file"])
                                       for copy in made):
        story.check(False, "the same command writes what is missing", made)
    return made


with Story("a batch dies at each of its syncs and goes on") as story:
    op, shim, found = story.path("tank"), Shim(story), []
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    while len(found) < MOST:
        words, out = issue(story, op, len(found))
        if not die_at(story, shim, words, len(found)):
            break
        found.append(check_files(story, op, out))
        made = goes_on(story, op, words)
    story.check(8 < len(found) < MOST and set(found) == set(range(HOLDERS + 1)),
                "after each of %d deaths every file's copy was registered and "
                "committed, and the command went on (files there: %s)"
                % (len(found), found))
    again = story.sting("bait", "copy", op, "water-tank", "%d-%d" % (
        made[0]["copy"], made[-1]["copy"]), "--out", story.path("again"),
        *story.keys(), "--json").json()
    story.check([copy["sha256"] for copy in again]
                == [hashlib.sha256(read(copy["file"])).hexdigest()
                    for copy in made],
                "each file is what bait copy makes, byte for byte")
    story.check(not [name for folder in (op, story.path(".")) for _, _, names
                     in os.walk(folder) for name in names
                     if name.endswith(".tmp")], "and nothing half done is left")
    got = story.sting("verify", op, code=None)
    story.check(got.code in (0, 10), "the record is whole", got)
