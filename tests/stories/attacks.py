"""Attacks and failures, against the binary as a stranger or the machine would
bring them; the numbers are those of the list in tests/unit/ledger/README.md."""
import os
import shutil
import signal
import time

from story import Story, cameras_name, disk_of_its_own, film_s
from shim import FAIL, FAILED, SLOW, Shim

# A disk of its own, to run out of inodes.
FOLDER = disk_of_its_own("300m,nr_inodes=400", "disk")
GARAGE = "interval_ms=100 duration_ms=100 bytes=2000"

BY_HAND = r"""
set -eu
cd "$1/evidence"
test "$(sed -n 2p ledger | sha256sum | cut -c1-32)" = \
    "$(sed -n 3p ledger | sed 's/.* prev=//')"
value() { head -n 1 ledger | grep -o " $1=[^ ]*" | cut -d= -f2; }
key() { (printf '302a300506032b6570032100%s' "$1" | xxd -r -p) |
    openssl pkey -pubin -inform DER -out "$2"; }
t=$(mktemp -d)
head -n 1 ledger | sed 's/ sig=.*//' | tr -d '\n' >"$t/said"
value sig | xxd -r -p >"$t/sig"; key "$(value case)" "$t/case.pem"
openssl pkeyutl -verify -pubin -inkey "$t/case.pem" -rawin -in "$t/said" \
    -sigfile "$t/sig"
notes=$(ls checkpoints/*.notes | head -n 1)
head -n 3 "$notes" >"$t/said"
sed -n 5p "$notes" | cut -d' ' -f3 | base64 -d | tail -c 64 >"$t/sig"
key "$(value log)" "$t/log.pem"
openssl pkeyutl -verify -pubin -inkey "$t/log.pem" -rawin -in "$t/said" \
    -sigfile "$t/sig"
seg=$(grep ' seg ' ledger | head -n 1)
field() { echo "$seg" | grep -o " $1=[^ ]*" | cut -d= -f2; }
file=segments/$(field camera)/$(field date)/$(printf %08d "$(field n)").m4s.age
test "$(sha256sum <"$file" | cut -d' ' -f1)" = "$(field ct)"
test "$(age -d -i "$2" "$file" | sha256sum | cut -d' ' -f1)" = "$(field pt)"
rm -r "$t"
"""


def operation(story, name, place=""):
    op = story.operation(os.path.join(place, name))
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    with open(os.path.join(op, "clip.txt"), "w") as file:
        file.write(GARAGE)
    return op


def record(story, op, seconds, **kwargs):
    station = story.sting_start("run", op, **kwargs)
    station.wait_line("camera garage: recording", 10)
    before = film_s(op, "garage")
    story.wait_film(op, "garage", before + seconds)
    return station


def verdict(story, op, code, *words):
    return story.sting("verify", op, "--json", *words, code=code).json()[-1]


def lines(op):
    with open(os.path.join(op, "evidence/ledger"), "rb") as file:
        return file.read().splitlines()


with Story("each attack gets the verdict that it must get", FOLDER) as story:
    story.binary = os.environ["STANDIN"]
    op = operation(story, "op")
    station = record(story, op, 3)
    second = story.sting("run", op, code=2)
    story.check("another station" in second.err,
                "27: a second recorder on the same folder is refused")
    story.check(station.stop(signal.SIGINT) == 0, "the first ends in order")
    story.check(verdict(story, op, 0)["verdict"] == "INTACT",
                "and what it recorded is intact")

    # 23 and 24: without sting, and with a key lost
    _, identity = story.recipient()
    said = story.run("sh", "-c", BY_HAND, "sh", op, identity)
    story.check(said.out.count("Verified Successfully") == 2,
                "23: sha256sum, openssl and age alone agree with it")
    lost = story.copy(op, "lost")
    shutil.rmtree(os.path.join(lost, "keys"))
    story.run("sh", "-c", BY_HAND, "sh", lost, identity)
    story.check(verdict(story, lost, 0)["verdict"] == "INTACT",
                "24: with the operation's own keys lost, the second recipient "
                "opens it and it still verifies")
    shutil.rmtree(lost)

    # 37: a whole case made up under another case key
    key = verdict(story, op, 0)["case_key"]
    forged = operation(story, "forged")
    record(story, forged, 1).stop(signal.SIGINT)
    words = story.sting("verify", forged)
    story.check("origin unknown" in words.out,
                "37: without a known fingerprint its origin is unknown", words)
    story.check(verdict(story, op, 0, "--case-key", key)["case_key_expected"],
                "37: with it, the true one is known")
    found = verdict(story, forged, 12, "--case-key", key[:32])
    story.check(found["verdict"] == "TAMPERED" and "case key" in
                found["reason"], "37: and the forged one is seen")
    shutil.rmtree(forged)

    # 25: a sync that fails, while recording
    shim = Shim(story)
    station = record(story, op, 2, env=shim.env)
    before = lines(op)
    shim.set(FAIL, 1)
    station.wait_line("THE RECORD CANNOT BE KEPT", 8)
    story.check(station.is_running() and shim.get(FAILED) > 0,
                "25: a sync that fails with EIO is told loudly")
    refused = story.sting("log", op, "while the disk fails", code=2,
                          env=shim.env)  # it may find the ledger let go of
    story.check(refused.err.count("\n") == 1,
                "25: what cannot be made durable is not called written")
    time.sleep(6)  # past a try to open it anew
    after = lines(op)
    story.check(after[:len(before)] == before and not any(
        b" note " in line for line in after[len(before):]),
                "25: nothing more counts as written")
    during = verdict(story, op, None)
    story.check(during["verdict"].startswith("INTACT"),
                "25: and no verdict is false meanwhile", during)
    shim.set(FAIL, 0)
    station.wait_line("the record is kept again", 12)
    time.sleep(1)
    story.check(station.stop(signal.SIGINT) == 0, "25: then it goes on")
    found = verdict(story, op, 10)
    story.check("crash" in {gap["cause"] for gap in found["gaps"]},
                "25: in a session of its own, with the gap told", found)

    # 25: a slow disk
    shim.set(SLOW, 25000)
    station = record(story, op, 4, env=shim.env)
    story.check(station.stop(signal.SIGINT, 30) == 0 and
                verdict(story, op, 10)["unclaimed"] == 0,
                "25: a disk that takes 25 ms more a sync loses nothing")
    shim.set(SLOW, 0)

    # 25: read-only of a sudden, as the kernel does it after an error
    station = record(story, op, 1, env=shim.env)
    shim.set(FAIL, 2)
    station.wait_line("THE RECORD CANNOT BE KEPT", 10)
    story.check(station.is_running(), "25: a read-only disk is told loudly")
    shim.set(FAIL, 0)
    station.wait_line("the record is kept again", 12)
    story.check(station.stop(signal.SIGINT) == 0 and
                verdict(story, op, 10)["verdict"] == "INTACT WITH GAPS",
                "25: and costs a gap")

    # 25: no inode left
    small = operation(story, "small", "disk")
    disk = story.path("disk")
    station = record(story, small, 1)
    try:
        for i in range(1000):
            open(os.path.join(disk, "full-%d" % i), "x").close()
    except OSError:
        pass
    station.wait_line("THE RECORD CANNOT BE KEPT", 10)
    story.check(True, "25: a disk without inodes is told loudly")
    for name in os.listdir(disk):
        if name.startswith("full-"):
            os.unlink(os.path.join(disk, name))
    station.wait_line("the record is kept again", 12)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = verdict(story, small, 10)
    story.check(found["verdict"] == "INTACT WITH GAPS",
                "intact, with its gaps", found)
