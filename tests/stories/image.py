"""A box is carried off and its disk is read, block by block, freed ones and
the file system's journal too: no pixel, no text of an alert, no key of a
closed epoch is on it. The box records onto a file system in a file, made and
mounted by root; elsewhere this story is skipped."""
import os
import random
import signal
import subprocess
import sys
import tempfile
import shutil
import time

from story import SKIPPED, Story

SIZE = 96 << 20  # 64 MB of a disk are kept free for the ledger
SECONDS = 9
TEXT = "the gardener's cat knocked the can over"


def mounted():
    """Play the story again in a mount namespace of its own; gives the folder
    in which disk.img is mounted on `disk`."""
    if len(sys.argv) > 1:
        return sys.argv[1]
    if os.geteuid() != 0:
        print("only root can mount a file")
        sys.exit(SKIPPED)
    folder = tempfile.mkdtemp(prefix="sting-story-")
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    with open(disk + ".img", "wb") as file:
        file.truncate(SIZE)
    inner = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         'mkfs.ext4 -q "$1.img" && mount -o loop "$1.img" "$1" || exit 32; '
         'shift; exec "$@"', "sh", disk, sys.executable,
         os.path.abspath(sys.argv[0]), folder], check=False)
    shutil.rmtree(folder, ignore_errors=True)
    if inner.returncode == 32:
        print("no file may be mounted here")
        sys.exit(SKIPPED)
    sys.exit(inner.returncode)


def run(story, box, keys):
    """A station for a while; the keys that its epochs had are noted."""
    station = story.sting_start("run", box)
    station.wait_line("camera garage: recording", 30)
    station.wait_line(r"INCIDENT \d+ at camera garage: somebody is there", 60)
    for _ in range(SECONDS):
        keys.add(read(os.path.join(box, "keys/epoch")).strip())
        time.sleep(0.5)
    story.sting("log", box, TEXT)
    story.check(station.stop(signal.SIGINT) == 0, "a station ran and ended")
    keys.add(read(os.path.join(box, "keys/epoch")).strip())
    return [text for _, text in station.line if "INCIDENT" in text]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def film_samples(clip, chance):
    """Pieces of the film as the camera sent it: the box stores the same."""
    data = read(clip)
    start = data.index(b"mdat")
    found = set()
    while len(found) < 60:
        at = chance.randrange(start, len(data) - 64)
        piece = data[at:at + 32]
        if len(set(piece)) > 20:
            found.add(piece)
    return found


def pixel_samples(story, clip, chance):
    """Runs of pixels of frames of it, as they are when decoded."""
    raw = story.run("ffmpeg", "-loglevel", "error", "-i", clip, "-frames:v",
                    "20", "-vf", "fps=1", "-pix_fmt", "gray", "-f", "rawvideo",
                    "-").bytes
    found = set()
    for _ in range(600):
        at = chance.randrange(len(raw) - 64)
        piece = raw[at:at + 48]
        if len(set(piece)) > 24:
            found.add(piece)
    return found


def pictures(story, clip):
    """Frames of it as JPEGs; what an encoder's tables look like."""
    story.run("ffmpeg", "-loglevel", "error", "-i", clip, "-frames:v", "5",
              "-vf", "fps=1", story.path("frame-%d.jpg"))
    return [read(story.path("frame-%d.jpg" % n)) for n in range(1, 6)]


def jpegs(image):
    """Where a JPEG begins: FFD8FF and a table or a header behind it."""
    found, at = [], image.find(b"\xff\xd8\xff")
    while at >= 0:
        if image[at + 3] in (0xe0, 0xe1, 0xdb, 0xc0, 0xee, 0xfe) and (
                image[at + 4] == 0):
            found.append(at)
        at = image.find(b"\xff\xd8\xff", at + 1)
    return found


def found_in(image, wanted):
    return [piece for piece in wanted if piece in image]


def raw_image(story, folder):
    subprocess.run(["sync", "-f", os.path.join(folder, "disk")], check=True)
    story.run("umount", os.path.join(folder, "disk"))
    image = read(os.path.join(folder, "disk.img"))
    story.run("mount", "-o", "loop", os.path.join(folder, "disk.img"),
              os.path.join(folder, "disk"))
    return image


folder = mounted()
with Story("the disk of a box that is carried off tells nothing", folder) as (
        story):
    chance, clip = random.Random(1), os.environ["CLIP"]
    office, box = story.path("office"), story.path("disk", "box")
    recipient, _ = story.recipient()
    story.new(office, "--role", "office", "--goal",
              "who takes the drawing", "--legal-basis", "house rules",
              "--decided-by", "the head gardener", "--recipient", recipient,
              *story.keys())
    story.sting("new", box, "--role", "box", "--office", office, "--by",
                "Anna")
    hook = "http://127.0.0.1:%d/nobody-listens" % story.free_port()
    path = os.path.join(box, "operation.yaml")
    text = read(path).decode()
    with open(path, "w") as file:
        file.write(text[:text.index("cameras:")] + "cameras:\n  - name: garage\n"
                   "    url: %s\n    look: all\nalerts:\n  - webhook: %s\n"
                   % (clip, hook))

    keys = set()
    told = run(story, box, keys) + run(story, box, keys)
    story.check(told, "it told incidents: %s" % told[0])
    story.sting("reindex", box)
    now = read(os.path.join(box, "keys/epoch")).strip()
    closed = keys - {now}
    story.check(len(closed) >= 2 and os.listdir(os.path.join(box, "queue")),
                "%d epochs are closed, and an alert waits" % len(closed))
    found = story.sting("verify", box, "--json", code=None).json()[-1]
    story.check(found["verdict"].startswith("INTACT") and
                found["segments"] > 2, "it holds recordings: %d" %
                found["segments"])

    image = raw_image(story, folder)
    hidden = {
        "film": film_samples(clip, chance),
        "pixels": pixel_samples(story, clip, chance),
        "text": {TEXT.encode(), b"somebody is there", b"was touched",
                 b"TOUCHED", b"nobody-listens\",", b"cat knocked"},
        "keys": set(closed) | {bytes.fromhex(key.decode()) for key in closed},
    }
    for name, pieces in sorted(hidden.items()):
        there = found_in(image, pieces)
        story.check(not there, "%s: none of %d pieces is on the disk"
                    % (name, len(pieces)), there[:3])
    begun = jpegs(image)
    story.check(not begun, "no JPEG begins anywhere on it", begun[:3])
    story.check(now in image, "the key of the open epoch is there, as it must")

    # Would it have been seen? The same things, laid there, removed again.
    control = os.path.join(folder, "disk", "control")
    with open(control, "wb") as file:
        for pieces in hidden.values():
            for piece in pieces:
                file.write(piece)
        file.write(bytes(8192) + b"".join(pictures(story, clip)))
    subprocess.run(["sync", "-f", control], check=True)
    os.remove(control)
    image = raw_image(story, folder)
    story.check(all(len(found_in(image, pieces)) == len(pieces)
                    for pieces in hidden.values()) and jpegs(image),
                "each of them would have been found, also in a removed file")
