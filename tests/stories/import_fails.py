"""sting import on a disk whose syncs fail, each of them in turn, with a record
of that box here and with none: it is refused in one line; verify says that what
was here before stands and, once the ledger tells of it, that an import was not
finished; done again, all is whole. What came is kept until then."""
import os
import shutil

from imports import WHO, forged, lines, make
from shim import AFTER, Shim
from story import Story

MANY = 1 << 40
GOOD = ("INTACT", "INTACT WITH GAPS")


def verified(story, office):
    return story.sting("verify", office, "--boxes", "--json", code=None)


def syncs_of(story, shim, before, box):
    """How many syncs an import makes."""
    office = story.copy(before, "counted")
    shim.fail(1, MANY)
    story.sting("import", office, box, *WHO, env=shim.env)
    count = MANY - shim.get(AFTER)
    shim.fail(0, 0)
    shutil.rmtree(office)
    return count


def failed(story, shim, before, box, after):
    """An office whose import failed there; was it told of as unfinished?"""
    office = story.copy(before, "office-%d" % after)
    shim.fail(1, after)
    got = story.sting("import", office, box, *WHO, code=None, env=shim.env)
    shim.fail(0, 0)
    if not (got.code == 2 and got.err.count("\n") == 1 and not got.out
            and "Input/output error" in got.err):
        story.check(False, "sync %d fails: refused in one line" % after, got)
    told = verified(story, office)
    if told.code not in (0, 10) or not all(one["verdict"] in GOOD for one in told.json()):
        story.check(False, "sync %d fails: what was here stands" % after,
                    "%s\n%s" % (got, told))
    unfinished = {one["unfinished_import"] for one in told.json()} - {None}
    words = story.sting("verify", office).out
    if ("was not finished" in words) != (unfinished == {"garage"}):
        story.check(False, "people are told too", words)
    if unfinished and "again" not in got.err:
        story.check(False, "who imports is told to do it again", got)
    return office, bool(unfinished)


def again(story, office, box, after):
    story.sting("import", office, box, *WHO)
    told = verified(story, office)
    left = [name for name in os.listdir(office + "/boxes")
            if name.startswith(".coming")]
    if (told.code not in (0, 10) or lines(office + "/boxes/garage") != lines(box) or left
            or any(one["verdict"] not in GOOD or one["unfinished_import"]
                   for one in told.json())):
        story.check(False, "sync %d failed: done again, all is whole" % after,
                    "%s %s" % (told, left))


def each(story, shim, before, box, what):
    syncs, unfinished = syncs_of(story, shim, before, box), 0
    for after in range(syncs):
        office, is_told = failed(story, shim, before, box, after)
        unfinished += is_told
        again(story, office, box, after)
        shutil.rmtree(office)
    story.check(unfinished > 0, "%s, each of %d syncs fails: what was here "
                "stands, %d imports are told to be unfinished, and all are "
                "done again" % (what, syncs, unfinished))
    return syncs


def an_unfinished(story, shim, before, box, syncs):
    for after in range(syncs - 1, 0, -1):
        office, is_told = failed(story, shim, before, box, after)
        if is_told:
            return office
        shutil.rmtree(office)
    return story.check(False, "some import is unfinished")


def backed_up(story, office, name):
    """What came is in a backup too."""
    story.sting("backup", office, "--to", story.path(name))
    told = verified(story, story.path(name))
    story.check(told.code in (0, 10) and {"garage"} == {
        one["unfinished_import"] for one in told.json()} - {None},
                "what came and waits is in a backup, too", told)


def kept(story, shim, before, box, syncs):
    """Neither another box's import nor an older state takes it away, and it is
    judged whole: by its files, too."""
    old = story.copy(before + "/boxes/garage", "old")
    shutil.copy(before + "/../garage/operation.yaml", old)
    office = an_unfinished(story, shim, before, box, syncs)
    backed_up(story, office, "backup")
    shed = story.path("shed")
    story.sting("new", shed, "--role", "box", "--office", office, "--by",
                "Anna")
    story.sting("import", office, shed, *WHO)
    told = verified(story, office)
    story.check(told.code in (0, 10) and {"garage"} == {
        one["unfinished_import"] for one in told.json()} - {None},
                "what came is kept while another box is imported", told)
    backed_up(story, office, "backup-2")
    got = story.sting("import", office, old, *WHO, code=3)
    story.check("does not continue" in got.err,
                "what is older than the unfinished one is refused", got)
    forged(old, "drill", "type=t", "trials=1", "hits=1")
    story.sting("import", office, old, *WHO, code=3)
    blobs = office + "/boxes/.coming@garage/evidence/blobs/"
    name = sorted(os.listdir(blobs))[-1]
    os.rename(blobs + name, story.path("blob"))
    told = verified(story, office)
    story.check(told.code > 10,
                "an unfinished record that lacks a file is none", told)
    os.rename(story.path("blob"), blobs + name)
    came = story.path("came")
    shutil.copytree(office + "/boxes/.coming@garage", came)
    again(story, office, came, 0)
    story.check(True, "and what came can be imported itself")


def main(story):
    shim = Shim(story)
    office, box = make(story)
    story.sting("log", box, "a tank is filled")
    each(story, shim, office, box, "a first import")
    story.sting("import", office, box, *WHO)
    story.sting("log", box, "it is emptied")
    syncs = each(story, shim, office, box, "one that goes on")
    kept(story, shim, office, box, syncs)


if __name__ == "__main__":
    with Story("an import on a disk that fails costs nothing") as told_story:
        main(told_story)
