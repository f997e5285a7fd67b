"""Large records verified by the binary, jailed as ever: processor seconds and
the most memory that any of its processes had, at two sizes, so that what
grows shows. With arguments MEGABYTES LINES: that one size, and no other, of
RECORD, an operation that large_fill made before, or of one made now."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

STING = os.environ["STING"]
FILL = os.path.join(os.path.dirname(STING), "tests", "bench", "large_fill")
LINES = [250000, 1000000]
MEGABYTES = [128, 1024]


def run(*words):
    """What it took: processor seconds, the most megabytes of a process."""
    pid = os.fork()
    if pid == 0:
        done = subprocess.run(words, stdout=subprocess.DEVNULL, check=False)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(done.returncode, used.ru_utime + used.ru_stime,
              used.ru_maxrss // 1024, file=pipe[1], flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    code, seconds, memory = pipe[0].readline().split()
    if code != "0":
        raise SystemExit("%s ended with %s" % (" ".join(words), code))
    return float(seconds), int(memory)


def made(folder, megabytes, lines):
    op = os.path.join(folder, "op")
    shutil.rmtree(op, ignore_errors=True)
    word = os.path.join(folder, "passphrase")
    with open(word, "w") as file:
        file.write("rain water\n")
    run(STING, "new", op, "--goal", "a full tank", "--legal-basis", "our own",
        "--decided-by", "us", "--passphrase-file", word)
    took, _ = run(FILL, op, str(megabytes), str(lines))
    return op, word, took


def size_of(op):
    return sum(os.path.getsize(os.path.join(folder, name))
               for folder, _, names in os.walk(op) for name in names) / 1e6


def lines_row(folder, lines, goal):
    op = os.environ.get("RECORD")
    if not op:
        op, _, took = made(folder, 0, lines)
        print("ledger lines written\t%.0f a second\t\t" % (lines / took))
    size = os.path.getsize(os.path.join(op, "evidence", "ledger")) / 1e6
    took, memory = run(STING, "verify", op)
    what = "%.2f million lines, %.0f MB verified" % (lines / 1e6, size)
    if not goal:
        print("%s\t%.1f s\tmemory\t%d MB" % (what, took, memory))
        return
    for name, value, wanted, is_met in (
            (what, "%.1f s" % took, "8 s", took <= 8),
            ("memory of that, verified", "%d MB" % memory, "64 MB",
             memory <= 64)):
        print("\t".join((name, value, "goal", wanted,
                         "met" if is_met else "MISSED")))


def recordings_row(folder, megabytes):
    op, word, _ = made(folder, megabytes, 0)
    size = size_of(op)
    for name, words in (("sealed", []), ("inside too",
                                         ["--passphrase-file", word])):
        took, memory = run(STING, "verify", op, *words)
        print("%.0f MB verified, %s\t%.0f MB/s\tmemory\t%d MB" % (
            size, name, size / took, memory))


reading, writing = os.pipe()
pipe = (os.fdopen(reading), os.fdopen(writing, "w"))
base = os.environ.get("LARGE", "/dev/shm" if os.access("/dev/shm", os.W_OK)
                      else "/tmp")
with tempfile.TemporaryDirectory(dir=base) as place:
    if len(sys.argv) == 3:
        if int(sys.argv[2]):
            lines_row(place, int(sys.argv[2]), False)
        if int(sys.argv[1]):
            recordings_row(place, int(sys.argv[1]))
    else:
        for count in LINES:
            lines_row(place, count, count == 1000000)
        for count in MEGABYTES:
            recordings_row(place, count)
