"""A box records where it may be taken away: it can be read by nobody there,
answers nobody on the network, and its office takes its record in."""
import fcntl
import json
import os
import re
import shutil
import sys

from story import Story, namespace_of_its_own

WHO = ("--by", "Anna", "--reason", "a test")
HERE, THERE = "10.9.8.1", "10.9.8.2"
GOAL = "who takes the drawing of the tank"

SCAN = r"""
import errno, json, select, socket, sys
address, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
opened, refused = [], 0
for start in range(first, last + 1, 400):
    waiting = {}
    poll = select.poll()
    for port in range(start, min(start + 400, last + 1)):
        one = socket.socket()
        one.setblocking(False)
        code = one.connect_ex((address, port))
        waiting[one.fileno()] = (one, port)
        poll.register(one, select.POLLOUT)
    while waiting:
        ready = poll.poll(3000)
        if not ready:
            break
        for number, _ in ready:
            one, port = waiting.pop(number)
            poll.unregister(one)
            code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            refused += code == errno.ECONNREFUSED
            if code == 0:
                opened.append(port)
            one.close()
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(1)
for port in range(first, last + 1):
    try:
        asker.sendto(b"hello\n", (address, port))
    except OSError:
        pass
answers = []
try:
    while True:
        answers.append(asker.recvfrom(2048)[1][1])
except OSError:
    pass
print(json.dumps({"open": opened, "refused": refused, "answers": answers}))
"""


def neighbour(story):
    """A second machine on the box's network; gives words to run there."""
    story.run("ip", "link", "set", "lo", "up")
    there = story.start("unshare", "--net", "sh", "-c",
                        "echo ready; exec sleep 600")
    there.wait_line("ready")
    for words in (("link", "add", "box0", "type", "veth", "peer", "name",
                   "peer0"),
                  ("link", "set", "peer0", "netns", there.pid),
                  ("addr", "add", HERE + "/24", "dev", "box0"),
                  ("link", "set", "box0", "up")):
        story.run("ip", *words)
    words = ("nsenter", "--net", "--target", str(there.pid))
    story.run(*words, "ip", "addr", "add", THERE + "/24", "dev", "peer0")
    story.run(*words, "ip", "link", "set", "peer0", "up")
    return words


def scan(story, words, first=1, last=65535):
    got = story.run(*words, sys.executable, "-c", SCAN, HERE, first, last,
                    seconds=200)
    return json.loads(got.out)


def everything(folder):
    for at, _, names in os.walk(folder):
        for name in filter(lambda one: os.path.isfile(os.path.join(at, one)),
                           names):
            with open(os.path.join(at, name), "rb") as file:
                yield os.path.join(at, name), file.read()


def make(story):
    office, box = story.path("office"), story.path("garage")
    recipient, _ = story.recipient()
    story.sting("new", office, "--role", "office", "--goal", GOAL,
                "--legal-basis", "house rules, section 4", "--decided-by",
                "the head gardener", "--recipient", recipient, *story.keys())
    story.sting("new", box, "--role", "box", "--office", office,
                "--goal", "x", code=1)
    story.sting("new", story.path("lone"), "--role", "box", "--goal", GOAL,
                "--legal-basis", "b", "--decided-by", "d", "--recipient",
                recipient, code=1)
    got = story.sting("new", box, "--role", "box", "--office", office,
                      "--by", "Anna", "--json").json()[0]
    story.check(sorted(os.listdir(box + "/keys")) == ["epoch", "log"],
                "a box has keys that sign, and no other",
                os.listdir(box + "/keys"))
    story.check(recipient in got["recipients"] and len(got["recipients"]) == 2
                and got["recovery_identity"] is None,
                "it seals to the office's recipients", got)
    for words in (("unlock", box, "--reason", "r"), ("bait", "list", box),
                  ("dossier", box, "--out", story.path("d"), "--reason", "r")):
        refused = story.sting(*words, *story.keys(), code=2)
        story.check("no keys/identity" in refused.err,
                    "sting %s opens nothing there" % words[0], refused)
    return office, box


def record(story, box, words):
    port = story.free_port()
    scene = story.sting_start("drill", "--camera", "127.0.0.1:%d" % port,
                              "--quiet", "6", "--seed", "3")
    scene.wait_line(r"^listening", 60)
    config = open(box + "/operation.yaml", encoding="utf-8").read()
    with open(box + "/operation.yaml", "w", encoding="utf-8") as file:
        file.write(config[:config.index("cameras:")] + "cameras:\n"
                   "  - name: garage\n    url: rtsp://127.0.0.1:%d/garage\n"
                   % port)
    station = story.sting_start("run", box)
    station.wait_line(r"INCIDENT 1\b", 60)
    seen = scan(story, words)
    story.check(seen["open"] == [] and seen["refused"] == 65535
                and seen["answers"] == [],
                "a scanner beside it sees silence on 65535 TCP and as many "
                "UDP ports", {**seen, "open": seen["open"][:9]})
    scene.kill()
    story.check(station.stop() == 0, "the station ends in order")


def scanner_sees(story, words):
    """The same scanner, where something does answer."""
    server = story.start(sys.executable, "-u", "-c", (
        "import socket, time\n"
        "a = socket.create_server(('%s', 4711))\n"
        "b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "b.bind(('%s', 4712))\nprint('ready')\n"
        "b.sendto(b'x', b.recvfrom(9)[1])\ntime.sleep(60)\n") % (HERE, HERE))
    server.wait_line("ready")
    seen = scan(story, words, 4700, 4720)
    server.kill()
    story.check(seen["open"] == [4711] and seen["answers"] == [4712],
                "the scanner sees what there is to see", seen)


def seized(story, box):
    """What somebody reads who takes the box."""
    told = [path for path, data in everything(box)
            if GOAL.encode() in data or b"AGE-SECRET-KEY" in data
            or b"house rules" in data or b"head gardener" in data]
    story.check(not told, "no file says what it is for, none opens", told)
    plain = [path for path, data in everything(box + "/evidence/segments")
             if not data.startswith(b"age-encryption.org/v1")]
    story.check(not plain, "every recording is sealed", plain)


def imports(story, office, box):
    listed = story.sting("import", office, box, *WHO, "--json").json()[0]
    story.check(listed["imported"] and listed["name"] == "garage",
                "the office knows its box and takes its record in", listed)
    taken = office + "/boxes/garage"
    story.sting("verify", taken, code=None)
    film = story.path("film.mp4")
    story.sting("unlock", taken, "--incident", "1", "--out", film, *WHO,
                *story.keys())
    frames = json.loads(story.run(
        "ffprobe", "-v", "error", "-of", "json", "-count_frames",
        "-show_streams", film).out)["streams"][0]["nb_read_frames"]
    story.check(int(frames) > 25, "its footage opens there, %s frames" % frames)
    lines = story.sting("unlock", office, "--list", "--json").json()
    kinds = [(line["kind"], line.get("box")) for line in lines]
    story.check(kinds[-2:] == [("unlock", "garage"), ("custody", "garage")],
                "who looked is in the office's ledger", lines[-2:])
    sums = {path: data for path, data in everything(box + "/evidence")}
    story.check(all(data == open(path.replace(box, taken), "rb").read()
                    for path, data in sums.items()),
                "the record that came is byte for byte what the box has")
    got = story.sting("log", taken, "a note on it")
    story.check("Written" in got.out and
                open(taken + "/evidence/ledger", "rb").read()
                == open(box + "/evidence/ledger", "rb").read(),
                "nothing is written into it, not even a note")
    story.sting("run", taken, code=1)
    story.sting("dossier", taken, "--out", story.path("d.html"), *WHO,
                *story.keys())
    return taken


def refusals(story, office, box, taken):
    other = story.operation("other")
    before = open(office + "/evidence/ledger", "rb").read()

    def refused(folder, sentence, *words):
        got = story.sting("import", office, folder, *words, code=3)
        story.check(open(office + "/evidence/ledger", "rb").read() == before
                    and os.listdir(office + "/boxes") == ["garage"], sentence,
                    got)

    refused(other, "somebody else's operation is not taken in")
    refused(other, "nor with another fingerprint", "--name", "other",
            "--fingerprint", "0123 4567 89ab cdef 0123 4567 89ab cdef")
    changed = story.copy(box, "changed")
    segments = [path for path, _ in everything(changed + "/evidence/segments")
                if path.endswith(".age")]
    story.flip_bit(segments[0], 300)
    refused(changed, "a record with one bit changed is refused")
    story.sting("log", box, "it goes on")
    fork = story.copy(box, "fork")
    story.sting("log", box, "in one way")
    story.sting("log", fork, "in another")
    story.sting("import", office, box, *WHO)
    before = open(office + "/evidence/ledger", "rb").read()
    refused(fork, "a fork of what is here is refused")
    short = story.path("short")
    shutil.copytree(story.path("changed"), short)
    story.flip_bit(short + segments[0][len(changed):], 300)  # as it was
    story.sting("verify", short, code=None)
    refused(short, "an older state is no continuation of a newer one")
    linked = story.copy(box, "linked")
    os.symlink("/etc/passwd", linked + "/evidence/blobs/x.age")
    got = story.sting("import", office, linked, code=2)
    story.check("neither a file nor a folder" in got.err
                and not os.path.exists(office + "/boxes/.coming"),
                "a link in it is not followed, and nothing is left behind",
                got)
    boxes = os.open(office + "/boxes", os.O_RDONLY)
    fcntl.flock(boxes, fcntl.LOCK_EX)
    got = story.sting("import", office, box, *WHO, code=2)
    os.close(boxes)
    story.check("another import is under way" in got.err,
                "one import waits for another, and takes none for forged", got)
    os.mkfifo(box + "/evidence/pipe")
    story.sting("import", office, box, code=2)
    os.unlink(box + "/evidence/pipe")
    story.sting("import", box, office, code=1)
    lines = [line for line in story.sting("unlock", office, "--list",
                                          "--json").json()
             if line["kind"] == "import"]
    story.check(len(lines) == 2
                and int(lines[1]["size"]) > int(lines[0]["size"])
                and lines[0]["by"] == "Anna",
                "each import is a line with size and root", lines)
    got = story.sting("verify", taken, "--json", code=None).json()[0]
    story.check(got["config"] != "changed", "its operation.yaml is as it came",
                got)


def closed_one(story, office):
    """An operation that is closed is read through one that is not."""
    gone = story.operation("gone")
    print_ = re.search(r"case key ((?:[0-9a-f]{4} ?){8})",
                       story.sting("verify", gone).out)[1].strip()
    story.sting("log", gone, "the last note")
    story.sting("close", gone, *WHO, "--keys-to", story.path("safe"))
    story.sting("import", office, gone, "--name", "gone", "--fingerprint",
                print_, *WHO)
    taken = office + "/boxes/gone"
    os.mkdir(taken + "/keys", 0o700)
    shutil.copy(story.path("safe", "identity"), taken + "/keys/identity")
    number = [line.split(" ")[0] for line in
              open(taken + "/evidence/ledger", encoding="ascii")
              if " note " in line][0]
    got = story.sting("unlock", taken, "--entry", number, *WHO, *story.keys())
    story.check("the last note" in got.out,
                "with the key from the safe a closed operation is read", got)


def held(story, exchanged, office):
    """Without --boxes too, the lines of each are held to the import lines."""
    got = story.sting("verify", exchanged, "--json", code=12).json()[0]
    story.check(got["verdict"] == "TAMPERED" and
                got["file"].startswith("boxes/") and got["at"] is not None,
                "records in each other's place make the office TAMPERED", got)
    there = story.copy(office, "cut")
    ledger = there + "/boxes/garage/evidence/ledger"
    whole = story.sting("verify", there, "--json", code=None).json()[0]
    story.check(whole["verdict"].startswith("INTACT"),
                "the office is as it was", whole)
    with open(ledger, "rb") as file:
        lines = file.read().splitlines(True)
    with open(ledger, "wb") as file:
        file.write(b"".join(lines[:-3]))
    got = story.sting("verify", there, "--json", code=11).json()[0]
    story.check(got["verdict"] == "CUT" and got["file"] ==
                "boxes/garage/evidence/ledger",
                "a record that was cut since makes it CUT, there", got)
    shutil.rmtree(there + "/boxes/garage")
    got = story.sting("verify", there, "--json", code=13).json()[0]
    story.check("not here any more" in got["reason"],
                "one that is gone is missed", got)
    shutil.copytree(office + "/boxes/garage", there + "/boxes/.coming")
    for boxes in ([], ["--boxes"]):
        got = story.sting("verify", there, *boxes, "--json", code=None).json()
        story.check({"garage"} == {one["unfinished_import"] for one in got}
                    - {None} and got[0]["verdict"] == whole["verdict"],
                    "an import that was cut off is told, and is no cut record",
                    got)


def boxes_checked(story, office):
    """The imported records, by the ledger of who imported them."""
    whole, *boxes = story.sting("verify", office, "--boxes", "--json",
                                code=None).json()
    story.check(whole["box"] is None and len(boxes) >= 2 and
                all(one["verdict"].startswith("INTACT") and one["box"] and
                    any(a["kind"] == "given" for a in one["anchors"])
                    for one in boxes),
                "each imported record is verified, and is the one that was "
                "imported", boxes)
    names = sorted(one["box"] for one in boxes)
    there = story.copy(office, "exchanged")
    for one, other in zip(names, names[1:] + names[:1]):
        shutil.rmtree(os.path.join(there, "boxes", one))
        shutil.copytree(os.path.join(office, "boxes", other),
                        os.path.join(there, "boxes", one))
    _, *boxes = story.sting("verify", there, "--boxes", "--json",
                            code=12).json()
    story.check(all(one["verdict"] == "TAMPERED" for one in boxes),
                "whole records in each other's place are TAMPERED", boxes)
    held(story, there, office)
    shutil.rmtree(os.path.join(there, "boxes", names[0]))
    _, *boxes = story.sting("verify", there, "--boxes", "--json",
                            code=12).json()
    gone = [one for one in boxes if one["box"] == names[0]][0]
    story.check(gone["verdict"] == "UNVERIFIABLE",
                "and one that is gone is missed", gone)


namespace_of_its_own("net")
with Story("a box tells nothing, and its office everything") as story:
    office, box = make(story)
    words = neighbour(story)
    scanner_sees(story, words)
    record(story, box, words)
    seized(story, box)
    taken = imports(story, office, box)
    refusals(story, office, box, taken)
    closed_one(story, office)
    got = story.sting("verify", office)
    story.check("of which the lines alone were held" in got.out,
                "what is not checked is told", got)
    boxes_checked(story, office)
