"""What outsiders vouch for in an exhibit."""
import base64
import os
import re

from exhibit_changes import changed, flip
from exhibit_made import exhibit, stretch
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
