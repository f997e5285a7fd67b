"""Copies of PDFs of many kinds, out of Debian packages (pdfs.tsv: package,
path). `pdfs.py [PDF_COPY [FOLDER]]` fetches with apt-get what is not installed
into FOLDER, tries each document once and writes docs/results/pdfs.md. What was
tried before with the same pdf_copy is not tried again. MINUTES=60 ends early.

A document passes when it is refused with one line, or when its marked copy
keeps what `kept` lists and its words within 0.25 pt, and grows by at most 2 %.
"""
import collections
import gzip
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time

import interval

HERE = os.path.dirname(os.path.realpath(__file__))
LIST = os.path.join(HERE, "pdfs.tsv")
RESULT = os.path.join(HERE, "..", "..", "docs", "results", "pdfs.md")
LIMIT_PT = 0.25
SEED = 1
SCRIPTS = {
    "Cyrillic": "\u0400-\u052f", "Arabic": "\u0600-\u06ff\ufb50-\ufdff\ufe70-"
    "\ufeff", "Hebrew": "\u0590-\u05ff", "CJK": "\u3040-\u30ff\u4e00-\u9fff",
    "mathematics": "\u2200-\u22ff\U0001d400-\U0001d7ff",
}


def run(*args, seconds=300):
    try:
        done = subprocess.run(args, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return 124, b"", b"time is up\n"
    return done.returncode, done.stdout, done.stderr


def documents():
    with open(LIST, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def fetch(folder, rows):
    """What is not installed is unpacked below the folder."""
    os.makedirs(folder, exist_ok=True)
    wanted = sorted({package for package, path in rows
                     if not os.path.exists(os.path.join("/", path))
                     and not os.path.exists(os.path.join(folder, path))})
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["apt-get", "download", "-q", *wanted], cwd=work,
                       check=True, capture_output=True)
        for name in os.listdir(work):
            subprocess.run(["dpkg-deb", "-x", os.path.join(work, name), folder],
                           check=True)


def place(folder, path):
    installed = os.path.join("/", path)
    return installed if os.path.exists(installed) else os.path.join(folder, path)


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        return file.read()


def boxes(path):
    """Poppler's words with their places."""
    page, out = 0, []
    pattern = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" '
                         r'xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
    for line in run("pdftotext", "-raw", "-bbox", path, "-")[1].decode(
            errors="replace").splitlines():
        page += "<page" in line
        found = pattern.search(line)
        if found:
            out.append((page, found.group(5),
                        *map(float, found.group(1, 2, 3, 4))))
    return out


def furthest(a, b):
    """How far a word is from its place; None when the words are others."""
    if [word[:2] for word in a] != [word[:2] for word in b]:
        return None
    return max((max(abs(x - y) for x, y in zip(v[2:], w[2:]))
                for v, w in zip(a, b)), default=0.0)


def kept(path):
    info = run("pdfinfo", path)[1].splitlines()
    return {
        "fonts": run("pdffonts", path)[1],
        "outline": run("mutool", "show", path, "outline")[1],
        "links": run("pdfinfo", "-url", path)[1],
        "named places": run("pdfinfo", "-dests", path)[1],
        "tags": run("pdfinfo", "-struct-text", path)[1],
        "boxes": run("pdfinfo", "-box", "-l", "9999", path)[1].count(b"Box"),
        "attachments": run("pdfdetach", "-list", path)[1],
        "info": [line for line in info if not line.startswith(
            (b"File size", b"Optimized"))],
        "text": run("pdftotext", "-raw", path, "-")[1],
    }


def kinds(path, data):
    fonts = run("pdffonts", path)[1]
    info = run("pdfinfo", "-l", "9999", path)[1]
    text = run("pdftotext", path, "-")[1].decode(errors="replace")
    test = {
        "Type 1 fonts": b"Type 1" in fonts, "Type 3 fonts": b"Type 3" in fonts,
        "TrueType fonts": b"TrueType" in fonts, "CID fonts": b"CID" in fonts,
        "tagged": re.search(rb"Tagged: +yes", info),
        "linearised": re.search(rb"Optimized: +yes", info),
        "forms": re.search(rb"Form: +AcroForm", info),
        "rotated pages": re.search(rb"rot: +(90|180|270)", info),
        "landscape": any(float(w) > float(h) for w, h in re.findall(
            rb"size: +([\d.]+) x ([\d.]+)", info)),
        "streams of references": b"/XRef" in data,
        "form XObjects": b"/Subtype/Form" in data or b"/Subtype /Form" in data,
    }
    out = [kind for kind, is_so in test.items() if is_so]
    return out + [script for script, signs in SCRIPTS.items()
                  if len(re.findall("[" + signs + "]", text)) >= 50]


def compare(original, copy, row):
    then, now = kept(original), kept(copy)
    lost = [key for key in then if then[key] != now[key]]
    row["furthest_pt"] = furthest(boxes(original), boxes(copy))
    row["regrouped"] = run("pdftotext", original, "-")[1] != run(
        "pdftotext", copy, "-")[1]
    if row["growth"] > 0.02:
        lost.append("size")
    if row["furthest_pt"] is None:
        lost.append("words")
    elif row["furthest_pt"] > LIMIT_PT:
        lost.append("places")
    if run("qpdf", "--check", original)[0] == 0 and run(
            "qpdf", "--check", copy)[0] != 0:
        lost.append("soundness")
    row["lost"] = lost


def attempt(tool, path, work):
    data = read(path)
    original = os.path.join(work, "original.pdf")
    copy = os.path.join(work, "copy.pdf")
    with open(original, "wb") as file:
        file.write(data)
    code, out, why = run(tool, original, copy, str(SEED))
    why = why.decode(errors="replace").strip()
    row = {"outcome": "refused", "why": why, "kinds": kinds(original, data)}
    if code:
        if code != 2 or why.count("\n") or not why:
            row["outcome"] = "failed"
        return row
    words = out.split()
    row.update(pages=int(words[0]), units=int(words[2]),
               growth=os.path.getsize(copy) / len(data) - 1)
    compare(original, copy, row)
    row["outcome"] = "failed" if row["lost"] else "kept"
    return row


def report(rows):
    marked = [row for row in rows.values() if row["outcome"] != "refused"]
    good = sum(row["outcome"] == "kept" for row in marked)
    same = sum(not row.get("regrouped", True) for row in marked)
    lines = ["# Copies of PDFs of many kinds", "",
             "Made by tests/campaign/pdfs.py with seed %d over the documents of "
             "pdfs.tsv. Intervals are" % SEED,
             "those of Clopper and Pearson, 95 %.", "",
             "%d of %d documents tried, %d refused with a reason." % (
                 len(rows), len(list(documents())), len(rows) - len(marked)),
             ""]
    for name, hits in (("everything kept, within 2 % of the size", good),
                       ("pdftotext without -raw, which sorts text by place, "
                        "gives the same", same)):
        lines.append("- %s: %d of %d [%.1f-%.1f %%]" % (
            name, hits, len(marked),
            *(100 * end for end in interval.interval(hits, len(marked)))))
    lines += ["", "| kind | documents | kept | with marks | units a page |",
              "|---|---|---|---|---|"]
    table = collections.defaultdict(list)
    for row in marked:
        for kind in row["kinds"]:
            table[kind].append(row)
    for kind, some in sorted(table.items()):
        pages = sum(row.get("pages", 0) for row in some)
        lines.append("| %s | %d | %d | %d | %.0f |" % (
            kind, len(some), sum(row["outcome"] == "kept" for row in some),
            sum(row.get("units", 0) > 0 for row in some),
            sum(row.get("units", 0) for row in some) / max(pages, 1)))
    lines += ["", "Not kept:", ""]
    lines += ["- %s: %s" % (path, ", ".join(row.get("lost", [])) or row["why"])
              for path, row in sorted(rows.items())
              if row["outcome"] == "failed"]
    why = collections.Counter(row["why"].split(":")[0] for row in rows.values()
                              if row["outcome"] == "refused")
    lines += ["", "Refused:", ""]
    lines += ["- %d: %s" % (count, reason) for reason, count in why.items()]
    os.makedirs(os.path.dirname(RESULT), exist_ok=True)
    with open(RESULT, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


def main():
    build = os.environ.get("BUILD", "build")
    tool = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        build, "tests", "tools", "pdf_copy"))
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(
        build, "campaign", "pdfs")
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES", "1e6"))
    version = hashlib.sha256(read(tool)).hexdigest()[:12]
    fetch(folder, documents())
    journal = os.path.join(folder, version + ".jsonl")
    rows = {}
    if os.path.exists(journal):
        with open(journal, encoding="utf-8") as file:
            rows = {row["path"]: row for row in map(json.loads, file)}
    with open(journal, "a", encoding="utf-8") as file, \
            tempfile.TemporaryDirectory() as work:
        # In a mixed order, so that a part of them is a fair sample.
        for _, path in sorted(documents(), key=lambda row: hashlib.sha256(
                row[1].encode()).digest()):
            if path in rows or time.monotonic() > end:
                continue
            rows[path] = attempt(tool, place(folder, path), work)
            rows[path]["path"] = path
            print(rows[path]["outcome"], path, rows[path].get("lost", ""),
                  flush=True)
            file.write(json.dumps(rows[path]) + "\n")
            file.flush()
    report(rows)


if __name__ == "__main__":
    main()
