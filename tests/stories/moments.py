"""Photograph, page and moment are joined: of the copy that a photograph names,
`sting trace` tells what page watch saw of the sheet where that copy was laid."""
import os

from story import Story, cameras_name

CAMERA = """  - name: desk
    url: desk.txt
    zones:
      - name: paper
        bait: water-tank
        copy: %d
        polygon: [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]
  - name: shelf
    url: shelf.txt
    zones:
      - name: board
        bait: water-tank
        copy: %d
        polygon: [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]
"""
SCRIPT = "interval_ms=100 duration_ms=100 bytes=2000 learned_at=2 in_view_at=4 "


def traced(story, op, copy, seed):
    """A photograph of the second page of a copy: its line, and its words."""
    photo = story.path("photo-%d.jpg" % copy["copy"])
    story.sting("drill", "--photograph", copy["file"], "--page", 2,
                "--setting", "half-light-quarter", "--seed", seed, "--out",
                photo)
    line, = story.sting("trace", op, photo, "--json", *story.keys()).json()
    story.check(line["verdict"] == "attributed"
                and line["copy"] == copy["copy"], "the copy is named", line)
    return line, story.sting("trace", op, photo, *story.keys()).out


with Story("photograph, page and moment are joined") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issued = {row["copy"]: row for row in story.sting(
        "bait", "issue", op, "water-tank", "--to", "anna", "ben", "cleo",
        "--out", story.path("copies"), "--json", *story.keys()).json()
        if "copy" in row}
    cameras_name(op, CAMERA % (2, 99))
    refused = story.sting("check", op, code=1).err
    story.check("copy 99 of water-tank was never issued" in refused
                and refused.count("copy") == 1,
                "a copy that there is not is a mistake", refused)
    with open(os.path.join(op, "operation.yaml"), encoding="utf-8") as file:
        text = file.read()
    apart = text.replace("name: shelf", "name: shelf\n    place: loft")
    for written in (text.replace("copy: 99", "copy: 2"),
                    apart.replace("copy: 99", "copy: 2")):
        story.write("op/operation.yaml", written)
        refused = story.sting("check", op, code=None).err
        story.check(("lies in zone paper already" in refused)
                    == ("loft" in written),
                    "one sheet lies in one place, where two may see it",
                    refused)
    story.write("op/operation.yaml", text.replace("copy: 99", "copy: 3"))
    story.write("op/desk.txt", SCRIPT + "person_at=6 page_at=8 lifted_at=9 "
                "flashes_at=14 person_until=40")
    story.write("op/shelf.txt", SCRIPT)
    station = story.sting_start("run", op)
    station.wait_line("desk, paper: .*camera flash", 30)
    station.wait_line("camera shelf, board: a page lies there", 30)
    story.check(station.stop() == 0, "the station ends in order")

    line, words = traced(story, op, issued[2], 9)
    seen = line["moments"]
    states = [one["state"] for one in seen]
    story.check(states[:1] == ["lifted"] and "flashes" in states
                and line["moments_more"] == 0,
                "what was done to the copy that is named is told", seen)
    story.check(all(one["camera"] == "desk" and one["zone"] == "paper"
                    and one["incident"] == 1 and one["entry"] > 0
                    for one in seen),
                "by camera, zone, incident and entry of the ledger", seen)
    flashes = [one for one in seen if one["state"] == "flashes"]
    story.check(flashes[-1]["count"] == 3, "flashes are counted", flashes)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        told = [one for one in file
                if one.startswith("%d " % seen[0]["entry"])]
    story.check(len(told) == 1 and " page camera=desk " in told[0]
                and "state=lifted" in told[0],
                "the entry is the line of the ledger", told)
    story.check("lifted" in words and "desk" in words and "flash" in words,
                "and in words", words)

    line, words = traced(story, op, issued[3], 4)
    story.check(line["moments"] == [] and "desk" not in words,
                "of a copy that nobody touched nothing is told", line)
    line, _ = traced(story, op, issued[1], 5)
    story.check(line["moments"] == [], "nor of one that was laid nowhere",
                line)
