"""What a mask covers is never stored: black in every frame that is kept."""
import os
import signal

from cameras import CUT, camera, end, recorded, watch
from story import Story

WIDTH, HEIGHT = 768, 432
MASKS = ("    masks:\n"
         "      - [[0, 0], [0.25, 0], [0.25, 0.5], [0, 0.5]]\n"
         "      - [[0.5, 0.55], [0.9, 0.55], [0.7, 0.95]]\n")
# in pixels, well inside one of them; and where none lies
INSIDE = [(0, 0, 191, 215), (520, 240, 670, 252)]
OUTSIDE = [(300, 40, 380, 200), (40, 260, 300, 400)]


def pictures(story, path):
    """Luma of each frame as bytes."""
    raw = story.run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v",
                    "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "gray",
                    "-").bytes
    size = WIDTH * HEIGHT
    return [raw[i:i + size] for i in range(0, len(raw), size)]


def range_in(picture, area):
    x0, y0, x1, y1 = area
    rows = [picture[y * WIDTH + x0:y * WIDTH + x1] for y in range(y0, y1, 4)]
    return (min(min(row) for row in rows), max(max(row) for row in rows))


with Story("masked areas are never stored") as story:
    clip = story.path("clip.mp4")
    story.run("ffmpeg", *CUT, "-c:v", "libx264", "-preset", "superfast", "-bf",
              "0", "-g", "10", clip)
    process, port = camera(clip)
    op = story.operation()
    watch(op, {"table": port}, MASKS)
    station = story.sting_start("run", op)
    station.wait_line("camera table: recording", 20)
    story.wait_film(op, "table", 5)
    story.check(station.stop(signal.SIGINT) == 0, "recorded, and ended",
                station.text())
    end(process)
    path, _ = recorded(story, op, "table")
    kept = pictures(story, path)
    story.check(len(kept) > 30, "%d frames are kept" % len(kept))
    brightest = max(range_in(one, area)[1] for one in kept for area in INSIDE)
    story.check(brightest <= 24, "black in every frame where a mask lies",
                brightest)
    sight = min(high - low for one in kept for area in OUTSIDE
                for low, high in [range_in(one, area)])
    story.check(sight > 8, "and a picture where none lies", sight)
    with open(os.path.join(op, "evidence", "ledger")) as file:
        init = [line for line in file if " init camera=table" in line]
    story.check(init and "masks=2" in init[0],
                "the ledger says that it is not as the camera sent it", init)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT", "INTACT", found)

    story.sting("exhibit", op, "--camera", "table", "--from",
                "2011-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z",
                "--mark", "ABC/1", "--out", story.path("exhibit"),
                *story.keys_for("what was masked?"))
    with open(story.path("exhibit", "data", "REPORT.html")) as file:
        report = file.read()
    story.sting("dossier", op, "--out", story.path("dossier.html"),
                *story.keys_for("what was masked?"))
    with open(story.path("dossier.html")) as file:
        dossier = file.read()
    story.check("Stream, second generation" in report and
                "a second generation, not what the camera sent" in dossier,
                "exhibit and dossier say that the pictures are not the "
                "camera's own")
