"""The console under load: four 720p cameras recorded, twenty who look, and
/healthz asked as fast as it answers; then how long the first picture takes.
Beside them, on the same machine at the same time: a file by busybox httpd,
without TLS, and ffmpeg's first decoded frame of the same camera."""
import os
import re
import shutil
import statistics
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "stories"))
BUILD = os.path.dirname(os.path.abspath(os.environ["STING"]))
os.environ.setdefault("RTSP_SERVE", os.path.join(BUILD, "tests", "tools",
                                                 "rtsp_serve"))
os.environ.setdefault("BROWSER_MODULES", os.path.join(BUILD, "browser"))
from browsing import MODULES, browser  # noqa: E402
from console_live import (CAMERAS, FRAMES_S, Reader, cameras_serve,  # noqa: E402
                          frames_of, station_start)
from story import Story  # noqa: E402

VIEWERS = 20
LOAD_S = 10
FIRSTS = 40
PAGES = 3
PEER_FIRSTS = 10


def figure(name, value, peer="", its=""):
    print("\t".join((name, value, peer, its)), flush=True)


def web_cpu_s(station):
    """CPU seconds of the web worker so far."""
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid),
              encoding="ascii") as file:
        children = file.read().split()
    for child in children:
        with open("/proc/%s/cmdline" % child, encoding="ascii") as file:
            if "web" in file.read().split("\0"):
                with open("/proc/%s/stat" % child, encoding="ascii") as stat:
                    word = stat.read().rsplit(")", 1)[1].split()
                return (int(word[11]) + int(word[12])) / os.sysconf(
                    "SC_CLK_TCK")
    return 0


def by_busybox(story):
    """A file's requests a second; None: it is not here."""
    if not shutil.which("busybox"):
        return None
    port, folder = story.free_port(), story.path("www")
    os.makedirs(folder)
    with open(os.path.join(folder, "healthz"), "w", encoding="ascii") as file:
        file.write('{"ok":true}\n')
    with subprocess.Popen(["busybox", "httpd", "-f", "-p",
                           "127.0.0.1:%d" % port, "-h", folder]) as server:
        time.sleep(0.5)
        told = story.run("wrk", "-t1", "-c10", "-d4s",
                         "http://127.0.0.1:%d/healthz" % port).out
        server.terminate()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1))


def under_load(story, station, address, cookie):
    """Requests a second, and pieces a second of who saw least; a peer's
    requests beside the same load."""
    readers = [Reader(address, cookie, CAMERAS[i % len(CAMERAS)])
               for i in range(VIEWERS)]
    for reader in readers:
        reader.start()
    time.sleep(2)
    before = [reader.pieces for reader in readers]
    began, cpu_s = time.time(), web_cpu_s(station)
    told = story.run("wrk", "-t1", "-c10", "-d%ds" % LOAD_S, "--latency",
                     address + "/healthz").out
    took, cpu_s = time.time() - began, web_cpu_s(station) - cpu_s
    least = min(reader.pieces - had for reader, had in zip(readers, before))
    plain = by_busybox(story)
    for reader in readers:
        reader.ends = True
    for reader in readers:
        reader.join(10)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1))
    late = re.search(r"99%\s+(\S+)", told).group(1)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return (rate, late, int(refused.group(1)) if refused else 0, least / took,
            cpu_s / took, plain)


def by_ffmpeg(op):
    """ms from the start of ffmpeg to its first decoded frame, told to be
    quick; None: it is not here."""
    if not shutil.which("ffmpeg"):
        return None
    with open(os.path.join(op, "operation.yaml"), encoding="utf-8") as file:
        url = re.search(r"rtsp://\S+", file.read()).group(0)
    late = []
    for _ in range(PEER_FIRSTS):
        began = time.time()
        subprocess.run(["ffmpeg", "-v", "error", "-rtsp_transport", "tcp",
                        "-fflags", "nobuffer", "-analyzeduration", "0",
                        "-probesize", "32768", "-i", url, "-frames:v", "1",
                        "-f", "null", "-"], check=True)
        late.append(1000 * (time.time() - began))
    return statistics.median(late)


def first_pieces(address, cookie):
    """From the question to a whole keyframe of a camera, in ms."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    late = []
    for i in range(FIRSTS):
        began = time.time()
        request = urllib.request.Request(
            address + "/api/live?cameras=" + CAMERAS[i % len(CAMERAS)],
            headers={"Cookie": cookie})
        with urllib.request.urlopen(request, context=context) as body:
            while True:
                size = int.from_bytes(body.read(4), "big")
                frame = body.read(size)
                if frame[0] == 1 and frame[1] == 1:
                    break
        late.append(1000 * (time.time() - began))
    return sorted(late)


def lost(op):
    """Frames that the record lacks, of how many; and its gaps."""
    kept = [frames_of(op, name) for name in CAMERAS]
    due = [round(FRAMES_S * seconds) for _, seconds in kept]
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        gaps = sum(" gap " in line for line in file)
    # A segment's length is a frame's more or less.
    missing = sum(max(0, want - 1 - frames) for (frames, _), want in
                  zip(kept, due))
    return missing, sum(due), gaps


def measure(story):
    op, serve = cameras_serve(story, 150)
    station, address, cookie = station_start(story, op)
    rate, late, refused, least, busy, plain = under_load(story, station,
                                                         address, cookie)
    pieces = first_pieces(address, cookie)
    decoded = by_ffmpeg(op)
    firsts, behind = [], []
    if os.path.isdir(os.path.join(MODULES, "node_modules")):
        for _ in range(PAGES):
            got = browser(story, "live.mjs", address + "/",
                          story.path("pictures"), "1", *CAMERAS)
            firsts += got["first"]
            behind += [row["behind"] for row in got["samples"][-1]]
    ended = station.stop()
    serve.kill()
    serve.wait()
    missing, frames, gaps = lost(op)
    figure("/healthz a second, %d who look" % VIEWERS, "%.0f" % rate, "goal",
           "500")
    if plain:
        figure("/healthz a second over TLS", "%.0f" % rate,
               "busybox httpd, a file, no TLS", "%.0f" % plain)
    figure("of a core, the web worker meanwhile", "%.2f" % busy,
           "/healthz a second of a core", "%.0f" % (rate / busy if busy else 0))
    figure("/healthz, 99 of 100 within", late, "refused", "%d" % refused)
    figure("pieces a second, who saw least of %d" % VIEWERS, "%.1f" % least,
           "sent", "10")
    figure("frames lost meanwhile, of %d" % frames, "%d" % missing, "gaps",
           "%d" % gaps)
    figure("keyframe at hand, median of %d" % FIRSTS,
           "%.0f ms" % statistics.median(pieces), "longest",
           "%.0f ms" % pieces[-1])
    if decoded:
        figure("keyframe at hand, median of %d" % FIRSTS,
               "%.0f ms" % statistics.median(pieces),
               "ffmpeg's first frame, median of %d" % PEER_FIRSTS,
               "%.0f ms" % decoded)
    if firsts:
        figure("first picture in a browser, median of %d" % len(firsts),
               "%.0f ms" % statistics.median(firsts), "goal", "300 ms")
        figure("behind the camera there, median of %d" % len(behind),
               "%.2f s" % statistics.median(behind), "goal", "0.7 s")
        figure("behind the camera there, longest", "%.2f s" % max(behind),
               "goal", "0.7 s")
    return ended


def main():
    with Story("the console under load") as story:
        os.makedirs(story.path("pictures"))
        began = os.getloadavg()[0]
        code = measure(story)
        print("load of the machine: %.1f before, %.1f after" % (
            began, os.getloadavg()[0]))
        story.check(code == 0, "it ends in order")


main()
