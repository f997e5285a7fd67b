"""What the stories of hostile files share: bombs that cost little to make, and
a command whose processes are measured.

The limits are those of the picture worker: src/jail/jail_table.c has its
memory; src/operation/picture_worker.c how long one answer may take, which is
far less than its hour of processor time."""
import os
import struct
import subprocess
import zlib

from story import Result

MOST_MB = 4096  # of memory
MOST_CPU_S = 120


def deflated(unit, times):
    """`unit` so many times, a thousandth as long, and made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + block * times + b"\3\0" + bytes(4)


def segment(mark, data):
    return b"\xff" + bytes([mark]) + struct.pack(">H", len(data) + 2) + data


def progressive(side, scans):
    """A grey progressive JPEG; 128 and a multiple of it are its sides. One
    scan has the means of its blocks, each other one says of runs of 16,384
    blocks that nothing is added."""
    blocks = side // 8 * (side // 8)
    first = bytes(blocks // 8)
    run = "00" + 14 * "0"
    bits = run * (blocks // 16384)
    rest = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return b"".join((
        b"\xff\xd8", segment(0xdb, b"\0" + b"\x10" * 64),
        segment(0xc2, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0"),
        segment(0xc4, b"\0\1" + bytes(15) + b"\0"),
        segment(0xc4, b"\x10\0\1" + bytes(14) + b"\xe0"),
        segment(0xda, b"\1\1\0\0\0\0") + first,
        (segment(0xda, b"\1\1\0\1\x3f\0") + rest) * (scans - 1),
        b"\xff\xd9"))


class Measured:
    """A finished command, and what it and its workers took."""

    def __init__(self, story, *words, code):
        words = [story.binary, *(str(word) for word in words)]
        paths = [story.path("told"), story.path("told-of-errors")]
        with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=err)
            _, how, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(how)
        with open(paths[0], "rb") as out, open(paths[1], "rb") as err:
            self.told = Result(words, child.returncode, out.read(),
                               err.read().decode("utf-8", "replace"), 0)
        self.cpu_s = used.ru_utime + used.ru_stime
        self.mb = used.ru_maxrss / 1024
        story.check(
            child.returncode == code and self.cpu_s < MOST_CPU_S
            and self.mb < MOST_MB,
            "%s %s: exit code %d after %.1f s of processor time, with %.0f MB"
            % (words[1], os.path.basename(words[-1]), code, self.cpu_s,
               self.mb), self.told)


def is_one_line(text, what, why):
    """what: why: what to do."""
    return (text.startswith("sting: %s: " % what) and text.count("\n") == 1
            and why in text
            and len(text.partition(why)[2].rpartition(": ")[2].split()) > 2
            and "nonsense" not in text and "killed" not in text
            and "crashed" not in text)
