"""A batch of before packing 2 (docs/formats/bait.md, "The file of a copy"):
its copies come out again with the bytes that they had then. The operation of
bait_packing_1.tar.xz was made by the last version that knew packing 1 alone,
of a page whose copies are packed in another way today; what the files were
that it issued stands here."""
import hashlib
import os
import shutil

from story import Story

THEN = {1: "84c0587da77aae1dfe785f0466b9bad66d3829e8575ce25d21017622cd623cf7",
        2: "04caa861cdb4ac69c1d463853a236cd9666d02047e76f2d95340cc33a6a03aa1"}


def digest(copy):
    with open(copy["file"], "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


with Story("copies of an earlier packing keep their bytes") as story:
    shutil.unpack_archive(
        os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     "bait_packing_1.tar.xz"), story.folder)
    op = story.path("op")
    story.sting("verify", op)

    got = story.sting("bait", "copy", op, "water-tank", "1-2", "--out",
                      story.path("then"), *story.keys(), "--json")
    story.check({copy["copy"]: digest(copy) for copy in got.json()} == THEN,
                "copies 1 and 2 are the files that were issued", got)
    story.check("packed" not in got.err, "and no word of other bytes", got)

    new = story.sting("bait", "issue", op, "water-tank", "--to", "Barn",
                      "--out", story.path("now"), *story.keys(),
                      "--json").json()[0]
    got = story.sting("bait", "copy", op, "water-tank", "1-3", "--out",
                      story.path("again"), *story.keys(), "--json")
    story.check({copy["copy"]: digest(copy) for copy in got.json()}
                == {**THEN, 3: digest(new)},
                "each batch keeps its own, also in one run", got)
