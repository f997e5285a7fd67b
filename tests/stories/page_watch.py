"""A page on a table before real cameras: turned over, taken away, photographed
with flashes, a bright telephone over it; and a camera that sends the same picture
again and again."""
import json
import os
import signal
import subprocess

from story import Story, cameras_name

BEGIN, HOLD = 7, 14  # seconds into the films
# camera: act, seed, begins, ends, and from when on the picture is held. Flashes
# are one picture each, between keyframes: that camera has each looked at.
FILMS = {"turned": ("turn", 3, BEGIN, 14), "taken": ("take", 2, BEGIN, 13),
         "held": ("none", 4, 99, 21, HOLD),
         "flashed": ("flash", 3, BEGIN + 0.3, 17),
         "screen": ("screen", 1, BEGIN, 16)}
MORE = {"flashed": "    look: all\n"}


def camera(clip):
    process = subprocess.Popen([os.environ["RTSP_SERVE"], clip, "0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return process, int(process.stdout.readline().split()[1])


def film(story, name):
    path = story.path(name + ".mp4")
    zone = story.run(os.environ["PAGE_FILM"], path,
                     *[str(word) for word in FILMS[name]]).out.strip()
    return path, zone


def told(station, event):
    rows = [json.loads(line) for _, line in station.line
            if line.startswith("{")]
    return [row for row in rows if row["event"] == event]


with Story("a camera tells what becomes of a page, and of itself") as story:
    op = story.operation()
    films = {name: film(story, name) for name in FILMS}
    cameras = {name: camera(path) for name, (path, _) in films.items()}
    listed = "".join(
        "  - name: %s\n    place: %s\n"
        "    url: rtsp://127.0.0.1:%d/camera\n%s    zones:\n"
        "      - name: table\n        bait: tank\n        copy: 7\n"
        "        polygon: %s\n" % (name, name, cameras[name][1],
                                  MORE.get(name, ""), films[name][1])
        for name in FILMS)
    cameras_name(op, listed)
    station = story.sting_start("run", op, "--json")
    station.wait_line("camera held: the same picture comes again", 60)
    station.wait_line('"event": ?"incident".*"camera": ?"held"'
                      '.*"kind": ?"tamper"', 10)
    station.wait_line('"event": ?"page".*"turned".*"camera": ?"turned"', 60)
    station.wait_line('"event": ?"page".*"gone".*"camera": ?"taken"', 60)
    station.wait_line("camera flashed, table: 3 camera flashes over the page",
                      60)
    station.wait_line('"event": ?"page".*"no-screen".*"camera": ?"screen"', 60)
    pages = [(row["camera"], row["state"]) for row in told(station, "page")]
    for name, state in ("turned", "turned"), ("taken", "gone"):
        mine = [state for camera, state in pages if camera == name]
        mine = mine[:mine.index(state)]
        story.check(mine[0] == "in-view" and "lifted" in mine,
                    "the page is lifted, then %s" % state, mine)
    story.check({state for camera, state in pages if camera == "held"}
                == {"in-view"}, "the other lies where it lay", pages)
    raised = [(row["camera"], row["tier"], row["zone"])
              for row in told(station, "incident") if row["state"] == "raised"]
    story.check(sorted(raised) == [("taken", "touch", "table"),
                                   ("turned", "touch", "table")],
                "a page that is lifted while somebody is seen is a touch, "
                "which wakes", raised)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    for process, _ in cameras.values():
        process.kill()
        process.wait()
    with open(os.path.join(op, "evidence", "ledger")) as file:
        lines = [line.split() for line in file if " page " in line]
    found = [line for line in lines if "basis=found" in line]
    story.check(len(found) >= len(FILMS) and all("state=in-view" in line
                                        for line in found),
                "what each camera found there is told as found", lines)
    lights = {name: [word for line in lines if "camera=" + name in line
                     for word in line if word.startswith(("state=", "count="))]
              for name in ("flashed", "screen")}
    story.check(lights["flashed"][:7]
                == ["state=in-view", "state=flashes", "count=1",
                    "state=flashes", "count=2", "state=flashes", "count=3"],
                "each flash is a line, counted in its series", lights)
    story.check([state for state in lights["screen"] if "screen" in state][:2]
                == ["state=screen", "state=no-screen"],
                "a bright screen over it comes and goes", lights)
    story.check(any("state=gone" in line and "copy=7" in line
                    and "bait=tank" in line for line in lines),
                "the ledger names the copy that lay there", lines)
