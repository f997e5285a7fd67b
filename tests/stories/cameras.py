"""What a camera sends is what is kept: in every codec that cameras speak,
served over RTSP, recorded, exhibited, decoded, and compared by hash."""
import ctypes
import datetime
import os
import re
import signal
import struct
import subprocess
import sys
import time

from story import ROOT, SKIPPED, Story, cameras_name

CLIP = os.environ["CLIP"]
ODD = os.path.join(ROOT, "tests", "standin", "odd_camera.py")
CUT = ["-v", "error", "-y", "-ss", "20", "-t", "20", "-i", CLIP, "-an"]
CODECS = {
    "h264": ["-c:v", "libx264", "-preset", "superfast", "-g", "20", "-bf", "2",
             "-x264-params", "slices=4"],
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
             "log-level=none:keyint=20:bframes=2", "-tag:v", "hvc1"],
    "jpeg": ["-c:v", "mjpeg", "-q:v", "6", "-huffman", "default", "-pix_fmt",
             "yuvj420p"],
    "av1": ["-c:v", "libsvtav1", "-preset", "12", "-g", "20",
            "-svtav1-params", "pred-struct=1"],
}


def begin(words):
    """A camera for tests; gives its process and port."""
    process = subprocess.Popen(words, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    return process, int(process.stdout.readline().split()[1])


def camera(clip, *options):
    if ".av1." in clip or options:
        return begin([sys.executable, ODD, clip, "0", *options])
    return begin([os.environ["RTSP_SERVE"], clip, "0"])


def end(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def no_namespaces():
    """In the child before exec: from here on unshare(2) is refused, as on a
    kernel or in a container that allows no namespaces (seccomp(2))."""
    number = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
    load, equal, give = 0x20, 0x15, 0x06  # of classic BPF
    allow, refuse_eperm = 0x7fff0000, 0x00050001
    filters = b"".join(struct.pack("HBBI", *one) for one in [
        (load, 0, 0, 0), (equal, 0, 1, number),
        (give, 0, 0, refuse_eperm), (give, 0, 0, allow)])
    kept = ctypes.create_string_buffer(filters)
    program = struct.pack("HxxxxxxP", len(filters) // 8,
                          ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
        os._exit(126)  # no new privileges; the filter


def children(station):
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid)) as file:
        return [int(word) for word in file.read().split()]


def watch(op, ports, more=""):
    """Put cameras into operation.yaml: name to port."""
    listed = "".join("  - name: %s\n    url: rtsp://127.0.0.1:%d/camera\n%s"
                     % (name, port, more) for name, port in ports.items())
    cameras_name(op, listed)


def frames(story, path):
    """Time and hash of every frame as decoded, in order of presentation."""
    told = story.run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v",
                     "-vsync", "0", "-copyts", "-enc_time_base", "1/90000",
                     "-f", "framehash", "-hash", "md5", "-").out
    rows = [line.split(",") for line in told.splitlines()
            if not line.startswith("#")]
    return [(int(row[2]) / 90000, row[5].strip()) for row in rows]


def recorded(story, op, name):
    """The segments of a camera behind their first init, in clear."""
    _, identity = story.recipient()
    folder = os.path.join(op, "evidence", "segments", name)
    days = sorted(os.listdir(folder))
    files = [os.path.join(folder, days[0], one)
             for one in sorted(os.listdir(os.path.join(folder, days[0])))]
    inits = [one for one in files if "/init-" in one]
    clear = b""
    for path in inits[:1] + [one for one in files if "m4s" in one]:
        clear += story.run("age", "-d", "-i", identity, path).bytes
    return story.write(name + ".mp4", clear), len(inits)


def compare(story, name, before, after):
    """`after` is `before` from its first frame on, each at its time, none
    missing. At the end pictures that are shown later came before others."""
    sent = {round(at - before[0][0], 3): one for at, one in before}
    kept = {round(at - after[0][0], 3): one for at, one in after}
    wrong = [at for at, one in kept.items() if sent.get(at) != one]
    last = max(kept)
    missing = [at for at in sent if at < last - 0.5 and at not in kept]
    story.check(len(kept) >= 50 and len(kept) == len(after)
                and not wrong and not missing,
                "%s: %d frames, each as the camera sent it, at its time"
                % (name, len(kept)), (wrong, missing))


def clock_check(story, op, name):
    """The server's reports say what its clock shows, which is ours; to a
    picture that it sends before it is shown it gives the later time."""
    with open(os.path.join(op, "evidence", "ledger")) as file:
        said = [re.search(r" clock_ms=(\S+)", line) for line in file
                if " seg camera=%s " % name in line]
    off = [int(one[1]) for one in said if one]
    story.check(len(off) == (0 if name == "av1" else len(said)) and
                all(abs(one) < 500 for one in off),
                "%s: what a server says of its clock is kept (%s ms)"
                % (name, ", ".join(map(str, off)) or "nothing said, no"),
                said)


def exhibited(story, op, name, since):
    """The film in an exhibit of that camera."""
    stamp = datetime.datetime.utcfromtimestamp
    form = "%Y-%m-%dT%H:%M:%SZ"
    out = story.path("exhibit-" + name)
    story.sting("exhibit", op, "--camera", name, "--from",
                stamp(since).strftime(form), "--to",
                stamp(time.time()).strftime(form), "--mark",
                "CAM/%d" % (1 + list(CODECS).index(name)), "--out", out,
                *story.keys_for("are the pictures the same?"))
    films = [os.path.join(top, one) for top, _, names in os.walk(out)
             for one in names if one.endswith(".mp4")]
    story.check(len(films) == 1, "%s: is exhibited" % name, films)
    return films[0]


def main():
    with Story("four codecs come out as they went in") as story:
        clips, ports, cameras = {}, {}, []
        for name, words in CODECS.items():
            clips[name] = story.path("clip.%s.mp4" % name)
            made = story.run("ffmpeg", *CUT, *words, clips[name], code=None)
            if made.code:
                print("ffmpeg has no encoder for " + name)
                sys.exit(SKIPPED)
            process, ports[name] = camera(clips[name])
            cameras.append(process)
        op = story.operation()
        watch(op, ports)
        since = time.time()
        station = story.sting_start("run", op)
        for name in ports:
            station.wait_line("camera %s: recording" % name, 20)
            story.wait_film(op, name, 6)
        story.check(station.stop(signal.SIGINT) == 0, "recorded, and ended")
        for process in cameras:
            end(process)
        for name in clips:
            clock_check(story, op, name)
        for name, clip in clips.items():
            said = {"jpeg": "mjpeg"}.get(name, name)
            station.wait_line("camera %s: recording( again)?, 768 x 432 %s$"
                              % (name, said), 1)
            before = frames(story, clip)
            path, inits = recorded(story, op, name)
            story.check(inits == 1, "%s: one recording" % name, inits)
            compare(story, name, before, frames(story, path))
            if name in ("hevc", "av1"):
                film = exhibited(story, op, name, since)
                compare(story, name + ", exhibited", before,
                        frames(story, film))
        found = story.sting("verify", op, "--json", code=None).json()[-1]
        story.check(found["verdict"].startswith("INTACT") and
                    {gap["cause"] for gap in found["gaps"]} <= {"camera"},
                    "all of it verifies", found)


if __name__ == "__main__":
    main()
