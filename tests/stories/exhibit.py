"""An exhibit is what a stranger can check, and three verifiers that share
nothing say the same of every change to it.

    exhibit.py                the story, with a sample of all changes
    exhibit.py --write FILE   every change, and the matrix as a table

The sample is the first case of each changer, verdict and rule, and all about
folders; every case is in docs/results/exhibit.md, which tests/campaign/exhibit.py makes.
"""
import base64
import filecmp
import hashlib
import json
import os
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from browsing import MODULES, browser, pictures_of
from exhibit_changes import (SEED, Bag, by_an_office, by_anybody,
                             by_anybody_resealed, by_anybody_to_folders,
                             by_the_log_key, changed,
                             flip, of_what_was_erased, random_flips,
                             with_earlier)
from outsiders import Authority
from story import ROOT, Broken, Story

VERDICT = {0: "INTACT", 10: "INTACT WITH GAPS", 12: "TAMPERED",
           13: "UNVERIFIABLE"}
RESULTS = os.path.join(ROOT, "docs", "results", "exhibit.md")


def first_of_each(cases):
    """Of the cases of one verdict and rule, the first."""
    seen = set()
    for case in cases:
        if case[2:] not in seen:
            seen.add(case[2:])
            yield case


def row_of(who, name):
    """How a row of the matrix begins."""
    return "| %s | %s |" % (who, name.replace("\n", " "))


class Matrix:
    """Cases and what each verifier said of them."""

    NAMES = ["VERIFY.sh", "verify.py", "sting verify"]

    def __init__(self, story, scripts, is_full):
        self.story, self.scripts, self.row = story, scripts, []
        self.is_full, self.known = is_full, []

    def ask(self, folder, *key):
        words = [["sh", self.scripts[0]], ["python3", self.scripts[1]],
                 [self.story.binary, "verify", "."]]
        option = [list(key), list(key),
                  ["--case-key", *key] if key else []]
        with ThreadPoolExecutor() as three:  # none of them writes
            return list(three.map(lambda a, b: self.story.run(
                *a, *b, code=None, cwd=folder), words, option))

    @staticmethod
    def cell(result):
        rule = re.match(r"[A-Z ]+ (E\d):", result.out)
        return VERDICT.get(result.code, "exit %d" % result.code) + (
            " " + rule[1] if rule else "")

    def case(self, who, name, folder, code, rule, *key):
        results = self.ask(folder, *key)
        cells = [self.cell(one) for one in results]
        self.row.append((who, name, cells))
        wanted = VERDICT[code] if code is not None else "that it is changed"
        wanted += " " + rule if rule else ""
        is_so = len(set(cells)) == 1 and results[0].code in (
            (12, 13) if code is None else (code,)) and (
                not rule or cells[0] == wanted)
        if not is_so:
            self.story.check(False, "%s, %s: all three say %s" % (
                name, who, wanted), "\n".join(
                    "%s: %s%s" % (a, b.out, b.err)
                    for a, b in zip(self.NAMES, results)))
        return results

    def play(self, whole, log_key, who, cases, after):
        """Each case on a copy of the whole, then `after` it is mended."""
        cases, count = list(cases), 0
        self.known += [row_of(who, case[0]) for case in cases]
        for name, change, code, rule in (
                cases if self.is_full else first_of_each(cases)):
            bag = changed(self.story, whole, log_key)
            change(bag)
            if after:
                getattr(bag, after)()
            self.case(who, name, bag.folder, code, rule)
            count += 1
        self.story.check(True, "%d of %d cases of changes %s: three "
                         "verifiers, one verdict" % (count, len(cases), who))

    def whole_checks(self):
        """Every rule was broken here; no case is without its row there."""
        rules = {cell.split()[-1] for _, _, cells in self.row
                 for cell in cells[:1] if re.search(r" E\d$", cell)}
        self.story.check(rules == {"E%d" % n for n in range(1, 9)},
                         "each of the rules E1 to E8 was broken", rules)
        if not self.is_full:
            with open(RESULTS, encoding="utf-8") as file:
                there = file.read()
            lost = [row for row in self.known if row not in there
                    and not row.startswith("| chance")]
            self.story.check(not lost, "docs/results/exhibit.md has a row of "
                             "each of %d cases" % len(self.known), lost)

    def write(self, path):
        """The table; figures below it were measured otherwise and stay."""
        figures = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as old:
                figures = "".join(old.read().partition("\n## Figures")[1:])
        with open(path, "w", encoding="utf-8") as out:
            out.write(
                "# Three verifiers, one verdict\n\nMade by `tools/campaign.sh "
                "build exhibit`, seed %d; `make test` tries the first case of "
                "each changer, verdict and\nrule, and all about folders. "
                "Each case is a change to an "
                "exhibit; each verifier was run on it by itself: VERIFY.sh "
                "(sh, sha256sum,\nopenssl, xxd, awk), verify.py (Python alone) "
                "and `sting verify`. Rules: docs/formats/exhibit.md.\n%d "
                "cases, %d answers, no disagreement.\n\n| changed by | case "
                "| %s |\n|---|---|---|---|---|\n" % (
                    SEED, len(self.row), 3 * len(self.row),
                    " | ".join(self.NAMES)))
            for who, name, cells in self.row:
                out.write("%s %s |\n" % (row_of(who, name),
                                         " | ".join(cells)))
            out.write(
                "\nWhat is INTACT there although it was changed, whoever "
                "holds the log key can do: write another report, or\nshow "
                "less. Neither touches a picture; the hash of each exhibit "
                "made stands in the operation's ledger.\n" + figures)


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


def erase(story, op, segments):
    """`sting erase` of those recordings, counted from the first: what is kept
    of their day is elsewhere meanwhile, and the day is not the newest one."""
    folder = op + "/evidence/segments/garage/"
    day = sorted(os.listdir(folder))[0]
    kept = [name for i, name in enumerate(sorted(
        one for one in os.listdir(folder + day) if one.endswith(".m4s.age")))
        if i not in segments]
    os.mkdir(op + "-kept")
    os.mkdir(folder + "2100-01-01")
    for name in kept:
        os.rename(folder + day + "/" + name, op + "-kept/" + name)
    story.sting("erase", op, "--date", day, "--by", "the gardener",
                "--reason", "the month is over")
    for name in kept:
        os.rename(op + "-kept/" + name, folder + day + "/" + name)
    os.rmdir(folder + "2100-01-01")
    return folder + day + "/", kept


def told_as_erased(story, op, matrix, where, segments):
    """An exhibit of which some was erased, judged by all three."""
    there = story.copy(op, "op-" + where)
    folder, kept = erase(story, there, segments)
    story.sting("verify", there)
    got = exhibit(story, there, "ABC/6", where, *stretch(op, 3), "--json")
    made, t0 = got.json()[0], re.findall(r" seg .* t0=(\S+)", open(
        op + "/evidence/ledger", encoding="ascii").read())
    first = t0[min(set(range(len(t0))) - set(segments))]
    told = [open(story.path(where, name), encoding="utf-8").read()
            for name in ("LIMITS.txt", "data/REPORT.html")]
    story.check(made["erased"] == len(segments) and made["films_since"][:23] == first[:23]
                and "were deleted on purpose" in got.err and all(
                    "deleted on purpose afterwards" in one
                    and "by the gardener: the month is over" in one
                    for one in told) and "IT WAS DELETED" in told[1],
                "what was erased %s is a gap, and who erased it is told"
                % where, (got, told[0]))
    name = "two recordings erased %s" % where.replace("-", " ")
    matrix.known.append(row_of("nobody", name))
    answers = matrix.case("nobody", name, story.path(where), 10, None)
    gaps = {re.search(r"GAPS: (\d+)", one.out)[1] for one in answers}
    story.check(gaps == {str(made["films"])}, "all count one gap for what was "
                "erased and one for each film after the first", gaps)
    return there, folder, kept


def erased_checks(story, op, matrix, log_key):
    """Retention took some of it, and signed lines say so."""
    there, folder, kept = told_as_erased(story, op, matrix, "in-the-middle",
                                         (1, 2))
    for name, change, code, rule in of_what_was_erased():
        bag = changed(story, story.path("in-the-middle"), log_key)
        change(bag)
        bag.resign()
        who = "the holder of the log key, of what was erased"
        matrix.known.append(row_of(who, name))
        matrix.case(who, name, bag.folder, code, rule)
    os.unlink(folder + kept[-1])
    got = exhibit(story, there, "ABC/7", "more", *stretch(op, 3), code=2)
    story.check("1 more recordings of garage" in got.err
                and got.err.count("\n") <= 2
                and not os.path.exists(story.path("more")),
                "of more than signed lines account for none is made", got)
    told_as_erased(story, op, matrix, "at-the-start", (0, 1))
    there = story.copy(op, "op-all")
    erase(story, there, range(100))
    got = exhibit(story, there, "ABC/8", "all", *stretch(op, 3), code=2)
    story.check("in that time were deleted on purpose: entry " in got.err
                and "by the gardener: the month is over" in got.err
                and not os.path.exists(story.path("all")),
                "where all was erased none is made, and who erased it is told",
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


def outside(story, folder, *words, code=0):
    """What sting verify says of outsiders: its object, and who counts."""
    got = story.sting("verify", folder, "--json", *words, code=code).json()[0]
    return got, {a["kind"] for a in got["anchors"] if a["counts"]}


def anchor_checks(story, op, authority, witness, log_key):
    """What outsiders gave is carried, and judged."""
    whole = story.path("whole")
    got, counts = outside(story, whole)
    story.check(counts == {"tsa", "witness"}
                and got["films_anchored_until"] and got["anchored_until"]
                and not got["anchored_by_given"],
                "authority and witness vouch for the film", got)
    got, counts = outside(story, story.path("gaps"), code=10)
    story.check(counts == {"tsa", "witness"} and got["films_anchored_until"]
                and os.path.exists(story.path(
                    "gaps/data/ledger/consistency.txt")), "for the second, "
                "too, by a checkpoint within its epoch", got)
    exhibit(story, op, "ABC/4", "later", *stretch(op, 3))
    got, counts = outside(story, story.path("later"), code=10)
    story.check(counts == {"tsa", "witness"} and got["anchored_until"]
                and got["films_anchored_until"] is None,
                "not for what was recorded after they had been asked", got)
    story.check("no outsider had seen all that the films show" in story.sting(
        "verify", story.path("later"), code=10).out, "which is told in words")
    other = Authority(story.path("other-tsa"), name="Somebody Else")
    for words, wanted in [(("--ca", authority.ca), {"tsa"}),
                          (("--witness-key", witness), {"witness"}),
                          (("--ca", other.ca), set())]:
        got, counts = outside(story, whole, *words)
        story.check(counts == wanted and got["anchored_by_given"]
                    and bool(got["films_anchored_until"]) == bool(wanted),
                    "with %s these count: %s" % (words[0], sorted(wanted)),
                    got)
    story.sting("verify", whole, "--anchor", story.path("whole/README.txt"),
                code=1)
    bag = changed(story, whole, log_key)
    by_hand = re.findall(r"^    (head .*|openssl ts .*|grep .*)$",
                         bag.read("README.txt").decode(), re.M)
    said = story.run("sh", "-ec", "\n".join(by_hand).replace(
        "CA.pem", authority.ca), cwd=whole)
    story.check(len(by_hand) == 3 and "Verification: OK" in said.out
                + said.err, "README.txt says how openssl checks it", said)
    flip("anchor", 0.99)(bag)
    bag.resign()
    got, counts = outside(story, bag.folder)
    false = [a for a in got["anchors"] if a["state"] == "forged"]
    story.check(len(false) == 1 and not false[0]["counts"]
                and got["verdict"] == "INTACT",
                "a false stamp vouches for nothing", got)
    stamp_elsewhere(bag, authority)
    got, counts = outside(story, bag.folder)
    story.check(got["films_anchored_until"] is None and not counts
                and "not-shown" in {a["state"] for a in got["anchors"]},
                "nor does a good stamp over what the exhibit does not hold",
                got)


def stamp_elsewhere(bag, authority):
    """A true stamp over a checkpoint, well signed, of other lines."""
    path = bag.named("anchor")
    origin = bag.read("data/exhibit.txt").split(b"\n")[2].split(b" ")[1]
    text = origin + b"\n999\n" + base64.b64encode(bytes(32)) + b"\n"
    bag.write(path, authority.reply(authority.query(text)))
    for name in bag.files():
        if name.startswith("data/anchors/") and name.endswith(".note"):
            bag.write(name, text + b"\n" + bag.sign(text, origin, bag.log_key)
                      + b"\n")
    bag.resign()


def incident_checks(story, matrix):
    """Of an incident, while a station runs; its camera is a stand-in, and so
    are its pictures."""
    op = story.operation("yard")
    told = open(op + "/operation.yaml", encoding="utf-8").read()
    story.write("yard/operation.yaml", told.replace(
        "\ncameras:\n", "\ncameras:\n  - name: yard\n    url: clip.txt\n"
        ).replace("quiet_s: 10", "quiet_s: 1"))
    story.write("yard/clip.txt", "interval_ms=100 duration_ms=100 person_at=25"
                " person_until=35 page_at=30")
    station = story.start(os.environ["STANDIN"], "run", op)
    station.wait_line("ALERT! INCIDENT 1", 30)
    early = exhibit(story, op, "YARD/1", "early", "--incident", 1, code=2)
    story.check("is not over" in early.err and not os.path.exists(
        story.path("early")), "an incident that goes on is not cut by accident")
    lines = ended(op)
    time.sleep(2.5)  # what is shown after it is of this session, too
    station.stop()
    station = story.start(os.environ["STANDIN"], "run", op)
    station.wait_line("camera yard: recording", 30)
    none = exhibit(story, op, "YARD/1", "none", "--incident", 9, code=2)
    story.check("no incident 9" in none.err, "nor made of none")
    made = exhibit(story, op, "YARD/1", "yard-1", "--incident", 1,
                   "--json").json()[0]
    live_checks(story, op)
    story.check(station.is_running() and station.stop() == 0,
                "the station goes on meanwhile")
    got = matrix.ask(story.path("yard-1"), made["case_key"])
    story.check({matrix.cell(one) for one in got} == {"INTACT"},
                "an exhibit of an incident is INTACT, say all three", got)
    bag = Bag(story.path("yard-1"), "")
    asked = dict(row.split(" ")[:2] for row in bag.read(
        "data/exhibit.txt").decode().splitlines() if row.count(" ") == 1)
    shown = b"".join(bag.lines()).decode()
    story.check(asked["incident"] == "1" and asked["camera"] == "yard"
                and asked["from"] < re.search(r" start=(\S+)", lines)[1]
                and asked["to"] > re.search(r" end=(\S+)", lines)[1]
                and " alert " in shown and " state=closed " in shown,
                "it is of that camera, from before to after, with its alert",
                asked)


def live_checks(story, op):
    """Of what a station records at this moment."""
    now = time.time()
    text = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now + more))
            + ".%03dZ" % (now % 1 * 1000) for more in (-1, 0, 3600)]
    words = ("--camera", "yard", "--from", text[0], "--json", "--to")
    got = exhibit(story, op, "YARD/7", "live", *words, text[1])
    made = got.json()[0]
    # On a busy machine a picture may be missing at that very moment; then
    # that is told.
    least = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - 0.5))
    story.check(made["films_until"] >= least
                and made["is_short"] == (made["films_until"] < text[1])
                and made["is_short"] == ("goes up to" in got.err),
                "a station that runs seals its segment and signs when it is "
                "asked (%.1f s)" % got.seconds,
                (got, open(op + "/evidence/ledger", encoding="ascii").read()))
    got = exhibit(story, op, "YARD/8", "short", *words, text[2])
    made = got.json()[0]
    told = [open(story.path("short", name), encoding="utf-8").read()
            for name in ("LIMITS.txt", "data/REPORT.html")]
    until = made["films_until"][:19]
    story.check(made["is_short"] and "goes up to " + until in got.err
                and all("recording goes up to " + until in one
                        for one in told),
                "one that ends before its stretch says so on stderr, in JSON, "
                "in LIMITS.txt and in the report", (got, told[0]))


def ended(op):
    """The line that ends incident 1."""
    for _ in range(100):
        with open(op + "/evidence/ledger", encoding="ascii") as ledger:
            end = re.search(r"^.* incident n=1 state=closed .*$",
                            ledger.read(), re.M)
        if end:
            return end[0]
        time.sleep(0.3)
    raise Broken("incident 1 does not end")


def closed_checks(story, op):
    """An operation that is closed is given out by one that is open."""
    gone = story.path("yard")
    print_ = story.sting("verify", gone, "--json").json()[0]["case_key"]
    who = ("--by", "the head gardener", "--reason", "the season is over")
    story.sting("close", gone, *who, "--keys-to", story.path("safe"))
    got = exhibit(story, gone, "ABC/9", "never", "--incident", 1, code=2)
    story.check("sting import" in got.err and not os.path.exists(
        story.path("never")), "a closed operation has no key to sign an "
                "exhibit, and says what to do", got)
    story.sting("import", op, gone, "--name", "gone", "--fingerprint",
                ":".join(re.findall("..", print_.upper())), *who)
    taken = op + "/boxes/gone"
    os.mkdir(taken + "/keys", 0o700)
    shutil.copy(story.path("safe", "identity"), taken + "/keys/identity")
    exhibit(story, taken, "ABC/9", "gone", "--incident", 1)
    got = story.sting("verify", story.path("gone"), "--case-key", print_,
                      "--json", code=None).json()[0]
    origin = story.sting("verify", op, "--note").out.split("\n")[0]
    # The station may have begun anew before the stretch was over: a gap.
    story.check(got["verdict"] in ("INTACT", "INTACT WITH GAPS")
                and got["office"] == origin,
                "imported into an open one, the open one signs", got)
    for script in (("sh", "VERIFY.sh"), ("python3", "verify.py"),
                   (story.binary, "verify", ".", "--case-key")):
        got = story.run(*script, print_, code=None, cwd=story.path("gone"))
        story.check("THE WORD OF WHO IMPORTED IT, %s, VOUCHED FOR BY NOBODY "
                    "HERE" % origin in got.out.split("\n")[0],
                    "%s says with its verdict whose word the rest is"
                    % script[1], got)


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
