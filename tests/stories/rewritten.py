"""Who has every key of an operation writes its record anew, with the program
itself: what an outsider kept shows it, and what time is proven is told."""
import os
import re
import signal
import time

from outsiders import Authority
from shim import on_day
from story import Story

DAY_BEFORE = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 2 * 86400))


def notes_of(op):
    """All whole notes of its checkpoints, in order."""
    out = []
    folder = os.path.join(op, "evidence/checkpoints")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            out += re.findall(r"(?:[^\n]+\n){3}\n(?:— .*\n)+\n", file.read())
    return out


def anchored(story, op, authority):
    """A station runs until the authority has seen its newest checkpoint."""
    path = os.path.join(op, "operation.yaml")
    with open(path, "a", encoding="utf-8") as out:
        out.write("anchors:\n  - tsa: %s\n    ca_file: %s\n"
                  "    every_s: 10\n" % (authority.serve(), authority.ca))
    run = story.sting_start("run", op)
    run.wait_line("tsa-1 vouches", 60)
    return run.stop(signal.SIGINT) == 0


def verdict(story, op, *words):
    return story.sting("verify", op, "--json", *words, code=None).json()[0]


with Story("who has every key writes the record anew") as story:
    op = story.operation()
    story.sting("log", op, "the page lies in the drawer")
    twin = story.copy(op, "twin")
    story.sting("log", op, "the page is gone")
    for n in range(3):
        story.sting("log", twin, "the page is there")

    # two records under one key, each intact; whoever holds both sees it
    story.check(verdict(story, op)["verdict"]
                == verdict(story, twin)["verdict"] == "INTACT",
                "either alone is intact")
    shared = len([n for n in notes_of(op) if n in notes_of(twin)])
    kept = story.write("kept", "".join(notes_of(op)))
    got = verdict(story, twin, "--anchor", kept)
    story.check(got["verdict"] == "TAMPERED" and "two records" in
                got["reason"], "all checkpoints of a file are held to it, and "
                "the log key's own word accuses it: not only the first, which "
                "both share", got)
    story.check(shared > 0 and got["at"] >= 10, "at the line where they part")
    kept = story.write("longer", "".join(notes_of(twin)))
    got = verdict(story, op, "--anchor", kept)
    story.check(got["verdict"] == "TAMPERED", "and the other way about, "
                "though the other is longer", got)
    got = verdict(story, op, "--anchor",
                  story.write("own", "".join(notes_of(op))))
    story.check(got["verdict"] == "INTACT" and got["reason"] is None,
                "its own fit", got)

    # what is kept may be made up too
    last = notes_of(op)[-1].split("\n")
    last[2] = "A" * 43 + "="
    got = verdict(story, op, "--anchor", story.write("made", "\n".join(last)))
    story.check(got["verdict"] == "UNVERIFIABLE" and "did not sign" in
                got["reason"], "a note under a false signature of the log key "
                "accuses nobody", got)
    got = verdict(story, op, "--anchor",
                  story.write("three", "\n".join(last[:3]) + "\n"))
    story.check(got["verdict"] == "TAMPERED" and "nobody signed" in
                got["reason"], "three lines do, and it is told that whoever "
                "gave them vouches for them", got)
    bad = story.sting("verify", op, "--anchor", story.write(
        "junk", notes_of(op)[0] + "and so on\n"), code=1)
    story.check(bad.err.count("\n") == 1 and "holds what is none" in bad.err,
                "what is not looked at is refused", bad.err)

    # a list of revoked ones that the verifier has, and the record has not
    authority = Authority(story.path("tsa"))
    story.check(anchored(story, op, authority), "an authority has seen it")
    got = verdict(story, op, "--ca", authority.ca)
    story.check(got["anchored_until"] is not None, "its stamp counts", got)
    both = story.path("both.pem")
    with open(both, "wb") as out:
        for path in (authority.ca, authority.revoke()):
            with open(path, "rb") as file:
                out.write(file.read())
    got = verdict(story, op, "--ca", both)
    story.check(got["anchored_until"] is None
                and {a["state"] for a in got["anchors"]} == {"revoked"},
                "a stamp whose certificate is on a list given with --ca "
                "counts no more", got["anchors"])
    authority.close()

    # what was written anew with old times is proven from its anchor on
    made = story.operation("backdated")
    story.run(*on_day(story.folder, "2026-03-01"), story.binary, "log", made,
              "it lay there in March")
    authority = Authority(story.path("late"))
    story.check(anchored(story, made, authority), "a record of today, whose "
                "clock was set back, is anchored today")
    authority.close()
    got = verdict(story, made)
    story.check(got["verdict"] == "INTACT" and got["anchored_late"]["from"] == 0
                and got["clock_ahead"] is None
                and got["anchored_late"]["said"][:7] == "2026-03",
                "all of it waited for an outsider until today", got)
    words = story.sting("verify", made).out
    story.check("were first seen outside by" in words,
                "and in words nothing is proven of the time before", words)

    # an outsider's clock tells that ours was ahead
    ahead = story.operation("ahead")
    authority = Authority(story.path("early"), day=DAY_BEFORE)
    story.check(anchored(story, ahead, authority), "an authority whose day is "
                "two days ago")
    authority.close()
    got = verdict(story, ahead)
    story.check(got["clock_ahead"] and got["clock_ahead"]["seen"][:10]
                == DAY_BEFORE and got["verdict"] == "INTACT"
                and "THE CLOCK WAS WRONG" in story.sting("verify", ahead).out,
                "a line that was seen before the time that it tells is told",
                got)
