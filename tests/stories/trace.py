"""Photographs of a copy name it; everything else names nobody."""
import os

from story import Story

HOLDERS = ["gardener-%02d" % n for n in range(1, 21)]


def issue(story, op, out):
    """The sample, issued to 20 holders; the file of each copy number."""
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    lines = story.sting("bait", "issue", op, "water-tank", "--to", *HOLDERS,
                        "--out", story.path(out), "--json",
                        *story.keys()).json()
    return {line["copy"]: (line["file"], line["holder"]) for line in lines}


def photograph(story, pdf, page, setting, seed):
    out = story.path("%s-%d-%s-%d.jpg" % (
        os.path.basename(os.path.dirname(pdf)), page, setting, seed))
    story.sting("drill", "--photograph", pdf, "--page", page, "--setting",
                setting, "--seed", seed, "--out", out)
    return out


def trace(story, op, pictures, code, *more):
    return story.sting("trace", op, *pictures, "--json", *more, *story.keys(),
                       code=code, seconds=300).json()


with Story("a photograph names the copy, and nothing else does") as story:
    op = story.operation()
    copies = issue(story, op, "copies")
    seventh, holder = copies[7]

    taken = [photograph(story, seventh, 1, "half-light", 1),
             photograph(story, seventh, 2, "room", 2),
             photograph(story, seventh, 5, "half-light-quarter", 3)]
    drawings = story.path("drawings")
    found = trace(story, op, taken, 0, "--draw", drawings)
    for line, page in zip(found, (1, 2, 5)):
        story.check(line["verdict"] == "attributed" and line["copy"] == 7
                    and line["page"] == page and line["bait"] == "water-tank"
                    and line["issued_to"] == holder,
                    "page %d of copy 7 is found and named" % page, line)
        story.check(line["log10_false"] <= -6 and line["log10_lr"] > 6
                    and line["control_log10_lr"] < 3,
                    "and its strength is told beside the control's", line)
        story.check(line["tried"] == 60, "20 copies on three pages were tried",
                    line)
    for picture in taken:
        svg = os.path.join(drawings, os.path.basename(picture) + ".svg")
        with open(svg) as drawn:
            story.check("data:image/jpeg" in drawn.read(),
                        "the marks of %s are drawn" % os.path.basename(svg))

    unmarked = photograph(story, story.sample("water-tank.pdf"), 2,
                          "half-light", 4)
    line, = trace(story, op, [unmarked], 3)
    story.check(line["verdict"] == "none" and line["page"] == 2
                and line["copy"] is None and line["issued_to"] is None,
                "the unmarked original is our page, no copy of ours", line)

    again, = trace(story, op, [taken[0]], 0)
    story.check(again["run"] == 2 and again["verdict"] == "attributed",
                "asking again is counted", again)

    other = story.operation("other")
    theirs, _ = issue(story, other, "their-copies")[7]
    line, = trace(story, op, [photograph(story, theirs, 1, "desk", 5)], 3)
    story.check(line["verdict"] == "none" and line["copy"] is None,
                "another operation's copy names nobody here", line)

    foreign = "/usr/share/doc/shared-mime-info/shared-mime-info-spec.pdf"
    if os.path.exists(foreign):
        line, = trace(story, op, [photograph(story, foreign, 3, "desk", 6)], 3)
        story.check(line["verdict"] == "no-page" and line["bait"] is None,
                    "a foreign page is no page of ours", line)

    broken = story.write("broken.jpg", b"\xff\xd8\xff\xe0 no picture at all")
    empty = story.write("empty.png", b"")
    for bad in (broken, empty):
        got = story.sting("trace", op, bad, "--json", *story.keys(), code=2)
        story.check(got.json()[0]["verdict"] == "unreadable"
                    and got.err.count("\n") == 1,
                    "%s is told to be unreadable in one line"
                    % os.path.basename(bad), got)
    story.check(story.sting("verify", op).code == 0,
                "and the record of all this is intact")
