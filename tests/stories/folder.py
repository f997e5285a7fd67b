"""An operation is made, told apart, unlocked and written to, by its owner and
by the program age alone."""
import os
import pty
import re
import shutil

from story import SKIPPED, Story

PURPOSE = ["--goal", "Find who copies the water tank",
           "--legal-basis", "Works agreement 12: section 3",
           "--decided-by", "Head of security"]


def age_with_passphrase(file, passphrase):
    """What `age -d FILE` prints when the passphrase is typed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("age", ["age", "-d", file])
    os.read(terminal, 1024)  # it asks
    os.write(terminal, passphrase.encode() + b"\n")
    out = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        out += more
    os.waitpid(pid, 0)
    os.close(terminal)
    return out.decode("utf-8", "replace")


def said_only(story, op):
    """What would be written otherwise than it was said is refused."""
    wide = story.path("wide.txt")
    with open(wide, "wb") as file:
        file.write("The visitor came back".encode("utf-16"))
    with open(story.path("old.txt"), "wb") as file:
        file.write("Werkst\u00e4tte".encode("latin-1"))
    wrong = (["Werkst\udce4tte"], ["--text-file", wide],
             ["--text-file", story.path("old.txt")],
             ["seen", "--by", "M\udcfcller"], ["seen", "--by", ""],
             ["seen", "--incident", "77"],
             ["seen", "--at", "2999-01-01T00:00:00Z"])
    before = open(os.path.join(op, "evidence/ledger")).read()
    for words in wrong:
        got = story.sting("log", op, *words, code=1)
        story.check(got.err.count(": ") >= 3, "it is told why, and what to do",
                    got)
    story.check(open(os.path.join(op, "evidence/ledger")).read() == before,
                "nothing of it is written")


with Story("an operation is made whole, sealed, and opens with age") as story:
    if not shutil.which("age"):
        raise SystemExit(SKIPPED)
    op = story.path("tank")
    for missing in range(0, 6, 2):
        some = PURPOSE[:missing] + PURPOSE[missing + 2:]
        got = story.sting("new", op, *some, *story.keys(), code=1)
        story.check(PURPOSE[missing] in got.err and not os.path.exists(op),
                    "nothing is made without %s" % PURPOSE[missing], got)

    got = story.sting("new", op, *PURPOSE, "--until", "2020-01-31",
                      *story.keys(), code=1)
    story.check("ended" in got.err and not os.path.exists(op),
                "nothing is made that has ended already", got)

    got = story.sting("new", op, *PURPOSE, *story.keys(), "--json")
    made = got.json()[0]
    story.check(len(set(made["recipients"])) == 2,
                "it is sealed to two recipients", got)
    story.check(re.fullmatch("([0-9a-f]{4} ){7}[0-9a-f]{4}",
                             made["case_fingerprint"]),
                "the case key's fingerprint is told", got)
    story.check(made["recovery_identity"].startswith("AGE-SECRET-KEY-1"),
                "a recovery identity is told once", got)
    recovery = story.write("recovery", made["recovery_identity"] + "\n")
    story.sting("new", op, *PURPOSE, *story.keys(), code=2)
    story.check(story.sting("check", op).code == 0, "its configuration is right")

    with open(story.keys()[1]) as file:
        passphrase = file.readline().rstrip("\n")
    text = age_with_passphrase(os.path.join(op, "keys/identity"), passphrase)
    found = re.search("AGE-SECRET-KEY-1[A-Z0-9]{58}", text)
    story.check(found, "age opens keys/identity with the passphrase", text)
    text = age_with_passphrase(os.path.join(op, "keys/mark"), passphrase)
    story.check(re.search("[0-9a-f]{64}", text),
                "age opens keys/mark with the passphrase", text)
    identity = story.write("identity", found.group(0) + "\n")
    for name in ("identity", "mark", "case"):
        with open(os.path.join(op, "keys", name), "rb") as file:
            head = file.read(200)
        story.check(re.search(rb"\n-> scrypt \S+ 17\n", head),
                    "each guess at keys/%s costs 2^17 rounds" % name, head)

    got = story.sting("log", op, "Asked twice for the drawing", "--asked",
                      "water-tank", "--by", "Werkstätte 3")
    story.check("no bait" in got.err, "a bait that is not there is told", got)
    said_only(story, op)
    ledger = open(os.path.join(op, "evidence/ledger")).read()
    story.check("Asked" not in ledger and "Werk" not in ledger,
                "the ledger does not tell what an entry says")
    blob = re.search(r" note type=asked blob=([0-9a-f]{64})", ledger).group(1)
    for name, key in (("own", identity), ("recovery", recovery)):
        plain = story.run("age", "-d", "-i", key,
                          os.path.join(op, "evidence/blobs", blob + ".age"))
        entry = plain.json()[0]
        story.check(entry["text"] == "Asked twice for the drawing"
                    and entry["by"] == "Werkstätte 3"
                    and entry["bait"] == "water-tank",
                    "age opens the entry with the %s identity" % name, plain)
    secret = re.findall("(?:Find who copies|Head of security|Asked twice)",
                        "".join(open(os.path.join(folder, file),
                                     errors="replace").read()
                                for folder, _, files in os.walk(op)
                                for file in files
                                if file != "operation.yaml"))
    story.check(not secret, "no text lies in the folder in clear", secret)

    got = story.sting("reindex", op, "--json")
    story.check(got.json()[0]["notes"] == 1, "the catalog has the entry", got)
    got = story.sting("verify", op, "--json")
    story.check(got.json()[0]["verdict"] == "INTACT", "all is intact", got)

    config = os.path.join(op, "operation.yaml")
    with open(config) as file:
        lines = file.read().splitlines()
    row = lines.index("quiet_s: 10")
    lines[row] = "quite_s: 10"
    with open(config, "w") as file:
        file.write("\n".join(lines) + "\n")
    got = story.sting("check", op, code=1)
    place = "operation.yaml:%d:1: " % (row + 1)
    story.check(place in got.err and 'did you mean "quiet_s"?' in got.err,
                "a wrong key is told with its place and the right one", got)
    got = story.sting("log", op, "x", code=1)
    story.check(place in got.err, "every command tells it", got)
