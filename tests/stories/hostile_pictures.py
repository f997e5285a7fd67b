"""A hostile picture costs at most the worker's limits and one clear line, and
the honest one beside it is read as ever."""
import os
import shutil
import struct
import subprocess
import zlib

from hostile import Measured, deflated, is_one_line, progressive
from story import Story

ZEROS = bytes(1 << 20)
WIDE = 65535


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def png(side, pixels, *more):
    return b"".join((
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)),
        *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")))


def tiff(sheets, side=64, comes_back=False):
    """Grey sheets, all of one strip; the last leads to the first again."""
    strip = bytes(64 * 64)
    first = 8 + len(strip)
    out = [b"II*\0" + struct.pack("<I", first), strip]
    size = 2 + 9 * 12 + 4
    for sheet in range(1, sheets + 1):
        keys = {256: side, 257: side, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1,
                278: side, 279: len(strip)}
        after = first + (sheet % sheets) * size
        out.append(struct.pack("<H", len(keys)) + b"".join(
            struct.pack("<HHII", key, 4, 1, value)
            for key, value in keys.items()) + struct.pack(
                "<I", after if sheet < sheets or comes_back else 0))
    return b"".join(out)


def half(path, *words):
    """Of a whole file that another program made."""
    subprocess.run([*words, path], check=True, capture_output=True)
    with open(path, "rb") as file:
        whole = file.read()
    return whole[:len(whole) // 2]


def cases(story, honest):
    small = progressive(1024, 3)
    scaled = ["ffmpeg", "-y", "-v", "error", "-i", honest, "-vf",
              "scale=480:-2"]
    made = [("half.webp", scaled, "WebP"), ("half.png", scaled, "PNG")]
    if shutil.which("heif-enc"):
        made.append(("half.heic", ["heif-enc", honest, "-o"], "HEIC"))
    with open(honest, "rb") as file:
        photograph = file.read()
    return {
        "wide.jpg": (small.replace(struct.pack(">HH", 1024, 1024),
                                   struct.pack(">HH", WIDE, WIDE)),
                     "the JPEG is too large: 65535x65535"),
        "scans.jpg": (progressive(8192, 10000), "the JPEG has 10000 scans"),
        "wide.png": (png(WIDE, deflated(ZEROS, 4096)),
                     "the PNG is too large: 65535x65535"),
        "more.png": (png(64, deflated(ZEROS, 1024)), "the PNG is damaged"),
        "text.png": (png(64, zlib.compress(bytes(65 * 64)), *(
            chunk(b"zTXt", b"Comment\0\0" + deflated(ZEROS, 2048))
            for _ in range(4))), None),
        "profile.png": (png(64, zlib.compress(bytes(65 * 64)), chunk(
            b"iCCP", b"x\0\0" + deflated(ZEROS, 4096))), None),
        "loop.tiff": (tiff(3, comes_back=True), None),
        "itself.tiff": (tiff(1, comes_back=True), None),
        "many.tiff": (tiff(WIDE), "the TIFF has more than 2000 pages"),
        "wide.tiff": (tiff(1, side=WIDE), "the TIFF is too large: 65535x65535"),
        "strip.tiff": (tiff(1, side=11000), "the TIFF is damaged"),
        "half.jpg": (photograph[:len(photograph) // 2],
                     "the JPEG is cut short"),
        **{name: (half(story.path(name), *words), "the " + kind)
           for name, words, kind in made},
        "dot.gif": (b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1"
                    b"\0\0\2\2D\1\0;", "this is not a picture that we know"),
        "noise.jpg": (b"\xff\xd8\xff\xe0" + deflated(ZEROS, 9),
                      "the JPEG is cut short"),
    }


with Story("a hostile picture costs one clear line") as story:
    op = story.operation()
    os.chdir(story.folder)
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    issued, = story.sting("bait", "issue", op, "water-tank", "--to", "Anna",
                          "--out", "copies", "--json", *story.keys()).json()
    story.sting("drill", "--photograph", issued["file"], "--page", 2,
                "--setting", "desk", "--seed", 3, "--out", "honest.jpg")
    told = []
    for name, (data, why) in cases(story, "honest.jpg").items():
        story.write(name, data)
        got = Measured(story, "trace", op, "--json", *story.keys(), name,
                       code=2 if why else 3)
        if why:
            told.append((name, why))
            story.check(is_one_line(got.told.err, name, why)
                        and [line["verdict"] for line in got.told.json()]
                        == ["unreadable"], "%s is unreadable: %s"
                        % (name, why), got.told)
        else:  # what is too much of it is not looked at
            story.check(not got.told.err and {
                line["verdict"] for line in got.told.json()} == {"no-page"},
                        "%s shows no page of ours" % name, got.told)

    # All of them on one card, and an honest photograph between them.
    names = [name for name, _ in told]
    got = Measured(story, "trace", op, "--json", *story.keys(), *names[:5],
                   "honest.jpg", *names[5:], code=0)
    lines = [line for line in got.told.json() if line["picture"]]
    story.check([line["verdict"] for line in lines]
                == 5 * ["unreadable"] + ["attributed"]
                + (len(names) - 5) * ["unreadable"]
                and lines[5]["copy"] == issued["copy"],
                "among them all, the honest photograph names its copy",
                got.told)
    story.check(len(got.told.err.splitlines()) == len(names),
                "and each of the others has one line", got.told)
    story.check(story.sting("verify", op).code == 0,
                "the record of all this is intact")
