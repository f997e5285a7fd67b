"""An operation with recordings that outsiders vouch for, and exhibits of it."""
import json
import re


def camera_clip(story, seconds):
    story.run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
              "testsrc=size=320x180:rate=12", "-t", seconds, "-c:v", "libx264",
              "-g", "12", "-pix_fmt", "yuv420p", story.path("clip.mp4"))


def record(story, op, *lines):
    station = story.sting_start("run", op)
    for line in ("the clip is over", *lines):
        station.wait_line(line, 60)
    return station.stop()


def anchored(story, op, authority):
    """An authority and a witness who are asked about what is there."""
    note = story.sting("verify", op, "--note", "--json").json()[0]
    witness = story.sting_start(
        "verify", "--witness", story.path("witness"), "--listen",
        "127.0.0.1:0", "--log", note["log_key"], "--json")
    said = json.loads(witness.wait_line(r"^\{.*witness.*\}$").group(0))
    with open(op + "/operation.yaml", "a", encoding="utf-8") as config:
        config.write("anchors:\n  - tsa: %s\n    ca_file: %s\n"
                     "  - witness: http://127.0.0.1:%d/\n    key: %s\n" % (
                         authority.serve(), authority.ca, said["port"],
                         said["key"]))
    return said["key"]


def recorded(story, authority):
    """An operation with three stretches of recording and some epochs; outsiders
    vouch for two of them, the second within its epoch. And the witness's key."""
    op = story.operation()
    kept = re.sub(r"^(?:cameras|alerts|quiet_s):.*\n(?:[ #].*\n)*", "",
                  open(op + "/operation.yaml", encoding="utf-8").read(),
                  flags=re.M)
    with open(op + "/operation.yaml", "w", encoding="utf-8") as config:
        config.write(kept + "\ncameras:\n  - name: garage\n    url: %s\n"
                     "quiet_s: 2\n" % story.path("clip.mp4"))
    camera_clip(story, 18)
    record(story, op)
    witness = anchored(story, op, authority)
    camera_clip(story, 2)
    record(story, op, "tsa-1 vouches", "witness-2 vouches")
    told = open(op + "/operation.yaml", encoding="utf-8").read()
    story.write("op/operation.yaml", told.split("anchors:")[0])
    record(story, op)
    story.sting("log", op, "the tank was looked at", "--by", "the gardener")
    return op, witness


def stretch(op, films):
    """--from and --to of the first recordings, the later ones of a segment."""
    t0 = re.findall(r" seg .* t0=(\S+)", open(
        op + "/evidence/ledger", encoding="ascii").read())
    return ("--camera", "garage", "--from", t0[0],
            "--to", re.sub(r"\.\d+Z", ".999999Z", t0[films - 4]))


def exhibit(story, op, mark, out, *words, **kwargs):
    return story.sting("exhibit", op, "--mark", mark, "--out",
                       story.path(out), *words, "--by", "the head gardener",
                       "--reason", "asked by the court", *story.keys(),
                       **kwargs)
