"""A whole operation to flip bits of: bait with copies out, a recording with an
incident and a note, closed in order. And where each byte of it lies."""
import json
import os
import signal
import time

from story import Broken


def make(story, clip, seconds, copies=3):
    """Give its folder."""
    op = story.operation()
    path = os.path.join(op, "operation.yaml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("\ncameras:\n", "\ncameras:\n  - name: garage\n"
                                "    url: %s\n" % clip, 1))
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "water-tank")
    story.sting("bait", "issue", op, "water-tank", "--to",
                *["shelf %d" % n for n in range(1, copies + 1)], "--out",
                story.path("copies"), *story.keys())
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording", 20)
    time.sleep(seconds)
    story.sting("log", op, "the tap drips")
    if station.stop(signal.SIGINT) != 0:
        raise Broken("the station did not end in order")
    found = story.sting("verify", op, "--json").json()[-1]
    if found["config"] != "same":
        raise Broken("operation.yaml is as it was, and sting says otherwise")
    return op


def places(op):
    """(path, bytes) of every file to flip, in order of the paths."""
    found = []
    for part in ("bait", "evidence"):
        for at, _, names in os.walk(os.path.join(op, part)):
            found += [os.path.join(at, name) for name in names]
    found += [os.path.join(op, name) for name in
              ("keys/identity", "keys/mark", "keys/case", "operation.yaml")]
    return sorted((os.path.relpath(path, op), os.path.getsize(path))
                  for path in found)


def place_of(all_places, number):
    """The file and the offset of a byte, numbered through all files."""
    for path, size in all_places:
        if number < size:
            return path, number
        number -= size
    raise IndexError(number)


def is_found(story, op, path, at):
    """Flip one bit there; does sting say so, and where? The bit is put back."""
    whole = os.path.join(op, path)
    with open(whole, "rb") as file:
        line = file.read()[:at].count(b"\n")
    story.flip_bit(whole, at, at % 8)
    got = story.sting("verify", op, "--json", code=None)
    story.flip_bit(whole, at, at % 8)
    found = json.loads(got.out)
    if path == "operation.yaml":
        return found["config"] == "changed", found
    if path.startswith("keys/"):
        return [one["file"] for one in found["changed"]] == [path], found
    if got.code not in (12, 13):
        return False, found
    return (found["at"] == line if path == "evidence/ledger"
            else found["file"] == path), found
