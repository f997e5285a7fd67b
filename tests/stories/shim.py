"""A program under another clock and another disk: what libshim (shim.c) does
to it is told by numbers that may change while it runs."""
import calendar
import mmap
import os
import struct
import tempfile
import time

(WALL, BOOT, FAIL, SYNCED, ERROR, LEAP, FAILED, SLOW, AFTER, GATE, CAME,
 PASS) = range(12)


class Shim:
    """The numbers, and the environment that lets a program read them."""

    def __init__(self, story):
        path = story.write("shim", b"\0" * 4096)
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 4096)
        self.env = dict(os.environ, LD_PRELOAD=os.environ["SHIM"],
                        STING_SHIM=path)

    def get(self, which):
        return struct.unpack_from("<q", self.map, 8 * which)[0]

    def set(self, which, value):
        struct.pack_into("<q", self.map, 8 * which, value)

    def add(self, which, value):
        self.set(which, self.get(which) + value)

    def fail(self, how, after):
        """Syncs fail from then on (1), no write goes (2), all is well (0)."""
        self.set(AFTER, after)
        self.set(FAIL, how)

    def each_sync(self, is_running):
        """Behind a closed gate: control each time the program waits in a sync;
        that one passes when the next is asked for."""
        while is_running():
            if self.get(CAME) > self.get(PASS):
                yield
                self.add(PASS, 1)
            time.sleep(0.001)


def on_day(folder, day):
    """Words in front of a command that lives on that day, from noon on."""
    off_s = calendar.timegm(time.strptime(day, "%Y-%m-%d")) + 43200 - time.time()
    file, path = tempfile.mkstemp(dir=folder)
    with open(file, "wb") as out:
        out.write(struct.pack("<q", int(off_s * 1e6)).ljust(4096, b"\0"))
    return ["env", "LD_PRELOAD=" + os.environ["SHIM"], "STING_SHIM=" + path]
