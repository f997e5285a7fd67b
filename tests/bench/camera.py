"""What a quiet camera costs: 1080p25 in grain, about 4 Mbit/s, served over RTSP
and recorded by `sting run`, Motion beside it on the same stream. Then the same
with a second stream, 640x360 at 5 a second, that is looked at instead."""
import glob
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = os.path.dirname(os.environ["STING"])
FOOTAGE = os.path.join(os.path.dirname(BUILD), "..", "shared", "footage",
                       "visitors.mp4")
SERVE = os.path.join(BUILD, "tests", "tools", "rtsp_serve")
LONG_S, LEARNING_S, MEASURED_S = 75, 22, 40
# As a camera encodes: no B-frames, keyframes at their times alone, a cap.
GRAIN = ["-vf", "scale=1920:1080,format=yuv420p,noise=c0s=26:c0f=t,"
         "gblur=sigma=0.7", "-r", "25", "-an", "-c:v", "libx264", "-preset",
         "superfast", "-tune", "zerolatency", "-profile:v", "main", "-bf", "0",
         "-sc_threshold", "0", "-crf", "28", "-maxrate", "4M", "-bufsize", "4M"]
MOTION = """daemon off
netcam_url rtsp://127.0.0.1:%d/camera
netcam_params rtsp_transport=tcp
width 1920
height 1080
framerate 25
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
log_file %s
target_dir %s
"""


def row(figure, value, peer, its):
    print("\t".join((figure, value, peer, its)), flush=True)


def run(*words):
    return subprocess.run(words, check=True, capture_output=True,
                          text=True).stdout


def decoding(clip, *words):
    """Processor seconds a minute of ffmpeg's decoder alone."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run("ffmpeg", "-v", "error", "-threads", "1", *words, "-i", clip, "-f",
        "null", "-")
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    return (after - before) / LONG_S * 60


def clip_make(folder, gop):
    still, clip = (os.path.join(folder, name)
                   for name in ("s.png", "g%d.mp4" % gop))
    run("ffmpeg", "-v", "error", "-y", "-i", FOOTAGE, "-frames:v", "1", still)
    run("ffmpeg", "-v", "error", "-loop", "1", "-framerate", "25", "-t",
        str(LONG_S), "-i", still, *GRAIN, "-g", str(gop), clip)
    return clip


def second_make(folder):
    """A second stream as cameras have it: 640x360, 5 a second."""
    clip = os.path.join(folder, "second.mp4")
    run("ffmpeg", "-v", "error", "-y", "-loop", "1", "-framerate", "5", "-t",
        str(LONG_S), "-i", os.path.join(folder, "s.png"), "-vf",
        "scale=640:360,format=yuv420p,noise=c0s=13:c0f=t,gblur=sigma=0.7",
        "-an", "-c:v", "libx264", "-preset", "superfast", "-bf", "0", "-g",
        "5", "-crf", "28", clip)
    return clip


def threads(pid):
    """Nanoseconds on a processor, by thread."""
    spent = {}
    for path in glob.glob("/proc/%d/task/*/schedstat" % pid):
        with open(path, encoding="ascii") as file:
            spent[int(path.split("/")[4])] = int(file.read().split()[0])
    return spent


def children(pid):
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="ascii") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            one = int(path.split("/")[2])
            with open("/proc/%d/cmdline" % one, encoding="ascii") as file:
                words = file.read().split("\0")
        except OSError:
            continue
        if parent == pid and len(words) > 2:
            found[words[2]] = one
    return found


def private_mb(pid):
    with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
        fields = dict(line.split(":") for line in file.read().splitlines()
                      if ":" in line and line[0] != " " and "-" not in
                      line.split(":")[0])
    return int(fields["Pss"].split()[0]) / 1024


def operation(folder, port, more=""):
    op, key = os.path.join(folder, "op"), os.path.join(folder, "identity")
    secret = os.path.join(folder, "pass")
    if not os.path.exists(key):
        run("age-keygen", "-o", key)
    with open(secret, "w", encoding="ascii") as file:
        file.write("seven green watering cans\n")
    run(os.environ["STING"], "new", op, "--goal", "bench", "--legal-basis",
        "bench", "--decided-by", "bench", "--recipient",
        run("age-keygen", "-y", key).strip(), "--passphrase-file", secret)
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(
            "cameras:\n", "cameras:\n  - name: table\n    url: "
            "rtsp://127.0.0.1:%d/camera\n" % port + more, 1))
    return op


def motion_begin(folder, port):
    path = os.path.join(folder, "motion.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(MOTION % (port, os.path.join(folder, "motion.log"), folder))
    return subprocess.Popen(["motion", "-n", "-c", path], cwd=folder,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def live(folder, clip, second=None, with_motion=True):
    """Seconds a minute of: reading, looking, relay, core, and, where it is
    there, Motion; and MB."""
    words = ["--second", second] if second else []
    server = subprocess.Popen([SERVE, clip, "0", *words],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    port = int(server.stdout.readline().split()[1])
    op = operation(tempfile.mkdtemp(dir=folder), port, second and
                   "    look: rtsp://127.0.0.1:%d/second\n" % port or "")
    motion = (motion_begin(folder, port)
              if with_motion and shutil.which("motion") else None)
    station = subprocess.Popen([os.environ["STING"], "run", op],
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(LEARNING_S)
    worker = children(station.pid)
    pids = [worker["camera"], worker["relay"], station.pid]
    pids += [motion.pid] if motion else []
    before = [threads(pid) for pid in pids]
    time.sleep(MEASURED_S)
    after = [threads(pid) for pid in pids]
    memory = private_mb(worker["camera"])
    for process in filter(None, (station, motion, server)):
        process.terminate()
        process.wait()
    spent = [{one: (end.get(one, 0) - begin.get(one, 0)) / 1e9 / MEASURED_S
              * 60 for one in end} for begin, end in zip(before, after)]
    reading = spent[0].pop(worker["camera"])
    return [reading] + [sum(one.values()) for one in spent], memory


def main():
    if not os.path.exists(FOOTAGE):
        print("skipped: the footage is not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        for gop, most in ((25, 1.0), (50, 0.5)):
            clip = clip_make(folder, gop)
            rate = os.path.getsize(clip) * 8 / LONG_S / 1e6
            what = "CPU a minute, 1080p25, %.1f Mbit/s, GOP %d s: " % (
                rate, gop // 25)
            (reading, looking, relay, core, *motion), memory = live(folder,
                                                                    clip)
            row(what + "looking", "%.2f s" % looking, "goal", "%.2f s" % most)
            row("  ffmpeg, keyframes alone decoded", "%.2f s" % decoding(
                clip, "-skip_frame", "nokey"), "all frames",
                "%.2f s" % decoding(clip))
            row("  recording: camera worker", "%.2f s" % reading, "goal",
                "0.15 s")
            row("  relay; core, sealed and on disk", "%.2f s; %.2f s" % (
                relay, core), "", "")
            whole = reading + looking + relay + core
            row("  all of it", "%.2f s" % whole,
                "Motion, same stream and time", "%.2f s" % motion[0]
                if motion else "not installed")
            row("  memory of the worker", "%.0f MB" % memory, "goal", "32 MB")
            (reading, second, relay, core), memory = live(
                folder, clip, second_make(folder), with_motion=False)
            row("  look: 640x360, 5 a second: read, looked at", "%.2f s"
                % second, "without it", "%.2f s" % looking)
            row("    recording; relay; core", "%.2f s; %.2f s; %.2f s"
                % (reading, relay, core), "memory", "%.0f MB" % memory)
            row("    all of it", "%.2f s" % (reading + second + relay + core),
                "without it", "%.2f s" % whole)
    sys.exit(0)


main()
