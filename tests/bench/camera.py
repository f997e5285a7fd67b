"""What a quiet camera costs: 1080p25 in grain, about 4 Mbit/s, served over RTSP
and recorded by `sting run`, Motion beside it on the same stream. Then the same
with a second stream, 640x360 at 5 a second, that is looked at instead, and Motion
on that; what a Frigate-like stage on it and MOG2 on all of the first take."""
import collections
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.path.dirname(os.environ["STING"])
FOOTAGE = os.path.join(os.path.dirname(BUILD), "..", "shared", "footage",
                       "visitors.mp4")
SERVE = os.path.join(BUILD, "tests", "tools", "rtsp_serve")
sys.path.append(os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "campaign"))
import peer_stage  # pylint: disable=wrong-import-position
LONG_S, LEARNING_S, MEASURED_S = 50, 22, 20
# As a camera encodes: no B-frames, keyframes at their times alone, a cap.
GRAIN = ["-vf", "scale=1920:1080,format=yuv420p,noise=c0s=26:c0f=t,"
         "gblur=sigma=0.7", "-r", "25", "-an", "-c:v", "libx264", "-preset",
         "superfast", "-tune", "zerolatency", "-profile:v", "main", "-bf", "0",
         "-sc_threshold", "0", "-crf", "28", "-maxrate", "4M", "-bufsize", "4M"]
MOTION = """daemon off
netcam_url rtsp://127.0.0.1:%d/%s
netcam_params rtsp_transport=tcp
width %d
height %d
framerate %d
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
log_file %s
target_dir %s
"""
STREAM = {"camera": (1920, 1080, 25), "second": (640, 360, 5)}
RING_S = 7  # of the recorded stream, held while a second is looked at
# What ffmpeg took to decode a minute of all frames where the goals were set: a
# processor half as fast takes twice as long for both.
DECODING_THEN_S = 5.8


def row(figure, value, peer, its):
    print("\t".join((figure, value, peer, its)), flush=True)


def run(*words):
    return subprocess.run(words, check=True, capture_output=True,
                          text=True).stdout


def decoding(clip, *words, long_s=LONG_S):
    """Processor seconds a minute of ffmpeg's decoder alone."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run("ffmpeg", "-v", "error", "-threads", "1", *words, "-i", clip, "-f",
        "null", "-")
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    return (after - before) / long_s * 60


def still_of(folder):
    """The empty room, of which both streams are made."""
    still = os.path.join(folder, "s.png")
    if not os.path.exists(still):
        run("ffmpeg", "-v", "error", "-i", FOOTAGE, "-frames:v", "1", still)
    return still


def clip_make(folder, gop):
    clip, still = os.path.join(folder, "g%d.mp4" % gop), still_of(folder)
    run("ffmpeg", "-v", "error", "-loop", "1", "-framerate", "25", "-t",
        str(LONG_S), "-i", still, *GRAIN, "-g", str(gop), clip)
    return clip


def second_make(folder):
    """A second stream as cameras have it: 640x360, 5 a second."""
    clip = os.path.join(folder, "second.mp4")
    run("ffmpeg", "-v", "error", "-y", "-loop", "1", "-framerate", "5", "-t",
        str(LONG_S), "-i", still_of(folder), "-vf",
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


def operation_new(folder):
    op, key = os.path.join(folder, "op"), os.path.join(folder, "identity")
    secret = os.path.join(folder, "pass")
    if not os.path.exists(key):
        run("age-keygen", "-o", key)
    with open(secret, "w", encoding="ascii") as file:
        file.write("seven green watering cans\n")
    run(os.environ["STING"], "new", op, "--goal", "bench", "--legal-basis",
        "bench", "--decided-by", "bench", "--recipient",
        run("age-keygen", "-y", key).strip(), "--passphrase-file", secret)
    return op


def operation(folder, port, more=""):
    op = operation_new(folder)
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(
            "cameras:\n", "cameras:\n  - name: table\n    url: "
            "rtsp://127.0.0.1:%d/camera\n" % port + more, 1))
    return op


def motion_begin(folder, port, name):
    """Motion as Debian has it, on one of the streams; None: it has not."""
    if not shutil.which("motion"):
        return None
    path = os.path.join(folder, "motion-%s.conf" % name)
    with open(path, "w", encoding="ascii") as file:
        file.write(MOTION % (port, name, *STREAM[name], os.path.join(
            folder, "motion-%s.log" % name), folder))
    return subprocess.Popen(["motion", "-n", "-c", path], cwd=folder,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


class Watch:
    """A station and Motion on the same served streams, while it is open."""

    def __init__(self, folder, clip, second=None):
        words = ["--second", second] if second else []
        self.server = subprocess.Popen([SERVE, clip, "0", *words],
                                       stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)
        port = int(self.server.stdout.readline().split()[1])
        op = operation(tempfile.mkdtemp(dir=folder), port, second and
                       "    look: rtsp://127.0.0.1:%d/second\n" % port or "")
        self.motion = motion_begin(folder, port,
                                   "second" if second else "camera")
        self.station = subprocess.Popen([os.environ["STING"], "run", op],
                                        stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.STDOUT)
        self.told = collections.deque(maxlen=100)
        threading.Thread(target=self.told.extend, args=(self.station.stdout,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in filter(None, (self.station, self.motion, self.server)):
            process.terminate()
            process.wait()

    def spent(self):
        """Seconds on a processor so far: reading, looking, relay, core, and
        Motion (None: it is not there)."""
        worker = children(self.station.pid)
        camera = threads(worker["camera"])
        reading = camera.pop(worker["camera"])
        whole = [sum(threads(pid).values()) for pid in
                 (worker["relay"], self.station.pid)]
        motion = self.motion and sum(threads(self.motion.pid).values())
        return [one and one / 1e9 for one in
                (reading, sum(camera.values()), *whole, motion)]

    def memory_mb(self):
        return private_mb(children(self.station.pid)["camera"])


def a_minute(begin, end, seconds):
    return [last and (last - first) / seconds * 60
            for first, last in zip(begin, end)]


def live(folder, clip, second=None):
    """Seconds a minute as Watch.spent(), and MB: median and most."""
    with Watch(folder, clip, second) as watch:
        time.sleep(LEARNING_S)
        begin, since, memory = watch.spent(), time.monotonic(), []
        while time.monotonic() - since < MEASURED_S:
            memory.append(watch.memory_mb())
            time.sleep(0.5)
        spent = a_minute(begin, watch.spent(), time.monotonic() - since)
    return spent, statistics.median(memory), max(memory)


def told_s(seconds):
    return "not installed" if seconds is None else "%.2f s" % seconds


def beside_s(spent, motion):
    """What all of sting takes, and how much of Motion's that is."""
    share = "" if motion is None else ", %.1f %%" % (100 * spent / motion)
    return "%.2f s%s" % (spent, share)


def decoding_tell(looking, goal, decoding):
    """The same beside ffmpeg's decoding, on whatever processor this is."""
    row("  of what decoding all frames takes here", "%.1f %%"
        % (100 * looking / decoding), "goal, of the %.1f s where it was set"
        % DECODING_THEN_S, "%.1f %%" % (100 * goal / DECODING_THEN_S))


def stage_s(name, clip):
    """Processor seconds a minute of a stage before a clip."""
    if not peer_stage.interpreter():
        return None
    return peer_stage.stage(name, clip)["cpu_s"] / LONG_S * 60


def first_tell(clip, what, most, ring_mb, got):
    (reading, looking, relay, core, motion), usual, memory = got
    row(what + "looking", "%.2f s" % looking, "goal", "%.2f s" % most)
    every = decoding(clip)
    row("  ffmpeg, keyframes alone decoded", "%.2f s" % decoding(
        clip, "-skip_frame", "nokey"), "all frames", "%.2f s" % every)
    decoding_tell(looking, most, every)
    row("  recording: camera worker", "%.2f s" % reading, "goal", "0.15 s")
    row("  relay; core, sealed and on disk", "%.2f s; %.2f s" % (relay, core),
        "", "")
    row("  all of it, and of Motion's", beside_s(
        reading + looking + relay + core, motion),
        "Motion, same stream and time", told_s(motion))
    row("  memory of the worker; at most", "%.0f MB; %.0f MB"
        % (usual, memory), "goal, and the ring", "%.1f MB" % (32 + ring_mb))


def second_tell(rate, got, before):
    (reading, looking, relay, core, motion), usual, memory = got
    row("  look: 640x360, 5 a second: read, looked at", "%.2f s" % looking,
        "without it", "%.2f s" % before[1])
    row("    recording; relay; core", "%.2f s; %.2f s; %.2f s"
        % (reading, relay, core), "", "")
    row("    all of it, and of Motion's on the first", beside_s(
        reading + looking + relay + core, before[4]),
        "Motion on that stream alone", told_s(motion))
    row("    memory of the worker; at most", "%.0f MB; %.0f MB"
        % (usual, memory), "goal, and %d s of the first" % RING_S,
        "%.1f MB" % (32 + RING_S * rate / 8))


def main():
    if not os.path.exists(FOOTAGE):
        print("skipped: the footage is not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        second = second_make(folder)
        for gop, most in ((25, 1.0), (50, 0.5)):
            clip = clip_make(folder, gop)
            rate = os.path.getsize(clip) * 8 / LONG_S / 1e6
            what = "CPU a minute, 1080p25, %.1f Mbit/s, GOP %d s: " % (
                rate, gop // 25)
            got = live(folder, clip)
            first_tell(clip, what, most, rate / 8 * gop / 25, got)
            second_tell(rate, live(folder, clip, second), got[0])
        row("  others: Frigate-like on the second", told_s(
            stage_s("frigate", second)), "MOG2 on all of the first",
            told_s(stage_s("mog2", clip)))


if __name__ == "__main__":
    main()
