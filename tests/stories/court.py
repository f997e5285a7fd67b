"""What a court is handed: the report names all that practice asks for, a bare
shell tells what was changed, and two machines make the same exhibit."""
import filecmp
import html
import os
import re
import shutil
import time

from shim import on_day
from story import Story, SKIPPED

TOOLS = ("sha256sum openssl xxd awk cut tail head tr sed sort uniq find xargs "
         "cat rm mktemp dirname mv cp mkdir split wc grep").split()
ALLOWED = {"bag-info.txt", "tagmanifest-sha256.txt", "signature.txt"}
BLANKS = ["Name", "Occupation, and qualification to make this statement",
          "What I did, when and where",
          "The process gives an accurate result because",
          "SHA-256 of tagmanifest-sha256.txt as I found it",
          "Fingerprint of the case key, and where I had it from",
          "From whom I received the exhibit, and to whom I gave it",
          "Place and date", "Signature"]


def recorded(story):
    """An operation with two stretches of recording: who asks for both gets a
    gap."""
    op = story.operation()
    kept = re.sub(r"^(?:cameras|alerts|quiet_s):.*\n(?:[ #].*\n)*", "",
                  open(op + "/operation.yaml", encoding="utf-8").read(),
                  flags=re.M)
    clip = story.path("clip.mp4")
    story.write("op/operation.yaml", kept + "\ncameras:\n  - name: garage\n"
                "    url: %s\nquiet_s: 2\n" % clip)
    for seconds in (7, 2):
        story.run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
                  "testsrc=size=320x180:rate=12", "-t", seconds, "-c:v",
                  "libx264", "-g", "12", "-pix_fmt", "yuv420p", clip)
        station = story.sting_start("run", op)
        station.wait_line("the clip is over", 60)
        station.stop()
    return op


def ledger_of(op):
    with open(op + "/evidence/ledger", encoding="ascii") as ledger:
        return ledger.read()


def order(op, mark, last):
    """Words that ask for the first recording, or up to the last one."""
    t0 = re.findall(r" seg .* t0=(\S+)", ledger_of(op))
    return ("exhibit", op, "--mark", mark, "--camera", "garage", "--from",
            t0[0], "--to", re.sub(r"\.\d+Z", ".999999Z",
                                  t0[-1] if last else t0[0]),
            "--question", "who moved the drawing?", "--case", "12 K 34/26",
            "--by", "the head gardener", "--reason", "asked by the court")


# ---- the report ----

def wanted_of(story, op, folder):
    """What practice asks a report for, as this record has it: chapter of the
    report, then what stands there."""
    ledger, read = ledger_of(op), lambda name: open(
        os.path.join(folder, name), encoding="utf-8").read()
    shown = read("data/ledger/lines.txt")
    clock = re.search(r"^\d+ (\S+) \S+ clock state=start(.*) r=", shown, re.M)
    of_clock = dict(one.split("=") for one in clock[2].split())
    session = re.search(r"^\d+ .* session .*version=(\S+) config=(\S{16})",
                        shown, re.M)
    films = re.findall(r"^(\S{64})  (data/\S+\.mp4)$",
                       read("manifest-sha256.txt"), re.M)
    version = story.sting("version").out.split()[1]
    key = re.search(r" case=(\S+)", ledger)[1]
    limits = [one.strip() for one in re.findall(
        r"^[-*] (.*(?:\n  .*)*)", read("LIMITS.txt"), re.M)]
    return {
        "What this exhibit cannot show": limits,
        "Marks and question": ["ABC/1", "12 K 34/26",
                               "who moved the drawing?", "garage"],
        "Recording": [word for film in films for word in film],
        "Time": ["Stepped by, us", "Uncertain by, us", clock[1],
                 of_clock.get("error_us", "unknown"),
                 of_clock.get("source", "unknown")],
        "Continuity": re.findall(r" seg .* t0=(\S+)", shown),
        "Equipment and software": ["sting " + version,
                                   "sting " + session[1], session[2],
                                   "320 x 180 pixels",
                                   "unknown: not recorded"],
        "Incidents and alerts": ["A detector's opinion"],
        "Traces": ["No picture was traced"],
        "Custody": ["CUSTODY.csv"],
        "Keys and signatures": [key],
        "Who vouches from outside": ["Nobody outside vouches for a time"],
        "Verification": ["INTACT", "sh VERIFY.sh"],
        "Processing": ["Nothing was decoded, encoded, cut"],
        "Statement": BLANKS + ["What is not known stays blank."]}


def squeezed(text):
    """Without blanks: lines of the paper end anywhere."""
    return re.sub(r"\s", "", text)


def report_checks(story, op, folder):
    wanted = wanted_of(story, op, folder)
    story.check(len(wanted["What this exhibit cannot show"]) >= 5
                and wanted["Continuity"], "limits and recordings to look for",
                wanted)
    with open(folder + "/data/REPORT.html", encoding="utf-8") as file:
        page = file.read()
    screen = html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", page,
                                  flags=re.S))
    paper = story.run("pdftotext", "-raw", folder + "/data/REPORT.pdf",
                      "-").out
    order_of = ["What this exhibit cannot show", "Marks and question",
                "Recording", "Time", "Continuity", "Incidents and alerts",
                "Traces", "Equipment and software", "Custody",
                "Keys and signatures", "Who vouches from outside",
                "Verification", "Processing", "Statement"]
    for where, text in (("on the screen", screen), ("on paper", paper)):
        there = headed(text, order_of)
        lacking = [(name, word) for name, words in wanted.items()
                   for word in words
                   if squeezed(word) not in squeezed(there[name])]
        story.check(not lacking, "the report %s has all of %d things in %d "
                    "chapters" % (where, sum(map(len, wanted.values())),
                                  len(wanted)), lacking)
    rows = re.findall(r"<td[^>]*>([^<]*)</td>\s*<td[^>]*>\s*(?:<br>\s*)*</td>",
                      page)
    story.check([html.unescape(one).split(" (")[0] for one in rows][-9:]
                == BLANKS, "nine lines of the statement are blank", rows)


def headed(text, names):
    """Chapters by lines that are a heading and nothing else."""
    lines = [line.strip() for line in text.split("\n")]
    text = "\n".join("\x01" + line if line in names else line
                     for line in lines)
    found = {one.split("\n")[0]: one for one in text.split("\x01")[1:]}
    return {name: found.get(name, "") for name in names}


# ---- the bare root ----

def bare_root(story, shell, *without):
    """A root that holds the tools of VERIFY.sh and nothing else; of `busybox`
    they are all but those that Debian's lacks."""
    root = "-".join((story.path("root"), shell, *without))
    os.makedirs(root + "/bin")
    for name in ["sh"] + [one for one in TOOLS if one not in without]:
        of_busybox = shell == "busybox" and name not in ("openssl", "split")
        real = os.path.realpath(shutil.which(
            "busybox" if of_busybox else shell if name == "sh" else name))
        for path in re.findall(
                r"(/\S+) \(0x", story.run("ldd", real, code=None).out):
            os.makedirs(os.path.dirname(root + path), exist_ok=True)
            shutil.copy(path, root + path)
        shutil.copy(real, root + "/bin/" + name)
    for name in ("dev", "tmp"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    open(root + "/dev/null", "wb").close()
    return root


def judged(story, root, folder):
    shutil.rmtree(root + "/exhibit", ignore_errors=True)
    shutil.copytree(folder, root + "/exhibit")
    return story.run(
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
        'mount --bind /dev/null "$1/dev/null" && exec chroot "$1" /bin/sh -c '
        '"cd /exhibit; PATH=/bin exec sh VERIFY.sh"', "sh", root, code=None)


def bare_checks(story, whole, gaps):
    film = [name for name in os.listdir(whole + "/data")
            if name.endswith(".mp4")][0]
    changed, lost = story.copy(whole, "changed"), story.copy(whole, "lost")
    story.flip_bit(os.path.join(changed, "data", film), -100)
    os.unlink(lost + "/data/ledger/proofs.txt")
    cases = [(whole, 0, "INTACT\n"), (gaps, 10, "INTACT WITH GAPS: "),
             (changed, 12, "TAMPERED E2: "), (lost, 13, "UNVERIFIABLE E1: ")]
    for shell in ("dash", "busybox"):
        root = bare_root(story, shell)
        for folder, code, begins in cases:
            got = judged(story, root, folder)
            story.check(got.code == code and got.out.startswith(begins),
                        "with the tools of %s alone, VERIFY.sh says %s" % (
                            shell, begins.strip(" :\n")), got)
    for shell, lacks in (("dash", "openssl"), ("dash", "xxd"),
                         ("busybox", "split")):
        got = judged(story, bare_root(story, shell, lacks), whole)
        story.check(got.code == 2 and not got.out and got.err.startswith(
            lacks + " is not installed"), "of %s without %s it names that, "
                    "and accuses nobody" % (shell, lacks), got)


# ---- two machines ----

def twice_checks(story, op):
    """Another name of the host, user, folder, zone, language and clock."""
    other = story.copy(op, "elsewhere")
    story.run(story.binary, *order(op, "ABC/3", False), "--out",
              story.path("here"), *story.keys())
    there = order(other, "ABC/3", False)
    env = dict(os.environ, TZ="Pacific/Kiritimati", LC_ALL="tr_TR.UTF-8",
               LANG="tr_TR.UTF-8", HOME="/nowhere", USER="gardener",
               LOGNAME="gardener", HOSTNAME="shed", SOURCE_DATE_EPOCH="1")
    story.run("unshare", "--user", "--map-root-user", "--uts", "sh", "-c",
              'hostname shed && exec "$@"', "sh",
              *on_day(story.folder, time.strftime(
                  "%Y-%m-%d", time.gmtime(time.time() + 400 * 86400))),
              story.binary, *there, "--out", story.path("there"),
              *story.keys(), env=env)
    walk = lambda top: {os.path.relpath(os.path.join(at, one), top)
                        for at, _, names in os.walk(top) for one in names}
    names = walk(story.path("here"))
    story.check(names == walk(story.path("there")), "both have the same files")
    differ = {name for name in names if not filecmp.cmp(
        story.path("here", name), story.path("there", name), False)}
    info = [open(story.path(where, "bag-info.txt"), encoding="utf-8").read()
            .split("\n") for where in ("here", "there")]
    fields = {a.split(":")[0] for a, b in zip(*info) if a != b}
    story.check(differ == ALLOWED and fields == {"Bagging-Date"}
                and len(info[0]) == len(info[1]),
                "made on another machine, 400 days later, all files are the "
                "same but for the date in one, and what names its hash",
                (differ, fields))


def main():
    with Story("what a court is handed says and shows all it should") as story:
        for tool in ("pdftotext", "busybox", "dash", "unshare"):
            if not shutil.which(tool):
                print("%s is not installed" % tool)
                raise SystemExit(SKIPPED)
        op = recorded(story)
        for mark, name, last in (("ABC/1", "whole", False),
                                 ("ABC/2", "gaps", True)):
            story.sting(*order(op, mark, last), "--out", story.path(name),
                        *story.keys())
        report_checks(story, op, story.path("whole"))
        bare_checks(story, story.path("whole"), story.path("gaps"))
        twice_checks(story, op)


if __name__ == "__main__":
    main()
