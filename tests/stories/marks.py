"""People say what an incident turned out to be: sealed, told, counted; and
whoever looks inside to verify is in the ledger too."""
import os
import signal

from story import Story


def listed(story, op, *words):
    return story.sting("log", op, "--list", "--json", *words).json()


def recorded(story):
    story.binary, sting = os.environ["STANDIN"], story.binary
    op = story.operation()
    with open(op + "/operation.yaml", encoding="utf-8") as file:
        text = file.read()
    with open(op + "/operation.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace("quiet_s: 10", "quiet_s: 1").replace(
            "\ncameras:\n", "\ncameras:\n  - name: garage\n"
            "    url: clip.txt\n", 1))
    with open(op + "/clip.txt", "w", encoding="utf-8") as file:
        file.write("interval_ms=100 duration_ms=100 person_at=5 "
                   "person_until=15")
    station = story.sting_start("run", op)
    station.wait_line("INCIDENT 1 at camera garage", 10)
    if station.stop(signal.SIGINT) != 0:
        story.check(False, "the station ends in order")
    story.binary = sting
    return op


def marked(story, op):
    for words in (("--false-alarm", "7"), ("--false-alarm", "1",
                  "--known-person", "1"), ("--false-alarm", "1", "--asked",
                  "tank"), ("--text-file", story.write("t", "x"))):
        story.sting("log", op, "a cat", *words, code=1)
    story.check(listed(story, op) == [], "what cannot be is not written")
    story.sting("log", op, "the cat of the house", "--false-alarm", "1",
                "--by", "Anna")
    story.sting("log", op, "--text-file", "-", "--known-person", "1", "--by",
                "Ben", stdin=b"the gardener, with a key\n")
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        text = file.read()
    story.check(" ack incident=1 by=Anna false=alarm " in text
                and " ack incident=1 by=Ben false=known " in text
                and "cat" not in text,
                "the ledger tells who marked it, and not what he wrote")
    first, second = listed(story, op)
    story.check(first["type"] == "false-alarm" and first["text"] is None
                and second["incident"] == 1,
                "the list has both, and no text without a passphrase", second)
    got = listed(story, op, *story.keys_for("to look"))
    story.check([one["text"] for one in got] == ["the cat of the house",
                "the gardener, with a key"], "with one it has the words", got)
    last = story.sting("unlock", op, "--list", "--json").json()[-1]
    story.check(last["command"] == "log" and last["why"] == "to look",
                "which is a line", last)
    words = story.sting("log", op, "--list", *story.keys()).out
    story.check("known-person  incident 1  by Ben: the gardener" in words,
                "people read it in words", words)


def counted(story, op):
    page = story.path("dossier.html")
    story.sting("dossier", op, "--out", page, *story.keys_for("court"))
    with open(page, encoding="utf-8") as file:
        text = file.read()
    story.check("the cat of the house" in text
                and "Marked as somebody known" in text,
                "the dossier tells each mark beside its incident")
    rows = [row for row in text.split("<tr>") if "said afterwards" in row
            or "a false alarm afterwards" in row]
    story.check(len(rows) == 2 and ">0<" in rows[0] and ">1<" in rows[1],
                "and counts by the last one", rows)
    story.sting("log", op, "it was nobody after all", "--false-alarm", "1")
    page = story.path("later.html")
    story.sting("dossier", op, "--out", page, *story.keys_for("court"))
    with open(page, encoding="utf-8") as file:
        text = file.read()
    rows = [row for row in text.split("<tr>")
            if "a false alarm afterwards" in row]
    story.check(">1<" in rows[0], "a later word replaces it", rows)


def verified(story, op):
    """What opens sealed files is a line, or it is said that there is none."""
    # with gaps: what the stand-in records is no film
    got = story.sting("verify", op, *story.keys_for("yearly"), "--by", "Cleo",
                      code=10)
    last = story.sting("unlock", op, "--list", "--json").json()[-1]
    story.check(got.err == "" and last["command"] == "verify"
                and last["by"] == "Cleo" and last["why"] == "yearly"
                and last["state"] == "opened",
                "verify with a passphrase is a line", last)
    wrong = story.write("wrong", "not the one\n")
    story.sting("verify", op, "--passphrase-file", wrong, code=2)
    last = story.sting("unlock", op, "--list", "--json").json()[-1]
    story.check(last["command"] == "verify" and last["state"] == "refused",
                "and so is a wrong one", last)
    before = os.path.getsize(op + "/evidence/ledger")
    story.sting("verify", op)
    story.check(os.path.getsize(op + "/evidence/ledger") == before,
                "without a passphrase it writes nothing")
    other = story.copy(op, "other")
    story.flip_bit(other + "/evidence/ledger", 900)
    before = os.path.getsize(other + "/evidence/ledger")
    got = story.sting("verify", other, *story.keys(), code=12)
    story.check(os.path.getsize(other + "/evidence/ledger") == before
                and "no line of this ledger tells" in got.err,
                "a record that is not intact is left alone, and that is said",
                got)


with Story("what an incident turned out to be is written down") as story:
    op = recorded(story)
    marked(story, op)
    counted(story, op)
    verified(story, op)
