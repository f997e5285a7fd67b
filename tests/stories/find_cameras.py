"""Cameras of a network are found, with their streams; some answer nonsense."""
import os
import sys

from cameras import begin, end
from story import ROOT, Story

DEVICE = os.path.join(ROOT, "tests", "standin", "onvif_camera.py")
CAMERAS = {
    "127.0.0.2": ("name=Gate",),
    "127.0.0.3": ("name=Locked", "user=gardener", "password=p&ss"),
    "127.0.0.4": ("name=Garbage", "answer=garbage"),
    "127.0.0.5": ("name=Dtd", "answer=dtd"),
    "127.0.0.6": ("name=Deep", "answer=deep"),
    "127.0.0.7": ("name=Endless", "answer=endless"),
    "127.0.0.8": ("name=Elsewhere", "answer=elsewhere"),
}


NAMES = {"Gate", "Locked", "Garbage", "Dtd", "Deep", "Endless"}


def find(story, *more):
    """Who answers within two seconds; on a busy machine not all do each time,
    and are asked again."""
    for _ in range(5):
        done = story.sting("cameras", "--from", "127.0.0.1", "--wait", "2",
                           "--json", *more)
        found = {one["name"]: one for one in done.json()}
        if len(done.json()) != len(found) or NAMES <= set(found):
            break
    story.check(len(done.json()) == len(found), "nobody is told twice", done)
    return found


def main():
    with Story("the cameras of a network are found") as story:
        process, port = {}, {}
        for address, words in CAMERAS.items():
            process[address], port[address] = begin(
                [sys.executable, DEVICE, address, *words])
        secret = story.write("camera-password", "p&ss\n")
        found = find(story, "--user", "gardener", "--password-file", secret)
        story.check(set(found) == NAMES,
                    "each is found once, and none that points elsewhere",
                    sorted(found))
        main_stream = {"name": "main", "codec": "H264", "size": "1920x1080",
                       "url": "rtsp://127.0.0.3:554/main?a=1&b=2"}
        story.check(found["Locked"]["streams"][0] == main_stream
                    and found["Locked"]["streams"][1]["size"] == "640x360"
                    and not found["Locked"]["why"],
                    "who knows the password is told both streams",
                    found["Locked"])
        odd = [found[name] for name in ("Garbage", "Dtd", "Deep", "Endless")]
        story.check(all(one["streams"] == [] and one["why"] for one in odd),
                    "nonsense is told as such, camera by camera",
                    [one["why"] for one in odd])
        found = find(story)
        story.check(found["Gate"]["streams"] and
                    "refuses" in found["Locked"]["why"],
                    "without a password the locked one refuses", found)
        at = "http://127.0.0.2:%d/device" % port["127.0.0.2"]
        words = story.sting("cameras", "--at", at).out
        story.check("url: rtsp://127.0.0.2:554/small?a=1&b=2" in words,
                    "one alone is asked by its address, without multicast",
                    words)
        at = "http://127.0.0.3:%d/device" % port["127.0.0.3"]
        told = story.sting("cameras", "--at", at, "--json").json()
        story.check("refuses" in told[0]["why"],
                    "one that refuses us is a camera all the same", told)
        at = "http://127.0.0.4:%d/device" % port["127.0.0.4"]
        got = story.sting("cameras", "--at", at, code=3)
        story.check("no camera answers at " + at in got.err and not got.out,
                    "what answers nonsense is none", got)
        for one in process.values():
            end(one)
        got = story.sting("cameras", "--at", at, "--json", code=3)
        story.check("no camera answers at %s: " % at in got.err
                    and "check the address" in got.err and not got.out,
                    "where nothing listens there is none", got)
        none = story.sting("cameras", "--from", "127.0.0.1", "--wait", "1",
                           code=3)
        story.check("none answered" in none.err, "and none is told so",
                    none.err)


if __name__ == "__main__":
    main()
