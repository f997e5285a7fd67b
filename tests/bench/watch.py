"""Person visible to incident; processor time a minute of 1080p25 in grain."""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.path.dirname(os.environ["STING"])
FOOTAGE = os.path.join(os.path.dirname(BUILD), "..", "shared", "footage",
                       "visitors.mp4")
GRAIN = ["-vf", "scale=1920:1080,noise=alls=14:allf=t", "-r", "25", "-an",
         "-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency",
         "-bf", "0", "-g", "25", "-crf", "28", "-maxrate", "4M", "-bufsize",
         "4M"]


def row(figure, value, peer, peer_value):
    print("\t".join((figure, value, peer, peer_value)), flush=True)


def run(*words):
    return subprocess.run(words, check=True, capture_output=True,
                          text=True).stdout


def cpu_of(*words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime
            - before.ru_stime)


def replay(op, clip):
    return [json.loads(line) for line in run(
        os.environ["STING"], "replay", op, clip, "--json").splitlines()]


def latency(op, folder):
    late, extra, visits = [], 0, 0
    for seed, options in enumerate(((), ("mirror=1", "all-noisy=1", "noise=4"),
                                    ("light=0.28", "noise=6", "all-noisy=1"),
                                    ("light=0.2", "noise=5", "all-noisy=1",
                                     "mirror=1"))):
        clip = os.path.join(folder, "visits.mp4")
        truth = run(os.path.join(BUILD, "tests/tools/visitors_build"), FOOTAGE,
                    clip, "seed=%d" % (100 + seed), *options)
        found = [one for one in replay(op, clip)
                 if one.get("kind") in ("person", "page", "tamper")]
        for line in truth.splitlines():
            begin, end = map(float, line.split())
            hit = [one for one in found
                   if one["start_s"] < end and one["end_s"] > begin]
            late += [one["first_look_s"] - begin for one in hit[:1]]
            visits += 1
        extra += len(found) - sum(1 for _ in truth.splitlines())
    row("visits seen, light 1 to 0.2", "%d of %d" % (len(late), visits),
        "Motion 4.5.1 in grain, another run", "6 of 12")
    row("incidents beside the visits", str(extra), "goal", "0")
    row("person visible to incident, median",
        "%.1f s" % statistics.median(late), "frame differences, all decoded",
        "0.2 s")
    row("person visible to incident, longest", "%.1f s" % max(late), "goal",
        "2 s")


def grain(folder):
    still, clip = (os.path.join(folder, name) for name in ("s.png", "g.mp4"))
    run("ffmpeg", "-v", "error", "-i", FOOTAGE, "-frames:v", "1", still)
    run("ffmpeg", "-v", "error", "-loop", "1", "-t", "80", "-i", still, *GRAIN,
        clip)
    return clip


def ticks(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        field = file.read().rsplit(")", 1)[1].split()
    return (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")


def children(pid):
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, encoding="ascii") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                with open("/proc/%s/cmdline" % name, encoding="ascii") as file:
                    if parent == pid and "camera" in file.read():
                        found.append(int(name))
            except OSError:
                pass
    return found


def worker_cost(op):
    """Processor seconds a minute of a live camera worker, once it is quiet:
    receiving, recording, keyframes decoded, the detector."""
    with subprocess.Popen([os.environ["STING"], "run", op],
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as station:
        time.sleep(25)
        worker = children(station.pid)
        begin = ticks(worker[0])
        time.sleep(40)
        cost = (ticks(worker[0]) - begin) / 40 * 60
        station.terminate()
    return cost


def main():
    with tempfile.TemporaryDirectory() as folder:
        op, clip = os.path.join(folder, "op"), None
        keys = [run("age-keygen", "-y", path) for path in made(folder)]
        secret = os.path.join(folder, "pass")
        with open(secret, "w", encoding="ascii") as file:
            file.write("seven green watering cans\n")
        run(os.environ["STING"], "new", op, "--goal", "bench", "--legal-basis",
            "bench", "--decided-by", "bench", "--recipient", keys[0].strip(),
            "--passphrase-file", secret)
        clip = grain(folder)
        path = os.path.join(op, "operation.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("cameras:\n", "cameras:\n  - name: table\n"
                                    "    url: %s\n" % clip, 1))
        latency(op, folder)
        whole = cpu_of("ffmpeg", "-v", "error", "-threads", "1", "-i", clip,
                       "-f", "null", "-") / 80 * 60
        row("CPU a minute of 1080p25: worker, quiet",
            "%.2f s" % worker_cost(op), "ffmpeg, only decoding all frames",
            "%.2f s" % whole)


def made(folder):
    path = os.path.join(folder, "identity")
    run("age-keygen", "-o", path)
    return [path]


sys.exit(main())
