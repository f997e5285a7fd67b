"""Bait is registered, issued and made again; what cannot be marked is refused
with a reason, and nothing half-written is left."""
import os
import random
import subprocess

from story import ROOT, Story

SAMPLE = os.path.join(ROOT, "samples", "water-tank.pdf")

with Story("copies are each their own, and can be made again") as story:
    op = story.path("tank")
    story.sting("new", op, "--goal", "Find who copies", "--legal-basis",
                "Works agreement 12", "--decided-by", "Head", *story.keys())
    added = story.sting("bait", "add", op, SAMPLE, "--json").json()[0]
    story.check(added["pages"] == 6 and added["unmarkable_pages"] == []
                and added["units"] > 1000 and added["max_shift_pt"] < 0.21,
                "six pages can be marked, no word by more than 0.2 pt")

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

    story.sting("bait", "issue", op, "water-tank", "--to", "Front desk",
                "--out", out, *story.keys(), code=2)
    again = story.path("again")
    got = story.sting("bait", "copy", op, "water-tank", "2", "--out", again,
                      *story.keys(), "--json").json()[0]
    story.check(open(got["file"], "rb").read() == files[1],
                "copy 2 comes out again byte for byte")
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
    names = story.sting("bait", "list", op, *story.keys(), "--json").json()
    story.check({entry["bait"] for entry in names} == {"water-tank"},
                "nothing half-written is left")
    story.sting("verify", op)
