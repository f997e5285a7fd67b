"""A cut for the press is asked for in a browser, confirmed on the machine and
made there: what is drawn on is black in every picture. Pictures are kept where
PICTURES says."""
import hashlib
import os

from browsing import browser, browser_is_there, pictures_of, station_ends
from console_play import COLOURS, begin, ledger, stretch_of
from story import Story

WIDTH, HEIGHT = 320, 180


def refused(story, op, who):
    """Not to another role, not of nonsense, not without a confirmation."""
    wish = dict(stretch_of(op), incident="1", camera="garage", why="the press",
                areas="0.1,0.1,0.2,0.2")
    for name in ("anna", "vera"):
        http, got = who[name].ask("/api/release", wish)
        story.check(http == 403, "%s may not ask for a cut" % name, got)
    for field, value in (("areas", "0.9,0.1,0.2,0.2"), ("areas", "x"),
                         ("areas", "0.1,0.1,0.2"), ("incident", "9"),
                         ("camera", "cellar"), ("why", " ")):
        http, got = who["cleo"].ask("/api/release", dict(wish, **{field: value}))
        story.check(http in (400, 404), "nor with %s %s" % (field, value), got)
    http, got = who["cleo"].ask("/api/release", wish)
    story.check(http == 200 and got["release"]["state"] == "asked",
                "a custodian may, with a reason", got)
    got = story.sting("unlock", op, "--code", "AAAA-AAAA", *story.keys(),
                      code=1)
    _, second = who["cleo2"].ask("/api/play")
    story.check(second["release"] is None and not ledger(op, "release"),
                "another login has nothing of it, and nothing is made", second)
    who["cleo"].ask("/api/play/end", {"release": "1"})


def areas_of(text):
    for one in text.split():
        x, y, w, h = (float(part) for part in one.split(","))
        yield (int(x * WIDTH) + 1, int(y * HEIGHT) + 1,
               int((x + w) * WIDTH) - 1, int((y + h) * HEIGHT) - 1)


def black(story, cut, text):
    raw = story.run("ffmpeg", "-v", "error", "-i", cut, "-vsync", "0", "-f",
                    "rawvideo", "-pix_fmt", "gray", "-").bytes
    size = WIDTH * HEIGHT
    pictures = [raw[i:i + size] for i in range(0, len(raw), size)]
    inside = [max(picture[y * WIDTH + x0:y * WIDTH + x1])
              for picture in pictures for x0, y0, x1, y1 in areas_of(text)
              for y in range(y0, y1, 3)]
    story.check(len(pictures) > 50 and max(inside) <= 24,
                "what was drawn on is black in all %d pictures"
                % len(pictures), max(inside))
    story.check(max(max(one[:WIDTH]) for one in pictures) > 60,
                "and the rest is a picture")


def main(story):
    browser_is_there()
    op, station, link, who = begin(story, films=[("garage", COLOURS)])
    refused(story, op, who)
    cut = story.path("cut.mp4")
    got = browser(story, "release.mjs", link.group(1) + "/", pictures_of(story),
                  op, cut, *story.keys())
    with open(cut, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    lines = ledger(op, "release")
    story.check(len(lines) == 1 and "sha256=" + sha256 in lines[0]
                and "masks=2" in lines[0] and "incident=1" in lines[0],
                "its line names it by its hash", lines)
    story.check(os.path.getsize(cut + ".txt") > 500
                and any("of=incident" in line and "press" in line
                        and "command=release" in line
                        for line in ledger(op, "unlock")),
                "its text lies beside it, and why it was opened is a line",
                ledger(op, "unlock"))
    black(story, cut, got["areas"])
    station_ends(story, station, op)


if __name__ == "__main__":
    with Story("a cut is asked for in a browser, made on the machine") as told:
        main(told)
