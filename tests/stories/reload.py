"""SIGHUP: operation.yaml is read again, and no frame is lost by it. Mistakes
change nothing. Two operations live on one machine."""
import os
import re
import signal
import subprocess
import time

from story import Script, Story, film_s, wait_for


def config(op, old, new):
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text, old
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))


def hup(station, pattern):
    count = len(station.line)
    os.kill(station.pid, signal.SIGHUP)
    station.wait_line(pattern, 20, after=count)


def ledger(op, kind):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return [line for line in file if " %s " % kind in line]


def frames(story, path):
    got = story.run("ffprobe", "-v", "error", "-select_streams", "v",
                    "-show_entries", "packet=pts_time", "-of", "csv=p=0", path)
    return sorted(float(line.split(",")[0]) for line in got.out.split())


def no_frame_is_lost(story):
    """A real camera's film, a minute long, and three signals meanwhile: it goes
    on behind each, and nothing of it is missing."""
    clip = story.path("tank.mp4")
    story.run("ffmpeg", "-v", "error", "-f", "lavfi", "-i",
              "testsrc2=size=640x360:rate=25:duration=60", "-c:v", "libx264",
              "-preset", "ultrafast", "-bf", "0", "-g", "25", clip)
    _, identity = story.recipient()
    op, other = story.operation(), story.operation("other")
    server = subprocess.Popen([os.environ["RTSP_SERVE"], clip, "0"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        port = server.stdout.readline().split()[1].decode()
        config(op, "\ncameras:\n", "\ncameras:\n  - name: tank\n    url: "
               "rtsp://127.0.0.1:%s/camera\n" % port)
        station = story.sting_start("run", op)
        beside = story.sting_start("run", other)
        beside.wait_line("watching", 10)
        station.wait_line("camera tank: recording", 20)
        for number in range(3):
            story.wait_film(op, "tank", film_s(op, "tank") + 1)
            config(op, "quiet_s: 1%d" % number, "quiet_s: 1%d" % (number + 1))
            hup(station, "was read again and is in force: 1 cameras")
        story.wait_film(op, "tank", film_s(op, "tank") + 1)
        story.check(not station.lost("tank"), "the film goes on behind them",
                    station.lost("tank"))
        story.check(beside.is_running() and beside.stop() == 0,
                    "another operation lived beside it")
        began = time.time()
        story.check(station.stop() == 0, "it ends in order: after %.2f s"
                    % (time.time() - began))
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()
    story.check(not any(" init=1 " in line for line in ledger(op, "seg")),
                "in one recording")
    first = [re.search(r" date=(\S+) n=(\d+) ", line).groups()
             for line in ledger(op, "seg")]
    folder = op + "/evidence/segments/tank/"
    names = ["%s/init-0000.mp4.age" % first[0][0]] + [
        "%s/%08d.m4s.age" % (day, int(number)) for day, number in first]
    data = b"".join(story.run("age", "-d", "-i", identity, folder + name).bytes
                    for name in names)
    served = frames(story, clip)
    kept = frames(story, story.write("kept.mp4", data))
    story.check(len(kept) >= 100 and all(
        abs((a - kept[0]) - (b - served[0])) < 1e-3
        for a, b in zip(kept, served)),
        "three readings lost none of %d frames" % len(kept), kept)
    story.check(len(ledger(op, "config")) == 5,
                "each change by hand is a line: as made, before the start, "
                "three times")


def settings_change(story):
    op = story.operation()
    first, second = story.webhook(), story.webhook()
    script = Script(op + "/clip.txt", "interval_ms=100 duration_ms=100 "
                    "person_at=90 person_until=95", 20)
    config(op, "\ncameras:\n", "\ncameras:\n  - name: garage\n"
           "    url: clip.txt\n")
    config(op, "\nalerts:\n", "\nalerts:\n  - webhook: %s\n" % first.url)
    config(op, "quiet_s: 10", "quiet_s: 1")
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 20)
    config(op, "quiet_s: 1", "quiet_x: 1")
    hup(station, "is not gone by.*quiet_x")
    story.check(True, "a mistake is told with its line, and nothing changes")
    config(op, "quiet_x: 1", "quiet_s: 1")
    config(op, "url: clip.txt", "url: rtsp://127.0.0.1:99999/tank\n"
           "    masks:\n      - [[0, 0], [0.1, 0], [0.1, 0.1]]")
    hup(station, "is not gone by.*operation.yaml:[0-9]+:10: the url of camera garage: it "
        "is at no port")
    got = story.sting("check", op, code=1)
    story.check("it is at no port" in got.err, "sting check tells it as well",
                got)
    config(op, "url: rtsp://127.0.0.1:99999/tank\n"
           "    masks:\n      - [[0, 0], [0.1, 0], [0.1, 0.1]]", "url: clip.txt")
    story.check("NO PICTURE" not in station.text(),
                "an address that is none changes nothing either",
                station.text()[-500:])
    recipient = story.run("age-keygen", "-o", story.path("third")).err.split()
    config(op, "recipients:\n", "recipients:\n  - %s\n" % recipient[-1])
    hup(station, "is not gone by")
    story.check("NOBODY CONFIRMED IT" in station.text(),
                "a reader that only a hand wrote is refused",
                station.text()[-500:])
    config(op, "  - %s\n" % recipient[-1], "")
    config(op, first.url, second.url)
    config(op, "    url: clip.txt\n", "    url: clip.txt\n  - name: door\n"
           "    url: clip.txt\n")
    hup(station, "is in force: 2 cameras, 1 alerts")
    station.wait_line("camera door: recording", 20)
    story.check(True, "a camera is added while the others go on")
    script.go_on()
    station.wait_line("INCIDENT 1 at camera garage", 30)
    second.wait(1)
    story.check(not first.received,
                "who is told is who stands there now")
    config(op, "  - name: garage\n", "  - name: garage\n    zones:\n"
           "      - name: table\n        polygon: [[0, 0], [1, 0], [1, 1]]\n")
    count = len(station.line)
    hup(station, "is in force")
    station.wait_line("camera garage: recording", 20, after=count)
    wait_for(lambda: ledger(op, "gap"))
    gaps = ledger(op, "gap")
    story.check(len(gaps) == 1 and "camera=garage" in gaps[0]
                and "cause=worker" in gaps[0],
                "a camera whose zones changed is started anew, and the gap "
                "is told, as none of the camera's", (gaps, station.text()[-1500:]))
    config(op, "  - name: door\n    url: clip.txt\n", "")
    hup(station, "a camera was taken out")
    story.check(station.stop() == 0, "what needs a new start says so")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] == "INTACT WITH GAPS", "the record holds",
                found)


if __name__ == "__main__":
    with Story("operation.yaml is read again and no frame is lost") as told:
        no_frame_is_lost(told)
    with Story("what changes is in force, what is wrong changes nothing") as t:
        t.binary = os.environ["STANDIN"]
        settings_change(t)
