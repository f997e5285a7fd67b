"""What sting says of a folder that lost power, held against what was synced.

A state is good when `sting verify` raises no false alarm, the next writer
opens it and says that there was a crash, and then: every line that was synced
is there, every sealed recording and every fragment that was synced is there
with its digest, and what is missing of the pictures is under two seconds."""
import datetime
import glob
import json
import os
import re
import subprocess

import lost_power

LEDGER = "evidence/ledger"
MOST_LOSS_S = 2.0
GOOD = ("INTACT", "INTACT WITH GAPS")


class Wrong(Exception):
    """Something that must not be, and where."""


def us_of(text):
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    return int(at.replace(tzinfo=datetime.timezone.utc).timestamp() * 1e6
               + 0.5)


def lines_of(ledger):
    """(kind, {key: value}) of each whole line."""
    for text in ledger[:ledger.rfind(b"\n") + 1].decode().splitlines():
        words = text.split(" ")
        yield words[3], dict(word.split("=", 1) for word in words[4:])


def spans(ledger):
    """Recorded stretches, {camera: [(from, to, from by its clock) in us]}."""
    found = {}
    for kind, told in lines_of(ledger):
        if kind == "seg":
            begun = us_of(told["t0"])
            found.setdefault(told["camera"], []).append(
                (begun, begun + int(told["us"]), int(told["pts"])))
    return found


def synced_fragments(disk):
    """(camera, from, to) by the camera's clock of each fragment that lost
    power cannot take."""
    for path, inode in disk.names.items():
        if path.endswith(".part") and disk.issued_names.get(path) == inode:
            note = re.search(rb"-> sting part ([^\n]*)",
                             disk.file[inode].synced[:4096])
            told = dict(word.split("=", 1)
                        for word in note[1].decode().split(" "))
            begun = int(told["pts"])
            yield told["camera"], begun, begun + int(told["us"])


def is_running(ledger):
    """Is a session open, and which cameras does it record?"""
    cameras = set()
    for kind, told in lines_of(ledger):
        if kind in ("session", "stop"):
            cameras = set()
        elif kind == "init":
            cameras.add(told["camera"])
    return cameras


class Judge:
    def __init__(self, binary, folder, before):
        self.binary, self.folder = binary, folder
        self.before = before  # stretches recorded before the run
        self.worst_s, self.verdicts = 0.0, {}

    def _sting(self, *words, code):
        done = subprocess.run([self.binary, *words], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120,
                              check=False)
        if done.returncode not in code:
            raise Wrong("sting %s: exit %d\n%s%s" % (
                " ".join(words), done.returncode, done.stdout.decode(),
                done.stderr.decode()))
        return done

    def _verify(self, when):
        done = self._sting("verify", self.folder, "--json",
                           code=(0, 10, 11, 12, 13))
        found = json.loads(done.stdout)
        self.verdicts[found["verdict"]] = 1 + self.verdicts.get(
            found["verdict"], 0)
        if found["verdict"] not in GOOD:
            raise Wrong("%s: a false alarm: %s" % (when, json.dumps(found)))
        return found

    def judge(self, moment_us, state, disk):
        """Raise Wrong, or give the seconds of pictures that were lost."""
        lost_power.write_state(state, self.folder)
        synced = disk.file["old " + LEDGER].synced
        issued = disk.file["old " + LEDGER].issued()
        found = self._verify("before opening")
        if found["entries"] < synced.count(b"\n"):
            raise Wrong("%d lines were synced, %d are told of" % (
                synced.count(b"\n"), found["entries"]))
        self._sting("log", self.folder, "the power came back", code=(0,))
        with open(os.path.join(self.folder, LEDGER), "rb") as file:
            ledger = file.read()
        if not ledger.startswith(synced) and not self._is_aside(ledger, synced):
            raise Wrong("lines that were synced are gone")
        found = self._verify("after opening")
        self._judge_gaps(ledger, found)
        self._judge_fragments(ledger, disk)
        return self._loss(ledger, issued, moment_us)

    def _is_aside(self, ledger, synced):
        """All but the line of a hand-over that has no checkpoint: that is put
        aside, as it was."""
        begin = synced.rindex(b"\n", 0, -1) + 1
        last = synced[begin:]
        if not ledger.startswith(synced[:begin]) or b" epoch " not in last:
            return False
        aside = []
        for path in glob.glob(os.path.join(self.folder, "evidence", "torn.*")):
            with open(path, "rb") as file:
                aside.append(file.read())
        return any(one.startswith(last) for one in aside)

    @staticmethod
    def _judge_gaps(ledger, found):
        crashes, told = 0, []  # cameras that each session misses
        stops = []  # which lines end a session in order
        for at, (kind, line) in enumerate(lines_of(ledger)):
            if kind == "session":
                # A stop that no checkpoint signed in time is anybody's.
                first = at - int(line.get("unsigned", 0))
                crashes += 1 + sum(first <= stop for stop in stops)
                stops = []
                told.append([])
                if (line.get("seen") != line.get("unsigned") or
                        "unlike" in line):
                    raise Wrong("a line is there, its file is not: %s" % line)
            elif kind == "stop":
                crashes -= 1
                stops.append(at)
            elif kind == "gap" and line["cause"] == "crash":
                told[-1].append(line.get("camera", "all"))
        if sum(len(one) > 0 for one in told) != crashes or any(
                len(one) > len(set(one)) for one in told):
            raise Wrong("%d sessions were cut off, gaps say %s"
                        % (crashes, told))
        if any(gap["cause"] == "unexplained" for gap in found["gaps"]):
            raise Wrong("a hole that no line explains: %s" % json.dumps(found))
        if (found["verdict"] == "INTACT") != (not found["gaps"]) or (
                crashes and not found["gaps"]):
            raise Wrong("a false INTACT: %s" % json.dumps(found))

    @staticmethod
    def _judge_fragments(ledger, disk):
        recorded = spans(ledger)
        for camera, begun, ended in synced_fragments(disk):
            if not any(pts <= begun and ended <= pts + b - a
                       for a, b, pts in recorded.get(camera, [])):
                raise Wrong("a synced fragment of %s is gone: %d to %d"
                            % (camera, begun, ended))

    def _loss(self, ledger, issued, moment_us):
        worst, recorded = 0.0, spans(ledger)
        for camera in is_running(issued):
            new = [span for span in recorded.get(camera, [])
                   if span not in self.before.get(camera, [])]
            if not new:
                continue
            whole = (max(pts + b - a for a, b, pts in new)
                     - min(pts for _, _, pts in new))
            kept = sum(b - a for a, b, _ in new)
            loss = (moment_us - max(b for _, b, _ in new) + whole - kept) / 1e6
            worst = max(worst, loss)
        self.worst_s = max(self.worst_s, worst)
        if worst > MOST_LOSS_S:
            raise Wrong("%.2f s of pictures were lost" % worst)
        return worst
