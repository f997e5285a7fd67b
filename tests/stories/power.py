"""The power goes: a run's calls to the disk are recorded, and sting is shown
a sample of all states in which they could leave the folder. All of them:
tests/campaign/power.py. SEED chooses another sample, STATES a larger one."""
import os
import random
import shutil
import signal
import sys

from story import ROOT, Broken, Story, cameras_name

sys.path.insert(0, os.path.join(ROOT, "tests", "tools"))
import lost_power
import power_judge

SEED = int(os.environ.get("SEED", "1"))
STATES = int(os.environ.get("STATES", "48"))
RUN_S = 6


def camera(story, op):
    clip = os.environ.get("CLIP", "")
    if not os.path.exists(clip):
        clip = story.path("drawn.mp4")
        story.run("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
                  "testsrc2=size=640x360:rate=10:duration=30", "-c:v",
                  "libx264", "-preset", "veryfast", "-g", "10", "-bf", "0",
                  "-pix_fmt", "yuv420p", clip)
    for name in ("yard", "garage"):  # each in front of those before
        cameras_name(op, "  - name: %s\n    url: %s\n" % (name, clip))


def record(story, op):
    """A station runs, a note is written through it, it ends."""
    env = dict(os.environ, LD_PRELOAD=os.environ["DISK_RECORD"],
               DISK_RECORD_ROOT=op, DISK_RECORD_LOG=story.path("record"))
    station = story.sting_start("run", op, env=env)
    for name in ("garage", "yard"):
        station.wait_line("camera %s: recording" % name, 20)
    story.wait_film(op, "garage", RUN_S / 2)
    story.sting("log", op, "the tap drips")
    for name in ("garage", "yard"):
        story.wait_film(op, name, RUN_S)
    story.check(station.stop(signal.SIGINT) == 0, "a station ran for a while")
    return lost_power.read_record(story.path("record"))


def sample(all_states, chance):
    """Of every mode as many as there are, or a share of what is left."""
    modes = {}
    for one in all_states:
        modes.setdefault(one[2], []).append(one)
    chosen, rest = [], STATES
    for left, some in enumerate(sorted(modes.values(), key=len)):
        share = min(len(some), rest // (len(modes) - left))
        chosen += chance.sample(some, share)
        rest -= share
    return chosen


def must_be_wrong(judge, state, moment, disk, sentence, story):
    try:
        judge.judge(moment, state, disk)
    except power_judge.Wrong:
        story.check(True, sentence)
        return
    raise Broken("not seen: " + sentence)


with Story("lost power is no tampering, and costs under two seconds") as story:
    op = story.operation()
    camera(story, op)
    before = story.path("before")
    shutil.copytree(op, before)
    calls = record(story, op)
    with open(os.path.join(before, power_judge.LEDGER), "rb") as file:
        recorded = power_judge.spans(file.read())

    disk = lost_power.Disk(before)
    for call in calls:
        disk.take(call)
    state = disk.state("issued", None)
    story.check(state == lost_power.Disk(op).state("issued", None),
                "the record of %d calls gives the folder that is there"
                % len(calls))

    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else story.folder
    judge = power_judge.Judge(story.binary, os.path.join(
        base, os.path.basename(story.folder) + "-power"), recorded)
    try:
        lost = [path for path in state if path.endswith(".m4s.age")][0]
        must_be_wrong(judge, {path: content for path, content in state.items()
                              if path != lost}, calls[-1][0], disk,
                      "a disk that forgets a synced recording is found out",
                      story)
        cut = dict(state)
        cut[power_judge.LEDGER] = cut[power_judge.LEDGER].rsplit(b"\n", 3)[0]
        must_be_wrong(judge, cut, calls[-1][0], disk,
                      "one that forgets synced lines is found out", story)

        judge.verdicts, judge.worst_s = {}, 0.0
        chosen = set()
        every = [(k, moment, mode) for k, moment, mode, _, _ in
                 lost_power.states(before, calls, SEED)]
        wanted = set((k, mode) for k, _, mode in
                     sample(every, random.Random(SEED)))
        for k, moment, mode, state, disk in lost_power.states(before, calls,
                                                              SEED):
            if (k, mode) in wanted and (k, mode) not in chosen:
                chosen.add((k, mode))
                try:
                    judge.judge(moment, state, disk)
                except power_judge.Wrong as error:
                    raise Broken("after call %d (%s), %s: %s" % (
                        k, calls[k - 1][1:3], mode, error)) from None
        story.check(len(chosen) >= min(STATES, len(every)) // 2,
                    "%d of %d states after lost power, seed %d: no false "
                    "alarm, no false INTACT, nothing synced is gone, at most "
                    "%.2f s of pictures lost" % (len(chosen), len(every), SEED,
                                                 judge.worst_s))
    finally:
        shutil.rmtree(judge.folder, ignore_errors=True)
