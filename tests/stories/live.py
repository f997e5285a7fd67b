"""A real RTSP camera behind the relay: away, found, lost, found again."""
import os
import signal
import subprocess
import time

from story import Story

CLIP = os.environ["CLIP"]


def camera(port):
    process = subprocess.Popen([os.environ["RTSP_SERVE"], CLIP, str(port)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()  # listening
    return process


with Story("a camera is watched through the relay, whatever it does") as story:
    op = story.operation()
    port = story.free_port()
    path = os.path.join(op, "operation.yaml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace(
            "\ncameras:\n", "\ncameras:\n  - name: garage\n"
            "    url: rtsp://localhost:%d/camera\n" % port, 1))
    station = story.sting_start("run", op)
    began = time.time()
    station.wait_line("camera garage: NO PICTURE: localhost does not answer",
                      5)
    story.check(station.at - began < 5, "a camera that is away is told")
    first = camera(port)
    station.wait_line("camera garage: recording again", 15)
    story.check(True, "and recorded once it is there")
    time.sleep(3)
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid)) as file:
        workers = [int(word) for word in file.read().split()]
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
    station.wait_line("camera garage: recording again", 15, after)
    time.sleep(3)
    began = time.time()
    story.check(station.stop(signal.SIGINT) == 0 and time.time() - began < 2,
                "it ends in order within two seconds")
    second.kill()
    second.wait()
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check(found["verdict"] == "INTACT WITH GAPS"
                and {gap["cause"] for gap in found["gaps"]} == {"camera"},
                "the gaps are told: %d" % len(found["gaps"]), found)
