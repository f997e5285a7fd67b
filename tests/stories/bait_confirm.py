"""What a photograph will tell is predicted before anything is printed; a
photograph at the hand-over proves which copy went where, and measures."""
import hashlib
import json
import math
import os
import re
import struct

from story import Story

HOLDERS = ["Workshop 3", "Front desk", "Archive"]


def asked_apart(story, op, desk):
    """Hand-overs of a document are charged among themselves, whatever page
    and picture; a trace of its page is not."""
    again = story.sting("bait", "confirm", op, desk, "--holder", "Front desk",
                        *story.keys(), "--json").json()[0]
    charged = math.log10(again["tried"] * 5 * 6) - again["log10_lr"]
    story.check(abs(charged - again["log10_false"]) < 0.02,
                "the fifth photograph of a hand-over pays for five", again)
    with open(story.sample("water-tank.pdf"), "rb") as file:
        mine = hashlib.sha256(b"question" + hashlib.sha256(file.read()).digest()
                              + struct.pack("<I", 2**32 - 2)).hexdigest()
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        told = [re.search(r" k=(\d+)", line).group(1) for line in file
                if "question=" + mine in line]
    story.check(told == ["1", "2", "3", "4", "5"], "the ledger counts them", told)
    turned = story.path("turned.jpg")
    story.sting("drill", "--photograph", story.path("out", "Front desk",
                "water-tank.pdf"), "--page", 2, "--setting", "room", "--seed",
                77, "--out", turned)
    got = story.sting("trace", op, turned, *story.keys(), "--json").json()[0]
    story.check(got["run"] == 1 and got["copy"] == 2,
                "a trace of that page is the first", got)


def report_tells(story, report, at):
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        page = " ".join(file.read().split())
    since = "%s %s UTC" % (at[:10], at[11:16])
    story.check("Hand-over of copy 2: verified, in the ledger since " + since
                in page, "and so does the report", page[:6000])


def exhibit_proves_nothing(story, op, leaked):
    """What was traced before is no picture of a hand-over, even of the holder
    whom it names; what was confirmed before can be asked about again."""
    got = story.sting("trace", op, leaked, *story.keys(), "--json").json()[0]
    story.check(got["copy"] == 3 and got["handover"] == "receipt",
                "an exhibit names copy 3", got)
    got = story.sting("bait", "confirm", op, leaked, "--holder", "Archive",
                      *story.keys(), code=2)
    story.check(re.search(r"was traced on 20\d\d-\d\d-\d\d \(UTC\), so it "
                          "proves no hand-over: take a new one", got.err),
                "which proves no hand-over", got)
    told = story.sting("bait", "list", op, *story.keys(), "--json").json()
    story.check([entry["handover"] for entry in told if entry.get("copy") == 3]
                == ["receipt"], "and changes nothing in the register", told)
    got = story.sting("trace", op, leaked, *story.keys())
    story.check("SPEAKS FOR ITS HOLDER: 2 photographs given as of the hand-over "
                "of copy 3 named another copy" in got.out,
                "nor is it told without what speaks for its holder", got)


def verified_after_a_trace(story, op, leaked):
    """An exhibit that was saved again is no longer known by its bytes: what it
    verifies is told everywhere as verified only after the trace."""
    again, report = story.path("again.jpg"), story.path("after")
    with open(leaked, "rb") as file, open(again, "wb") as out:
        out.write(file.read() + b"saved again")
    got = story.sting("bait", "confirm", op, again, "--holder", "Archive",
                      *story.keys())
    story.check("But a trace had named this copy before, on 20" in got.out,
                "the exhibit saved again is told as that", got)
    told = {entry.get("copy"): entry for entry in story.sting(
        "bait", "list", op, *story.keys(), "--json").json()}
    story.check(told[3]["handover"] == "verified"
                and told[3]["handover_after_trace"]
                and told[2]["handover"] == "verified"
                and told[2]["handover_after_trace"] is None,
                "by the list", told)
    got = story.sting("bait", "list", op, *story.keys())
    story.check(got.out.count("(only after a trace had named it)") == 1,
                "in words too", got)
    got = story.sting("trace", op, leaked, "--report", report, *story.keys())
    story.check(", but only after a trace had named this copy, on 20"
                in got.out, "by a trace", got)
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        page = " ".join(file.read().split())
    story.check("given only after a trace had named copy 3." in page,
                "and by its report", page[:6000])
    got = story.sting("bait", "confirm", op,
                      story.path("out", "Archive", "water-tank.pdf"),
                      "--holder", "Archive", *story.keys(), "--json", code=2)
    story.check("a PDF is no photograph of a print" in got.err and not got.out,
                "the file of a copy proves no hand-over", got)


def refused_for_all(story, op, other, photograph):
    """What was refused for one holder is not fitted to another; after an
    honest mix-up a new picture is taken, and says no more of others."""
    def confirm(picture, holder, code):
        return story.sting("bait", "confirm", op, picture, "--holder", holder,
                           *story.keys(), "--json", code=code)

    for holder in ("Workshop 3", "Archive"):
        got = confirm(other, holder, 2)
        story.check(re.search(r"was refused for a holder on 20\d\d-\d\d-\d\d "
                              r"\(UTC\), so it proves no hand-over: take a new",
                              got.err) and not got.out,
                    "the same picture is not taken for " + holder, got)
    again = photograph("Workshop 3", 4, "room")
    got = confirm(again, "Archive", 3).json()[0]
    story.check(got["handover"] == "refused" and got["copy"] is None
                and got["issued_to"] is None, "nor does JSON say whose", got)
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        line = [text.split()[0] for text in file
                if " handover " in text and got["picture_sha256"] in text]
    sealed = json.loads(story.sting("unlock", op, "--entry", line[0],
                                    "--reason", "mix-up", *story.keys()).out)
    story.check(sealed["copy"] == 1 and sealed["issued_to"] == "Workshop 3",
                "the ledger keeps it", sealed)
    got = confirm(photograph("Workshop 3", 2, "room"), "Workshop 3", 0)
    story.check(got.json()[0]["handover"] == "verified",
                "and a new picture puts an honest mix-up right", got)
    story.check([one["for_copy"] for one in got.json()[0]["handovers_shown"]]
                == [3, 3], "which tells what speaks against it", got)


def two_prove_nothing(story, op):
    """With two holders' copies on one table nobody knows who went with which."""
    table = story.path("table.jpg")
    page = [story.path("out", holder, "water-tank.pdf")
            for holder in ("Front desk", "Archive")]
    story.sting("drill", "--photograph", page[0], "--page", 2, "--setting",
                "room", "--seed", 51, "--beside", page[1], "--out", table)
    got = story.sting("bait", "confirm", op, table, "--holder", "Front desk",
                      *story.keys(), "--json", code=3)
    story.check("shows copies of more than one holder" in got.err
                and got.json()[0]["handover"] == "refused"
                and got.json()[0]["copy"] is None,
                "a picture of two holders' copies verifies none", got)
    told = {entry.get("copy"): entry for entry in story.sting(
        "bait", "list", op, *story.keys(), "--json").json()}
    story.check([(one["for_copy"], one["beside"])
                 for one in told[3]["handovers_shown"]] == [(2, True)]
                and told[2]["handovers_refused"] == 1,
                "and is told of both", told)


def refused_at_its_document(story, op, photograph):
    """A refusal is written against the holder's copy of the document that is
    shown, not against their newest of whatever document."""
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "second")
    story.sting("bait", "issue", op, "second", "--to", "Archive", "Yard",
                "--out", story.path("out2"), *story.keys())

    def line_of(holder, page):
        got = story.sting("bait", "confirm", op,
                          photograph("Workshop 3", page, "room"), "--holder",
                          holder, *story.keys(), "--json", code=3)
        with open(os.path.join(op, "evidence", "ledger"),
                  encoding="utf-8") as file:
            return got, [text for text in file if " handover " in text
                         and got.json()[0]["picture_sha256"] in text][0]

    got, line = line_of("Archive", 3)
    story.check(" bait=water-tank copy=3 state=refused " in line
                and " shows=1 " in line, "refused at copy 3, not at 4", line)
    got, line = line_of("Yard", 6)
    story.check(" bait=water-tank copy=0 state=refused " in line
                and '"Yard" has none' in got.err,
                "and at none where the holder has none", (got, line))
    got = story.sting("bait", "list", op, *story.keys())
    story.check("hand-over to somebody who has no copy of the document shows "
                "copy 1 (" in got.out, "which the list tells of copy 1", got)


def swap_is_told(story, op, other):
    """A photograph of copy 1 given as of copy 3's hand-over speaks for the
    holder of copy 1, wherever copy 1 is told, and for that of copy 3."""
    swapped = ("a photograph given as of the hand-over of copy 3 (Archive) "
               "shows copy 1 (in the ledger since 20")
    report = story.path("swapped")
    got = story.sting("trace", op, other, "--report", report, *story.keys())
    story.check(got.out.count("SPEAKS FOR ITS HOLDER: " + swapped) == 2,
                "a trace tells it", got)
    with open(os.path.join(report, "report.html"), encoding="utf-8") as file:
        page = " ".join(file.read().split())
    story.check(page.count("This speaks for the holder of copy 1: " + swapped)
                == 2, "and its report", page[:6000])
    got = story.sting("trace", op, other, *story.keys(), "--json").json()[0]
    story.check([(one["for_copy"], one["beside"])
                 for one in got["handovers_shown"]] == [(3, False)] * 2
                and got["copy"] == 1 and got["handovers_refused"] == 0,
                "as JSON too", got)
    got = story.sting("bait", "list", op, *story.keys())
    story.check(got.out.count(swapped) == 2, "and the list", got)
    dossier = story.path("swapped.html")
    story.sting("dossier", op, "--out", dossier,
                *story.keys_for("the court asks"))
    with open(dossier, encoding="utf-8") as file:
        page = " ".join(file.read().split())
    story.check(page.count("This speaks for the holder of copy 1: " + swapped)
                == 2 and "named by 2 pictures given for another" in page
                and "verified, but only after a trace had named it" in page,
                "and the dossier", page[:6000])


with Story("a hand-over is proved by a photograph") as story:
    op = story.path("tank")
    story.new(op, "--goal", "Find who copies", "--legal-basis",
              "Works agreement 12", "--decided-by", "Head", *story.keys())
    story.sting("bait", "add", op, story.sample("water-tank.pdf"))
    rows = story.sting("bait", "strength", op, "water-tank", "--copies", "3",
                       *story.keys(), "--json").json()
    story.check(len(rows) == 6 * 3 * 3, "six pages, three lights, three parts")
    worth = {(row["page"], row["setting"], row["part"]): row for row in rows}
    story.check(all(worth[page, light, "full"]["log10_lr"]
                    > worth[page, light, "quarter"]["log10_lr"]
                    for page in range(1, 7)
                    for light in ("good light", "half-light", "garage")),
                "a larger part tells more")
    story.check(all(worth[page, "good light", "quarter"]["log10_lr"]
                    > worth[page, "garage", "quarter"]["log10_lr"]
                    for page in range(1, 7)), "better light tells more")
    got = story.sting("bait", "issue", op, "water-tank", "--to", *HOLDERS,
                      "--out", story.path("out"), *story.keys())
    story.check("good light: a full page names the copy" in got.out
                and got.out.index("garage:") < got.out.index("copy 1 for"),
                "issue tells it before the first file", got)

    def photograph(holder, page, setting):
        picture = story.path("%s-%d-%s.jpg" % (holder, page, setting))
        story.sting("drill", "--photograph",
                    story.path("out", holder, "water-tank.pdf"), "--page",
                    page, "--setting", setting, "--seed", page, "--out",
                    picture)
        return picture

    def handovers():
        return {entry["copy"]: entry for entry in story.sting(
            "bait", "list", op, *story.keys(), "--json").json()
            if entry.get("copy")}

    story.sting("bait", "receipt", op, "water-tank", "1", *story.keys(),
                code=1)
    story.sting("bait", "receipt", op, "water-tank", "9", "--by", "Stores",
                *story.keys(), code=2)
    story.sting("bait", "receipt", op, "water-tank", "1", "--by", "Stores",
                *story.keys())
    signed = story.write("signed.txt", "Received, 3 May, the archive\n")
    story.sting("bait", "receipt", op, "water-tank", "3", "--by", "Stores",
                "--file", signed, *story.keys())
    told = handovers()
    story.check([told[n]["handover"] for n in (1, 2, 3)]
                == ["claimed", "none", "receipt"],
                "a word is a claim, a paper is a receipt", told)

    desk = photograph("Front desk", 2, "room")
    got = story.sting("bait", "confirm", op, desk, "--holder", "Front desk",
                      "--by", "Stores", *story.keys(), "--json").json()[0]
    story.check(got["handover"] == "verified" and got["copy"] == 2
                and 0 < got["word_noise_pt"] < 0.15,
                "the photograph verifies copy 2, and measures", got)
    other = photograph("Workshop 3", 5, "room")
    got = story.sting("bait", "confirm", op, other, "--holder", "Archive",
                      *story.keys(), code=3)
    story.check("REFUSED: it shows another holder's copy of water-tank, not "
                'that of "Archive"' in got.err, "a picture of another copy is "
                "refused, loudly", got)
    story.check("copy 1" not in got.err and "Workshop" not in
                got.err.split("REFUSED")[1], "without saying whose", got)
    refused_for_all(story, op, other, photograph)
    asked_apart(story, op, desk)
    story.sting("bait", "confirm", op, other, "--holder", "Nobody",
                *story.keys(), code=2)
    told = handovers()
    story.check([told[n]["handover"] for n in (1, 2, 3)]
                == ["verified", "verified", "receipt"]
                and told[3]["handovers_refused"] == 2,
                "the list tells all of it", told)
    got = story.sting("bait", "list", op, *story.keys())
    story.check("as at the hand-over: a full page names" in got.out,
                "and what the measured noise means", got)
    rows = story.sting("bait", "strength", op, "water-tank", *story.keys(),
                       "--json").json()
    story.check(len(rows) == 6 * 4 * 3, "it stands beside the predictions")
    leaked, report = photograph("Front desk", 1, "half-light"), story.path("r")
    got = story.sting("trace", op, leaked, "--report", report, *story.keys(),
                      "--json").json()[0]
    story.check(got["copy"] == 2 and got["handover"] == "verified"
                and got["handover_at"] == told[2]["handover_at"],
                "and a trace says that the hand-over was verified, and when",
                got)
    report_tells(story, report, got["handover_at"])
    at = got["handover_at"]
    got = story.sting("trace", op, leaked, *story.keys())
    story.check("(handover: verified, in the ledger since %s %s UTC)"
                % (at[:10], at[11:16]) in got.out, "in words too", got)
    exhibit = photograph("Archive", 1, "room")
    exhibit_proves_nothing(story, op, exhibit)
    verified_after_a_trace(story, op, exhibit)
    two_prove_nothing(story, op)
    swap_is_told(story, op, other)
    refused_at_its_document(story, op, photograph)
    for name in os.listdir(op):
        if name == "catalog.db":
            os.unlink(os.path.join(op, name))
    story.sting("reindex", op)
    story.sting("dossier", op, "--out", story.path("d.html"),
                *story.keys_for("the court asks"))
    story.sting("verify", op)
