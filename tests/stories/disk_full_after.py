"""What is done after the arrest, on a disk that is full or fails: renewing,
erasing, an exhibit, an import, the end. Each is refused in one line, leaves the
record as whole as it was, and is done when there is room.

Plays on a disk of 40 MB in memory, in a mount namespace of its own."""
import os
import re
import shutil

from filling import fill
from outsiders import Authority
from shim import AFTER, Shim
from story import Story, disk_of_its_own

FOLDER = disk_of_its_own("40m", "disk")
WHO = ("--by", "Head of stores", "--reason", "it must be")
# Bytes that are left in turn, until a command finds its room.
LEFT = [4096 * n for n in (63, 64, 70, 512)]
MANY = 1 << 40


def recorded(story):
    """Two seconds of the garage, on a day that is over."""
    op = story.operation("whole")
    with open(op + "/operation.yaml", encoding="utf-8") as file:
        text = file.read()
    story.write("whole/clip.txt", "interval_ms=100 duration_ms=100 bytes=50000")
    story.write("whole/operation.yaml", text.replace(
        "\ncameras:\n", "\ncameras:\n  - name: garage\n    url: clip.txt\n", 1))
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 10)
    story.wait_film(op, "garage", 2)
    story.check(station.stop() == 0, "two seconds are recorded")
    return op


def found(story, op):
    """What verify says of it and of what it has imported: each verdict, and
    what gaps are for; of a session that a broken disk ended, `crash`."""
    words = ["--boxes"] if os.path.isdir(op + "/boxes") else []
    return {(one["verdict"], *{gap["cause"] for gap in one["gaps"]})
            for one in story.sting("verify", op, *words, "--json",
                                   code=None).json()}


def is_refused(result, why):
    return (result.code == 2 and result.err.count("\n") == 1
            and not result.out
            and re.match(r"sting: .+: .*(%s).*: .+" % why, result.err))


class Ground:
    """An operation that each trial begins with anew."""

    def __init__(self, story, whole, shim):
        self.story, self.whole, self.shim = story, whole, shim
        self.op = story.path("disk/op")
        self.filler = story.path("disk/filler")

    def begin(self):
        for name in os.listdir(self.story.path("disk")):
            path = self.story.path("disk", name)
            (shutil.rmtree if os.path.isdir(path) else os.unlink)(path)
        shutil.copytree(self.whole, self.op,
                        ignore=shutil.ignore_patterns("core.sock"))

    def trial(self, words, how, break_it, mend, why, may=()):
        """The command while all is broken, and again; was it refused?"""
        story = self.story
        self.begin()
        break_it()
        got = story.sting(*words, code=None, env=self.shim.env)
        during = found(story, self.op)
        mend()
        again = story.sting(*words, code=None) if got.code else got
        last = found(story, self.op)
        if not ((got.code == 0 or is_refused(got, why)) and again.code == 0
                and during | last <= {("INTACT",), *may}):
            story.check(False, "%s, %s: refused in one line, nothing lost, "
                        "and done again" % (words[0], how),
                        "%s\n%s\n%s" % (got, again, (during, last)))
        return got.code != 0

    def room(self, left):
        """Fill the disk but for so many bytes."""
        with open(self.filler + ".kept", "wb") as kept:
            kept.write(b"\0" * left)
            kept.flush()
            fill(self.filler, -1)
        os.unlink(self.filler + ".kept")

    def full(self, *words):
        """So many bytes are left, until they are enough."""
        count = 0
        for left in LEFT:
            if not self.trial(words, "%d bytes left" % left,
                              lambda left=left: self.room(left),
                              lambda: os.unlink(self.filler),
                              "No space left on device|are free"):
                return count
            count += 1
        return 0

    def failing(self, *words):
        """The first sync fails, or one in the middle, or one of the last; then
        no write goes at all."""
        self.begin()
        self.shim.fail(1, MANY)
        self.story.sting(*words, env=self.shim.env)
        syncs = MANY - self.shim.get(AFTER)
        self.shim.fail(0, 0)
        may, tried = {("INTACT WITH GAPS", "crash")}, sorted(
            {1, syncs // 2, *range(syncs - 8, syncs - 4)})
        for after in tried:
            if not self.trial(words, "sync %d of %d fails" % (after, syncs),
                              lambda after=after: self.shim.fail(1, after),
                              lambda: self.shim.fail(0, 0),
                              "Input/output error", may):
                return 0
        return self.trial(words, "read-only", lambda: self.shim.fail(2, 0),
                          lambda: self.shim.fail(0, 0),
                          "Read-only file system") and len(tried)

    def play(self, *words):
        refused = self.full(*words), self.failing(*words)
        self.story.check(all(refused), "%s is refused in one line, loses "
                         "nothing, and is done when there is room: with too "
                         "little of it %d times, and as one of %d syncs "
                         "fails" % (words[0], *refused))


with Story("a full disk after the arrest costs nothing but time",
           FOLDER) as story:
    story.binary = os.environ["STANDIN"]
    authority, shim = Authority(story.path("tsa")), Shim(story)
    authority.serve()
    whole = recorded(story)
    with open(whole + "/operation.yaml", "a", encoding="utf-8") as config:
        config.write("anchors:\n  - tsa: %s\n    ca_file: %s\n" % (
            authority.server.url, authority.ca))
    day = os.listdir(whole + "/evidence/segments/garage")[0]
    os.mkdir(whole + "/evidence/segments/garage/2100-01-01")
    with open(whole + "/evidence/ledger", encoding="ascii") as ledger:
        t0 = re.findall(r" seg .* t0=(\S+)", ledger.read())
    ground = Ground(story, whole, shim)
    ground.play("renew", ground.op)
    ground.play("erase", ground.op, "--date", day, *WHO)
    ground.play("exhibit", ground.op, "--camera", "garage", "--from", t0[0],
                "--to", t0[0][:-8] + ".999999Z", "--mark", "ABC/1", "--out",
                story.path("disk/out"), *story.keys(), *WHO)
    ground.play("close", ground.op, "--keys-to", story.path("disk/safe"), *WHO)
    authority.close()
    key = story.sting("verify", whole, "--json").json()[0]["case_key"]
    ground = Ground(story, story.operation("office"), shim)
    story.check(ground.full("import", ground.op, whole, "--fingerprint", key,
                            "--name", "old", *WHO) > 1,
                "import is refused in one line, too, and done with room")
