"""All states in which lost power can leave an operation, for a run of two
minutes with bait, notes and an end in order: tests/tools/lost_power.py builds
them, sting is shown each (tests/tools/power_judge.py)."""
import os
import shutil
import signal
import time

import evidence
import ground

import lost_power
import power_judge
from story import Story

SEED = int(os.environ.get("SEED", "1"))
RUN_S = 130
BATCH = 20
CLIP = os.path.join(ground.ROOT, "..", "shared", "footage", "visitors.mp4")


def record(folder):
    """Run it once under the recorder; what it did stays in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.environ["STING"] = ground.STING
    with Story("a run whose calls to the disk are recorded", folder) as story:
        op = story.operation()
        path = os.path.join(op, "operation.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("\ncameras:\n", "\ncameras:\n" + "".join(
                "  - name: %s\n    url: %s\n" % (name, CLIP)
                for name in ("garage", "yard")), 1))
        shutil.copytree(op, story.path("before"))
        env = dict(os.environ, DISK_RECORD_ROOT=op,
                   DISK_RECORD_LOG=story.path("record"),
                   LD_PRELOAD=os.path.join(ground.BUILD, "tests", "tools",
                                           "libdisk_record.so"))
        story.sting("bait", "add", op, story.sample("water-tank.pdf"),
                    "--name", "water-tank", env=env)
        story.sting("bait", "issue", op, "water-tank", "--to", "shelf 1",
                    "shelf 2", "--out", story.path("copies"), *story.keys(),
                    env=env)
        station = story.sting_start("run", op, env=env)
        for name in ("garage", "yard"):
            station.wait_line("camera %s: recording" % name, 60)
        for _ in range(3):
            time.sleep(RUN_S / 4)
            story.sting("log", op, "the tap drips")
        time.sleep(RUN_S / 4)
        if station.stop(signal.SIGINT) != 0:
            raise SystemExit("the station did not end in order")
    open(os.path.join(folder, "ready"), "w").close()


def main():
    journal = evidence.Journal("power", evidence.STATION)
    folder = os.path.join(evidence.STATE, "power-%d-%s" % (SEED,
                                                           journal.version))
    if not os.path.exists(os.path.join(folder, "ready")):
        record(folder)
    before = os.path.join(folder, "before")
    calls = lost_power.read_record(os.path.join(folder, "record"))
    with open(os.path.join(before, power_judge.LEDGER), "rb") as file:
        recorded = power_judge.spans(file.read())
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else evidence.STATE
    judge = power_judge.Judge(ground.STING, os.path.join(
        base, "sting-power-%d" % os.getpid()), recorded)
    done = sum(row["trials"] for row in journal.rows if row["seed"] == SEED)
    of = sum(1 for _ in lost_power.states(before, calls, SEED))
    bad, why, tried = 0, "", 0

    def keep():
        journal.add(kind="state", seed=SEED, trials=tried, bad=bad, why=why,
                    worst_s=judge.worst_s, of=of)

    try:
        for number, (k, moment, mode, state, disk) in enumerate(
                lost_power.states(before, calls, SEED)):
            if number < done or number >= of * evidence.PART:
                continue
            if evidence.is_over():
                break
            try:
                judge.judge(moment, state, disk)
            except power_judge.Wrong as error:
                bad += 1
                why = "after call %d, %s: %s" % (k, mode, str(error)[:300])
                print(why, flush=True)
            tried += 1
            if tried == BATCH:
                keep()
                bad, why, tried = 0, "", 0
        if tried:
            keep()
    finally:
        shutil.rmtree(judge.folder, ignore_errors=True)
    evidence.write_results()


if __name__ == "__main__":
    main()
