"""A camera comes anew while somebody is there: one incident, two films. What is
shown of it at each moment is of that moment; films are told apart by a corner
that is white in the first and black in the second."""
import base64
import datetime
import os
import re
import signal
import time

from cameras import begin, end
from story import Story, cameras_name, config_edit
from two_streams import STILL, clip_make, ledger

WALK = "[0:v]trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS[%s];"
LAST = "scale=384:216,drawbox=0:0:60:60:%s:fill,format=yuv420p"
FIRST = (STILL % (200, "a") + WALK % (40, 215, "v")
         + "[a][v]concat=n=2," + LAST % "white")
SECOND = (WALK % (90, 215, "v") + STILL % (300, "a")
          + "[v][a]concat=n=2," + LAST % "black")


def camera_begin(clip, port):
    return begin([os.environ["RTSP_SERVE"], clip, str(port)])[0]


def field(line, name):
    return re.search(r" %s=(\S+)" % name, line)[1]


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def films(op):
    """When each film began and ended, by the ledger."""
    found = []
    for line in ledger(op):
        if " init camera=garage " in line:
            found.append([])
        elif " seg camera=garage " in line:
            began = at(field(line, "t0"))
            ended = began + datetime.timedelta(
                microseconds=int(field(line, "us")))
            found[-1] = [found[-1][0] if found[-1] else began, ended]
    return found


def corner(story, path):
    """How bright the corner is, on every picture."""
    raw = story.run("ffmpeg", "-v", "error", "-i", path, "-vf",
                    "crop=30:30:10:10,scale=1:1:flags=area", "-pix_fmt",
                    "gray", "-vsync", "passthrough", "-f", "rawvideo", "-")
    return list(raw.bytes)


def recorded(story):
    op, port = story.operation(), story.free_port()
    cameras_name(op, "  - name: garage\n    url: rtsp://127.0.0.1:%d/camera\n"
                 % port)
    config_edit(op, "quiet_s: 10", "quiet_s: 30")
    clips = [clip_make(story, "first", FIRST), clip_make(story, "second", SECOND)]
    camera = camera_begin(clips[0], port)
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera garage: somebody is there", 60)
    time.sleep(5)
    end(camera)
    time.sleep(3)
    camera = camera_begin(clips[1], port)
    station.wait_line("camera garage: recording", 30)
    time.sleep(14)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    end(camera)
    incidents = [line for line in ledger(op) if " incident n=" in line]
    story.check(len(films(op)) == 2
                and {field(line, "n") for line in incidents} == {"0", "1"},
                "one incident is in two films", (films(op), incidents))
    return op


def dossier(story, op):
    """Each picture is of its own moment, and none is shown twice."""
    page = story.path("dossier.html")
    story.sting("dossier", op, "--out", page, *story.keys_for("the court asks"))
    text = open(page, encoding="utf-8").read()
    first, second = films(op)
    shown = re.findall(r'src="data:image/jpeg;base64,([^"]+)".*?'
                       r"(\d\d:\d\d:\d\d) UTC", text, re.S)
    day = first[0].strftime("%Y-%m-%dT")
    of = {1: 0, 2: 0}
    for picture, clock in shown:
        told = at(day + clock + "Z")
        level = corner(story, story.write("still.jpg",
                                          base64.b64decode(picture)))[0]
        film = 1 if level > 128 else 2
        begin_s, end_s = first if film == 1 else second
        of[film] += 1
        story.check(begin_s - datetime.timedelta(seconds=1) < told <= end_s,
                    "the picture of %s is of film %d, which holds that moment"
                    % (clock, film), (first, second))
    pictures = [picture for picture, _ in shown]
    story.check(of[1] >= 2 and of[2] >= 2
                and len(set(pictures)) == len(pictures),
                "both films are shown, and no picture twice", of)
    holes = re.findall(r"(\d\d:\d\d:\d\d) UTC:[^<]*No picture: the sealed "
                       "recording has no picture of that moment", text)
    story.check(holes and len(holes) + len(pictures) == 8
                and all(first[1] <= at(day + clock + "Z")
                        + datetime.timedelta(seconds=1) and at(day + clock + "Z")
                        <= second[0] for clock in holes),
                "where nothing was recorded, that is told", (holes, first, second))


def of_each(story, paths):
    """The first file is of the first film alone, the second of the second."""
    levels = [corner(story, path) for path in paths]
    return (len(levels) == 2 and min(levels[0]) > 128 > max(levels[1])
            and min(map(len, levels)) >= 50)


def given_out(story, op):
    """All of the incident is in what is given out, a file for each film."""
    cut, look = story.path("cut.mp4"), story.path("look.mp4")
    told = story.sting("release", op, "--incident", "1", "--out", cut, "--json",
                       *story.keys_for("the press asks"), seconds=200).json()
    story.check([(one["film"], one["films"]) for one in told] == [(1, 2), (2, 2)]
                and of_each(story, [one["file"] for one in told]),
                "a cut for the press is two, one of each film", told)
    text = open(told[1]["text"], encoding="utf-8").read()
    lines = [line for line in ledger(op) if " release incident=1 " in line]
    story.check("film       2 of 2" in text and len(lines) == 2
                and [field(line, "sha256") for line in lines]
                == [one["sha256"] for one in told],
                "text and ledger tell of both", (text, lines))
    told = story.sting("unlock", op, "--incident", "1", "--out", look,
                       *story.keys_for("who was it?"))
    lines = [line for line in ledger(op) if " custody item=incident" in line]
    story.check("2 films" in told.out and len(lines) == 2
                and of_each(story, [look, story.path("look-2.mp4")]),
                "so is what is looked at, and each has its line", (told, lines))


def drill(story, op):
    """A stretch of two films is refused, not cut short."""
    first, second = films(op)
    told = story.sting("drill", op, "--at", "garage", "--from",
                       first[0].strftime("%Y-%m-%dT%H:%M:%SZ"), "--to",
                       second[1].strftime("%Y-%m-%dT%H:%M:%SZ"),
                       *story.keys_for("a test"), code=None)
    story.check(told.code and "began anew at %s" % second[0].strftime(
        "%Y-%m-%dT%H:%M:%S") in told.err,
                "a drill in it says when the stream began anew", told)


with Story("a camera comes anew while somebody is there") as story:
    op = recorded(story)
    dossier(story, op)
    given_out(story, op)
    drill(story, op)
