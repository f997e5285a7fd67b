"""An operation is kept for years: other passphrases, other recipients, a later
end, another machine; then it is closed, and nothing is written any more."""
import os
import shutil
import subprocess

from outsiders import Authority
from story import Story

WHO = ("--by", "Anna", "--reason", "a test")


def listed(story, op):
    return story.sting("unlock", op, "--list", "--json").json()


def age_opens(story, identity, path):
    return subprocess.run(["age", "-d", "-i", identity, path],
                          capture_output=True, check=False).returncode == 0


def newest_blob(op):
    folder = op + "/evidence/blobs"
    return max((folder + "/" + name for name in os.listdir(folder)),
               key=os.path.getmtime)


def passphrases(story, op):
    new = story.write("new", "ten wooden flower boxes\n")
    with open(op + "/keys/mark", "rb") as file:
        old_mark = file.read()
    wrong = story.write("wrong", "not the one\n")
    story.sting("passphrase", op, *WHO, "--passphrase-file", wrong,
                "--new-file", new, code=2)
    story.check(listed(story, op)[-1]["state"] == "refused",
                "a wrong old passphrase changes nothing and is a line")
    story.sting("passphrase", op, *WHO, *story.keys(), "--new-file", new)
    story.sting("unlock", op, "--reason", "r", *story.keys(), code=2)
    story.sting("unlock", op, "--reason", "r", "--passphrase-file", new)
    lines = [line for line in listed(story, op)
             if line.get("state") == "relocked"]
    story.check([line["item"] for line in lines]
                == ["keys/identity", "keys/mark", "keys/case"]
                and all(line["before"] != line["after"] for line in lines),
                "the new passphrase opens, the old does not, three lines say "
                "so", lines)
    with open(op + "/keys/mark", "wb") as file:
        file.write(old_mark)  # as if it had been cut off half-way
    story.sting("passphrase", op, *WHO, *story.keys(), "--new-file", new)
    story.sting("trace", op, story.write("t.jpg", "x"),
                "--passphrase-file", new, code=2)
    story.check(listed(story, op)[-1]["what"] == "identity,mark",
                "what was cut off is finished by doing it again")
    story.sting("passphrase", op, *WHO, "--passphrase-file", new,
                "--new-file", story.passphrase)


def recipients(story, op):
    third = story.path("third")
    story.run("age-keygen", "-o", third)
    public = story.run("age-keygen", "-y", third).out.strip()
    before, second = story.recipient()
    own = [key for key in story.sting("recipients", op).out.split()
           if key != before][0]
    story.sting("log", op, "the old entry")
    old = newest_blob(op)
    config = open(op + "/operation.yaml", encoding="utf-8").read()
    for words in (("--remove", before), ("--remove", own),
                  ("--add", "age1nobody"), ("--remove", public)):
        story.sting("recipients", op, *words, *WHO, *story.keys(), code=1)
    story.sting("recipients", op, "--add", public, *story.keys(), code=1)
    story.check(open(op + "/operation.yaml", encoding="utf-8").read()
                == config and "recipients" not in
                [line["kind"] for line in listed(story, op)],
                "a change that cannot be changes nothing")
    got = story.sting("recipients", op, "--add", public, "--remove", before,
                      *WHO, *story.keys(), "--json").json()
    story.check(got == [{"recipients": [own, public]}],
                "one comes, one goes", got)
    story.sting("log", op, "the new entry")
    new = newest_blob(op)
    story.check(age_opens(story, third, new)
                and not age_opens(story, second, new),
                "from then on files open to the new list")
    story.check(age_opens(story, second, old)
                and not age_opens(story, third, old),
                "earlier files stay as they are")
    after = open(op + "/operation.yaml", encoding="utf-8").read()
    story.check([line for line in config.splitlines() if "age1" not in line]
                == [line for line in after.splitlines() if "age1" not in line],
                "the rest of operation.yaml is as it was")


def ends(story, op):
    """An end in the past records nothing; a running station goes by a line."""
    story.sting("extend", op, "--until", "2031-01-01", code=1)
    story.sting("extend", op, "--until", "soon", *WHO, code=1)
    story.sting("extend", op, "--until", "2031-01-01", *WHO)
    station = story.sting_start("run", op)
    station.wait_line(r"ends on 2031-01-01", 30)
    story.sting("extend", op, "--until", "2011-11-01T20:00:00Z", *WHO)
    station.wait_line(r"PAST ITS END", 10)
    story.check(True, "a running station goes by the line at once")
    story.sting("extend", op, "--until", "2031-01-01", *WHO)
    station.wait_line(r"not past its end any more", 10)
    story.check(True, "and goes on when the end is moved again")
    story.check(station.stop() == 0, "it ends in order")
    story.sting("extend", op, "--until", "2031-06-01", *WHO)
    text = open(op + "/operation.yaml", encoding="utf-8").read()
    story.check(text.count("\nuntil:") == 1 and '"2031-06-01"' in text,
                "operation.yaml has one end, the last")


def moves(story, op):
    """To another machine: another path, another boot id."""
    boot = story.write("boot", "0f1e2d3c-0000-4000-8000-000000000000\n")
    moved = story.copy(op, "moved")
    story.sting("verify", moved)
    inner = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
         'mount --bind "$1" /proc/sys/kernel/random/boot_id && '
         'exec "$2" log "$3" "the first entry elsewhere"', "sh", boot,
         story.binary, moved], capture_output=True, check=False)
    if inner.returncode == 32:
        print("no boot id may be put in place here")
        return op
    story.check(inner.returncode == 0, "it goes on there", inner.stderr)
    with open(moved + "/evidence/ledger", encoding="ascii") as file:
        story.check(" 0f1e2d3c+" in file.read(), "under another boot id")
    got = story.sting("verify", moved, "--json").json()[0]
    story.check(got["verdict"] == "INTACT", "and is INTACT", got)
    story.sting("verify", moved, *story.keys())
    shutil.rmtree(op)
    return moved


def closes(story, op):
    safe = story.path("safe")
    sealed = newest_blob(op)
    station = story.sting_start("run", op)
    station.wait_line(r"watching", 30)
    got = story.sting("close", op, *WHO, "--keys-to", safe, code=2)
    story.check("writes here" in got.err and not os.path.exists(safe),
                "a station that runs is not closed under its feet", got)
    station.stop()
    story.sting("close", op, *WHO, "--keys-to", safe, "--destroy-keys", code=1)
    story.sting("close", op, *WHO, code=1)
    story.sting("close", op, *WHO, "--keys-to", op + "/keys", code=2)
    os.mkdir(safe)
    story.write("safe/mark", "of another operation\n")
    got = story.sting("close", op, *WHO, "--keys-to", safe, code=2)
    story.check("another mark is there" in got.err
                and open(safe + "/mark").read() == "of another operation\n"
                and sorted(os.listdir(op + "/keys"))[:2] == ["case", "epoch"],
                "keys go neither where they are destroyed nor over others",
                got)
    shutil.rmtree(safe)
    authority = Authority(story.path("tsa"))
    with open(op + "/operation.yaml", "a", encoding="utf-8") as file:
        file.write("anchors:\n  - tsa: %s\n    ca_file: %s\n" % (
            authority.serve(), authority.ca))
    story.sting("close", op, *WHO, "--keys-to", safe)
    authority.close()
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        kinds = [line.split(" ")[3] for line in file]
    story.check(kinds[kinds.index("close") + 1:]
                == ["anchor", "tsr", "stop", "epoch"],
                "an authority has stamped the last line", kinds[-5:])
    story.check(not os.listdir(op + "/keys")
                and sorted(os.listdir(safe)) == ["case", "identity", "mark"],
                "the keys are in the safe and not here", os.listdir(safe))
    before = open(op + "/evidence/ledger", "rb").read()
    for words in (("log", op, "one more"), ("run", op),
                  ("bait", "list", op, *story.keys()),
                  ("extend", op, "--until", "2032-01-01", *WHO),
                  ("unlock", op, "--reason", "r", *story.keys())):
        got = story.sting(*words, code=2)
        story.check("closed on" in got.err or "no keys/" in got.err,
                    "sting %s is refused, with the reason" % words[0], got)
    story.sting("close", op, *WHO, "--destroy-keys")
    story.check(open(op + "/evidence/ledger", "rb").read() == before,
                "nothing was written into it")
    got = story.sting("verify", op, "--json").json()[0]
    story.check(got["verdict"] == "INTACT" and got["tail_entries"] == 0,
                "it stays INTACT, all of it signed", got)
    lines = {line.get("item"): line.get("state") for line in
             listed(story, op) if line["kind"] == "custody"}
    story.check(lines["keys/identity"] == "handed-over"
                and lines["keys/log"] == "destroyed",
                "the ledger tells what became of each key", lines)
    third = story.path("third")
    story.check(age_opens(story, third, sealed), "age still opens what it holds")


with Story("an operation changes hands, moves and ends") as story:
    op = story.operation()
    passphrases(story, op)
    recipients(story, op)
    ends(story, op)
    op = moves(story, op)
    closes(story, op)
