"""Photographs, the camera in the garage and the sample itself, from outside.

Usage: drill.py [camera]
"""
import os
import re
import sys
import time

from story import Story, ROOT


def sheets(story, sheet):
    # The sample is what its script sets.
    again = story.path("again.pdf")
    story.run("python3", ROOT + "/samples/water-tank.py", again)
    with open(sheet, "rb") as one, open(again, "rb") as two:
        story.check(one.read() == two.read(),
                    "the sample is made again byte for byte")
    text = story.run("pdftotext", sheet, "-").out
    story.check("5 Putting it together" in re.sub(r" +", " ", text),
                "its text can be read")

    # Intruders, and a team that would come far too late.
    told, met = story.sting("drill", "--intruders", 1, "--team", 600,
                            "--json").json()
    story.check((told["type"], told["hits"], told["trials"])
                == ("intruders", 1, 1), "an intruder is told of", told)
    story.check((met["type"], met["hits"], met["team_s"])
                == ("in-time", 0, 600), "and not met by who is far", met)
    story.sting("drill", "--intruders", 1, "--team", "soon", code=1)
    began = time.monotonic()
    said = story.at_a_terminal("drill", "--intruders", 2, "--json")
    lasted_s = time.monotonic() - began
    left = re.search(r"intruders 1 of 2, photographs 0 of 0, about (\d+) s left",
                     said)
    story.check(left and 1 <= int(left.group(1)) <= lasted_s + 1
                and "intruders 2 of 2, photographs 0 of 0, about 0 s left"
                in said, "a terminal is told how much time is left", said)

    # Photographs.
    def photograph(name, *more, **kwargs):
        return story.sting("drill", "--photograph", sheet, "--page", 2,
                           "--setting", "garage-quarter", "--out",
                           story.path(name), *more, **kwargs)

    row = photograph("a.jpg", "--seed", 3, "--json").json()[0]
    photograph("b.jpg", "--seed", 3)
    photograph("c.jpg", "--seed", 4)
    a, b, c = (open(story.path(n), "rb").read()
               for n in ("a.jpg", "b.jpg", "c.jpg"))
    story.check(a == b and a != c, "the seed decides a photograph")
    story.check(row["bytes"] == len(a), "and --json tells its size")
    got = story.sting("drill", "--photograph", sheet, "--setting", "moon",
                      "--out", story.path("d.jpg"), code=1)
    story.check("half-light" in got.err and got.err.count("\n") == 1,
                "an unknown setting is answered with those there are")
    junk = story.write("junk.pdf", bytes(range(256)) * 40)
    for bad in (junk, story.write("empty.pdf", b""), story.path("absent.pdf")):
        got = story.sting("drill", "--photograph", bad, "--out",
                          story.path("d.jpg"), code=2)
        story.check(got.err.startswith("sting: " + bad)
                    and got.err.count("\n") == 1,
                    "%s is refused in one line" % bad.split("/")[-1], got)
    got = story.sting("drill", "--photograph", sheet, "--page", 7, "--out",
                      story.path("d.jpg"), code=2)
    story.check("6 pages" in got.err, "so is a page that is not there", got)

    far = ("--seed", 3, "--setting", "far")
    photograph("plain.jpg", *far)
    photograph("turned.jpg", *far, "--turn", 90, "--mirror")
    photograph("over.jpg", *far, "--over", sheet, "--other-page", 1)
    plain, turned, over = (open(story.path(n), "rb").read() for n in
                           ("plain.jpg", "turned.jpg", "over.jpg"))
    story.check(len({plain, turned, over}) == 3,
                "pictures are turned, mirrored, covered, when asked for")
    got = photograph("d.jpg", "--turn", 45, code=1)
    story.check("sting drill --help" in got.err, "but only by quarters", got)
    got = story.sting("drill", "--photograph", sheet, "--setting",
                      "garage-quarter9000", "--out", story.path("d.jpg"),
                      code=2)
    story.check("9000 words" in got.err, "a part with more words than the "
                "page has is refused", got)


def camera(story, sheet):
    story.sting("drill", "--camera", "nowhere", code=1)
    port = story.free_port()
    scene = story.sting_start("drill", "--camera", "127.0.0.1:%d" % port,
                              "--quiet", 1.5, "--pages", sheet)
    scene.wait_line(r"^listening %d$" % port, 60)
    zone = re.search(r"^zone( 0\.\d+,0\.\d+){3,}$", scene.text(), re.M)
    story.check(zone, "it tells where the pages lie", scene.text())
    url = "rtsp://127.0.0.1:%d/garage" % port
    clip = story.path("clip.mkv")
    story.run("ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url,
              "-frames:v", 50, "-c", "copy", clip, seconds=60)
    rows = [line.split(",") for line in story.run(
        "ffprobe", "-v", "error", "-show_entries", "frame=pict_type,width",
        "-of", "csv=p=0", clip).out.split()]
    kinds = "".join(row[1][0] for row in rows)
    story.check(len(kinds) >= 30 and "B" not in kinds
                and rows[0][0] == "1280", "ffmpeg plays it: no B-frames", kinds)
    story.check(re.search(r"IP{9}I", kinds), "a keyframe a second", kinds)
    scene.wait_line(r"^photograph \d", 40)
    story.check(re.search(r"^first-frame 20.*Z\n(?:.*\n)*enter 1\.50$",
                          scene.text(), re.M), "events have their times",
                scene.text())
    busy = story.sting("drill", "--camera", "127.0.0.1:%d" % port, code=2,
                       seconds=60)
    story.check("another port" in busy.err, "a taken port is told", busy)
    story.check(scene.stop() == 0, "it ends in order when told to")


with Story("a drill makes what must be caught, the same each time") as told:
    (camera if "camera" in sys.argv[1:] else sheets)(
        told, told.sample("water-tank.pdf"))
