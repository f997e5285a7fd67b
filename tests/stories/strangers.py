"""Evidence from strangers: whatever lies in the folder, sting verify says what
is wrong with it, soon, in little memory, and on a page for who is no expert."""
import html
import os
import re
import shutil
import signal
import sys

from story import Story, cameras_name, wait_for

MOST_MB = 160  # of the checking process, libraries included
MEASURE = ("import resource, subprocess, sys; "
           "code = subprocess.run(sys.argv[1:]).returncode; "
           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); "
           "sys.exit(code)")


def replace(path, put):
    if os.path.isdir(path):
        shutil.rmtree(path)
    else:
        os.remove(path)
    put(path)


def page(story, op, *words, code):
    """The page that --report writes, as text."""
    path = story.path("page.html")
    story.sting("verify", op, "--report", path, *words, code=code)
    with open(path, encoding="utf-8") as file:
        return file.read()


def words_of(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def parts(op):
    """What is on disk of a film that goes on. That a camera records is said
    before the first of it is."""
    below = os.path.join(op, "evidence/segments")
    return [name for _, _, names in os.walk(below) for name in names
            if name.endswith(".part")]


with Story("evidence from strangers is checked where it can do no harm") as (
        story):
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n" % os.environ["CLIP"])
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 20)
    story.check(wait_for(lambda: parts(op)), "a second of film is on disk")
    story.sting("log", op, "the tap drips")
    station.stop(signal.SIGKILL)
    story.sting("log", op, "the power is back")

    text = page(story, op, code=10)
    words = words_of(text)
    day = r"\d+ [A-Z][a-z]+ 20\d\d, \d\d:\d\d:\d\d UTC"
    story.check("INTACT WITH GAPS" in words and re.search(
        day + " " + day + r" [0-9.]+ garage the recorder ended without a word",
        words), "the page tells the gap with its times of day", words)
    story.check("no key was given" in words and "does not show" in words,
                "and that no file was opened, and what it does not show")
    story.check(not re.search(r"<script|<link|src=|href=|url\(", text),
                "it needs nothing beside itself", text)
    words = words_of(page(story, op, *story.keys(), code=10))
    story.check("what is inside compared" in words,
                "with a key, files are opened, and the page says so", words)

    got = story.sting("verify", op, "--json", *story.keys(),
                      code=10).json()[-1]
    causes = {gap["cause"] for gap in got["gaps"]}
    story.check(got["films"] > 0 and "contradicts" not in causes,
                "the recordings inside are what their lines say", got)

    hurt = story.copy(op, "<b>hurt")
    with open(os.path.join(hurt, "evidence/ledger")) as file:
        purpose = re.search(r" purpose=(\w+)", file.readline())[1]
    blob = os.path.join(hurt, "evidence/blobs", purpose + ".age")
    story.flip_bit(blob, 300)
    text = page(story, hurt, code=12)
    story.check("TAMPERED" in text and os.path.basename(blob) in text
                and "<b>hurt" not in text and "&lt;b&gt;hurt" in text,
                "a changed file is named, and no name of a folder is HTML")

    def trick(name, below, put, code):
        folder = story.copy(op, name)
        replace(os.path.join(folder, below), put)
        got = story.sting("verify", folder, "--json", code=code, seconds=20)
        return got.json()[-1]

    day = sorted(os.listdir(os.path.join(op, "evidence/checkpoints")))[0]
    notes = "evidence/checkpoints/" + day
    outside = story.copy(op, "outside")
    for name, below, put, code in [
            ("a pipe for the ledger", "evidence/ledger", os.mkfifo, 13),
            ("a link for the ledger", "evidence/ledger", lambda to: os.symlink(
                os.path.join(outside, "evidence/ledger"), to), 13),
            ("a link for the evidence", "evidence", lambda to: os.symlink(
                os.path.join(outside, "evidence"), to), 13),
            ("a pipe for checkpoints", notes, os.mkfifo, 12),
            ("a link for the recordings", "evidence/segments", lambda to:
             os.symlink(os.path.join(outside, "evidence/segments"), to), 12),
            ("a link for the blobs", "evidence/blobs", lambda to: os.symlink(
                os.path.join(outside, "evidence/blobs"), to), 12)]:
        found = trick(name, below, put, code)
        story.check(found["verdict"] in ("TAMPERED", "UNVERIFIABLE"),
                    "%s: %s, %s" % (name, found["verdict"], found["reason"]))

    long = story.copy(op, "long")
    with open(os.path.join(long, "evidence/ledger"), "r+b") as file:
        file.truncate(4 << 30)
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
    got = story.run(sys.executable, "-c", MEASURE, story.binary, "verify", long,
                    "--json", code=13, seconds=120)
    used = int(got.out.splitlines()[-1]) // 1024
    story.check(used < MOST_MB, "a line of 4 GB takes %d MB of memory (%.0f s)"
                % (used, got.seconds))
