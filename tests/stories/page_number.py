"""A camera tells which page of its document lies in a zone, once somebody has
opened on the machine what its pages look like; and which is laid over it."""
import json
import os
import signal
import subprocess

from story import Story

LIES, OVER = 2, 5  # pages of the sample
BEGIN, END = 15, 52  # seconds into the film


def camera(clip):
    process = subprocess.Popen([os.environ["RTSP_SERVE"], clip, "0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return process, int(process.stdout.readline().split()[1])


with Story("a camera tells which page lies there") as story:
    op = story.operation()
    sample = story.sample("water-tank.pdf")
    story.sting("bait", "add", op, sample, "--name", "tank")
    clip = story.path("swap.mp4")
    zone = story.run(os.environ["PAGE_FILM"], clip, "swap", "3", str(BEGIN),
                     str(END), str(END), sample, str(LIES),
                     str(OVER)).out.strip()
    process, port = camera(clip)
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\ncameras:\n", "\ncameras:\n"
                                "  - name: yard\n    place: yard\n"
                                "    url: rtsp://127.0.0.1:%d/camera\n"
                                "    zones:\n      - name: table\n"
                                "        bait: tank\n        copy: 7\n"
                                "        polygon: %s\n" % (port, zone), 1))
    words = (*story.keys(), "--by", "Anna", "--reason", "which page is it?")
    got = story.sting("unlock", op, "--pages", *words, code=2)
    story.check("no station runs" in got.err, "without a station it says so",
                got.err)
    station = story.sting_start("run", op, "--json")
    station.wait_line('"event": ?"camera".*"on"', 60)
    got = story.sting("unlock", op, "--pages", *words)
    story.check("tank: 6 pages" in got.out, "the pages are handed over",
                got.out)
    station.wait_line("page %d of copy 7 is in view" % LIES, 60)
    station.wait_line("ANOTHER PAGE LIES THERE", 60)
    station.wait_line("page %d of copy 7 is in view" % OVER, 60)
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    process.kill()
    process.wait()
    rows = [json.loads(line) for _, line in station.line
            if line.startswith("{")]
    told = [row["text"] for row in rows if row["event"] == "page"
            and row["state"] == "read"]
    story.check(len(told) >= 2 and all("page %d " % LIES in text
                                       or "page %d " % OVER in text
                                       for text in told),
                "no other page is told of", told)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    read = [line for line in lines if " page " in line
            and " state=read " in line]
    story.check(" bait=tank " in read[0] and " copy=7 " in read[0]
                and " since=" in read[0] and " page=%d" % LIES in read[0],
                "the ledger tells which page, and since when", read)
    story.check(any(" unlock " in line and "pages" in line and "Anna" in line
                    for line in lines), "and who opened them, and why", lines)
    story.sting("verify", op, code=None)
