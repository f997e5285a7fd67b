"""What outsiders vouch for in an exhibit."""
import base64
import os
import re

from exhibit_changes import changed, flip
from exhibit_made import exhibit, stretch
from exhibit_matrix import row_of
from outsiders import Authority


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


def noted(bag):
    """The notes of outsiders, each with what the ledger says it is of."""
    for name in bag.files():
        if name.startswith("data/anchors/") and name.endswith(".note"):
            body = bag.read(name)
            yield name, body, body.split(b"\n\n")[0] + b"\n"


def stamped_again(authority):
    """The authority stamps the same checkpoints once more, later."""
    def change(bag):
        stamps = {name[:-4] for name in bag.files() if name.endswith(".tsr")}
        for name, _, text in noted(bag):
            if name[:-5] in stamps:
                bag.write(name[:-5] + ".tsr",
                          authority.reply(authority.query(text)))
    return change


def cosigned_again(witness, seed):
    """The witness signs the same checkpoint, as of seven seconds later."""
    who = witness.split("+")[0].encode()

    def change(bag):
        for name, body, text in noted(bag):
            for old in re.findall(rb"\xe2\x80\x94 %s (\S+)\n" % who, body):
                raw = base64.b64decode(old)
                time_s = int.from_bytes(raw[4:12], "big") + 7
                said = b"cosignature/v1\ntime %d\n" % time_s + text
                made = bag.sign(said, who, seed).split(b" ")[2]
                bag.write(name, body.replace(old, base64.b64encode(
                    raw[:4] + time_s.to_bytes(8, "big")
                    + base64.b64decode(made)[4:])))
    return change


def untimed(kind):
    """The time is cut out of the first line that tells of such an anchor."""
    def change(bag):
        lines = bag.lines()
        at = [i for i, one in enumerate(lines) if one.split()[3] == kind][0]
        lines[at] = re.sub(rb" at=\S+", b"", lines[at])
        bag.write("data/ledger/lines.txt", b"".join(lines))
    return change


def time_checks(story, matrix, authority, witness, log_key):
    """What a line tells of an outsider's time, the outsider tells otherwise:
    no rule speaks of it, so all three say INTACT; sting verify, which judges
    outsiders, does not count that one. A line without its time is changed."""
    who = "the holder of the log key, of an anchor's time"
    seed = open(story.path("witness/key"), encoding="ascii").read().strip()
    for name, change, code, rule, left in [
            ("true stamps of another time than their lines' `at=`",
             stamped_again(authority), 0, None, "witness"),
            ("a witness's words of another time than their lines' `at=`",
             cosigned_again(witness, seed), 0, None, "tsa"),
            ("the `at=` of a stamp's line cut out", untimed(b"tsr"), 12, "E6",
             None),
            ("the `at=` of a witness's line cut out", untimed(b"cosig"), 12,
             "E6", None)]:
        bag = changed(story, story.path("whole"), log_key)
        change(bag)
        bag.resign()
        matrix.known.append(row_of(who, name))
        matrix.case(who, name, bag.folder, code, rule)
        if left:
            got, counts = outside(story, bag.folder)
            story.check(counts == {left} and "other-time" in {
                a["state"] for a in got["anchors"]},
                        "%s do not count, and the other's does" % name, got)
    story.check(True, "of an outsider's time, too, three verifiers give one "
                "verdict")
