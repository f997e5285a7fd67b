#!/usr/bin/env python3
"""The worked examples of docs/formats, recomputed from their own text with
hashlib and openssl: a line's place and signature, the head of a recording.

Usage: example.py FORMATS (the folder docs/formats)
"""
import base64
import datetime
import hashlib
import os
import re
import struct
import subprocess
import sys
import tempfile

PICTURE = struct.Struct(">IIIi")
NTP_TO_UNIX_S = 2208988800


def need(is_so, why):
    if not is_so:
        sys.exit("the worked example does not hold: " + why)


def sha(data):
    return hashlib.sha256(data).digest()


def example_of(folder, name, begins):
    """The indented rows behind the words `begins`, up to the next heading."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        text = file.read()
    need(text.count(begins) == 1, "%s has no \"%s\"" % (name, begins))
    words = text.split(begins)[1].split("\n## ")[0]
    return words, re.findall(r"^    (.*)$", words, re.M)


def fields_of(line):
    return dict(one.split("=", 1) for one in line.split(" ")[4:])


def is_signed(key, said, signature):
    with tempfile.TemporaryDirectory() as room:
        der = bytes.fromhex("302a300506032b6570032100" + key)
        for name, data in (("key", der), ("said", said), ("sig", signature)):
            with open(os.path.join(room, name), "wb") as out:
                out.write(data)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", "key", "-rawin", "-in", "said", "-sigfile", "sig"],
            cwd=room, capture_output=True, check=False).returncode == 0


def root_from(line, index, lines, siblings):
    """RFC 9162, 2.1.3.2, as "Roots" says it; and the turns it took."""
    f, s, r, turns = index, lines - 1, sha(b"\0" + line), []
    for p in siblings:
        need(s > 0, "too many siblings")
        if f & 1 or f == s:
            r = sha(b"\1" + p + r)
            turns.append("left")
            while f and not f & 1:
                f, s = f >> 1, s >> 1
        else:
            r = sha(b"\1" + r + p)
            turns.append("right")
        f, s = f >> 1, s >> 1
    need(s == 0, "too few siblings")
    return r, turns


def check_place(folder):
    words, rows = example_of(folder, "exhibit.md",
                             "## A line, its place and who signed it")
    case, log = re.findall(r"`([0-9a-f]{64})`", words)
    line = rows[0]
    at = rows.index("index " + line.split(" ")[0])
    end = next(i for i, row in enumerate(rows) if row.startswith("sting/"))
    origin, lines, root, signature = rows[end:end + 4]
    top, turns = root_from(line.encode() + b"\n", int(line.split(" ")[0]),
                           int(lines), [base64.b64decode(one) for one in
                                        rows[at + 1:end]])
    need(base64.b64encode(top).decode() == root, "the root")
    need(", ".join(turns) in words, "the turns are " + ", ".join(turns))
    need(origin == "sting/" + sha(bytes.fromhex(case)).hex()[:32], "origin")
    dash, name, blob = signature.split(" ")
    blob = base64.b64decode(blob)
    need(dash == "\u2014" and name == origin and blob[:4] == sha(
        name.encode() + b"\n\1" + bytes.fromhex(log))[:4], "the key's id")
    need(is_signed(log, "".join(one + "\n" for one in rows[
        end:end + 3]).encode(), blob[4:]), "the signature")


def check_fragment(folder):
    words, rows = example_of(folder, "ledger.md", "For example, the head of "
                             "the first fragment of a real recording")
    ticks = int(re.search(r"\((\d+) ticks a second\)", words)[1])
    head = b"".join(bytes.fromhex(row.split(" ")[0]) for row in rows[:11])
    line = fields_of(rows[11])
    boxes = [(0, "prft"), (32, "moof"), (40, "mfhd"), (56, "traf"),
             (64, "tfhd"), (80, "tfdt"), (100, "trun"), (168, "mdat")]
    sizes = {}
    for place, name in boxes:
        sizes[name] = int.from_bytes(head[place:place + 4], "big")
        need(head[place + 4:place + 8] == name.encode(), "box " + name)
    count, offset = struct.unpack(">Ii", head[112:120])
    pictures = list(PICTURE.iter_unpack(head[120:168]))
    need(count == len(pictures) and sizes["trun"] == 20 + 16 * count
         and sizes["traf"] == 8 + 16 + 20 + sizes["trun"]
         and sizes["moof"] == 8 + 16 + sizes["traf"]
         and offset == sizes["moof"] + 8, "sizes and offset")
    need(sizes["mdat"] == 8 + sum(one[1] for one in pictures), "mdat")
    need((pictures[0][2] & 0x10000 == 0) == (line["key"] == "1"), "keyframe")
    decoded, = struct.unpack(">Q", head[92:100])
    shown, = struct.unpack(">Q", head[24:32])
    need(shown == decoded + pictures[0][3], "shown later than decoded")
    need(abs(shown * 1e6 / ticks - int(line["pts"])) <= 3, "pts")
    seconds, part = struct.unpack(">II", head[16:24])
    t0 = datetime.datetime.fromisoformat(line["t0"][:-1] + "+00:00")
    need(abs(seconds - NTP_TO_UNIX_S + part / 2**32 - t0.timestamp()) < 2e-6,
         "t0")
    for row, one in zip(rows[7:10], pictures):
        said = [int(n) for n in re.findall(r"\d+", row[65:])]
        need(said == [one[0], one[1], one[3]], "what is told of " + row[:32])
    for number in (shown, decoded, count, sizes["mdat"] - 8):
        need(str(number) in words, "%d is told" % number)


if __name__ == "__main__":
    check_place(sys.argv[1])
    check_fragment(sys.argv[1])
    print("the worked examples hold")
