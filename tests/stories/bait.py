"""Bait is registered, issued and made again; what cannot be marked is refused
with a reason, and nothing half-written is left."""
import os
import random
import shutil
import subprocess
import tempfile

from copies import judged, kept
from story import ROOT, Story

SAMPLE = os.path.join(ROOT, "samples", "water-tank.pdf")
NOBODY = 65534


def pdf_of(drawing):
    """A page on which only this is drawn."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>",
               b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
               b"/Contents 4 0 R/Resources<<>>>>",
               b"<</Length %d>>stream\n%s\nendstream"
               % (len(drawing), drawing)]
    out, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                  % table)


def name_the_folder_that_is_none(story):
    """Every desk says which folder could not be opened, not which bait."""
    picture = story.path("facts.txt")
    with open(picture, "w") as file:
        file.write("water the tank at noon\n")
    for words in (["add", SAMPLE], ["issue", "tank", "--to", "A", "--out",
                                    story.path("none")],
                  ["list"], ["copy", "tank", "1", "--out",
                             story.path("none")],
                  ["strength", "tank"], ["receipt", "tank", "1", "--by", "B"],
                  ["declare", "tank", picture],
                  ["confirm", picture, "--holder", "A"]):
        got = story.sting("bait", words[0], "nowhere", *words[1:],
                          *(story.keys() if words[0] != "add" else []),
                          code=2)
        story.check(got.err.startswith("sting: nowhere: ")
                    and got.err.count("\n") == 1,
                    "bait %s names the folder that is none" % words[0], got)


def refuse_a_name_that_steers(story, op):
    red = story.path("\x1b[31mtank.pdf")
    shutil.copy(SAMPLE, red)
    got = story.sting("bait", "add", op, red, "--name", "red", code=1)
    story.check("\x1b" not in got.err and got.err.endswith(
        "no plain text in UTF-8: rename the file\n"),
                "a file whose name steers a terminal is to be renamed", got)


def refuse_without_rights(story):
    """As a user who may not read the file; root reads everything, so then
    the command runs as nobody, in a folder of nobody's."""
    is_root = os.geteuid() == 0
    as_user = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY,
               "--clear-groups"] if is_root else []
    folder = tempfile.mkdtemp(prefix="sting-nobody-")
    try:
        key = os.path.join(folder, "passphrase")
        with open(key, "w") as file:
            file.write("water the tank at noon\n")
        secret = os.path.join(folder, "secret.pdf")
        shutil.copy(SAMPLE, secret)
        if is_root:
            for path in (folder, key):
                os.chown(path, NOBODY, NOBODY)
        os.chmod(key, 0o600)
        os.chmod(secret, 0)
        op = os.path.join(folder, "op")
        story.run(*as_user, story.binary, "new", op, "--goal", "g",
                  "--legal-basis", "l", "--decided-by", "d",
                  "--passphrase-file", key)
        got = story.run(*as_user, story.binary, "bait", "add", op, secret,
                        code=2)
        story.check("Permission denied" in got.err
                    and got.err.count("\n") == 1,
                    "a file that may not be read is refused", got)
    finally:
        shutil.rmtree(folder)


with Story("copies are each their own, and can be made again") as story:
    op = story.path("tank")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    added = story.sting("bait", "add", op, SAMPLE, "--json").json()[0]
    story.check(added["pages"] == 6 and added["unmarkable_pages"] == []
                and added["units"] > 1000 and added["max_shift_pt"] < 0.21,
                "six pages can be marked, no word by more than 0.2 pt")
    refuse_a_name_that_steers(story, op)

    table = story.write("holders.csv", 'no,holder\r\n1,"Workshop 3, left"\r\n'
                                       '2,Front desk\r\n3,"A ""quoted"" one"')
    out = story.path("copies")
    got = story.sting("bait", "issue", op, "water-tank", "--holders", table,
                      "--out", out, *story.keys(), "--json")
    made = got.json()
    story.check([copy["copy"] for copy in made] == [1, 2, 3]
                and made[0]["holder"] == "Workshop 3, left"
                and made[2]["holder"] == 'A "quoted" one',
                "every line of the table is a holder", got)
    files = [open(copy["file"], "rb").read() for copy in made]
    story.check(len(set(files)) == 3, "no two copies are the same")
    original = open(SAMPLE, "rb").read()
    for copy, data in zip(made, files):
        story.check(os.path.basename(copy["file"]) == "water-tank.pdf"
                    and abs(os.path.getmtime(copy["file"])
                            - os.path.getmtime(SAMPLE)) < 1e-3,
                    "the file has the original's name and date")
        story.check(abs(len(data) / len(original) - 1) < 0.02,
                    "and its size within 2 %")
        text = [subprocess.run(["pdftotext", path, "-"], check=True,
                               capture_output=True).stdout
                for path in (SAMPLE, copy["file"])]
        story.check(text[0] == text[1], "and its text")
        story.check(kept(copy["file"]) == kept(SAMPLE),
                    "its fonts, outline, links and dates")
        moved, wrong = judged(SAMPLE, copy["file"])
        story.check(moved > 1000 and not wrong, "Poppler finds none of its "
                    "%d moved words further away than it may be" % moved, wrong)

    story.sting("bait", "issue", op, "water-tank", "--to", "Front desk",
                "--out", out, *story.keys(), code=2)
    again = story.path("again")
    got = story.sting("bait", "copy", op, "water-tank", "2", "--out", again,
                      *story.keys(), "--json").json()[0]
    story.check(open(got["file"], "rb").read() == files[1],
                "copy 2 comes out again byte for byte")
    story.check("packed" not in story.sting(
        "bait", "copy", op, "water-tank", "1-3", "--out", out,
        *story.keys()).err, "and no word of what packed it, which is here")
    other = dict(os.environ, LD_PRELOAD=os.environ["SHIM"],
                 STING_SHIM_ZLIB="1.9.9")
    got = story.sting("bait", "copy", op, "water-tank", "1-3", "--out", out,
                      *story.keys(), env=other)
    story.check("copies 1 to 3: their bytes may differ" in got.err
                and "zlib 1.9.9" in got.err and "libdeflate 1." in got.err,
                "that another library packs now than then is told", got)
    story.sting("bait", "copy", op, "water-tank", "4", "--out", again,
                *story.keys(), code=2)
    listed = story.sting("bait", "list", op, *story.keys(), "--json").json()
    story.check([entry["copy"] for entry in listed if "copy" in entry]
                == [1, 2, 3], "three copies are listed")

    noise = random.Random(1).randbytes(100 << 20)
    refused = {
        "empty.pdf": (b"", "empty"),
        "noise.pdf": (noise, "not a PDF"),
        "headed.pdf": (b"%PDF-1.5\n" + noise[:1 << 20], "damaged"),
        "cut.pdf": (original[:len(original) // 2], "damaged"),
        "letter.txt": (b"Dear all,\n", "not a PDF"),
        "blank.pdf": (pdf_of(b""), "nothing to mark"),
        "drawing.pdf": (pdf_of(b"100 100 4 4 re f"), "nothing to mark"),
    }
    for name, (data, why) in refused.items():
        path = story.path(name)
        with open(path, "wb") as file:
            file.write(data)
        got = story.sting("bait", "add", op, path, code=2)
        story.check(why in got.err and got.err.count("\n") == 1,
                    "%s is refused: %s" % (name, why), got)
    locked = story.path("locked.pdf")
    subprocess.run(["qpdf", "--encrypt", "", "owner", "256", "--", SAMPLE,
                    locked], check=True)
    got = story.sting("bait", "add", op, locked, code=2)
    story.check("encrypted" in got.err, "an encrypted PDF is refused", got)
    story.sting("bait", "add", op, story.path("absent.pdf"), code=2)
    refuse_without_rights(story)
    name_the_folder_that_is_none(story)
    names = story.sting("bait", "list", op, *story.keys(), "--json").json()
    story.check({entry["bait"] for entry in names} == {"water-tank"},
                "nothing half-written is left")
    story.sting("verify", op)
