"""A real RTSP camera behind the relay: away, found, lost, found again. And a
kernel that allows no network namespace: watched all the same, and told."""
import json
import os
import signal
import subprocess
import time

from cameras import children, no_namespaces
from story import Story, cameras_name

CLIP = os.environ["CLIP"]


def camera(port):
    process = subprocess.Popen([os.environ["RTSP_SERVE"], CLIP, str(port)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()  # listening
    return process


def without_namespaces(story, op):
    """The station under that filter, beside a camera that is there."""
    station = story.sting_start("run", op, "--json", preexec_fn=no_namespaces)
    station.wait_line('"state": ?"on".*recording', 20)
    told = [json.loads(line) for _, line in station.line
            if line.startswith("{")]
    weaker = [row["text"] for row in told if row["event"] == "jail"]
    story.check(any("WEAKER LOCK" in text and "no network of its own" in text
                    for text in weaker),
                "without namespaces the weaker lock is told loudly", weaker)
    kinds = []
    for pid in children(station):
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            kinds.append(file.read().split(b"\0")[2:4])
    story.check(kinds == [[b"camera", b"%d" % port]],
                "its worker is held to the camera's port, and no relay runs",
                kinds)
    story.check(station.stop(signal.SIGINT) == 0, "it records and ends in order")


with Story("a camera is watched through the relay, whatever it does") as story:
    op = story.operation()
    port = story.free_port()
    cameras_name(op, "  - name: garage\n"
                 "    url: rtsp://localhost:%d/camera\n" % port)
    station = story.sting_start("run", op)
    began = time.time()
    station.wait_line("camera garage: NO PICTURE: localhost does not answer",
                      5)
    story.check(station.at - began < 5, "a camera that is away is told")
    first = camera(port)
    station.wait_line("camera garage: recording again", 15)
    story.check(True, "and recorded once it is there")
    time.sleep(3)
    workers = children(station)
    nets = {os.readlink("/proc/%d/ns/net" % pid)
            for pid in workers if os.access("/proc/%d/ns/net" % pid, os.R_OK)}
    if os.geteuid() == 0:
        story.check(len(nets) == 2 and
                    os.readlink("/proc/self/ns/net") in nets,
                    "worker and relay live in different networks")
    first.kill()
    first.wait()
    gone, after = time.time(), len(station.line)
    station.wait_line("camera garage: NO PICTURE", 8, after)
    story.check(station.at - gone < 5, "a camera that dies is told in %.1f s"
                % (station.at - gone))
    time.sleep(2)
    second = camera(port)
    back = time.time()
    station.wait_line("camera garage: recording again", 15, after)
    story.check(station.at - back < 2, "one that is back is recorded in %.1f s"
                % (station.at - back))
    time.sleep(3)
    began = time.time()
    story.check(station.stop(signal.SIGINT) == 0 and time.time() - began < 2,
                "it ends in order within two seconds")
    without_namespaces(story, op)
    second.kill()
    second.wait()
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check(found["verdict"] == "INTACT WITH GAPS"
                and {gap["cause"] for gap in found["gaps"]} == {"camera"},
                "the gaps are told: %d" % len(found["gaps"]), found)
