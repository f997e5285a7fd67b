"""An exhibit is what a stranger can check, and three verifiers that share
nothing say the same of every change to it.

    exhibit.py                the story, with a sample of all changes
    exhibit.py --write FILE   every change, and the matrix as a table

The sample is the first case of each changer, verdict and rule, and all about
folders; every case is in docs/results/exhibit.md, which tests/campaign/exhibit.py makes.
"""
import filecmp
import hashlib
import os
import re
import shutil
import sys

from browsing import MODULES, browser, pictures_of
from exhibit_changes import (Bag, by_an_office, by_anybody,
                             by_anybody_resealed, by_anybody_to_folders,
                             by_the_log_key, changed, random_flips,
                             with_earlier)
from exhibit_erased import erased_checks
from exhibit_live import closed_checks, incident_checks
from exhibit_made import exhibit, recorded, stretch
from exhibit_matrix import Matrix, row_of
from exhibit_outside import anchor_checks, time_checks
from outsiders import Authority
from story import Story


def whole_checks(story, op, matrix):
    made = exhibit(story, op, "ABC/1", "whole", *stretch(op, 1), "--question", "who moved the drawing?", "--json").json()[0]
    taken = exhibit(story, op, "ABC/1", "again", *stretch(op, 1), code=2)
    ledger = open(op + "/evidence/ledger", encoding="ascii").read()
    story.check("is taken" in taken.err and not os.path.exists(
        story.path("again")) and re.search(
            r" export exhibit=ABC/1 state=refused sha256=%s" % made["sha256"],
            ledger), "a mark is given once; asking again is a ledger line")
    story.check(re.search(r" unlock .*ABC/1", ledger) and re.search(
        r" export exhibit=ABC/1 state=made sha256=%s .*by=the%%20head%%20gardener"
        % made["sha256"], ledger), "the ledger tells of unlocking and making")
    for bad in ("abc/1", "ABC", "ABC/01", "ABC/1/1", "../1", "A/1/W0"):
        exhibit(story, op, bad, "never", *stretch(op, 1), code=1)
    bag = Bag(story.path("whole"), "")
    story.check(hashlib.sha256(bag.read(
        "tagmanifest-sha256.txt")).hexdigest() == made["sha256"],
        "the hash in the ledger is that of the tag manifest")
    got = matrix.case("nobody", "the whole", bag.folder, 0, None)
    story.check(all("ORIGIN UNKNOWN" in one.out for one in got),
                "without a fingerprint, all three say that the origin is "
                "unknown")
    got = matrix.case("nobody", "the whole, with its fingerprint", bag.folder,
                      0, None, made["case_key"])
    story.check(not any("ORIGIN UNKNOWN" in one.out for one in got),
                "with the fingerprint they do not")
    return made


def folder_checks(story, matrix, log_key):
    """What is no file's content: how deep, how long, who may read."""
    for name, change, code, rule in by_anybody_to_folders():
        bag = changed(story, story.path("whole"), log_key)
        change(bag)
        matrix.known.append(row_of("anybody", name))
        matrix.case("anybody", name, bag.folder, code, rule)
        story.run("chmod", "-R", "u+rwX", bag.folder)
        story.run("rm", "-rf", bag.folder)
    story.check(True, "too deep is TAMPERED, not to be read UNVERIFIABLE, say "
                "all three")


def pointed_checks(story):
    """The scripts of a whole exhibit, run from within another folder."""
    whole, empty = story.path("whole"), story.path("empty")
    os.mkdir(empty)
    for words in (("sh", "VERIFY.sh"), ("python3", "verify.py")):
        script = os.path.join(whole, words[1])
        for name in ("bagit.txt", "data", "manifest-sha256.txt",
                     "tagmanifest-sha256.txt", "manifest-md5.txt"):
            folder = story.path("other-" + name + "\x1b[2J\nINTACT")
            os.makedirs(folder, exist_ok=True)
            os.symlink("nowhere", os.path.join(folder, name))
            got = story.run(words[0], script, code=None, cwd=folder)
            shown = re.sub("[^ -~]", "?", os.path.realpath(folder))
            story.check(got.code in (12, 13) and got.out.split("\n")[1]
                        == "judged: " + shown and "\x1b" not in got.out,
                        "%s judges a folder with %s that it was pointed at, "
                        "and names it" % (words[1], name), got)
            os.unlink(os.path.join(folder, name))
        got = story.run(words[0], os.path.relpath(script, empty), code=None,
                        cwd=empty, env=dict(os.environ, CDPATH=story.path("")))
        story.check(got.code == 0 and got.out.startswith(
            "INTACT\njudged: %s\n" % os.path.realpath(whole)),
            "where nothing of an exhibit is, %s judges its own, and names it"
            % words[1], got)
    got = story.run("sh", whole + "/VERIFY.sh", "line", "0", cwd=empty)
    story.check("judged: " + os.path.realpath(whole) in got.out,
                "the place of a line, too, names the folder", got)


def first_format_checks(story, matrix):
    """One that was made when lines named all of the hash before them."""
    shutil.unpack_archive(os.path.join(os.path.dirname(os.path.abspath(
        __file__)), "exhibit_v1.tar.xz"), story.path("first-format"))
    bag = Bag(story.path("first-format", "ex"), "")
    matrix.case("nobody", "a whole of the first format", bag.folder, 0, None)
    lines = bag.lines()
    bag.write("data/ledger/lines.txt", b"".join(
        [lines[0], lines[1][:-33] + b"\n", *lines[2:]]))
    bag.reseal()
    matrix.case("anybody, manifests made anew",
                "a line of the second format in one of the first", bag.folder,
                12, "E3")
    story.check(True, "an exhibit of the first format is checked as ever")


def forgery_checks(story, matrix, made):
    folder = story.path("yard-1")
    got = matrix.case("another operation", "a self-consistent forgery", folder,
                      0, None)
    story.check(all("ORIGIN UNKNOWN" in one.out for one in got),
                "a forgery that agrees with itself has an unknown origin")
    matrix.case("another operation", "the forgery, with the fingerprint of "
                "the true case key", folder, 12, "E3", made["case_key"])
    story.check(True, "and with the fingerprint it is TAMPERED")


def twice_checks(story, op):
    """The same order on two machines."""
    there = story.copy(op, "op-elsewhere")
    words = stretch(op, 1)
    exhibit(story, op, "ABC/3", "here", *words)
    exhibit(story, there, "ABC/3", "there", *words,
            env=dict(os.environ, TZ="Asia/Tokyo", HOME="/"))
    differ = {name for name in Bag(story.path("here"), "").files()
              if not filecmp.cmp(story.path("here", name),
                                 story.path("there", name), False)}
    story.check(differ <= {"bag-info.txt", "tagmanifest-sha256.txt",
                           "signature.txt"},
                "made twice, all but the date's file is the same", differ)
    line = [one for one in Bag(story.path("here"), "").lines()
            if one.split()[3] == b"seg"][0].decode()
    os.unlink(os.path.join(there, "evidence/segments/garage", re.search(
        r" t0=([^T]*)", line)[1], "%08d.m4s.age" % int(
            re.search(r" n=(\d+)", line)[1])))
    got = exhibit(story, there, "ABC/4", "without", *words, code=2)
    story.check("1 more recordings of garage of " in got.err and not os.path.exists(story.path("without")),
                "a stretch of which some was deleted is not given out in part",
                got)


def bare_root(story):
    """VERIFY.sh in a root that holds its tools and nothing else."""
    root = story.path("root")
    tools = ("sh sha256sum openssl xxd awk cut tail head tr sed sort uniq "
             "find xargs cat rm mktemp dirname mv cp mkdir split wc grep")
    for name in tools.split():
        real = os.path.realpath(shutil.which(name))
        for path in [real] + re.findall(
                r"(/\S+) \(0x", story.run("ldd", real, code=None).out):
            to = root + path
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy(path, to)
        os.makedirs(root + "/bin", exist_ok=True)
        if not os.path.exists(root + "/bin/" + name):
            shutil.copy(real, root + "/bin/" + name)
    for name in ("dev", "tmp", "exhibit"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    open(root + "/dev/null", "wb").close()
    shutil.copytree(story.path("whole"), root + "/exhibit", dirs_exist_ok=True)
    got = story.run(
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
        'mount --bind /dev/null "$1/dev/null" && exec chroot "$1" /bin/sh -c '
        '"cd /exhibit; PATH=/bin exec sh VERIFY.sh"', "sh", root, code=None)
    story.check(got.code == 0 and got.out.startswith("INTACT\n"),
                "VERIFY.sh needs nothing but its tools", got)


def film_checks(story, op, made):
    """The film is what the seals hold, and plays."""
    film = Bag(story.path("whole"), "").film()
    folder = op + "/evidence/segments/garage/"
    sealed = sorted(os.path.join(folder, day, name)
                    for day in os.listdir(folder)
                    for name in os.listdir(os.path.join(folder, day)))
    inits = [p for p in sealed if "/init-" in p]
    segments = [p for p in sealed if p.endswith(".m4s.age")]
    _, identity = story.recipient()
    plain = b"".join(story.run("age", "-d", "-i", identity, path).bytes
                     for path in inits[:1] + segments[:made["segments"]])
    story.check(plain == Bag(story.path("whole"), "").read(film),
                "the film is what age gives of the sealed files, joined")
    frames = story.run("ffprobe", "-v", "error", "-count_frames", "-show_entries",
                       "stream=nb_read_frames", "-of", "csv=p=0",
                       story.path("whole", film)).out.strip()
    story.check(int(frames) >= 210, "ffprobe reads its pictures", frames)
    browser_checks(story, film, int(frames))


def browser_checks(story, film, frames):
    """Opened by who has nothing but a browser."""
    if not os.path.isdir(os.path.join(MODULES, "node_modules")):
        story.check(not os.environ.get("CI"),
                    "without a browser: tools/setup_browser.sh was not run")
        return
    seen = browser(story, "film.mjs", story.path("whole"), film,
                   pictures_of(story))
    story.check(seen["frames"] >= 0.9 * frames and seen["width"] > 0
                and seen["brightest"] - seen["darkest"] > 20,
                "a browser plays it from the first picture to the last, and "
                "shows the report, which fetches nothing", seen)


def proof_checks(story):
    bag = Bag(story.path("whole"), "")
    line = [one for one in bag.lines() if one.split()[3] == b"seg"][0]
    seq = line.split()[0].decode()
    got = story.run("sh", bag.path("VERIFY.sh"), "line", seq)
    story.check("line %s of sting/" % seq in got.out,
                "VERIFY.sh shows the place of one line (%.2f s)" % got.seconds)
    size = len(b"c2sp.org/tlog-proof@v1\n") + len(bag.paths()[1]) + 2 + len(
        bag.read("data/ledger/checkpoint.txt")) - 1
    story.check(size < 1250, "its proof has %d bytes" % size)


def main():
    with Story("an exhibit is what a stranger can check") as story:
        authority = Authority(story.path("tsa"))
        op, witness = recorded(story, authority)
        scripts = [os.path.abspath(os.path.join(
            os.path.dirname(__file__), "..", "..", "src", "exhibit", name))
            for name in ("VERIFY.sh", "verify.py")]
        to = sys.argv[2] if sys.argv[1:2] == ["--write"] else None
        matrix = Matrix(story, scripts, to is not None)
        made = whole_checks(story, op, matrix)
        film_checks(story, op, made)
        proof_checks(story)
        bare_root(story)
        twice_checks(story, op)
        exhibit(story, op, "ABC/2", "gaps", *stretch(op, 2))
        matrix.case("nobody", "two stretches of recording, with a gap",
                    story.path("gaps"), 10, None)
        incident_checks(story, matrix)
        log_key = open(op + "/keys/log", encoding="ascii").read().strip()
        whole = story.path("whole")
        pointed_checks(story)
        folder_checks(story, matrix, log_key)
        erased_checks(story, op, matrix, log_key)
        anchor_checks(story, op, authority, witness, log_key)
        time_checks(story, matrix, authority, witness, log_key)
        matrix.play(whole, log_key, "anybody", by_anybody(), None)
        matrix.play(whole, log_key, "anybody, manifests made anew",
                    by_anybody_resealed(), "reseal")
        matrix.play(whole, log_key, "the holder of the log key",
                    by_the_log_key(), "resign")
        matrix.play(whole, log_key, "the holder of the log key, of anchors",
                    with_earlier(op), "resign")
        matrix.play(whole, log_key, "chance, a single bit",
                    random_flips(whole), None)
        first_format_checks(story, matrix)
        forgery_checks(story, matrix, made)
        matrix.play(whole, log_key, "an office", by_an_office(
            story, story.path("yard")), None)
        closed_checks(story, op)
        matrix.whole_checks()
        if to:
            matrix.write(to)


if __name__ == "__main__":
    main()
