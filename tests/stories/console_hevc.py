"""A camera that sends HEVC, seen by a browser that plays none: live and sealed
pictures come as H.264 made in a player worker. What is kept is the camera's
own, frame by frame. Pictures are kept where PICTURES says."""
import hashlib
import os
import signal
import time

from browsing import (MODULES, browser, browser_is_there, call, console_start,
                      pictures_of)
from cameras import camera, compare, end, frames, recorded
from console_play import COLOURS, Person, ledger, people
from deaths import workers_of
from story import ROOT, Story, cameras_name, wait_for

MANY = 5  # one more than are converted at once
# More than 4:2:0 of 8 bits.
DEEP = {"ten": "yuv420p10le", "wide": "yuv422p10le"}


def film(story, name="camera", pixels="yuv420p"):
    """720p, a colour each two seconds; B-frames, and groups that are open:
    some pictures need what came before their keyframe. It is longer than the
    story, since it begins anew at its end."""
    one = story.path("one-%s.hevc.mp4" % name)
    path = story.path(name + ".hevc.mp4")
    words = []
    for colour in COLOURS:
        words += ["-f", "lavfi", "-i", "color=%s:s=1280x720:r=25:d=2" % colour]
    made = story.run("ffmpeg", "-v", "error", *words, "-filter_complex",
                     "concat=n=%d" % len(COLOURS), "-c:v", "libx265", "-preset",
                     "ultrafast", "-x265-params",
                     "log-level=none:keyint=50:min-keyint=50:bframes=2:"
                     "scenecut=0:open-gop=1:pools=none:frame-threads=1",
                     "-pix_fmt", pixels, "-tag:v", "hvc1", one)
    story.check(made.code == 0, "the clip is made", made)
    story.run("ffmpeg", "-v", "error", "-stream_loop", "69", "-i", one, "-c",
              "copy", "-tag:v", "hvc1", path)
    return path


def players(station):
    """Player workers that run now."""
    return set(workers_of(station, "player"))


def live(story, station, address, *names):
    """Cameras on one page, each as it was made."""
    before = players(station)
    got = browser(story, "hevc.mjs", address + "/", pictures_of(story), "live",
                  *names)
    print("  first picture, ms: %s, then %s; behind, s: %s"
          % (list(map(round, got["first"])), list(map(round, got["second"])),
             [[round(video["behind"], 2) for video in one]
              for one in got["seen"]]))
    # Two cores do all that the test shows, beside other tests.
    story.check(max(got["first"] + got["second"]) < 12000,
                "%s: a picture is there soon" % ", ".join(names), got)
    for i in range(len(names)):
        seen = [one[i]["colour"] for one in got["seen"]]
        story.check(len(set(seen)) > 1 and set(seen) <= set(COLOURS)
                    and got["seen"][-1][i]["width"] == 1280,
                    "decoded pixels have the camera's colours, pure, one after "
                    "another", seen)
    story.check(wait_for(lambda: not players(station) - before),
                "nothing is converted once nobody looks")


def died(story, station, address):
    """Who converts dies while somebody looks."""
    before = players(station)
    node = story.start(
        "node", os.path.join(ROOT, "tests", "browser", "hevc.mjs"),
        address + "/", pictures_of(story), "died", "camera0",
        env=dict(os.environ, BROWSER_MODULES=MODULES))
    node.wait_line("it is shown", 60)
    # The wall, which came first, had asked for all of them.
    wait_for(lambda: len(players(station) - before) == 1)
    mine = players(station) - before
    story.check(len(mine) == 1, "one worker converts it", mine)
    # The station is busy meanwhile: it first has more to give to that worker.
    os.kill(station.pid, signal.SIGSTOP)
    os.kill(mine.pop(), signal.SIGKILL)
    time.sleep(1)
    os.kill(station.pid, signal.SIGCONT)
    story.check(node.wait(120) == 0,
                "who converts is killed: another one does, and Health tells",
                node.text())


def sealed(story, op, address, since, cleo, user):
    got = browser(story, "hevc.mjs", address + "/", pictures_of(story),
                  "sealed", str(int(since * 1000)),
                  str(int(time.time() * 1000)), op, user, *story.keys())
    print("  10 s at speed 4: %.1f s; buffered: %s" % (got["took"] / 1000,
                                                       got["gaps"]))
    story.check(got["seen"] == [COLOURS[int(at / 2) % 3] for at in
                                (0.5, 2.5, 4.5, 7, 9, 11)],
                "%s: sealed pictures have the colours of their moments" % user,
                got)
    # Each file stands where its line says, by the station's clock, which follows
    # the camera's within some milliseconds.
    holes = [after[0] - before[1] for before, after in
             zip(got["gaps"], got["gaps"][1:])]
    story.check(got["took"] < 30000 and all(hole < 0.1 for hole in holes),
                "and play over the border of two files, no hole in them of "
                "more than two pictures", got)
    _, told = cleo.ask("/api/play")
    story.check(told["play"] is None, "another login has nothing of it", told)


def untouched(story, op, clip):
    """The files are what the ledger tells of, and hold the camera's frames."""
    path, _ = recorded(story, op, "camera0")
    compare(story, "HEVC", frames(story, clip), frames(story, path))
    _, identity = story.recipient()
    hashes = {word[3:] for kind in ("init", "seg") for line in ledger(op, kind)
              if "camera=camera0 " in line for word in line.split()
              if word.startswith("pt=")}
    folder = os.path.join(op, "evidence", "segments", "camera0")
    kept = {hashlib.sha256(story.run("age", "-d", "-i", identity,
                                     os.path.join(top, one)).bytes).hexdigest()
            for top, _, names in os.walk(folder) for one in names}
    story.check(kept == hashes and len(kept) >= 3,
                "each file is what its line says, bit for bit", len(kept))


def main(story):
    browser_is_there()
    clip = film(story)
    process, port = camera(clip)
    op = story.operation()
    deep = {name: camera(film(story, name, pixels))
            for name, pixels in DEEP.items()}
    cameras_name(op, "".join(
        "  - name: %s\n    url: rtsp://127.0.0.1:%d/camera\n" % one
        for one in [("camera%d" % i, port) for i in range(MANY)]
        + [(name, at[1]) for name, at in deep.items()]))
    station, link = console_start(story, op)
    since = time.time()
    for name in ["camera%d" % i for i in range(MANY)] + list(DEEP):
        station.wait_line("camera %s: recording, 1280 x 720 hevc" % name, 30)
    who = people(story, link.group(1), link.group(2))
    died(story, station, link.group(1))
    live(story, station, link.group(1), "camera0")
    live(story, station, link.group(1), *DEEP)
    http, _, _ = call(link.group(1), "/api/live?cameras=camera0&h264=cellar",
                      headers={"Cookie": who["anna"].cookie})
    story.check(http == 404, "a camera that is none is refused")
    browser(story, "hevc.mjs", link.group(1) + "/", pictures_of(story), "crowd",
            *["camera%d" % i for i in range(MANY)])
    for user, name in (("dora", "camera0"), ("wanda", "wide")):
        http, got = who["anna"].ask("/api/users/add", {
            "user": user, "role": "custodian", "cameras": name,
            "password": Story.PASSPHRASE})
        story.check(http == 200, "%s sees one of them" % user, got)
    time.sleep(max(0, since + 16 - time.time()))
    for user in ("dora", "wanda"):
        sealed(story, op, link.group(1), since,
               Person(link.group(1), "cleo"), user)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for one in [process] + [at[0] for at in deep.values()]:
        end(one)
    untouched(story, op, clip)
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the record holds",
                found)


if __name__ == "__main__":
    with Story("a camera's HEVC is seen where only H.264 plays") as told:
        main(told)
