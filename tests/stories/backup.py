"""An operation is copied while its station runs, the copying dies and runs out
of room, the machine is lost: the copy is whole, and goes on elsewhere."""
import os
import shutil
import signal
import subprocess
import time

from story import Story, cameras_name, disk_of_its_own, film_s

FOLDER = disk_of_its_own("4m", "disk")
WHO = ("--by", "Anna", "--reason", "a test")


def verdict(story, op, code=None):
    return story.sting("verify", op, "--json", code=code).json()[0]


def make(story):
    story.binary, sting = os.environ["STANDIN"], story.binary
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: clip.txt\n")
    with open(op + "/clip.txt", "w", encoding="utf-8") as file:
        file.write("interval_ms=100 duration_ms=100 bytes=400")
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 10)
    story.binary = sting
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    return op, station


def secrets(op):
    for name in ("log", "epoch"):
        with open(op + "/keys/" + name, "rb") as file:
            yield file.read().strip()


QUEUED = ("traced-1764190000000000-1.age", "photo-00000002.age",
          "00000001.age")


def sealed(folder):
    """What never changes once it is there."""
    return [os.path.join(at, name) for at, _, names in os.walk(
        os.path.join(folder, "evidence")) for name in names
            if name.endswith(".age")]


def copied(story, op):
    """While a station records; then only what is new."""
    folder = story.path("copy")
    os.makedirs(op + "/queue", exist_ok=True)
    for name in QUEUED:
        with open(os.path.join(op, "queue", name), "wb") as file:
            file.write(b"age-encryption.org/v1\nsealed\n")
    first = story.sting("backup", op, "--to", folder, "--json").json()[0]
    story.check(first["verdict"] == "INTACT" and first["entries"] > 10,
                "a copy of a running operation is intact", first)
    got = verdict(story, folder)
    story.check(got["verdict"] == "INTACT" and got["unclaimed"] == 0
                and got["entries"] == first["entries"],
                "sting verify says so too", got)
    story.check(sorted(os.listdir(folder + "/queue")) == sorted(QUEUED[:2])
                and first["under_way"] == 1, "photographs that were given are "
                "in it, messages under way are counted", first)
    os.rename(op + "/queue/" + QUEUED[1], op + "/queue/traced-2-2.age")
    os.unlink(op + "/queue/" + QUEUED[2])
    there = {path: os.stat(path) for path in sealed(folder)}
    story.sting("log", op, "one more")
    again = story.sting("backup", op, "--to", folder, "--json").json()[0]
    story.check(sorted(os.listdir(folder + "/queue"))
                == sorted(("traced-2-2.age", QUEUED[0])),
                "what was traced since does not wait there")
    short_lived(story, op, folder)
    story.check(again["entries"] > first["entries"] and there and all(
        (os.stat(path).st_ino, os.stat(path).st_mtime_ns)
        == (was.st_ino, was.st_mtime_ns) for path, was in there.items()),
                "the next one copies what is new, not the %d files that are "
                "there" % len(there), (first, again))
    found = [path for path, _, names in os.walk(folder) for name in names
             for key in secrets(op)
             if key in open(os.path.join(path, name), "rb").read()]
    story.check(not found and not os.path.exists(folder + "/keys/log")
                and not os.path.exists(folder + "/clip.txt"),
                "no key that signs lies in it in clear", found)
    got = story.sting("backup", op, "--to", op + "/evidence/away", code=1)
    story.check("in the operation itself" in got.err
                and not os.path.exists(op + "/evidence/away"),
                "a copy that would be lost with it is refused", got)
    for words in (("log", folder, "x"), ("run", folder)):
        got = story.sting(*words, code=2)
        story.check("this is a backup" in got.err,
                    "sting %s writes nothing into it" % words[0], got)
    return folder


def epoch_of(line):
    return dict(word.split("=", 1) for word in line.split(" ") if "=" in word)


def sealed_key(story, folder):
    return story.run("age", "-d", "-i", story.recipient()[1],
                     folder + "/keys/epoch.age").bytes.strip()


def short_lived(story, op, folder):
    """The key that went into the copy is closed before the copy is done."""
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        lines = file.read().splitlines()
    made = max(n for n, line in enumerate(lines)
               if " custody item=backup" in line)
    ends = [n for n, line in enumerate(lines)
            if line.split(" ")[3] == "epoch"]
    last = [n for n in ends if n > made][0]
    told = epoch_of(lines[last])
    with open(folder + "/evidence/ledger", encoding="ascii") as file:
        copied = file.read().count("\n")
    story.check(int(told["first"]) <= copied <= last
                and sealed_key(story, folder) not in list(secrets(op)),
                "the key that it holds is of an epoch that was closed with it",
                (told, copied, made))


def cut_off(story, op):
    """Killed at any moment: what is there is whole, and it goes on."""
    folder, verdicts = story.path("torn"), set()
    for n in range(8):
        one = subprocess.Popen([story.binary, "backup", op, "--to", folder],
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        time.sleep(0.01 + 0.03 * n)
        one.kill()
        one.wait()
        if os.path.exists(folder):
            verdicts.add(verdict(story, folder)["verdict"])
    story.check(not verdicts & {"TAMPERED", "CUT"},
                "a copy that was cut off is never called tampered", verdicts)
    got = story.sting("backup", op, "--to", folder, "--json").json()[0]
    story.check(got["verdict"] == "INTACT", "and is finished by the next", got)


def full(story, op):
    folder, filler = story.path("disk", "copy"), story.path("disk", "filler")
    with open(filler, "wb", buffering=0) as file:
        file.write(b"\0" * 4100000)
    got = story.sting("backup", op, "--to", folder, code=2)
    story.check(got.err.count("\n") == 1 and "space" in got.err,
                "a full disk is told in one line", got)
    got = verdict(story, folder)
    story.check(got["verdict"] in ("INTACT", "UNVERIFIABLE"),
                "what is there is not called tampered", got)
    os.remove(filler)
    got = story.sting("backup", op, "--to", folder, "--json").json()[0]
    story.check(got["verdict"] == "INTACT", "with room again it goes on", got)
    story.sting("restore", story.write("none", "x"), story.path("n"), *WHO,
                *story.keys(), code=2)
    shutil.rmtree(folder)


def restored(story, op, folder):
    other = story.path("other")
    wrong = story.write("wrong", "not the one\n")
    story.sting("restore", folder, other, *WHO, "--passphrase-file", wrong,
                code=2)
    story.check(not os.path.exists(other)
                and not os.path.exists(other + ".restoring"),
                "a wrong passphrase makes nothing")
    story.sting("restore", folder, op, *WHO, *story.keys(), code=2)
    story.sting("restore", folder, other, *WHO, *story.keys())
    story.check("traced-2-2.age" in os.listdir(other + "/queue"),
                "photographs that were given are there")
    got = verdict(story, other)
    story.check("INTACT" in got["verdict"]
                and [one["what"] for one in got["config_changes"]][-2:]
                == ["place", "place"], "it is intact, and says that it moved "
                "and was restored", got)
    story.check(sealed_key(story, folder) not in list(secrets(other)),
                "its epoch's key is a fresh one, that no backup holds")
    shutil.copy(op + "/clip.txt", other)
    story.binary, sting = os.environ["STANDIN"], story.binary
    station = story.sting_start("run", other)
    station.wait_line("camera garage: recording", 10)
    story.wait_film(other, "garage", film_s(other, "garage") + 1)
    story.check(station.stop(signal.SIGINT) == 0, "a station goes on there")
    story.binary = sting
    got = verdict(story, other)
    story.check("INTACT" in got["verdict"] and got["tail_entries"] == 0,
                "and it stays intact", got)
    return other


def forked(story, op, other, folder):
    """Both go on: each is intact, and one backup takes only one of them."""
    story.sting("log", op, "the first goes on")
    story.sting("backup", op, "--to", folder)
    got = story.sting("backup", other, "--to", folder, code=2)
    story.check("went on by itself" in got.err,
                "a backup takes no fork of what it holds", got)
    note = story.write("note", story.sting("verify", op, "--note").out)
    got = story.sting("verify", other, "--json", "--anchor", note,
                      code=None)
    story.check(got.code in (11, 12), "a note of the one, kept outside, shows "
                "that the other is none", got)
    moved = story.copy(op, "moved")
    story.binary, sting = os.environ["STANDIN"], story.binary
    station = story.sting_start("run", moved)
    station.wait_line("THIS OPERATION HAS MOVED", 10)
    station.stop(signal.SIGINT)
    story.binary = sting
    got = verdict(story, moved)
    story.check(got["config_changes"][-1]["what"] == "place"
                and "INTACT" in got["verdict"],
                "a copy made by hand tells when it goes on", got)


with Story("an operation is copied, lost and goes on", FOLDER) as story:
    op, station = make(story)
    folder = copied(story, op)
    cut_off(story, op)
    full(story, op)
    folder_of_then = folder
    story.check(station.stop(signal.SIGINT) == 0, "the station ends in order")
    other = restored(story, op, folder_of_then)
    forked(story, op, other, folder)
