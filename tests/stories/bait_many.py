"""Batches that are interrupted go on: by kill -9 at random moments, Ctrl-C and
a full disk. Nobody gets two numbers, and no file is ever there before its
copy is registered and committed.

KILLS and SEED make the run longer or another. Runs in a mount namespace of
its own, for the small disk."""
import hashlib
import os
import random
import signal
import time

from batches import check_files, read
from story import Story, disk_of_its_own

KILLS = int(os.environ.get("KILLS", "6"))
SEED = int(os.environ.get("SEED", "1"))
HOLDERS = 10

FOLDER = disk_of_its_own("500k", "small")


def kill_at_random(story, op, random_):
    table = story.path("many.csv")
    seen = []
    for trial in range(KILLS):
        out = story.path("killed-%d" % (trial // 3))
        words = ["bait", "issue", op, "water-tank", "--holders", table,
                 "--out", out, *story.keys()]
        if trial % 3 == 0:  # a batch of its own
            story.write("many.csv", "holder\n" + "".join(
                "Bed %d-%d\n" % (trial // 3, i) for i in range(HOLDERS)))
        child = story.start(story.binary, *words)
        if trial % 3 == 0:  # anywhere from its start to its first files
            time.sleep(random_.uniform(0.2, 2.0))
        else:  # among the files, each time further on
            wanted = len(os.listdir(out)) if os.path.isdir(out) else 0
            while child.is_running() and not (
                    os.path.isdir(out) and len(os.listdir(out)) > wanted):
                time.sleep(0.001)
            time.sleep(random_.uniform(0.0, 0.1))
        child.kill()
        seen.append(check_files(story, op, out))
    story.check(True, "after each of %d deaths every file's copy was "
                "registered and committed (files there: %s)" % (KILLS, seen))
    got = story.sting("bait", "issue", op, "water-tank", "--holders", table,
                      "--out", out, *story.keys(), "--json")
    made = got.json()
    story.check(len(made) == HOLDERS and all(os.path.exists(copy["file"])
                                             for copy in made),
                "the same command then writes what is missing")
    story.check(not [name for _, _, names in os.walk(out) for name in names
                     if name.endswith(".tmp")], "and leaves nothing half done")
    again = story.sting("bait", "copy", op, "water-tank",
                        "%d-%d" % (made[0]["copy"], made[-1]["copy"]), "--out",
                        story.path("again"), *story.keys(), "--json").json()
    story.check([copy["sha256"] for copy in again]
                == [hashlib.sha256(read(copy["file"])).hexdigest()
                    for copy in made],
                "and each file is what bait copy makes, byte for byte")


with Story("a batch that is interrupted goes on", FOLDER) as story:
    op = story.path("tank")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))

    issue = ["bait", "issue", op, "water-tank", *story.keys()]
    bad = {b"holder\nAnna\nBert\nAnna\n": "line 4: holder \"Anna\" is listed",
           b"holder\nA\xff\n": "line 2",
           b"holder\nSmith, John\n": "line 2 has more columns",
           b"holder,mail\nAnna,\n,bert@example.org\n": "line 3 has no holder",
           b"\xff\xfeh\0": "UTF-16"}
    for number, (table, why) in enumerate(bad.items()):
        path = story.write("bad-%d.csv" % number, table)
        got = story.sting(*issue, "--holders", path, "--register-only",
                          code=None)
        story.check(got.code in (1, 2) and why in got.err,
                    "refused: " + why, got)

    table = story.write("people.csv", b"\xef\xbb\xbfno;Name;mail\r\n"
                        b'1;"Ana; left";a@example.org\r\n\r\n'
                        b"2; Bo ;b@example.org\r\n")
    got = story.sting(*issue, "--holders", table, "--register-only", "--json")
    story.check([(copy["copy"], copy["holder"], copy["file"])
                 for copy in got.json()]
                == [(1, "Ana; left", None), (2, "Bo", None)],
                "copies can be registered without a file", got)
    story.check('the table: 2 holders, of the column "name"\n' in got.err,
                "how the table was read is told", got)
    one = story.write("one.csv", b"Employee\nDee\n")
    got = story.sting("bait", "issue", op + "-none", "water-tank", "--holders",
                      one, "--register-only", code=2)
    story.check('2 holders, its first line "Employee" among them' in got.err,
                "before anything is done with it", got)
    got = story.sting(*issue, "--to", "Bo", "--out", story.path("bo"), code=2)
    story.check("copy 2" in got.err, "nobody gets a second one by accident",
                got)
    got = story.sting(*issue, "--to", "Bo", "Cy", "--out", story.path("new"),
                      "--new-only", "--json")
    story.check([copy["copy"] for copy in got.json()] == [3],
                "--new-only leaves out who has one")
    got = story.sting(*issue, "--to", "Bo", "--out", story.path("more"),
                      "--again", "--json")
    story.check([copy["copy"] for copy in got.json()] == [4],
                "--again gives one more")
    got = story.sting("bait", "copy", op, "water-tank", "1", "--out",
                      story.path("late"), *story.keys(), "--json").json()[0]
    story.check(os.path.getsize(got["file"]) > 1000,
                "a copy that was registered only can be written later")

    op = story.path("disk")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issue[2] = op
    names = ["Place %d" % i for i in range(HOLDERS)]
    small = [*issue, "--to", *names, "--out", story.path("small", "copies")]
    got = story.sting(*small, code=2)
    story.check("No space left" in got.err and "goes on" in got.err
                and got.err.count("\n") == 2, "a full disk is told", got)
    wrote = check_files(story, op, story.path("small", "copies"))
    story.run("mount", "-o", "remount,size=100m", story.path("small"))
    made = story.sting(*small, "--json").json()
    story.check(0 < wrote < HOLDERS and [copy["copy"] for copy in made]
                == list(range(1, HOLDERS + 1)),
                "with room the same command goes on, under the same numbers")

    names = ["Shelf %d" % i for i in range(60)]
    held = story.start(story.binary, *issue, "--to", *names, "--out",
                       story.path("held"))
    held.wait_line("copy 1[1-3] for", 100)
    code = held.stop(signal.SIGINT)
    story.check(code == 2 and "goes on" in held.text(),
                "Ctrl-C ends between two copies and says how to go on",
                held.text())
    made = story.sting(*issue, "--to", *names, "--out", story.path("held"),
                       "--json").json()
    story.check([copy["copy"] for copy in made]
                == list(range(HOLDERS + 1, HOLDERS + 61)),
                "and so it does, under the same numbers")

    op = story.path("kill")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    kill_at_random(story, op, random.Random(SEED))
    got = story.sting("verify", op, code=None)
    story.check(got.code in (0, 10), "the record is whole", got)
