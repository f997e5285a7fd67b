"""kill -9 of the core or of any worker at random moments, 220 times.

Four operations record at once, each from a real camera behind its relay and
from a clip. Every 0.3 to 0.5 seconds somebody dies: a core, a camera worker,
a relay, a net worker. Some deaths of a core are aimed: the kernel tells when
a file is begun, named, written to or removed, and the core dies right then,
between two steps of sealing, where a random moment would hardly ever fall.
Whatever was told durable before a death must be there
after it, told by readers of their own here and not by sting: lines by their
bytes, files by their digests, fragments by what age opens. The verdict must
be honest: never INTACT once a death cut off a recording, never a false alarm.

SEED and KILLS repeat a run or make it longer. CLIP is the footage; where it
is not there, ffmpeg draws some."""
import collections
import ctypes
import glob
import hashlib
import json
import os
import random
import re
import select
import signal
import struct
import subprocess
import time

from story import Broken, Story

KILLS = int(os.environ.get("KILLS", "220"))
SEED = int(os.environ.get("SEED", "1"))
OPERATIONS = 4
PAUSE_S = (0.3, 0.5)
CORE_SHARE = 0.35  # of all deaths
AIMED_SHARE = 0.4  # of a core's deaths

# inotify(7): what happens, and to which file, when a core is to die
MODIFY, MOVED_TO, CREATE, DELETE = 0x2, 0x80, 0x100, 0x200
AIM = {
    "a segment is begun": (CREATE, r"\d+\.m4s\.age\.tmp"),
    "a segment has its name": (MOVED_TO, r"\d+\.m4s\.age"),
    "its line is written": (MODIFY, r"ledger"),
    "its first part is removed": (DELETE, r"\d+\.\d+\.part"),
    "a part is begun": (CREATE, r"\d+\.\d+\.part\.tmp"),
    "a part has its name": (MOVED_TO, r"\d+\.\d+\.part"),
    "a checkpoint is written": (MODIFY, r".*\.notes"),
}


def vouches_for_none(folder, path):
    """Is the recording's line one that a writer found signed by nobody, and
    whose file it did not see? That file accuses nobody then
    (docs/formats/ledger.md, "Found unsigned")."""
    with open(path, "rb") as file:
        ct = "ct=" + hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(folder, "evidence", "ledger"),
              encoding="ascii") as file:
        lines = file.read().splitlines()
    at = next(i for i, line in enumerate(lines) if ct in line.split())
    last = None  # of the marks that name it, the last counts
    for i, line in enumerate(lines):
        found = fields(line)
        first = i - int(found.get("unsigned", "0"))
        if " session " in line and first <= at < i:
            last = (at >= first + int(found.get("seen", "0")) or
                    str(at) in found.get("unlike", "").split(","))
    return bool(last)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def files(folder):
    return [os.path.join(at, name) for at, _, names in os.walk(folder)
            for name in names]


def fields(text):
    return dict(word.split("=", 1) for word in text.split() if "=" in word)


class Watch:
    """What happens to the files of some folders, as it happens."""

    def __init__(self, folders):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for folder in folders:
            for at in [folder] + [path for path, _, _ in os.walk(folder)]:
                libc.inotify_add_watch(self.fd, at.encode(), MODIFY | MOVED_TO
                                       | CREATE | DELETE)

    def wait(self, kind, name, seconds):
        """True as soon as it happened; False when it did not."""
        end = time.time() + seconds
        while time.time() < end:
            if not select.select([self.fd], [], [], end - time.time())[0]:
                return False
            data, at = os.read(self.fd, 65536), 0
            while at < len(data):
                _, mask, _, size = struct.unpack_from("iIII", data, at)
                what = data[at + 16:at + 16 + size].rstrip(b"\0").decode()
                at += 16 + size
                if mask & kind and re.fullmatch(name, what):
                    return True
        return False

    def close(self):
        os.close(self.fd)


def footage(story):
    clip = os.environ.get("CLIP", "")
    if os.path.exists(clip):
        return clip
    print("  no footage at %s: drawn by ffmpeg" % clip, flush=True)
    clip = story.path("drawn.mp4")
    story.run("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
              "testsrc2=size=768x432:rate=10:duration=140", "-c:v", "libx264",
              "-preset", "veryfast", "-g", "10", "-bf", "0",
              "-pix_fmt", "yuv420p", clip)
    return clip


def camera(story, clip):
    """An RTSP camera; gives its port."""
    process = subprocess.Popen([os.environ["RTSP_SERVE"], clip, "0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    story._process.append(process)
    return int(process.stdout.readline().split()[1])


class Operation:
    """One folder, its station, and what was seen durable in it."""

    def __init__(self, story, name, port, clip, hook):
        self.story, self.folder = story, story.operation(name)
        self.lines, self.part = b"", {}
        self.open_end = False  # a death cut a recording off
        self.cut_at = None     # in the session with this number
        self.station, self.verdicts = None, collections.Counter()
        self.may_be = {"crash", "camera", "worker"}  # what gaps are told for
        path = os.path.join(self.folder, "operation.yaml")
        text = read(path).decode()
        for old, new in [
                ("\ncameras:\n",
                 "\ncameras:\n"
                 "  - name: garage\n    url: rtsp://localhost:%d/camera\n"
                 "  - name: yard\n    url: %s\n" % (port, clip)),
                ("\nalerts:\n", "\nalerts:\n  - webhook: %s\n" % hook.url),
                ("quiet_s: 10", "quiet_s: 1")]:
            if old not in text:
                raise Broken("no %r in operation.yaml" % old)
            text = text.replace(old, new, 1)
        with open(path, "w") as file:
            file.write(text)

    def start(self):
        self.station = self.story.sting_start("run", self.folder)

    def workers(self):
        """Those that live now: {kind: [pid]}."""
        found = collections.defaultdict(list)
        try:
            text = read("/proc/%d/task/%d/children" % (self.station.pid,
                                                       self.station.pid))
            for pid in text.split():
                words = read("/proc/%s/cmdline" % pid.decode()).split(b"\0")
                if b"--worker" in words:
                    kind = words[words.index(b"--worker") + 1].decode()
                    found[kind].append(int(pid))
        except OSError:
            pass  # one that ended meanwhile
        return found

    def look(self):
        """Note what is durable at this moment: lines and fragments."""
        for path in files(os.path.join(self.folder, "evidence/segments")):
            found = re.fullmatch(r"(\d+)\.(\d+)\.part", os.path.basename(path))
            if not found:
                continue
            try:
                data = read(path)
            except FileNotFoundError:
                continue  # its segment was sealed meanwhile
            day, name = path.split(os.sep)[-2], path.split(os.sep)[-3]
            note = re.search(rb" pt=([0-9a-f]{64})", data[:4096])
            key = (name, day, int(found[1]), int(found[2]))
            self.part[key] = (digest(data), note[1].decode())
        text = read(os.path.join(self.folder, "evidence/ledger"))
        whole = text[:text.rfind(b"\n") + 1]
        if not whole.startswith(self.lines):
            if not self.is_aside(whole):
                raise Broken("lines of the ledger were lost or changed")
            self.may_be.add("torn")
        self.lines = whole

    def is_aside(self, whole):
        """An `epoch` line that no checkpoint signed hands nothing over: who
        starts puts it and all behind it aside, as it was, and tells it as torn
        (docs/formats/ledger.md)."""
        begin = os.path.commonprefix([whole, self.lines]).rfind(b"\n") + 1
        rest = self.lines[begin:]
        return b" epoch " in rest.split(b"\n")[0] and any(
            read(path).startswith(rest) for path in glob.glob(
                os.path.join(self.folder, "evidence", "torn.*")))

    def records(self):
        """Is a recording open, so that a death now cuts it off?"""
        return any(path.endswith(".part") for path in
                   files(os.path.join(self.folder, "evidence/segments")))

    def aim(self, event):
        """Wait for this step of sealing; the core dies within it."""
        watch = Watch([os.path.join(self.folder, "evidence")])
        happened = watch.wait(*AIM[event], seconds=2.5)
        watch.close()
        return happened

    def kill(self, kind, pid, event=None):
        self.look()
        records = self.records()
        if kind == "core":
            self.aimed = event is not None and self.aim(event)
            self.station.kill()
            self.look()
            records = records or self.records()
        else:
            os.kill(pid, signal.SIGKILL)
        self.open_end = self.open_end or (records and kind != "net")
        if self.open_end and kind == "core" and self.cut_at is None:
            self.cut_at = len(self.sessions())

    def sessions(self):
        return re.split(rb"\n(?=\S+ \S+ \S+ session )", self.lines)[1:]

    def is_told(self):
        """Has a start come upon that death, and been through with it? Then
        it has closed an epoch. A busy machine may need long for that."""
        return self.cut_at is not None and any(
            b" epoch " in one for one in self.sessions()[self.cut_at:])

    def judge(self):
        found = self.story.sting("verify", self.folder, "--json",
                                 code=None).json()[-1]
        self.verdicts[found["verdict"]] += 1
        # Before a start has taken up what a death left, and signed that,
        # nothing is missing yet between two pictures: then the end must be
        # told as unsigned.
        signed = self.lines.splitlines()[
            :found["entries"] - found["tail_entries"]]
        is_early = not self.is_told() and not any(
            b" gap " in line for line in signed) and (
            not self.open_end or found["tail_entries"] or found["unclaimed"])
        if found["verdict"] != "INTACT WITH GAPS" and not (
                is_early and found["verdict"] == "INTACT"):
            raise Broken("the verdict is not honest: %s" % found)
        return found

    def recordings(self):
        """(path, fields) of every `init` and `seg` line."""
        for line in self.lines.decode().splitlines():
            kind, told = line.split(" ")[3], fields(line)
            if kind not in ("init", "seg"):
                continue
            name = ("init-%04d.mp4.age" % int(told["n"]) if kind == "init"
                    else "%08d.%s.part" % (int(told["n"]), told["part"])
                    if "part" in told else "%08d.m4s.age" % int(told["n"]))
            yield os.path.join(self.folder, "evidence/segments",
                               told["camera"], told["date"], name), told

    def lost_recordings(self):
        return [path for path, told in self.recordings()
                if not os.path.exists(path) or
                digest(read(path)) != told["ct"]]

    def unnamed(self):
        named = {path for path, _ in self.recordings()}
        return [path for path in
                files(os.path.join(self.folder, "evidence/segments"))
                if path not in named]

    def lost_fragments(self, identity):
        """Fragments that were durable once and cannot be opened now."""
        alone, within = {}, {}
        for path, told in self.recordings():
            key = (told["camera"], told["date"], int(told["n"]))
            if "part" in told:
                alone[key + (int(told["part"]),)] = told["ct"]
            elif path.endswith(".m4s.age"):
                within[key] = path
        return [key for key, (ct, pt) in self.part.items()
                if alone.get(key) != ct and
                pt not in self.inside(within.get(key[:3]), identity)]

    def inside(self, path, identity):
        """Digests of the fragments in a sealed segment."""
        if not path:
            return ()
        self.opened = getattr(self, "opened", {})
        if path not in self.opened:
            plain = self.story.run("age", "-d", "-i", identity, path).bytes
            self.opened[path] = {digest(one) for one in fragments(plain)}
        return self.opened[path]


def fragments(data):
    """Each moof with all that follows it up to the next; a prft before it
    (when its keyframe was taken) belongs to it."""
    start, at, found, before = 0, 0, [], b""
    while at < len(data):
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        begins = kind in (b"prft", b"moof") and before != b"prft"
        if begins and at > start:
            found.append(data[start:at])
            start = at
        at, before = at + max(size, 8), kind
    return found + [data[start:]]


def die(chance, operation, kills, aimed):
    """Somebody of this operation is killed, if anybody lives."""
    if not operation.station.is_running():
        raise Broken("the station ended by itself:\n" +
                     operation.station.text()[-3000:])
    workers = operation.workers()
    if chance.random() < CORE_SHARE or not workers:
        event = chance.choice(sorted(AIM)) if (
            chance.random() < AIMED_SHARE) else None
        operation.kill("core", 0, event)
        kills["core"] += 1
        if operation.aimed:
            aimed[event] += 1
        if operation.aimed or chance.random() < 0.3:
            operation.judge()
        operation.start()
        return
    kind = chance.choice(sorted(workers))
    try:
        operation.kill(kind, chance.choice(workers[kind]))
        kills[kind] += 1
    except ProcessLookupError:
        pass


with Story("nothing that was sealed is lost, whoever is killed") as story:
    print("  seed %d" % SEED, flush=True)
    chance = random.Random(SEED)
    clip = footage(story)
    port, hook = camera(story, clip), story.webhook()
    operations = [Operation(story, "op%d" % i, port, clip, hook)
                  for i in range(OPERATIONS)]
    for operation in operations:
        operation.start()
    time.sleep(3)
    kills, aimed = collections.Counter(), collections.Counter()
    began = time.time()
    while sum(kills.values()) < KILLS:
        time.sleep(chance.uniform(*PAUSE_S))
        die(chance, chance.choice(operations), kills, aimed)
    story.check({"core", "camera", "relay", "net"} <= set(kills),
                "%d deaths in %.0f s: %s" % (sum(kills.values()),
                                             time.time() - began, dict(kills)))
    story.check(sum(aimed.values()) > 0,
                "%d of them between two steps: %s"
                % (sum(aimed.values()), dict(aimed)))
    verdicts = sum((one.verdicts for one in operations),
                   collections.Counter())
    story.check(set(verdicts) <= {"INTACT", "INTACT WITH GAPS"},
                "verdicts while it was going on: %s" % dict(verdicts))

    for operation in operations:
        for name in ("garage", "yard"):
            operation.station.wait_line("camera %s: recording" % name, 30)
    time.sleep(2)
    story.check(all(one.station.stop(signal.SIGINT) == 0
                    for one in operations), "all of them still end in order")

    _, identity = story.recipient()
    for operation in operations:
        operation.look()
        found = operation.judge()
        named = list(operation.recordings())
        causes = collections.Counter(gap["cause"] for gap in found["gaps"])
        story.check(found["verdict"] == "INTACT WITH GAPS" and causes and
                    set(causes) <= operation.may_be,
                    "the verdict tells the gaps: %s" % dict(causes), found)
        lost = operation.lost_recordings()
        story.check(named and not lost, "%d recordings are named, each is "
                    "there with its digest" % len(named), lost)
        lost = operation.lost_fragments(identity)
        story.check(operation.part and not lost,
                    "each of %d fragments seen durable is there, byte for "
                    "byte" % len(operation.part), lost)
        story.check(not operation.unnamed(), "no recording is without a line",
                    operation.unnamed())
        marks = [one for one in map(fields, operation.lines.decode()
                                    .splitlines()) if "unsigned" in one]
        story.check(marks and all(one.get("seen") == one["unsigned"] and
                                  "unlike" not in one for one in marks),
                    "%d starts found lines unsigned, and saw each file that "
                    "these name" % len(marks), marks)
        drafts = [path for path in files(
            os.path.join(operation.folder, "evidence"))
            if path.endswith(".tmp")]
        story.check(not drafts, "no half-written file is left", drafts)
    story.check(any(b" recovered=1" in one.lines for one in operations),
                "cut recordings were taken up again")

    for operation in operations:
        again = story.copy(operation.folder, "tampered")
        path, _ = chance.choice(list(operation.recordings()))
        path = path.replace(operation.folder, again)
        late = vouches_for_none(again, path)
        story.flip_bit(path, chance.randrange(os.path.getsize(path)),
                       chance.randrange(8))
        found = story.sting("verify", again, "--json",
                            code=13 if late else 12).json()[-1]
        story.check(found["verdict"] == ("UNVERIFIABLE" if late else "TAMPERED")
                    and path.endswith(found["file"]),
                    "one bit changed in one of them is found there", found)
        story.run("rm", "-r", again)
