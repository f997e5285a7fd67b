"""Pages are found by the index that bait add sealed, and without it."""
import os

from shim import GATE, Shim
from story import Story


def kinds(op, word):
    """Lines of the ledger that say so."""
    with open(op + "/evidence/ledger", "rb") as file:
        return [line for line in file if word in line.split()]


def killed_between(story):
    """Killed when the index is there and its line is not, or the other way
    about: the bait has its index all the same, and the record is whole."""
    op, shim = story.operation("killed"), Shim(story)
    path = os.path.join(op, "bait", "water-tank", "index.age")
    shim.set(GATE, 1)
    adding = story.start(story.binary, "bait", "add", op,
                         story.sample("water-tank.pdf"), env=shim.env)
    for _ in shim.each_sync(adding.is_running):
        if os.path.exists(path) or kinds(op, b"state=indexed"):
            break
    story.check(adding.is_running() and os.path.exists(path)
                and not kinds(op, b"state=indexed"),
                "the file of an index is there before its line",
                adding.text())
    adding.kill()
    for words in ((), story.keys()):
        got = story.sting("verify", op, *words, "--json").json()[0]
        story.check(got["verdict"] == "INTACT" and got["unclaimed"] == 0,
                    "killed between the two, the record is whole", got)
    row = story.sting("bait", "issue", op, "water-tank", "--to", "workshop",
                      "--out", story.path("out2"), "--json",
                      *story.keys()).json()[0]
    photo = story.path("photo2.jpg")
    story.sting("drill", "--photograph", row["file"], "--page", "2",
                "--setting", "half-light", "--seed", "3", "--out", photo)
    got = story.sting("trace", op, photo, "--json", *story.keys())
    story.check("no index" not in got.err
                and got.json()[0]["copy"] == row["copy"],
                "and a photograph is traced by the index", got)

with Story("index") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    row = story.sting("bait", "issue", op, "water-tank", "--to", "workshop",
                      "--out", story.path("out"), "--json",
                      *story.keys()).json()[0]
    photo = story.path("photo.jpg")
    story.sting("drill", "--photograph", row["file"], "--page", "2",
                "--setting", "half-light", "--seed", "3", "--out", photo)
    index = os.path.join(op, "bait", "water-tank", "index.age")

    def traced():
        got = story.sting("trace", op, photo, "--json", *story.keys())
        found = [(r["bait"], r["page"], r["copy"]) for r in got.json()]
        return got, found == [("water-tank", 2, row["copy"])]

    sealed = open(index, "rb").read()
    story.check(sealed.startswith(b"age-encryption.org/v1\n")
                and len(sealed) < row["pages"] * 8500 + 2000,
                "the index is sealed and takes at most 8.5 kB a page",
                "%d bytes, %d pages" % (len(sealed), row["pages"]))
    got, right = traced()
    story.check(right and "no index" not in got.err,
                "a photograph is traced by the index", str(got))
    os.remove(index)
    got, right = traced()
    story.check(right and "had no index" in got.err,
                "without the index its pages are looked at, and that is told",
                str(got))
    story.check(not os.path.exists(index), "a trace writes no index")
    with open(index, "wb") as out:
        out.write(sealed[:-40] + bytes(40))
    got, right = traced()
    story.check(right and "had no index" in got.err,
                "a damaged index is not believed", str(got))
    killed_between(story)
