"""What can be done to an exhibit, by whom, and what must be said of it."""
import base64
import hashlib
import os
import random
import re
import shutil
import socket
import subprocess

SEED = 20111101
FLIPS = 24  # single bits anywhere in the folder


class Bag:
    """An exhibit's folder, to be changed by somebody."""

    def __init__(self, folder, log_key):
        self.folder, self.log_key = folder, log_key

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, body):
        with open(self.path(name), "wb") as file:
            file.write(body)

    def edit(self, name, old, new, count=1):
        body = self.read(name)
        assert old in body, (name, old)
        self.write(name, body.replace(old, new, count))

    def files(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.folder)
                      for folder, _, names in os.walk(self.folder)
                      for name in names)

    def film(self, number=1):
        return [f for f in self.files() if f.endswith("film%d.mp4" % number)][0]

    def named(self, name):
        """The path of what a case calls "film" or "anchor"."""
        stamps = [f for f in self.files() if f.endswith(".tsr")]
        return (self.film() if name == "film"
                else stamps[0] if name == "anchor" else name)

    def reseal(self):
        """Manifests made anew, as anybody can."""
        for manifest, is_data in (("manifest-sha256.txt", True),
                                  ("tagmanifest-sha256.txt", False)):
            self.write(manifest, "".join(
                "%s  %s\n" % (hashlib.sha256(self.read(f)).hexdigest(), f)
                for f in self.files() if f.startswith("data/") == is_data
                and f not in ("signature.txt",
                              "tagmanifest-sha256.txt")).encode())

    def sign(self, text, name, key):
        """A line of a signed note, by openssl."""
        seed = bytes.fromhex(key)
        der = bytes.fromhex("302e020100300506032b657004220420") + seed
        self.write("../key.der", der)
        self.write("../said", text)
        words = ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER",
                 "-inkey", self.path("../key.der"), "-in",
                 self.path("../said")]
        signature = subprocess.run(words, capture_output=True,
                                   check=True).stdout
        words = ["openssl", "pkey", "-inform", "DER", "-in",
                 self.path("../key.der"), "-pubout", "-outform", "DER"]
        public = subprocess.run(words, capture_output=True,
                                check=True).stdout[-32:]
        ident = hashlib.sha256(name + b"\n\1" + public).digest()[:4]
        return b"\xe2\x80\x94 " + name + b" " + base64.b64encode(
            ident + signature) + b"\n"

    def resign(self):
        """Manifests and signature made anew, by who holds the log key."""
        self.reseal()
        old = self.read("signature.txt").split(b"\n")
        origin = self.read("data/exhibit.txt").split(b"\n")[2].split(b" ")[1]
        text = b"\n".join(old[:2]) + b"\n" + hashlib.sha256(
            self.read("tagmanifest-sha256.txt")).hexdigest().encode() + b"\n"
        self.write("signature.txt", text + b"\n" + self.sign(
            text, origin, self.log_key) + b"\n")

    def lines(self):
        return self.read("data/ledger/lines.txt").splitlines(True)

    def paths(self):
        return self.read("data/ledger/proofs.txt").split(b"\n\n")[:-1]

    def keep(self, wanted):
        """Only those lines, with their paths."""
        kept = [(a, b) for a, b in zip(self.lines(), self.paths())
                if wanted(a.split())]
        self.write("data/ledger/lines.txt", b"".join(a for a, _ in kept))
        self.write("data/ledger/proofs.txt",
                   b"".join(b + b"\n\n" for _, b in kept))


def flip(name, at=0.5):
    def change(bag):
        path = bag.named(name)
        body = bytearray(bag.read(path))
        body[int(len(body) * at)] ^= 1
        bag.write(path, bytes(body))
    return change


def missing(name):
    return lambda bag: os.remove(bag.path(bag.named(name)))


def added(name, body=b"more\n"):
    return lambda bag: bag.write(name, body)


def symlink(bag):
    os.rename(bag.path("LIMITS.txt"), bag.path("../limits"))
    os.symlink("../limits", bag.path("LIMITS.txt"))


def folder_link(bag):
    os.rename(bag.path("data/ledger"), bag.path("../ledger"))
    os.symlink("../../ledger", bag.path("data/ledger"))


def listed(row):
    def change(bag):
        rows = bag.read("manifest-sha256.txt").splitlines(True) + [row]
        bag.write("manifest-sha256.txt", b"".join(
            sorted(rows, key=lambda r: r[66:])))
    return change


def other_path(bag):
    """Paths of two lines change places, with their own numbers kept."""
    paths = [p.split(b"\n") for p in bag.paths()]
    paths[1][1:], paths[2][1:] = paths[2][1:], paths[1][1:]
    bag.write("data/ledger/proofs.txt",
              b"".join(b"\n".join(p) + b"\n\n" for p in paths))


def other_index(bag):
    index = bag.paths()[1].split(b"\n")[0]
    bag.edit("data/ledger/proofs.txt", index,
             b"index %d" % (int(index.split()[1]) + 1))


def pieces(bag):
    """Of the first film: [(number of the line, bytes)]."""
    film = bag.read("data/exhibit.txt").split(b"film ")[1]
    return [tuple(int(n) for n in row.split()[1:])
            for row in film.splitlines()[1:]]


def all_pieces(bag):
    """Of all films."""
    return [tuple(int(n) for n in row.split()[1:]) for row in bag.read(
        "data/exhibit.txt").splitlines() if row.startswith(b"piece ")]


def split_film(bag):
    body, parts = bag.read(bag.film()), []
    for _, size in pieces(bag):
        parts.append(body[:size])
        body = body[size:]
    return parts


def swapped(also_map):
    def change(bag):
        parts, rows = split_film(bag), pieces(bag)
        parts[1], parts[2] = parts[2], parts[1]
        bag.write(bag.film(), b"".join(parts))
        if also_map:
            a, b = (b"piece %d %d\n" % row for row in rows[1:3])
            bag.edit("data/exhibit.txt", a + b, b + a)
    return change


def without(place):
    """A segment gone from film, map, lines and paths alike."""
    def change(bag):
        parts, rows = split_film(bag), pieces(bag)
        del parts[place]
        bag.write(bag.film(), b"".join(parts))
        bag.edit("data/exhibit.txt", b"piece %d %d\n" % rows[place], b"")
        bag.keep(lambda words: int(words[0]) != rows[place][0])
    return change


def as_if_erased(place):
    """A segment gone from film and map; its line is shown."""
    def change(bag):
        parts, rows = split_film(bag), pieces(bag)
        del parts[place]
        bag.write(bag.film(), b"".join(parts))
        bag.edit("data/exhibit.txt", b"piece %d %d\n" % rows[place], b"")
    return change


def unsigned_erasure(bag):
    """An `erase` line behind all that the checkpoint signs."""
    lines, paths = bag.lines(), bag.paths()
    at = [i for i, one in enumerate(lines) if one.split()[3] == b"erase"][0]
    size = bag.read("data/exhibit.txt").split(b"\n")[3].split(b" ")[1]
    lines.append(re.sub(rb"^\d+", size, lines.pop(at)))
    paths.append(re.sub(rb"\Aindex \d+", b"index " + size, paths.pop(at)))
    bag.write("data/ledger/lines.txt", b"".join(lines))
    bag.write("data/ledger/proofs.txt", b"\n\n".join(paths) + b"\n\n")


def cut_short(bag):
    bag.write(bag.film(), bag.read(bag.film())[:-1000])


def no_signature(path, name):
    def change(bag):
        bag.write(path, re.sub(rb"\xe2\x80\x94 sting/[0-9a-f]{32}%s [^\n]*\n"
                               % name, b"", bag.read(path), count=1))
    return change


def by_current_key(bag):
    """An old epoch's checkpoint signed by a key of now, under its name."""
    notes = bag.read("data/ledger/epochs.txt")
    old = re.search(rb"\xe2\x80\x94 (sting/[0-9a-f]{32}/epoch/0) [^\n]*\n",
                    notes)
    text = notes.split(b"\n\n")[0] + b"\n"
    bag.write("data/ledger/epochs.txt", notes.replace(
        old[0], bag.sign(text, old[1], "07" * 32)))


def other_root(path):
    def change(bag):
        body = bag.read(path)
        root = body.split(b"\n")[2]
        text = b"\n".join(body.split(b"\n")[:2]) + b"\n" + base64.b64encode(
            bytes(32)) + b"\n"
        origin = body.split(b"\n")[0]
        body = body.replace(root, base64.b64encode(bytes(32)), 1)
        bag.write(path, re.sub(
            rb"\xe2\x80\x94 sting/[0-9a-f]{32} [^\n]*\n",
            lambda _: bag.sign(text, origin, bag.log_key), body, count=1))
    return change


def no_epoch(bag):
    """The line that ends an epoch is not shown, nor its checkpoint."""
    bag.keep(lambda words: not (words[3] == b"epoch" and words[4] == b"n=1"))
    notes = bag.read("data/ledger/epochs.txt").split(b"\n\n")
    bag.write("data/ledger/epochs.txt", b"\n\n".join(notes[:2] + notes[4:]))


def other_genesis(bag):
    lines = bag.lines()
    lines[0] = re.sub(rb" case=[0-9a-f]{64}", b" case=" + b"11" * 32, lines[0])
    bag.write("data/ledger/lines.txt", b"".join(lines))


def line_changed(bag):
    lines = bag.lines()
    at = [i for i, one in enumerate(lines) if one.split()[3] == b"seg"][0]
    lines[at] = re.sub(rb" frames=\d+", b" frames=1", lines[at])
    bag.write("data/ledger/lines.txt", b"".join(lines))


def line_added(bag):
    lines, paths = bag.lines(), bag.paths()
    lines.append(re.sub(rb"^\d+", b"%d" % (int(lines[-1].split()[0]) + 1),
                        lines[-1]))
    bag.write("data/ledger/lines.txt", b"".join(lines))
    bag.write("data/ledger/proofs.txt", b"".join(
        p + b"\n\n" for p in paths) + b"index " + lines[-1].split()[0]
        + b"\n" + paths[-1].split(b"\n", 1)[1] + b"\n\n")


# A label of the Coalition for Content Provenance: a `uuid` box of the file
# with a manifest in it (C2PA 2.1, A.5). Exhibits carry none, and nobody here
# reads one: the recording's place in the ledger decides, whatever it claims.
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def label(claim=b"c2pa.actions: nothing was changed"):
    manifest = (b"\0\0\0\0manifest\0" + bytes(8)
                + b"jumb" + b"jumdc2pa\0" + claim)
    return ((8 + len(C2PA) + len(manifest)).to_bytes(4, "big") + b"uuid"
            + C2PA + manifest)


def labelled(where, body=label()):
    """The film with such a box: behind its head, between its segments, last."""
    def change(bag):
        parts = split_film(bag)
        parts.insert(where % (len(parts) + 1), body)
        bag.write(bag.film(), b"".join(parts))
    return change


def beside(bag):
    """A label in a file of its own, as a side-car."""
    bag.write("data/label.c2pa", label())


CLASSES = ["film", "data/ledger/lines.txt", "data/ledger/proofs.txt",
           "data/ledger/epochs.txt", "data/ledger/checkpoint.txt",
           "data/exhibit.txt", "data/ledger/consistency.txt", "data/REPORT.html", "data/REPORT.pdf",
           "data/CUSTODY.csv", "anchor", "README.txt", "LIMITS.txt", "bag-info.txt",
           "VERIFY.sh", "verify.py", "manifest-sha256.txt",
           "tagmanifest-sha256.txt", "signature.txt", "bagit.txt"]
TEXTS = CLASSES[:7]
OF = {"anchor": "an anchor"}


def by_anybody():
    """(name, change, exit code, rule; None: any)."""
    rule = {"bagit.txt": "E1", "signature.txt": "E4",
            "tagmanifest-sha256.txt": "E2"}
    for name in CLASSES:
        yield ("a bit of %s flipped" % OF.get(name, name),
               flip(name, 0.9 if name == "signature.txt" else 0.5), 12,
               rule.get(name, "E2"))
    yield "the film cut short", cut_short, 12, "E2"
    yield "the film missing", missing("film"), 13, "E2"
    yield "the report missing", missing("data/REPORT.html"), 13, "E2"
    yield "the lines missing", missing("data/ledger/lines.txt"), 13, "E1"
    yield "the signature missing", missing("signature.txt"), 13, "E1"
    yield "a manifest missing", missing("manifest-sha256.txt"), 13, "E1"
    yield "a file added", added("data/more.txt"), 12, "E2"
    yield "a tag file added", added("MORE.txt"), 12, "E2"
    yield "a hidden file added", added(".more"), 12, "E1"
    yield "a label of provenance in the film", labelled(1), 12, "E2"
    yield "a label of provenance beside it", beside, 12, "E2"
    yield "a name with a blank", added("data/more text"), 12, "E1"
    yield "a name with a line end", added("data/more\n12"), 12, "E1"
    yield "a name twice but for case", added("Readme.txt"), 12, "E1"
    yield "a symbolic link for a file", symlink, 12, "E1"
    yield "a symbolic link for a folder", folder_link, 12, "E1"
    yield ("a FIFO", lambda bag: os.mkfifo(bag.path("data/fifo")), 12, "E1")
    yield ("../ in a manifest", listed(b"0" * 64 + b"  data/../x\n"), 12, "E2")
    yield ("a path from the root in a manifest",
           listed(b"0" * 64 + b"  /etc/passwd\n"), 12, "E2")
    yield ("a file listed twice", lambda bag: listed(
        bag.read("manifest-sha256.txt").splitlines(True)[0])(bag), 12, "E2")
    yield ("a manifest without its last line end", lambda bag: bag.write(
        "manifest-sha256.txt", bag.read("manifest-sha256.txt")[:-1]), 12, "E2")
    yield ("an empty manifest",
           lambda bag: bag.write("manifest-sha256.txt", b""), 12, "E2")


def nested(depth):
    """Empty folders, each in the one before; os.makedirs stops at PATH_MAX."""
    def change(bag):
        there = os.open(bag.folder, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir("n", dir_fd=there)
            here, there = there, os.open("n", os.O_RDONLY, dir_fd=there)
            os.close(here)
        os.close(there)
    return change


def with_mode(name, mode):
    return lambda bag: os.chmod(bag.path(name), mode)


def zeros(path):
    """A gigabyte that takes no room."""
    with open(path, "wb") as file:
        file.truncate(1 << 30)


def listener(path):
    """Bound by its name alone: paths of sockets are short."""
    here = os.getcwd()
    os.chdir(os.path.dirname(path))
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.basename(path))
    os.chdir(here)


def in_place(make):
    def change(bag):
        os.unlink(bag.path("data/ledger/lines.txt"))
        make(bag.path("data/ledger/lines.txt"))
    return change


def by_anybody_to_folders():
    """As by_anybody(), each of them tried at every run."""
    yield "the tag manifest missing", missing("tagmanifest-sha256.txt"), 13, "E1"
    yield "17 empty folders, one in the other", nested(17), 0, None
    yield "18 empty folders, one in the other", nested(18), 12, "E1"
    yield "60 empty folders, one in the other", nested(60), 12, "E1"
    yield "3000 empty folders, one in the other", nested(3000), 12, "E1"
    yield ("a path of 256 bytes", lambda bag: os.makedirs(
        bag.path("n" * 127 + "/" + "n" * 128)), 12, "E1")
    yield "README.txt may not be read", with_mode("README.txt", 0), 13, "E1"
    yield "a film may not be read", lambda bag: os.chmod(
        bag.path(bag.film()), 0), 13, "E1"
    yield "a folder may not be read", with_mode("data/ledger", 0o311), 13, "E1"
    yield "a folder may not be entered", with_mode("data/ledger", 0o644), 13, "E1"
    yield "a socket for the lines", in_place(listener), 12, "E1"
    yield "a folder for the lines", in_place(os.mkdir), 13, "E1"
    yield "a gigabyte of zeros for the lines", in_place(zeros), 13, "E1"
    yield ("what may not be read, and a hidden file", lambda bag: (
        added(".more")(bag), with_mode("README.txt", 0)(bag)), 12, "E1")


def by_anybody_resealed():
    for name in CLASSES[:16]:
        yield "a bit of %s flipped" % OF.get(name, name), flip(name), 12, (
            None if name in TEXTS else "E4")
    yield "the report missing", missing("data/REPORT.html"), 12, "E4"
    yield "a file added", added("data/more.txt"), 12, "E4"
    yield "the film cut short", cut_short, 12, "E4"
    yield "a label of provenance in the film", labelled(1), 12, "E4"
    yield "a label of provenance beside it", beside, 12, "E4"


def by_the_log_key():
    yield "another report", flip("data/REPORT.html"), 0, None
    yield "a bit of the film flipped", flip("film"), 12, "E8"
    yield "a bit of the film's head flipped", flip("film", 0.0001), 12, "E8"
    yield "the film cut short", cut_short, 12, "E8"
    yield "two segments swapped", swapped(False), 12, "E8"
    yield "two segments swapped, told so", swapped(True), 12, "E8"
    yield "the last segment left out, as if never shown", without(-1), 0, None
    yield "a segment in the middle left out", without(2), 10, None
    yield "a film added", added("data/other.mp4"), 12, "E8"
    for where, place in (("behind the film's head", 1),
                         ("between segments", 2), ("at its end", -1)):
        yield ("a label of provenance %s" % where, labelled(place), 12, "E8")
    yield ("two labels of provenance", labelled(1, label() + label(
        b"another claim")), 12, "E8")
    yield ("a label of provenance whose claim is cut", labelled(
        1, label()[:-9]), 12, "E8")
    yield "a label of provenance beside it", beside, 0, None
    yield "a line changed", line_changed, 12, "E6"
    yield "a line added", line_added, 12, None
    yield "the path of another line", other_path, 12, "E6"
    yield "a path with another number", other_index, 12, "E6"
    yield ("a bit of a path flipped", lambda bag: bag.edit(
        "data/ledger/proofs.txt", bag.paths()[1].split(b"\n")[1],
        base64.b64encode(bytes(32))), 12, "E6")
    yield ("a path with a sibling more", lambda bag: bag.edit(
        "data/ledger/proofs.txt", b"\n\n",
        b"\n" + base64.b64encode(bytes(32)) + b"\n\n"), 12, "E6")
    yield ("a path without its last sibling", lambda bag: bag.write(
        "data/ledger/proofs.txt", re.sub(
            rb"\n[^\n]*\n\n", b"\n\n", bag.read("data/ledger/proofs.txt"),
            count=1)), 12, "E6")
    yield ("the first line of another case key", other_genesis, 12, "E3")
    yield ("a line with a stray blank", lambda bag: bag.edit(
        "data/ledger/lines.txt", b" seg ", b"  seg "), 12, "E3")
    yield ("lines out of order", lambda bag: bag.write(
        "data/ledger/lines.txt", b"".join(
            bag.lines()[:1] + bag.lines()[:0:-1])), 12, "E3")
    yield ("a map without its film", lambda bag: bag.write(
        "data/exhibit.txt",
        bag.read("data/exhibit.txt").split(b"film ")[0]), 12, "E3")
    yield ("a later version", lambda bag: bag.edit(
        "data/exhibit.txt", b"sting-exhibit-1", b"sting-exhibit-3"), 13, "E3")
    yield ("a film from outside the folder", lambda bag: bag.edit(
        "data/exhibit.txt", b"film data/", b"film data/../data/"), 12, "E8")
    yield ("another camera's name", lambda bag: bag.edit(
        "data/exhibit.txt", b"camera garage", b"camera cellar"), 12, "E8")
    yield ("a checkpoint of more lines", lambda bag: bag.edit(
        "data/exhibit.txt", b"lines ", b"lines 1"), 12, "E5")
    yield ("another root in the checkpoint, signed",
           other_root("data/ledger/checkpoint.txt"), 12, "E6")
    yield ("another root in an epoch's checkpoint, signed",
           other_root("data/ledger/epochs.txt"), 12, "E7")
    final = "data/ledger/checkpoint.txt"
    yield ("the checkpoint without the log key's signature",
           no_signature(final, b""), 13, "E5")
    yield ("the checkpoint without its epoch's signature",
           no_signature(final, rb"/epoch/\d+"), 13, "E7")
    epochs = "data/ledger/epochs.txt"
    yield ("an epoch without the log key's signature",
           no_signature(epochs, b""), 13, "E7")
    yield ("an epoch without its own signature",
           no_signature(epochs, rb"/epoch/\d+"), 13, "E7")
    yield "an old epoch signed by a key of now", by_current_key, 13, "E7"
    yield "an epoch left out", no_epoch, 12, "E7"
    yield ("an epoch's checkpoint missing", lambda bag: bag.write(
        epochs, b"\n\n".join(bag.read(epochs).split(b"\n\n")[:-3])
        + b"\n\n"), 13, "E7")
    yield ("a checkpoint too many", lambda bag: bag.write(
        epochs, bag.read(epochs) + bag.read(final)), 12, "E7")
    yield ("a checkpoint's text with a line more", lambda bag: bag.edit(
        final, b"\n\n", b"\nmore\n\n"), 12, "E5")


def of_what_was_erased():
    """Of an exhibit from whose middle recordings were erased; by the log key."""
    told = lambda words: words[3] != b"erase"
    yield ("an `erase` line left out", lambda bag: bag.keep(told), 12, "E8")
    yield "more gone than was erased", as_if_erased(1), 12, "E8"
    yield ("an `erase` line that no checkpoint signs", unsigned_erasure, 12,
           "E6")
    yield ("what was erased, told as of the first version",
           lambda bag: bag.edit("data/exhibit.txt", b"sting-exhibit-2",
                                b"sting-exhibit-1"), 12, "E8")
    yield ("the line of what was erased left out", lambda bag: bag.keep(
        lambda words: words[3] != b"seg" or int(words[0]) in dict(
            row for row in all_pieces(bag))), 10, None)


def root_of(leaves):
    """RFC 9162, 2.1.1, by its words."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root_of(leaves[:half])
                          + root_of(leaves[half:])).digest()


def growth(leaves, old, is_whole=True):
    """SUBPROOF of 2.1.4.1: that the first `old` are their beginning."""
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= half:
        return growth(leaves[:half], old, is_whole) + [root_of(leaves[half:])]
    return growth(leaves[half:], old - half, False) + [root_of(leaves[:half])]


def with_earlier(op):
    """Checkpoints within epochs, and proofs that they are of this ledger."""
    path = "data/ledger/consistency.txt"
    ledger = open(op + "/evidence/ledger", "rb").read().splitlines(True)

    def block(bag, old, claimed=None):
        rows = bag.read("data/exhibit.txt").split(b"\n")
        leaves = ledger[:int(rows[3].split()[1])]
        hashes = [root_of(leaves[:old])] + growth(leaves, old)
        text = [base64.b64encode(one) for one in hashes]
        return b"\n".join([rows[2].split()[1], b"%d" % (claimed or old),
                           text[0], b""] + text[1:] + [b"", b""])

    def told(*sizes, change=lambda body: body):
        return lambda bag: bag.write(path, change(b"".join(
            block(bag, size) for size in sizes)))

    def last(node):
        return lambda body: body[:-46] + node

    zero = base64.b64encode(bytes(32)) + b"\n"
    for sizes in ((1,), (2, 3, 4), (5, 7, 8, 9)):
        yield ("the proofs of earlier checkpoints over %s lines" % ", ".join(
            str(n) for n in sizes), told(*sizes), 0, None)
    yield "another node in such a proof", told(
        3, 7, change=last(zero + b"\n")), 12, "E6"
    yield "a node more", told(3, 7, change=lambda body: body[:-1] + zero
                              + b"\n"), 12, "E6"
    yield "a node less", told(3, 7, change=last(b"\n")), 12, "E6"
    yield "no node", told(4, change=lambda body: b"\n".join(
        body.split(b"\n")[:3]) + b"\n\n\n"), 12, "E6"
    yield ("the root of another ledger", told(7, change=lambda body: re.sub(
        rb"\A((?:[^\n]*\n){2})[^\n]*\n", lambda got: got[1] + zero, body)),
           12, "E6")
    yield ("the proof of another size",
           lambda bag: bag.write(path, block(bag, 7, 6)), 12, "E6")
    yield "sizes out of order", told(7, 3), 12, "E6"
    yield "a size twice", told(3, 3), 12, "E6"
    yield ("a size beyond the checkpoint", lambda bag: bag.write(
        path, block(bag, 7, 10 ** 6)), 12, "E6")
    yield ("a size with a zero before it", told(
        7, change=lambda body: body.replace(b"\n7\n", b"\n07\n")), 12, "E6")
    yield "another origin", told(7, change=lambda body: b"x" + body), 12, "E6"
    yield ("the file without its end",
           told(7, change=lambda body: body[:-1]), 12, "E6")
    yield "the file empty", lambda bag: bag.write(path, b""), 12, "E6"


def random_flips(folder):
    picked = random.Random(SEED)
    files = Bag(folder, "").files()
    for _ in range(FLIPS):
        name = picked.choice(files)
        size = os.path.getsize(os.path.join(folder, name))
        at, bit = picked.randrange(size), picked.randrange(8)

        def change(bag, name=name, at=at, bit=bit):
            body = bytearray(bag.read(name))
            body[at] ^= 1 << bit
            bag.write(name, bytes(body))
        yield "bit %d of byte %d of %s" % (bit, at, name), change, None, None


def by_an_office(story, other):
    """As if another operation had imported the record and signed for it."""
    with open(other + "/evidence/ledger", "rb") as ledger:
        first = ledger.readline()
    key = open(other + "/keys/log", encoding="ascii").read().strip()
    origin = re.search(rb" origin=(\S+)", first)[1]

    def signed(change=None):
        def all_of_it(bag):
            bag.write("data/ledger/office.txt", first)
            if change:
                change(bag)
            bag.reseal()
            text = b"sting-exhibit-1\nABC/1\n" + hashlib.sha256(bag.read(
                "tagmanifest-sha256.txt")).hexdigest().encode() + b"\n"
            bag.write("signature.txt", text + b"\n" + bag.sign(
                text, origin, key) + b"\n")
        return all_of_it

    path = "data/ledger/office.txt"
    yield "signed by the office that imported it", signed(), 0, None
    yield ("an office of another case key", signed(lambda bag: bag.edit(
        path, b" case=", b" case=00")), 12, "E4")
    yield ("an office's line twice", signed(lambda bag: bag.write(
        path, first + first)), 12, "E4")
    yield ("an office's line without its end", signed(lambda bag: bag.write(
        path, first[:-1])), 12, "E4")
    yield ("an empty office", signed(lambda bag: bag.write(path, b"")), 12,
           "E4")
    yield ("an office of a later version", signed(lambda bag: bag.edit(
        path, b" v=2 ", b" v=3 ")), 13, "E4")
    yield ("an office that did not sign", lambda bag: (bag.write(
        path, first), bag.resign()), 13, "E4")
    yield ("the signature of an office that is not told", lambda bag: (
        signed()(bag), os.remove(bag.path(path)), bag.reseal()), 12, "E4")


def changed(story, whole, log_key):
    """A copy of an exhibit, to be changed."""
    room = story.path("changed")
    shutil.rmtree(room, ignore_errors=True)
    shutil.copytree(whole, os.path.join(room, "exhibit"))
    return Bag(os.path.join(room, "exhibit"), log_key)
