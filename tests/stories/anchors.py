"""Outsiders vouch for a ledger that grows: an authority, a witness, a beacon;
and what was cut off or written anew is seen by what they have seen."""
import glob
import json
import os
import re
import shutil

from outsiders import Authority, Serving
from story import Story


def anchors(text, *rows):
    return text + "anchors:\n" + "".join(rows)


def cut_clean(folder, lines):
    """As if nothing after so many lines, a checkpoint's size, had been."""
    ledger = os.path.join(folder, "evidence", "ledger")
    with open(ledger, "rb") as file:
        kept = file.readlines()[:lines]
    with open(ledger, "wb") as file:
        file.writelines(kept)
    for path in glob.glob(os.path.join(folder, "evidence/checkpoints/*")):
        with open(path, encoding="utf-8") as file:
            notes = re.findall(r"(?:[^\n]+\n){3}\n(?:— .*\n)+\n", file.read())
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(n for n in notes
                            if int(n.split("\n")[1]) <= lines)


def sizes(folder):
    """Sizes of all checkpoints, in order."""
    out = []
    for path in sorted(glob.glob(folder + "/evidence/checkpoints/*")):
        with open(path, encoding="utf-8") as file:
            out += [int(n) for n in re.findall(
                r"^sting/[0-9a-f]{32}\n(\d+)\n", file.read(), re.M)]
    return out


def station(story, op, *lines):
    """Run a station until it has said each line."""
    run = story.sting_start("run", op)
    for line in lines:
        run.wait_line(line, 60)  # anywhere in what it said
    story.check(run.stop() == 0, "the station ends in order")


with Story("outsiders vouch for a growing ledger") as story:
    op = story.operation()
    config = os.path.join(op, "operation.yaml")
    with open(config, encoding="utf-8") as file:
        plain = file.read()
    note = story.sting("verify", op, "--note", "--json").json()[0]
    authority = Authority(story.path("tsa"))
    other = Authority(story.path("other"), name="Somebody Else")
    beacon = Serving(lambda path, body: (200, "text/plain", b"4711 wells\n"))
    witness = story.sting_start(
        "verify", "--witness", story.path("witness"), "--listen",
        "127.0.0.1:0", "--log", note["log_key"], "--json")
    said = json.loads(witness.wait_line(r"^\{.*witness.*\}$").group(0))
    tsa_row = "  - tsa: %s\n    ca_file: %s\n    every_s: 10\n" % (
        authority.serve(), authority.ca)
    witness_row = ("  - witness: http://127.0.0.1:%d/\n    key: %s\n"
                   "    every_s: 10\n" % (said["port"], said["key"]))
    beacon_row = "  - beacon: %s\n    every_s: 3600\n" % beacon.url

    # mistakes are told with their place
    for row, place, why in [
            ("  - tsa: %s\n" % authority.server.url, "5", "ca_file"),
            ("  - witness: http://127.0.0.1:1/\n    key: nonsense\n", "10",
             "key of a witness"),
            ("  - tsa: http://127.0.0.1:1\n    beacon: http://127.0.0.1:1\n"
             "    ca_file: x\n", "5", "one outsider"),
            ("  - witnes: http://127.0.0.1:1\n", "5", "witness")]:
        story.write("op/operation.yaml", anchors(plain, row))
        got = story.sting("check", op, code=1)
        at = re.search(r"operation.yaml:(\d+):(\d+):", got.err)
        story.check(why in got.err and at and at.group(2) == place,
                    "a mistake about %s is told with its place" % why, got.err)

    story.write("op/operation.yaml",
                anchors(plain, tsa_row, witness_row, beacon_row))
    story.sting("check", op)
    before = story.sting("verify", op, "--json").json()[0]
    story.check(before["anchored_until"] is None
                and "no outsider" in story.sting("verify", op).out,
                "without an anchor nobody vouches, in words and as null")
    early = story.copy(op, "early")

    station(story, op, "tsa-1 vouches", "witness-2 vouches", "beacon-3 ")
    got = story.sting("verify", op, "--json").json()[0]
    story.check(got["verdict"] == "INTACT" and got["anchored_until"]
                and got["anchored_entries"] > 0 and got["beacons"] == 1,
                "all three have said their word", got)
    kinds = {a["kind"] for a in got["anchors"] if a["counts"]}
    story.check(kinds == {"tsa", "witness"}, "authority and witness count",
                got["anchors"])

    # a stranger's openssl agrees
    for path in glob.glob(op + "/evidence/anchors/*.tsr"):
        with open(path[:-3] + "note", encoding="utf-8") as file:
            story.write("three", "".join(file.readlines()[:3]))
        out = story.run("openssl", "ts", "-verify", "-in", path, "-data",
                        story.path("three"), "-CAfile", authority.ca)
        story.check("OK" in out.out + out.err,
                    "openssl reads and verifies the whole reply")

    # a second session: the witness is shown that it only grew
    station(story, op, "witness-2 vouches")
    again = story.sting("verify", op, "--json").json()[0]
    story.check(again["anchored_entries"] > got["anchored_entries"],
                "the witness followed the growth", again["anchors"])
    kept = story.sting("verify", op, "--note").out
    story.write("kept", kept.replace("\n", " \r\n"))
    story.check(story.sting("verify", op, "--anchor", story.path("kept"),
                            "--json").json()[0]["verdict"] == "INTACT",
                "a note kept on paper fits")

    # the same as a QR code, photographed off the terminal
    drawn = story.sting("verify", op, "--qr").out
    rows = [re.sub(r"\033\[[0-9;]*m", "", row) for row in drawn.splitlines()]
    light = {"\u2588": (1, 1), "\u2580": (1, 0), "\u2584": (0, 1), " ": (0, 0)}
    pixels, scale = [], 6
    for row in rows:
        for half in (0, 1):
            line = b"".join(bytes([255 * light[c][half]]) * scale for c in row)
            pixels += [line] * scale
    story.write("qr.pgm", b"P5 %d %d 255\n" % (len(rows[0]) * scale,
                                              len(pixels)) + b"".join(pixels))
    got = story.run("zbarimg", "--quiet", "--raw", story.path("qr.pgm"))
    story.check(got.out.rstrip("\n") == kept.rstrip("\n"),
                "a QR reader gives the three lines back", got.out)
    story.write("read", got.out)
    story.sting("verify", op, "--anchor", story.path("read"))

    # only whom I know
    for words, counts in [(("--witness-key", said["key"]), {"witness"}),
                          (("--ca", authority.ca), {"tsa"}),
                          (("--ca", authority.ca, "--witness-key",
                            said["key"]), {"tsa", "witness"}),
                          (("--ca", other.ca), set())]:
        it = story.sting("verify", op, "--json", *words).json()[0]
        story.check({a["kind"] for a in it["anchors"] if a["counts"]}
                    == counts and it["anchored_by_given"],
                    "with %s these count: %s" % (words[0], sorted(counts)),
                    it["anchors"])
    it = story.sting("verify", op, "--json", "--ca", other.ca).json()[0]
    story.check({a["state"] for a in it["anchors"] if a["kind"] == "tsa"}
                == {"other-authority"} and it["verdict"] == "INTACT",
                "a stamp of another authority is told, and changes no verdict")

    # not before: the owner gives a value of the day
    story.sting("log", op, "4711 wells and a dry summer", "--beacon",
                "Garden Gazette, page 1")
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        story.check(" beacon source=Garden%20Gazette,%20page%201 "
                    "value=4711%20wells%20and%20a%20dry%20summer r="
                    in file.read(), "the value stands in clear in the ledger")
    story.check("is not older than the value there, of Garden Gazette, page 1"
                in story.sting("verify", op).out, "and verify tells of it")

    # cut off after the anchor, cleanly, with all that signed it
    seen = again["anchored_entries"]
    size = max(s for s in sizes(op) if s < seen)
    cut = story.copy(op, "cut")
    cut_clean(cut, size)
    got = story.sting("verify", cut, "--json", code=11).json()[0]
    story.check(got["verdict"] == "CUT" and "outsider" in got["reason"],
                "truncation after an anchor is CUT", got)
    shutil.rmtree(cut + "/evidence/anchors")
    got = story.sting("verify", cut, "--anchor", story.path("kept"), "--json",
                      code=None).json()[0]
    story.check(got["verdict"] in ("CUT", "TAMPERED"),
                "and by the paper, when their files were taken too", got)

    # truncated, then continued with the stolen keys of that day
    story.sting("log", early, "nothing of that ever was")
    for name in os.listdir(op + "/evidence/anchors"):
        os.makedirs(early + "/evidence/anchors", exist_ok=True)
        shutil.copy(op + "/evidence/anchors/" + name,
                    early + "/evidence/anchors/" + name)
    got = story.sting("verify", early, "--json", code=None).json()[0]
    story.check(got["verdict"] in ("CUT", "TAMPERED"),
                "a record continued with stolen keys is never INTACT", got)
    shutil.rmtree(early + "/evidence/anchors")
    got = story.sting("verify", early, "--anchor", story.path("kept"),
                      "--json", code=None).json()[0]
    story.check(got["verdict"] in ("CUT", "TAMPERED"),
                "nor against a checkpoint kept outside", got)

    # and no witness cosigns it
    story.write("early/operation.yaml", anchors(plain, witness_row))
    run = story.sting_start("run", early)
    run.wait_line("witness-1 does not vouch: the witness has seen", 60)
    run.stop()
    story.check(story.sting("verify", early, "--json", code=None)
                .json()[0]["anchored_until"] is None,
                "the witness does not cosign the forged continuation")

    # the witness restarts and remembers
    witness.stop()
    again = story.sting_start(
        "verify", "--witness", story.path("witness"), "--listen",
        "127.0.0.1:%d" % said["port"], "--log", note["log_key"], "--json")
    story.check(json.loads(again.wait_line(r"^\{.*\}$").group(0))["key"]
                == said["key"], "a witness keeps its key")

    # an outsider that is away: queued, told once, and asked again
    away = story.free_port()
    story.write("op/operation.yaml", anchors(
        plain, "  - tsa: http://127.0.0.1:%d\n    ca_file: %s\n"
        % (away, authority.ca)))
    station(story, op, "tsa-1 does not vouch")
    queued = os.listdir(op + "/queue")
    story.check(queued == ["anchor-tsa-1.age"],
                "what was not delivered lies sealed in the queue, and what "
                "was for an outsider taken out is gone", queued)
    with open(op + "/queue/anchor-tsa-1.age", "rb") as file:
        story.check(file.read(21) == b"age-encryption.org/v1",
                    "as an age file")
    story.write("op/operation.yaml", anchors(plain, tsa_row))
    station(story, op, "tsa-1 vouches")
    story.check(os.listdir(op + "/queue") == []
                and story.sting("verify", op, "--json").json()[0]["verdict"]
                == "INTACT", "once it is back, it is asked again")
    authority.close()
    beacon.close()
