"""An exhibit out of a day's ledger: how large the proof of one segment is, and
how long a stranger's tools take to check it, and all of it."""
import glob
import os
import re
import resource
import subprocess
import sys
import tempfile

STING = os.environ["STING"]
FILL = os.path.join(os.path.dirname(STING), "tests", "bench", "large_fill")
LINES = 43200  # a day of four cameras
GOAL_BYTES, GOAL_S = 1250, 0.3


def run(*words):
    """Processor seconds of a command, with those that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit("%s ended with %d: %s%s" % (
            " ".join(words), done.returncode, done.stdout, done.stderr))
    return (after.ru_utime + after.ru_stime - before.ru_utime
            - before.ru_stime, done.stdout)


def proof_bytes(out, seq):
    """What a C2SP tlog-proof of that line takes."""
    with open(out + "/data/ledger/proofs.txt") as file:
        path = [one for one in file.read().split("\n\n")
                if one.startswith("index %s\n" % seq)][0]
    return (len("c2sp.org/tlog-proof@v1\n") + len(path) + 2 +
            os.path.getsize(out + "/data/ledger/checkpoint.txt") - 1)


def main(place):
    op, out, word = (os.path.join(place, name)
                     for name in ("op", "out", "passphrase"))
    with open(word, "w") as file:
        file.write("rain water\n")
    run(STING, "new", op, "--goal", "a full tank", "--legal-basis", "our own",
        "--decided-by", "us", "--passphrase-file", word)
    run(FILL, op, "32", str(LINES))
    with open(op + "/evidence/ledger") as file:
        seq, second = re.search(r"^(\d+) .* seg camera=garage .* "
                                r"t0=([^.]*)", file.read(), re.M).groups()
    made, _ = run(STING, "exhibit", op, "--camera", "garage", "--from",
                  second + "Z", "--to", second + ".999999Z", "--mark", "ABC/1",
                  "--out", out, "--reason", "how long it takes",
                  "--passphrase-file", word)
    print("exhibit of %d lines made\t%.1f s\t\t" % (LINES, made))
    proof = proof_bytes(out, seq)
    print("proof of one segment of a day\t%d B\tgoal\t%d B\t%s" % (
        proof, GOAL_BYTES, "met" if proof <= GOAL_BYTES else "MISSED"))
    line = min(run("sh", out + "/VERIFY.sh", "line", seq)[0]
               for _ in range(5))
    print("VERIFY.sh, one segment of a day\t%.2f s\tgoal\t%.1f s\t%s" % (
        line, GOAL_S, "met" if line <= GOAL_S else "MISSED"))
    for name, words in (("VERIFY.sh", ("sh", out + "/VERIFY.sh")),
                        ("verify.py", ("python3", out + "/verify.py")),
                        ("sting verify", (STING, "verify", out))):
        print("%s, all of the exhibit\t%.1f s\t\t" % (name, run(*words)[0]))
    print("\t\tepochs shown\t%d" % sum(
        " epoch " in line for path in glob.glob(out + "/data/ledger/lines.txt")
        for line in open(path)))


base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
with tempfile.TemporaryDirectory(dir=base) as folder:
    main(folder)
