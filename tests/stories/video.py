"""A video of a page: what its frames tell is added up."""
from story import Story

SHOTS = 4


def film(story, copy):
    """A second of each of some photographs of one page in the garage."""
    for i in range(SHOTS):
        photo = story.path("photo.jpg")
        story.sting("drill", "--photograph", copy["file"], "--page", 2,
                    "--setting", "garage-words60", "--seed", 20 + i, "--out",
                    photo)
        story.run("ffmpeg", "-v", "error", "-i", photo, "-vf",
                  "scale=400:-2,crop=iw:min(ih\\,600),pad=400:600:0:0",
                  story.path("frame-%d.png" % i))
    path = story.path("film.mp4")
    story.run("ffmpeg", "-v", "error", "-framerate", "1", "-i",
              story.path("frame-%d.png"), "-vf", "fps=5", "-c:v", "libx264",
              "-crf", "10", "-pix_fmt", "yuv420p", path)
    return path


with Story("a video's frames are judged together") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issued = [row for row in story.sting(
        "bait", "issue", op, "water-tank", "--to", "anna", "ben", "cleo",
        "--out", story.path("copies"), "--json", *story.keys()).json()
        if "copy" in row]
    copy = issued[1]
    rows = story.sting("trace", op, film(story, copy), "--json",
                       *story.keys()).json()
    frames = [row for row in rows if row["picture"]]
    joint = [row for row in rows if not row["picture"]]
    story.check([row["kind"] for row in frames] == ["video"] * SHOTS
                and [row["sheet"] for row in frames]
                == list(range(1, SHOTS + 1)),
                "one frame of each second is chosen", frames)
    at = [row["at_s"] for row in frames]
    story.check(all(i - 0.01 <= one < i + 1 for i, one in enumerate(at)),
                "and has its time", at)
    strongest = max(row["log10_lr"] or 0 for row in frames)
    # A frame so poor that its words seem to stand as in the original is
    # judged alone: of 336 such frames two were.
    moved = [row for row in frames if row["words"] != "unmoved"]
    joint = [row for row in joint if len(row["pictures"]) > 1]
    story.check(len(moved) > SHOTS / 2 and len(joint) == 1
                and len(joint[0]["pictures"]) == len(moved)
                and joint[0]["verdict"] == "attributed"
                and joint[0]["copy"] == copy["copy"],
                "together they name the copy", joint)
    story.check(joint[0]["log10_lr"] > strongest + 5
                and joint[0]["units"] > max(row["units"] for row in frames),
                "more strongly than any of them alone: %.1f, %.1f"
                % (joint[0]["log10_lr"], strongest), rows)
