"""A disk that fills up: told loudly, the ledger whole, and going on after.

Plays on a disk of 100 MB in memory, in a mount namespace of its own."""
import os
import signal
import time

from filling import fill, free_mb
from story import ROOT, Story, disk_of_its_own

FOLDER = disk_of_its_own("100m")


SAMPLE = os.path.join(ROOT, "samples", "water-tank.pdf")


def commands_refuse(story, filler):
    """Each command that writes, with not a byte left and then with room."""
    op, closed = story.operation("other"), story.operation("closed")
    own = ["--by", "Head of stores", "--reason", "it must be"]
    story.sting("close", closed, *own, "--destroy-keys")
    key = story.sting("verify", closed, "--json").json()[0]["case_key"]
    for words in [
            ["log", op, "--list"] + own + list(story.keys()),
            ["bait", "add", op, SAMPLE, "--name", "tank"],
            ["bait", "issue", op, "tank", "--to", "Anna", "--register-only"]
            + list(story.keys()),
            ["recipients", op, "--add", story.recipient()[0]] + own
            + list(story.keys()),
            ["import", op, closed, "--fingerprint", key, "--name", "old"]
            + own,
            ["extend", op, "--until", "2099-01-01"] + own,
            ["backup", op, "--to", story.path("backup")],
            ["close", op] + own + ["--keys-to", story.path("safe")]]:
        fill(filler, -1)
        refused = story.sting(*words, code=None)
        during = story.sting("verify", op, "--json", code=None).json()[0]
        os.unlink(filler)
        story.sting(*words)
        after = story.sting("verify", op, "--json", code=None).json()[0]
        story.check(refused.code == 2 and refused.err.count("\n") == 1
                    and during["verdict"].startswith("INTACT")
                    and after["verdict"].startswith("INTACT"),
                    "%s is refused in one line, loses nothing, and is done "
                    "when there is room" % " ".join(words[:2])
                    .replace(op, "").strip(), (refused, during, after))


with Story("a disk that is full is told, and nothing breaks",
           FOLDER) as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    path = os.path.join(op, "operation.yaml")
    with open(path) as file:
        text = file.read()
    hook = story.webhook()
    text = text.replace("\nalerts:\n", "\nalerts:\n  - webhook: %s\n"
                        % hook.url, 1)
    with open(path, "w") as file:
        file.write(text.replace("\ncameras:\n", "\ncameras:\n  - name: garage\n"
                                "    url: clip.txt\n", 1))
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write("interval_ms=100 duration_ms=100 bytes=20000")
    filler = story.path("filler")
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 5)
    story.wait_film(op, "garage", 2)

    fill(filler, 40)
    station.wait_line("THE DISK IS FULL: NOTHING IS RECORDED", 4)
    story.check(b"THE DISK IS FULL" in hook.wait(1)[3],
                "told while 64 MB are still kept for the ledger, to those "
                "who are far too")
    time.sleep(1.5)
    before = free_mb(story.folder)
    time.sleep(1.5)
    story.check(abs(free_mb(story.folder) - before) < 0.05,
                "nothing is recorded any more")
    story.sting("log", op, "the disk is full")
    story.check(True, "other commands still write their lines")
    os.unlink(filler)
    station.wait_line("the disk has room again: recording goes on", 5)
    story.check(b"recording goes on" in hook.wait(2)[3],
                "and that it goes on")
    time.sleep(2)

    fill(filler, -1)
    failed = story.sting("log", op, "not a byte is left", code=None)
    if failed.code == 0:
        fill(filler, -1)
        failed = story.sting("log", op, "still not a byte", code=None)
    story.check(failed.code == 2 and failed.err.count("\n") == 1,
                "what cannot be written is refused in one line", failed)
    # What was full before it was looked at again leaves the ledger room in its
    # last block, and nothing need be written into it for up to a minute; a
    # segment that is sealed meanwhile gives back the room of its parts.
    for turn in range(60):
        if "THE RECORD CANNOT BE KEPT" in station.text():
            break
        if turn % 5 == 4:
            fill(filler, -1)
        story.sting("arm", op, code=None)
    station.wait_line("THE RECORD CANNOT BE KEPT", 70)
    story.check(station.is_running(), "the station says so and stays")
    os.unlink(filler)
    station.wait_line("the record is kept again", 12)
    time.sleep(3)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    causes = {gap["cause"] for gap in found["gaps"]}
    story.check(found["verdict"] == "INTACT WITH GAPS" and "full" in causes,
                "intact, and the gap says that the disk was full: %s" % causes,
                found)
    commands_refuse(story, filler)
