"""A camera that films in the dark: that nobody would be seen is told before
anybody asks, and told again once there is light; of what it records all the
same, and of who comes then, as of any camera. The alert about him and the
dossier say what could be seen there."""
import html
import json
import os
import re
import signal

from cameras import begin, end
from story import Story, cameras_name, wait_for
from two_streams import STILL, clip_make, ledger

LIGHT_S, VISIT_S, END_S = 20, 45, 60
# A hundredth of the light, and the grain of a sensor that makes the most of it.
NIGHT = "lutyuv=y=16+(val-16)*0.01:u=128:v=128,noise=c0s=20:c0f=t"
DAY = "noise=c0s=12:c0f=t"
FILM = (STILL % (10 * LIGHT_S, "a") + STILL % (10 * (VISIT_S - LIGHT_S), "b")
        + "[0:v]trim=start_frame=40:end_frame=215,setpts=N/10/TB[v];"
        + STILL % (10 * (END_S - VISIT_S), "c")
        + "[a]" + NIGHT + "[n];[b][v][c]concat=n=3," + DAY + "[d];"
        "[n][d]concat=n=2,scale=384:216,format=yuv420p")
ZONE = ("    zones:\n      - name: table\n"
        "        polygon: [[0.3, 0.3], [0.8, 0.3], [0.8, 0.9], [0.3, 0.9]]\n"
        "        length: {from: [0.3, 0.5], to: [0.8, 0.5], metres: 2}\n")

ALERTS = """  - webhook: %s
  - webhook: %s
    template: words.txt
"""


def alerts_name(story, op, *hooks):
    """One channel for programs, one for people."""
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\nalerts:\n", "\nalerts:\n" + ALERTS % tuple(
            hook.url for hook in hooks), 1))
    story.write("op/words.txt", "{{text}}")


def given(line):
    """The number behind each key of a line that has one."""
    return {key: float(value) for key, value
            in re.findall(r" (sight|size|px_m)=([\d.]+)", line)}


def told_checks(story, op, body, words):
    """The alert and the dossier tell what the line of the incident holds."""
    line = next(line for line in ledger(op) if " kind=person " in line)
    is_of, there = given(line), body.get("sight") or {}
    story.check(there.get("contrast") == is_of["sight"]
                and there.get("size") == is_of["size"]
                and there.get("px_a_metre") == is_of.get("px_m"),
                "the alert for programs says so", (line, body))
    contrast = "%.1f %% contrast" % (100 * is_of["sight"])
    size = "%.1f %% of the picture's height" % (100 * is_of["size"])
    story.check(contrast in words and size in words
                and "light enough to see a person in ordinary" in words,
                "and the one for people", words)
    page = story.path("d.html")
    story.sting("dossier", op, "--out", page, *story.keys_for("the court"))
    lines = [line for line in ledger(op) if " kind=person " in line
             and " state=closed " not in line]
    is_of = given(lines[-1])
    with open(page, encoding="utf-8") as file:
        told = html.unescape(file.read())
    story.check("What could be seen there" in told
                and "%.1f %% contrast" % (100 * is_of["sight"]) in told
                and ("px_m" not in is_of
                     or "96 pixels a metre, enough to observe" in told),
                "the dossier says so beside the incident", (lines, told))


def sights(op, zone):
    """States told in the ledger of the zone, or of the whole picture."""
    lines = [line for line in ledger(op) if " sight camera=yard " in line]
    return [re.search(r" state=(\S+)", line)[1] for line in lines
            if (" zone=table " in line) == (zone == "table")]


with Story("that it is too dark is told, and that it is not any more") as story:
    op = story.operation()
    server, port = begin([os.environ["RTSP_SERVE"],
                          clip_make(story, "night", FILM), "0"])
    cameras_name(op, "  - name: yard\n    url: rtsp://127.0.0.1:%d/camera\n%s"
                 % (port, ZONE))
    hook, people = story.webhook(), story.webhook()
    alerts_name(story, op, hook, people)
    station = story.sting_start("run", op)
    station.wait_line("camera yard: recording", 20)
    station.wait_line("camera yard, table: TOO DARK TO SEE A PERSON", 40)
    station.wait_line("camera yard: TOO DARK TO SEE A PERSON", 5)
    # A line is written behind the words.
    wait_for(lambda: sights(op, "table") and sights(op, ""))
    story.check(sights(op, "table") == ["dark"] and sights(op, "") == ["dark"],
                "it is told of the zone and the whole, nobody having asked",
                station.text())
    story.check("INCIDENT" not in station.text(), "dark is no incident",
                station.text())
    station.wait_line("camera yard, table: a person is seen", 80)
    wait_for(lambda: len(sights(op, "table")) > 1)
    story.check(sights(op, "table") == ["dark", "good"],
                "with the light it is told that a person is seen", ledger(op))
    station.wait_line("INCIDENT .* at camera yard.*: somebody is there", 80)
    story.check(True, "and one is, who comes then")
    body, words = (one.wait(1)[3].decode() for one in (hook, people))
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    end(server)
    lines = [line for line in ledger(op) if " kind=person " in line]
    story.check(lines and all(
        re.search(r" sight=[\d.]+ size=[\d.]+ ", line) and
        (" zone=table" not in line or " px_m=96.0 class=observe" in line)
        for line in lines), "its lines say what could be seen there", lines)
    told_checks(story, op, json.loads(body), words)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"],
                "all of it is recorded, the dark too", found)
