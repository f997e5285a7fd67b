"""Documents, operations and trial processes that campaigns share.

Everything is kept in one folder (build/campaign), so that a campaign which
was interrupted goes on where it was.
"""
import functools
import gzip
import json
import os
import re
import shutil
import subprocess

import trials

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
STING = os.path.join(BUILD, "sting")
TRIAL = os.path.join(BUILD, "tests", "campaign", "campaign_trial")
STATE = os.path.join(BUILD, "campaign")
RESULTS = os.path.join(ROOT, "docs", "results")
# What a trial's outcome depends on.
PATHS = ["src/" + room for room in ("drill", "trace", "mark", "image", "pdf",
                                    "media", "bait")]
PATHS += ["tests/campaign/" + name for name in (
    "trial.c", "desk.c", "desk.h", "look.c", "look.h", "documents.tsv")]


def version():
    return trials.version(PATHS)


def record(name, fields):
    return trials.Record(name, fields, PATHS, STATE)


def documents(wanted):
    """Paths of a set, in its order."""
    with open(os.path.join(HERE, "documents.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]
    return tuple(part(fetch(package, re.split("[@#~]", path)[0]), path)
                 for of, package, path in rows if of == wanted)


def part(pdf, path):
    """PATH#PAGE stands for that page alone (PATH#FIRST-LAST: these),
    PATH~DEGREES for all turned, PATH@PAGE for a scan of one."""
    if "#" in path:
        pages = path.split("#")[1]
        return made(pdf, "page" + pages, "--empty", "--pages", pdf, pages, "--")
    if "~" in path:
        degrees = path.split("~")[1]
        return made(pdf, "turned" + degrees, pdf, "--rotate=" + degrees)
    return scanned(pdf, path)


def made(pdf, what, *how):
    """Marks depend on the file's hash: made anew it has to be the same."""
    out = "%s-%s.pdf" % (pdf.removesuffix(".pdf"), what)
    if not os.path.exists(out):
        subprocess.run(["qpdf", "--deterministic-id", *how, out + ".new"],
                       check=True)
        os.replace(out + ".new", out)
    return out


def scanned(pdf, path):
    if "@" not in path:
        return pdf
    page = path.split("@")[1]
    out = "%s-scan%s.pdf" % (pdf.removesuffix(".pdf"), page)
    if not os.path.exists(out):
        jpeg = out + ".jpg"
        sting("drill", "--photograph", pdf, "--page", page, "--setting",
              "scan300", "--seed", page, "--out", jpeg)
        with open(jpeg, "rb") as file:
            picture_pdf(file.read(), 300, out)
        os.remove(jpeg)
    return out


def picture_pdf(jpeg, dpi, path):
    """A PDF of one page that is one picture."""
    at = jpeg.index(b"\xff\xc0") + 5
    high, wide = (int.from_bytes(jpeg[at + i:at + i + 2], "big")
                  for i in (0, 2))
    content = b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (wide * 72 / dpi,
                                                   high * 72 / dpi)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>" % (wide * 72 / dpi,
                                                   high * 72 / dpi),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB/Filter/DCTDecode/Length %d>>stream\n%s\n"
        b"endstream" % (wide, high, len(jpeg), jpeg)]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (b"xref\n0 6\n0000000000 65535 f \n" + table
            + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n"
            % len(out))
    with open(path + ".new", "wb") as file:
        file.write(out)
    os.replace(path + ".new", path)


def fetch(package, path):
    """The PDF out of a Debian package that need not be installed."""
    out = os.path.join(STATE, "documents", os.path.basename(
        path.removesuffix(".gz")))
    if os.path.exists(out):
        return out
    source = "/" + path
    if not os.path.exists(source):
        source = os.path.join(STATE, "packages", package, path)
    if not os.path.exists(source):
        unpack(package)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    opener = gzip.open if source.endswith(".gz") else open
    with opener(source, "rb") as file, open(out + ".new", "wb") as copy:
        shutil.copyfileobj(file, copy)
    os.replace(out + ".new", out)
    return out


def unpack(package):
    folder = os.path.join(STATE, "packages", package)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    subprocess.run(["apt-get", "-qq", "download", package], cwd=folder,
                   check=True)
    deb = [name for name in os.listdir(folder) if name.endswith(".deb")][0]
    subprocess.run(["dpkg-deb", "-x", deb, "."], cwd=folder, check=True)


def sting(*args):
    return subprocess.run([STING] + [str(a) for a in args], check=True,
                          capture_output=True, text=True).stdout


def bait_name(pdf):
    name = os.path.basename(pdf).removesuffix(".pdf").lower()
    return name.replace(".", "-")[:32]


def copy(op, bait, folder, secret):
    """Its first copy again, as DIR/holder/FILE.pdf."""
    rows = map(json.loads, sting("bait", "list", op, "--json",
                                 "--passphrase-file", secret).splitlines())
    number = next(row["copy"] for row in rows
                  if row["bait"] == bait and "copy" in row)
    sting("bait", "copy", op, bait, number, "--out", folder,
          "--passphrase-file", secret)


@functools.lru_cache(maxsize=None)
def operation(name, pdfs):
    """An operation that knows these documents, one copy of each issued; made
    once for each version. Trials put a mark key of their own in the place of
    its, so that they are the same in every one."""
    of = version()
    op = os.path.join(STATE, "%s-%s" % (name, of))
    out = op + "-out"
    secret = os.path.join(STATE, "passphrase")
    if (of != trials.UNCOMMITTED
            and os.path.exists(os.path.join(op, "ready"))):
        return op, secret
    shutil.rmtree(op, ignore_errors=True)
    os.makedirs(STATE, exist_ok=True)
    with open(secret, "w", encoding="ascii") as file:
        file.write("rain barrel\n")
    sting("new", op, "--goal", "campaign", "--legal-basis", "own documents",
          "--decided-by", "campaign", "--passphrase-file", secret)
    known = 0
    for pdf in pdfs:
        bait = bait_name(pdf)
        try:
            sting("bait", "add", op, pdf, "--name", bait)
            sting("bait", "issue", op, bait, "--to", "holder", "--out",
                  os.path.join(out, bait), "--passphrase-file", secret)
            known += 1
        except subprocess.CalledProcessError as error:
            print("%s: not registered: %s" % (bait, error.stderr.strip()),
                  flush=True)
    if not known:
        raise SystemExit("none of the documents of %s is registered" % name)
    shutil.rmtree(out, ignore_errors=True)
    open(os.path.join(op, "ready"), "w").close()
    return op, secret


class Bench:
    """One trial process. words: of the pages taken, "40-79"; choose: tells
    what a trial is of, and does not do it."""

    def __init__(self, op, secret, copies, words="150-", choose=False):
        more = dict({"WORDS": words}, **({"CHOOSE": "1"} if choose else {}))
        self._child = subprocess.Popen(
            [TRIAL, op, secret, str(copies)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1,
            env=dict(os.environ, **more))

    def trial(self, order):
        self._child.stdin.write(order + "\n")
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError("the trial process ended over: " + order)
        return json.loads(line)

    def close(self):
        self._child.stdin.close()
        self._child.wait()
