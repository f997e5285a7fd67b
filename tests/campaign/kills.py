"""kill -9, 10,000 times: a writer in process at random moments (the unit test
ledger/crash with other seeds), and beside them 1,200 times the real station
or one of its workers (tests/stories/kills.py with other seeds)."""
import os
import re
import subprocess

import evidence
import ground

GOAL = int(10000 * evidence.PART)
BATCH = 100          # of kills in process, a seed
BY_BINARY = 120      # kills of the binary, after ten such batches
CRASH = os.path.join(ground.BUILD, "tests", "unit", "ledger",
                     "ledger_crash_test")


def by_binary(seed):
    env = dict(os.environ, STING=ground.STING, SEED=str(seed),
               KILLS=str(BY_BINARY), PYTHONDONTWRITEBYTECODE="1",
               RTSP_SERVE=os.path.join(ground.BUILD, "tests", "tools",
                                       "rtsp_serve"),
               CLIP=os.path.join(ground.ROOT, "..", "shared", "footage",
                                 "visitors.mp4"))
    done = subprocess.run(
        ["python3", os.path.join(ground.ROOT, "tests", "stories", "kills.py")],
        env=env, capture_output=True, text=True, check=False)
    wrong = re.search(r"NOT SO: (.*)", done.stdout)
    return {"kind": "binary", "seed": seed, "trials": BY_BINARY,
            "bad": int(done.returncode != 0),
            "why": wrong[1][:300] if wrong else done.stderr[-300:]
            if done.returncode else ""}


def in_process(seed):
    done = subprocess.run([CRASH, str(BATCH), str(seed), "kills"], capture_output=True,
                          text=True, check=False)
    return {"kind": "process", "seed": seed, "trials": BATCH,
            "bad": int(done.returncode != 0),
            "why": done.stderr[-300:] if done.returncode else ""}


def main():
    process = evidence.Journal("kills")
    binary = evidence.Journal("kills", evidence.STATION)
    done = {(row["kind"], row["seed"])
            for row in process.rows + binary.rows
            if row["version"] == (binary if row["kind"] == "binary"
                                  else process).version}
    for seed in range(1, GOAL // BATCH + 1):
        if ("process", seed) not in done and not evidence.is_over():
            process.add(**in_process(seed))
        if seed % 10 == 0 and ("binary", seed) not in done and (
                not evidence.is_over()):
            binary.add(**by_binary(seed))
    evidence.write_results()


if __name__ == "__main__":
    main()
