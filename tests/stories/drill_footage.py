"""Intruders in the user's own quiet footage: a file of his, people of another,
and what a camera of the operation recorded while nobody was there.

The footage is the empty table of real footage under fresh noise.
"""
import json
import os
import re

from console_play import ledger
from story import SKIPPED, Story, cameras_name, wait_for

FOOTAGE = os.environ["FOOTAGE"]
CAMERA = """  - name: shed
    url: %s
    zones:
      - name: table
        bait: tank
        polygon: [[0.55, 0.2], [0.8, 0.2], [0.8, 0.4], [0.55, 0.4]]
"""


def quiet(story, name, more="null"):
    """Two minutes and a quarter, small, `more` done to its pictures."""
    whole, path = story.path("whole-" + name), story.path(name)
    story.run(os.environ["VISITORS_BUILD"], FOOTAGE, whole, "visits=0",
              "quiet=136")
    story.run("ffmpeg", "-v", "error", "-i", whole, "-vf", "scale=384:216," + more,
              "-c:v", "libx264", "-preset", "superfast", "-bf", "0", "-g", "10",
              "-sc_threshold", "0", "-crf", "20", path)
    return path


def rates(rows):
    """Of the whole, and by what."""
    whole = [row for row in rows if row["type"] == "intruders"
             and row["by"] is None][0]
    return whole, {(row["by"], row["is"]): (row["hits"], row["trials"])
                   for row in rows if row["type"] == "intruders" and row["by"]}


def of_a_file(story, op, clip):
    people = story.path("people.mp4")  # two of them
    story.run("ffmpeg", "-v", "error", "-i", FOOTAGE, "-t", "47", "-c", "copy",
              people)
    rows = story.sting("drill", op, "--footage", clip, "--people", people,
                       "--intruders", 6, "--team", 20, "--seed", 4, "--json",
                       seconds=400).json()
    whole, by = rates(rows)
    footage = rows[0]
    story.check(footage["type"] == "footage" and footage["width"] == 384
                and footage["gop_frames"] == 10
                and 0.8 < footage["noise_kept"] < 1.2,
                "it is told how the footage is, coded anew", footage)
    each = [row for row in rows if row["type"] == "intruder"]
    story.check(len(each) == 6 == whole["trials"]
                and sum(row["told"] for row in each) == whole["hits"] >= 5,
                "who comes into a clear picture is told of", each)
    story.check(all(sum(by[key][1] for key in by if key[0] == name) == 6
                    for name in ("light", "size", "who"))
                and by["who", "clip"][1] == 3,
                "rates by light, size and who he is, half of them real people",
                by)
    story.check(all(row["path"] is None for row in each
                    if row["who"] == "clip"),
                "of whom nobody knows the way, it is not told", each)
    met = [row for row in rows if row["type"] == "in-time"][0]
    story.check(met["hits"] <= whole["hits"] and met["team_s"] == 20
                and met["stay_s"] is None and not met["stops_only"],
                "and how many a team would have met", met)
    stays = [row for row in rows if row["type"] == "in-time"][1:]
    stop = [row["told"] for row in each if row["path"] in ("bait", "edge")]
    hits = [row["hits"] for row in stays]
    story.check(all(row["stops_only"] and row["trials"] == len(stop)
                    for row in stays) and stays[-1]["stay_s"] == 300
                and hits == sorted(hits) and hits[-1] == sum(stop),
                "which is told by how long somebody stays who stops", stays)
    story.check(rows[-1]["false_alarms"] == 0 and rows[-1]["seconds"] > 30,
                "nobody is told of while nobody is there", rows[-1])
    line = [one for one in ledger(op, "drill") if "type=footage " in one][-1]
    team = [one for one in ledger(op, "drill") if "footage-in-time" in one][-1]
    story.check("trials=6 hits=%d " % whole["hits"] in line
                and " false_alarms=0" in line and " control_s=1" in line
                and " noise_kept=" in line and " stay_s=3-9" in team,
                "it is a line of the ledger, with what it rests on",
                (line, team))
    sealed = story.sting("unlock", op, "--entry", line.split()[0],
                         *story.keys_for("how well do we see?"))
    story.check(footage["sha256"] in sealed.out and "by speed" in sealed.out
                and "control: in " in sealed.out
                and "HOW LONG SOMEBODY STAYS" in sealed.out,
                "whose blob names the footage and holds all rates", sealed)


def of_the_record(story, op, station):
    """What the camera recorded meanwhile."""
    def recorded():
        told = [dict(re.findall(r" (\w+)=(\S+)", line))
                for line in ledger(op, "seg")]
        whole_s = sum(int(one["us"]) for one in told) / 1e6
        return whole_s > 124 and told[0]["t0"]
    wait_for(recorded, 200)
    words = ("--at", "shed", "--from", recorded(), "--to",
             "2100-01-01T00:00:00Z")
    none = story.sting("drill", op, *words[:4], code=1)
    story.check("--from and --to" in none.err, "it wants both ends", none)
    got = story.sting("drill", op, *words, "--intruders", 3,
                      *story.keys_for("would we see him at night?"),
                      seconds=300)
    story.check(re.search(r"told of while they were there: [23] of 3 ", got.out)
                and "by path" in got.out and "foretold" in got.out,
                "what was sealed serves as well, told in words", got)
    shown = [line for line in ledger(op, "custody") if "state=drill" in line]
    story.check(len(shown) == 1 and "night" in shown[0], "and who opened it and why is a line",
                shown)
    story.check(station.is_running(), "while the station goes on")


def hard(story, op):
    """Where nobody can be seen the drill says so, and does not flatter."""
    dark = quiet(story, "dark.mp4", "lutyuv=y=val*0.02+16,noise=alls=100:allf=t")
    seen = story.at_a_terminal("drill", op, "--footage", dark, "--intruders",
                               6, "--json")
    shown = re.split(r"[\r\n]+(?:\x1b\[K)?", seen)
    whole, _ = rates([json.loads(line) for line in shown if "{" in line])
    story.check(any(re.fullmatch(r"intruders [1-5] of 6, about \d+ (s|min) "
                                 "left", line) for line in shown),
                "who waits at a terminal is told how long yet", seen)
    story.check(2 * whole["hits"] <= whole["trials"],
                "in the dark most are not told of", whole)


def refused(story, op):
    brief = story.path("brief.mp4")
    story.run("ffmpeg", "-v", "error", "-i", FOOTAGE, "-t", "20", "-c", "copy",
              brief)
    got = story.sting("drill", op, "--footage", brief, code=2)
    story.check("two minutes are needed" in got.err, "brief footage is refused",
                got)
    for bad in (story.write("junk.mp4", bytes(range(256)) * 40),
                story.write("empty.mp4", b""), story.path("absent.mp4")):
        got = story.sting("drill", op, "--footage", bad, code=2)
        story.check(got.err.startswith("sting: " + bad)
                    and got.err.count("\n") == 1,
                    "%s is refused in one line" % bad.split("/")[-1], got)
    got = story.sting("drill", op, "--people", brief, code=1)
    story.check("--people needs --footage" in got.err,
                "so are people without footage", got)
    got = story.sting("drill", op, "--footage", brief, "--at", "attic", code=1)
    story.check("no such camera" in got.err, "so is a camera that is not", got)
    got = story.sting("drill", op, "--footage", brief, "--stay", 60, code=1)
    story.check("--stay needs --team" in got.err,
                "how long somebody stays is for a team", got)


def main(story):
    if not os.path.exists(FOOTAGE):
        print("there is no footage of people")
        raise SystemExit(SKIPPED)
    op = story.operation()
    clip = quiet(story, "quiet.mp4")
    cameras_name(op, CAMERA % clip)
    station = story.sting_start("run", op)
    station.wait_line("camera shed: recording", 30)
    refused(story, op)
    of_a_file(story, op, clip)
    hard(story, op)
    of_the_record(story, op, station)
    story.check(station.stop() == 0, "the station ends in order")


with Story("a drill in one's own footage says what would be seen") as told:
    main(told)
