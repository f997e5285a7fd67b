"""A blind batch dies by kill -9 at every moment at which something of it becomes
durable, also between its register and its line; and so does who opens a name.
Whatever is left holds no name that the first person could open, and the same
command goes on with it."""
import hashlib
import os

from batches import committed, read
from opened import all_that_opens, identity_of
from shim import CAME, GATE, PASS, Shim
from story import Story

HOLDER = "Quill-%d Marigold"
WHO = ("--by", "Anna", "--reason", "a test")
MOST = 200  # syncs; more are a defect of this story


def die_at(story, shim, words, wanted):
    """kill -9 when so many syncs went well; what it said, None when it ended
    before."""
    for which in (CAME, PASS):
        shim.set(which, 0)
    shim.set(GATE, 1)
    child = story.start(story.binary, *map(str, words), env=shim.env)
    for number, _ in enumerate(shim.each_sync(child.is_running)):
        if number == wanted:
            child.kill()
            return child.text()
    return None


def registers(op):
    """Digest of each batch that is sealed, by its file."""
    folder = os.path.join(op, "bait", "tank", "register")
    return {name: hashlib.sha256(read(os.path.join(folder, name))).hexdigest()
            for name in (os.listdir(folder) if os.path.isdir(folder) else ())
            if name.endswith(".age")}


def holds_no_name(story, op, identity, known, where):
    """In no file of the folder, as it is or opened by the first person; nor in
    a file's name. Files that were looked at are `known` and not again."""
    leaks = [path for path, data in all_that_opens(op, identity, known)
             if b"Marigold" in data or "Marigold" in path]
    if leaks:
        story.check(False, "no name is in the clear after death %s" % where,
                    leaks)
    known.update(os.path.join(at, name) for at, _, names in os.walk(op)
                 for name in names if name.endswith(".age"))


def deaths_of_batches(story, op, both, identity):
    """A batch of its own for each moment, which the same command goes on with;
    gives what was left of each, and the last batch's copy."""
    shim, known, left = Shim(story), set(), []
    while len(left) < MOST:
        number = len(left)
        words = ("bait", "issue", op, "tank", "--to", HOLDER % number, "--out",
                 story.path("out-%d" % number), *both)
        before = registers(op)
        if die_at(story, shim, words, number) is None:
            break
        holds_no_name(story, op, identity, known, number)
        new = {name: digest for name, digest in registers(op).items()
               if name not in before}
        is_told = any(digest in committed(op) for digest in new.values())
        files = os.path.isdir(story.path("out-%d" % number)) and any(
            names for _, _, names in os.walk(story.path("out-%d" % number)))
        left.append("files" if files else "line" if is_told
                    else "register" if new else "nothing")
        if files and not is_told:
            story.check(False, "a file is there before its line", number)
        made = story.sting(*words, "--json").json()
        after = {name: digest for name, digest in registers(op).items()
                 if name not in before}
        if len(made) != 1 or len(after) != 1 or not (
                set(after.values()) <= committed(op)) or (
                new and new != after):
            story.check(False, "the same command goes on with that register",
                        (number, new, after, made))
        holds_no_name(story, op, identity, known, number)
    return left, made[0]


def deaths_of_opening(story, op, both, copy):
    """No name is shown before the line that says who opened it; gives how many
    deaths there were, and in how many of them it was shown."""
    shim, shown = Shim(story), []
    ledger = op + "/evidence/ledger"
    while len(shown) < MOST:
        before = len(read(ledger))
        said = die_at(story, shim, ("unlock", op, "--name", copy, *WHO, *both),
                      len(shown))
        if said is None:
            break
        shown.append("Marigold" in said)
        if shown[-1] and b"name%20of%20copy" not in read(ledger)[before:]:
            story.check(False, "a name is shown after its line alone", said)
    return len(shown), sum(shown)


with Story("a blind batch dies at each of its syncs and goes on") as told:
    second = told.write("second", "nine blue garden hoses\n")
    pair = (*told.keys(), "--passphrase-file", second)
    folder = told.path("op")
    told.new(folder, "--goal", "who takes the drawing", "--legal-basis",
             "house rules", "--decided-by", "the head gardener", "--blind",
             "--recipient", told.recipient()[0], *pair)
    told.sting("bait", "add", folder, told.sample("water-tank.pdf"), "--name",
               "tank")
    first = identity_of(told, folder)
    found, last = deaths_of_batches(told, folder, pair, first)
    told.check(8 < len(found) < MOST and {"nothing", "register", "line"}
               <= set(found), "of %d deaths %d were between register and line; "
               "the same command went on with what was left, and no name was in "
               "the clear" % (len(found), found.count("register")), found)
    listed = [row for row in told.sting("bait", "list", folder, "--json",
                                        *told.keys()).json() if "copy" in row]
    told.check(sorted(row["copy"] for row in listed)
               == list(range(1, len(found) + 2))
               and not any(row["holder"] for row in listed),
               "each holder has one number, which alone the first person reads",
               listed)
    opened = told.sting("unlock", folder, "--name", last["copy"], *WHO, *pair)
    told.check(HOLDER % (len(found) - 1) in opened.out, "and the second one's name",
               opened)
    deaths, names = deaths_of_opening(told, folder, pair, last["copy"])
    told.check(deaths > 2, "of %d deaths of who opened a name none showed one "
               "before the line about it (%d showed one)" % (deaths, names))
    got = told.sting("verify", folder, code=None)
    told.check(got.code in (0, 10), "the record is whole", got)
