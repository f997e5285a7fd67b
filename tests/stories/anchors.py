"""Outsiders vouch for a ledger that grows: an authority, a witness, a beacon;
and what was cut off or written anew is seen by what they have seen."""
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from outsiders import Authority, Serving
from story import Story


def anchors(text, *rows):
    return text + "anchors:\n" + "".join(rows)


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    """Merkle tree hash, RFC 9162 section 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def growth(old, leaves, whole=True):
    """Consistency proof, RFC 9162 section 2.1.4.1, as it is written there."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= half:
        return growth(old, leaves[:half], whole) + [root_of(leaves[half:])]
    return growth(old - half, leaves[half:], False) + [root_of(leaves[:half])]


class SecondReader:
    """Between a ledger and its witness: reads what both say by C2SP's text
    alone, and passes it on."""

    def __init__(self, folder, address, key):
        self.folder, self.address, self.key = folder, address, key
        self.old, self.wrong, self.conflicts, self.good = [], [], 0, 0
        self.serving = Serving(self.pass_on)

    def pass_on(self, path, body):
        ask = urllib.request.Request(self.address + path, data=body)
        try:
            with urllib.request.urlopen(ask, timeout=20) as got:
                status, kind, out = (got.status, got.headers["Content-Type"],
                                     got.read())
        except urllib.error.HTTPError as error:
            status, kind, out = (error.code, error.headers["Content-Type"],
                                 error.read())
        try:
            self.read(path, body.decode(), status, kind, out.decode())
        except (AssertionError, ValueError, IndexError) as error:
            self.wrong.append(repr(error))
        return status, kind, out

    def read(self, path, body, status, kind, out):
        assert path == "/add-checkpoint", path
        head, note = body.split("\n\n", 1)
        old, *proof = head.split("\n")
        old = int(re.fullmatch(r"old (0|[1-9]\d*)", old).group(1))
        text, signatures = note.split("\n\n")
        origin, size, root = text.split("\n")
        assert signatures.startswith("\u2014 %s " % origin)
        with open(self.folder + "/evidence/ledger", "rb") as file:
            leaves = [hashlib.sha256(b"\0" + line).digest()
                      for line in file.readlines()[:int(size)]]
        assert base64.b64decode(root) == root_of(leaves)
        assert [base64.b64decode(p) for p in proof] == (
            growth(old, leaves) if old else [])
        self.old.append((old, int(size), status, out[:6]))
        if status == 409:
            assert kind == "text/x.tlog.size" and int(out) != old
            self.conflicts += 1
            return
        assert status == 200, status
        dash, name, blob = out.rstrip("\n").split(" ")
        blob = base64.b64decode(blob)
        public = base64.b64decode(self.key.split("+", 2)[2])[1:]
        assert dash == "\u2014" and name == self.key.split("+")[0]
        assert blob[:4] == hashlib.sha256(
            name.encode() + b"\n\4" + public).digest()[:4]
        said = "cosignature/v1\ntime %d\n%s\n" % (
            int.from_bytes(blob[4:12], "big"), text)
        assert ed25519_holds(public, said.encode(), blob[12:])
        self.good += 1


def ed25519_holds(public, said, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in [
                ("key", bytes.fromhex("302a300506032b6570032100") + public),
                ("said", said), ("sig", signature)]:
            with open(os.path.join(folder, name), "wb") as out:
                out.write(content)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", "key", "-rawin", "-in", "said", "-sigfile", "sig"],
            cwd=folder, capture_output=True, check=False).returncode == 0


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
    reader = SecondReader(op, "http://127.0.0.1:%d" % said["port"],
                          said["key"])
    witness_row = ("  - witness: %s/\n    key: %s\n    every_s: 10\n"
                   % (reader.serving.url, said["key"]))
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
    story.check(not reader.wrong and reader.conflicts == 1
                and reader.good >= 3 and max(o[0] for o in reader.old) > 0,
                "a second reader of C2SP's text agrees with both sides",
                (reader.old, reader.wrong))
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        story.check("state=refused" not in file.read(),
                    "no answer was taken for another's")
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

    reader.serving.close()

    # whoever talks nonsense to it is refused, and harms nobody
    def talk(path, body, method="POST"):
        ask = urllib.request.Request(reader.address + path, data=body,
                                     method=method)
        try:
            with urllib.request.urlopen(ask, timeout=20) as got:
                return got.status
        except urllib.error.HTTPError as error:
            return error.code

    got = [talk("/add-checkpoint", b"", "GET"), talk("/", b"old 0\n\n"),
           talk("/add-checkpoint", b"old 0\n\n" + os.urandom(400)),
           talk("/add-checkpoint", b"old 0\n\n" + b"A" * 20000),
           talk("/add-checkpoint", b"old 0\n\nelsewhere\n5\n"
                + base64.b64encode(bytes(32)) + b"\n\n\xe2\x80\x94 elsewhere "
                + base64.b64encode(bytes(68)) + b"\n")]
    story.check(got == [405, 404, 400, 413, 404],
                "a witness refuses nonsense, each in its way", got)
    with open("/proc/%d/task/%d/children" % (witness.pid, witness.pid),
              encoding="ascii") as file:
        os.kill(int(file.read().split()[0]), signal.SIGKILL)
    for _ in range(100):
        try:
            got = talk("/add-checkpoint", b"old 0\n\n")
            break
        except OSError:
            time.sleep(0.1)
    story.check(got == 400, "and goes on when its worker dies", got)

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
