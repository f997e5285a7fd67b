"""Four cameras live on one page of a real browser, over one connection; one
more who asks and never reads. Recording loses no frame of it. Pictures are
kept where PICTURES says."""
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

from browsing import (browser, browser_is_there, call, console_start,
                      pictures_of)
from story import Story, cameras_name

CAMERAS = ["garage", "yard", "gate", "loft"]
FRAMES_S = 25
PASSWORD = Story.PASSPHRASE


def film(story, seconds):
    """A camera's pictures: 720p, a keyframe a second."""
    path = story.path("film.mp4")
    story.run("ffmpeg", "-v", "error", "-f", "lavfi", "-i",
              "testsrc2=s=1280x720:r=%d" % FRAMES_S, "-t", seconds, "-c:v",
              "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g",
              "25", "-b:v", "2M", "-pix_fmt", "yuv420p", path)
    return path


def station_start(story, op):
    """With anna in it: the station, its address, her cookie."""
    station, link = console_start(story, op)
    for name in CAMERAS:
        station.wait_line("camera %s: recording" % name, 30)
    fields = {"link": link.group(2), "user": "anna", "password": PASSWORD}
    http, headers, _ = call(link.group(1), "/api/first",
                            data=json.dumps(fields).encode(),
                            headers={"Content-Type": "application/json"})
    story.check(http == 200, "the first one is let in")
    return station, link.group(1), headers["Set-Cookie"].split(";")[0]


def never_reads(address, cookie):
    """A connection that asks for live pictures and reads none."""
    host, port = address[8:].rsplit(":", 1)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection((host, int(port)))
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    held = context.wrap_socket(plain, server_hostname=host)
    held.sendall(("GET /api/live?cameras=%s HTTP/1.1\r\nHost: %s:%s\r\n"
                  "Cookie: %s\r\n\r\n" % (",".join(CAMERAS), host, port,
                                          cookie)).encode())
    return held


def is_let_go(held, address, seconds):
    """Is its connection gone from the server's side within that time?"""
    pair = "0100007F:%04X 0100007F:%04X 01" % (
        int(address.rsplit(":", 1)[1]), held.getsockname()[1])
    end = time.time() + seconds
    while time.time() < end:
        with open("/proc/net/tcp", encoding="ascii") as file:
            if pair not in file.read():
                return True
        time.sleep(0.5)
    return False


class Reader(threading.Thread):
    """One more who looks, without a browser: what it got."""

    def __init__(self, address, cookie, name):
        super().__init__(daemon=True)
        self.pieces, self.ends = 0, False
        self.request = urllib.request.Request(
            address + "/api/live?cameras=" + name, headers={"Cookie": cookie})

    def run(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(self.request, context=context) as body:
            while not self.ends:
                size = int.from_bytes(body.read(4), "big")
                self.pieces += body.read(size)[0] == 1


def crowd(story, address, cookie):
    """Twenty at once see what comes, each its own camera."""
    readers = [Reader(address, cookie, CAMERAS[i % 4]) for i in range(20)]
    for reader in readers:
        reader.start()
    time.sleep(4)
    for reader in readers:
        reader.ends = True
    for reader in readers:
        reader.join(10)
    story.check(min(reader.pieces for reader in readers) >= 10,
                "20 more who look see %d pieces at least in 4 s"
                % min(reader.pieces for reader in readers))


def deeds(story, address, cookie):
    """What is done from afar is a line, as by a command."""
    csrf = json.loads(call(address, "/api/hello", headers={"Cookie": cookie})
                      [2])["session"]["csrf"]

    def post(path, **fields):
        http, _, body = call(address, path, data=json.dumps(fields).encode(),
                             headers={"Cookie": cookie, "X-Sting-Csrf": csrf,
                                      "Content-Type": "application/json"})
        return http, json.loads(body)
    hour = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    story.check(post("/api/arm", state="disarmed", until=hour,
                     why="the lamp is changed")[0] == 200
                and post("/api/arm", state="armed")[0] == 200
                and post("/api/arm", state="disarmed")[0] == 400
                and post("/api/arm", state="disarmed",
                         until="2099-01-01")[0] == 400,
                "alerts rest for an hour, not for ever")
    story.check(post("/api/ack", incident="77")[0] == 404
                and post("/api/ack/link", link="0" * 64)[0] == 403,
                "nobody acknowledges what there is not")
    http, got = post("/api/metrics/token")
    bearer = {"Authorization": "Bearer " + got["token"]}
    http, headers, body = call(address, "/metrics", headers=bearer)
    story.check(http == 200 and b'sting_camera_up{camera="gate"} 1' in body
                and b"sting_record_kept 1" in body
                and headers["Content-Type"].startswith("text/plain"),
                "Prometheus is told", body)
    story.check(call(address, "/metrics")[0] == 401
                and call(address, "/api/state", headers=bearer)[0] == 401,
                "by its token, which is good for nothing else")


def live_held(story, got):
    """What the browser saw, held against what was promised. Two cores render
    all that the test shows, so a picture may be a little late here."""
    print("  first picture, ms: %s" % [round(ms) for ms in got["first"]])
    late = [[row["behind"] for row in sample] for sample in got["samples"]]
    last = [round(seconds, 2) for seconds in late[-1]]
    print("  behind, s: %s" % last)
    story.check(max(got["first"]) < 1500, "all four show a picture soon",
                got["first"])
    story.check(max(last) < 1.0, "and are less than a second behind", last)
    for seen in got["pixels"]:
        story.check(seen["width"] == 1280 and seen["high"] - seen["low"] > 200
                    and seen["changed"] > 50,
                    "its pixels are a picture that moves", seen)
    story.check(got["stills"] == ["image/jpeg", 1280, 720],
                "a still is a JPEG of the whole picture", got["stills"])


def frames_of(op, name):
    """What was recorded of a camera: frames, and seconds."""
    frames = seconds = 0
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        for line in file:
            if " seg camera=%s " % name in line:
                word = dict(part.split("=", 1) for part in line.split()
                            if "=" in part)
                frames += int(word["frames"])
                seconds += int(word["us"]) / 1e6
    return frames, seconds


def frames_held(story, op):
    """No frame is missing in what was recorded."""
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"],
                "the record has no gap", found)
    for name in CAMERAS:
        frames, seconds = frames_of(op, name)
        story.check(abs(frames - FRAMES_S * seconds) <= 2,
                    "camera %s: %d frames in %.1f s" % (name, frames, seconds))


def cameras_serve(story, seconds=75):
    """An operation with four cameras, and the process that is all of them."""
    op = story.operation()
    port = story.free_port()
    serve = subprocess.Popen([os.environ["RTSP_SERVE"], film(story, seconds),
                              str(port)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    serve.stdout.readline()
    cameras_name(op, "".join(
        "  - name: %s\n    url: rtsp://127.0.0.1:%d/camera\n" % (name, port)
        for name in CAMERAS))
    return op, serve


def main(story):
    browser_is_there()
    pictures = pictures_of(story)
    op, serve = cameras_serve(story)
    station, address, cookie = station_start(story, op)
    held = never_reads(address, cookie)
    got = browser(story, "live.mjs", address + "/", pictures, "5", *CAMERAS)
    live_held(story, got)
    http, _, _ = call(address, "/api/live?cameras=garage,cellar",
                      headers={"Cookie": cookie})
    story.check(http == 404, "a camera that is none is refused")
    crowd(story, address, cookie)
    deeds(story, address, cookie)
    story.check(is_let_go(held, address, 20),
                "who never reads is let go of")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    serve.kill()
    serve.wait()
    frames_held(story, op)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        arms = [line for line in file if " arm state=" in line]
    story.check(len(arms) == 2 and all("by=anna" in line and "via=console"
                                       in line for line in arms),
                "who armed is in the ledger", arms)


if __name__ == "__main__":
    with Story("four cameras live, and the record does not notice") as told:
        main(told)
