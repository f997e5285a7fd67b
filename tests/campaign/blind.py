"""Can one copy be told from an original by somebody who has neither key nor
original?

A classifier learns edges, gaps and baselines of words from originals and
copies of some documents (pdfs.tsv, by package), and is asked about pages of
others: of one original and several copies each. Three sights: the places of
words as the file's numbers have them, for who holds the PDF; the page drawn at
600 dots an inch and a scan of its print at 300, for who holds the paper.
Tells the area under its curve (0.5: guessing) with a 95 % interval by draws
of documents. Goes on where it was interrupted. Environment: PART, MINUTES.
"""
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import numpy as np

import ground
import pdfs
import results
import trials

PAGES = 120         # of each set
COPIES = 2          # of each page
SCANS = 4           # of every so many pages one is scanned: it takes long
NUMBERS, DRAWN, SCANNED = "file's numbers", "drawn, 600 dpi", "scan, 300 dpi"
SIGHTS = [NUMBERS, DRAWN, SCANNED]
NAMES = ["gap spread", "gap tail", "gap alternation", "left edge",
         "right edge", "baseline spread", "baseline tail"]
FIELDS = ["row", "seed", "document", "page"] + SIGHTS
PATHS = ["src/" + room for room in ("bait", "mark", "pdf", "drill")] + [
    "tests/tools/pdf_copy.c", "tests/campaign/blind.py",
    "tests/campaign/pdfs.tsv"]
FOLDER = os.path.join(ground.STATE, "pdfs")
REACH = os.environ.get("REACH", "")
NAME = "-".join(filter(None, ["blind", REACH]))
COPY = os.path.join(ground.BUILD, "tests", "tools", "pdf_copy")
# What figures are made of; the classifier learns from all other packages.
REPORT = {"debian-faq", "debian-refcard", "fontconfig", "libtasn1-doc",
          "nettle-dev", "shared-mime-info", "texlive-latex-recommended-doc",
          "xfig-doc"}
# Left out: too large to fetch for this.
LARGE = {"texlive-latex-base-doc", "texlive-lang-chinese"}


def read_pgm(data):
    """Darkness, 0 white to 1 black."""
    fields, at = [], 0
    while len(fields) < 4:
        end = at
        while not data[end:end + 1].isspace():
            end += 1
        fields.append(data[at:end])
        at = end + 1
    width, height = int(fields[1]), int(fields[2])
    grey = np.frombuffer(data, np.uint8, width * height, at)
    return 1 - grey.reshape(height, width).astype(np.float32) / 255


def draw(pdf, page):
    return read_pgm(subprocess.run(
        ["pdftoppm", "-r", "600", "-gray", "-f", str(page), "-l", str(page),
         pdf], capture_output=True, check=True).stdout)


def scan(pdf, page, seed):
    jpeg = os.path.join(ground.STATE, "blind-%d.jpg" % os.getpid())
    ground.sting("drill", "--photograph", pdf, "--page", page, "--setting",
                 "scan300", "--seed", seed, "--out", jpeg)
    pgm = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", jpeg, "-f", "image2pipe", "-c:v",
         "pgm", "-pix_fmt", "gray", "-"], capture_output=True,
        check=True).stdout
    os.remove(jpeg)
    return upright(np.clip(read_pgm(pgm) * 1.2 - 0.1, 0, 1))


def upright(ink):
    """Turned (by shearing) so that lines are level: the sharpest profile."""
    small = ink[::4, ::4]

    def sheared(picture, slope, step):
        out = np.zeros_like(picture)
        for x in range(0, picture.shape[1], step):
            shift = int(round(slope * (x - picture.shape[1] / 2)))
            out[:, x:x + step] = np.roll(picture[:, x:x + step], shift, axis=0)
        return out

    slopes = np.arange(-0.03, 0.0301, 0.001)
    best = max(slopes, key=lambda s: np.var(sheared(small, s, 8).sum(axis=1)))
    return sheared(ink, best, 16)


def runs(is_ink):
    edge = np.flatnonzero(np.diff(np.concatenate(([0], is_ink, [0]))))
    return list(zip(edge[::2], edge[1::2]))


def border(profile, x, step):
    """Where ink begins, between pixels: a part of its first column."""
    inner = max(profile[x:x + 4] if step > 0
                else profile[max(x - 3, 0):x + 1])
    return x - step * min(1.0, profile[x] / inner) if inner > 0 else float(x)


def words_of(ink, dpi):
    """Words of a page by lines: (left, right, bottom) in points."""
    lines = []
    for top, bottom in runs(ink.sum(axis=1) > 0.002 * ink.shape[1]):
        height = (bottom - top) * 72 / dpi
        if not 4 < height < 18:
            continue
        profile = ink[top:bottom].sum(axis=0)
        spans = []
        for left, right in runs(profile > 0.4):
            if spans and (left - spans[-1][1]) * 72 / dpi < 0.16 * height:
                spans[-1][1] = right
            else:
                spans.append([left, right])
        words = []
        for left, right in spans:
            foot = ink[top:bottom, left:right].sum(axis=1)
            base = np.flatnonzero(foot > 0.35 * foot.max())
            words.append((border(profile, left, 1) * 72 / dpi,
                          border(profile, right - 1, -1) * 72 / dpi,
                          (top + border(foot, base[-1], -1)) * 72 / dpi))
        if len(words) > 3:
            lines.append(words)
    return lines


def spread(values):
    values = np.asarray(values)
    return (np.median(np.abs(values - np.median(values)))
            if len(values) > 3 else 0.0)


def features(lines, near_pt):
    """Of words by lines; None for a page with too few lines. What is nearer
    than near_pt counts as the same."""
    if len(lines) < 8:
        return None
    rest, pairs, feet = [], [], []
    for words in lines:
        gaps = np.array([b[0] - a[1] for a, b in zip(words, words[1:])])
        gaps = gaps[gaps < 3 * np.median(gaps)]
        away = gaps - np.median(gaps)
        rest += list(away)
        pairs += list(zip(away, away[1:]))
        foot = np.array([word[2] for word in words])
        feet += list(foot - np.median(foot))
    if len(pairs) < 20:
        return None
    rest, pairs, feet = np.array(rest), np.array(pairs), np.array(feet)
    near = feet[np.abs(feet) < 0.5]
    return [float(value) for value in (
        np.log(spread(rest) + 1e-4), np.mean(np.abs(rest) < near_pt),
        np.mean(np.sign(pairs[:, 0] * pairs[:, 1])),
        np.log(spread([words[0][0] for words in lines]) + 1e-4),
        np.log(spread([words[-1][1] for words in lines]) + 1e-4),
        np.std(near) if len(near) else 0,
        np.mean(np.abs(near) < near_pt / 2))]


def words_told(pdf, page):
    """Words of a page by lines, as poppler computes them of the numbers."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-bbox", "-f", str(page), "-l", str(page), pdf,
         "-"], capture_output=True, check=True).stdout.decode(errors="replace")
    lines = []
    for box in re.findall(r'<word xMin="([-\d.]+)" yMin="[-\d.]+" '
                          r'xMax="([-\d.]+)" yMax="([-\d.]+)"', text):
        left, right, foot = map(float, box)
        last = lines[-1][-1] if lines else (0, 1e9, 1e9)
        if abs(last[2] - foot) < 1.5 and -1 < left - last[1] < 12:
            lines[-1].append((left, right, foot))
        else:
            lines.append([(left, right, foot)])
    return [words for words in lines if len(words) > 3]


def look(sight, pdf, page, seed):
    if sight == NUMBERS:
        return features(words_told(pdf, page), 0.01)
    if sight == DRAWN:
        return features(words_of(draw(pdf, page), 600), 0.1)
    return features(words_of(scan(pdf, page, seed), 300), 0.1)


def learn(x, y):
    """Logistic regression, ridge, by Newton's method."""
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.hstack([(x - mean) / sd, np.ones((len(x), 1))])
    w = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ w))
        hessian = (z * (p * (1 - p))[:, None]).T @ z + np.eye(len(w))
        w += np.linalg.solve(hessian, z.T @ (y - p) - w)
    return lambda new: np.hstack([(new - mean) / sd,
                                  np.ones((len(new), 1))]) @ w


def area(score, y):
    """The chance that a copy scores above an original."""
    copy, original = score[y == 1], score[y == 0]
    over = (copy[:, None] > original[None, :]).mean()
    return over + (copy[:, None] == original[None, :]).mean() / 2


def area_interval(score, y, document, seed=1):
    """By 2000 draws of documents, each with all its pages."""
    draw_ = np.random.default_rng(seed)
    rows = [np.flatnonzero(document == name) for name in np.unique(document)]
    found = []
    for _ in range(2000):
        pick = np.concatenate([rows[i] for i in draw_.integers(
            0, len(rows), len(rows))])
        found.append(area(score[pick], y[pick]))
    return np.percentile(found, [2.5, 97.5])


def documents(name):
    """(path in its package) of a set, whether fetched or not."""
    return [(package, path) for package, path in pdfs.documents()
            if (package in REPORT) == (name == "report")
            and package not in LARGE]


def copies_of(path, record):
    """Original and copies as files; None for what carries no mark."""
    folder = os.path.join(ground.STATE, NAME + "-" + record.version,
                          path.replace("/", "_"))
    original = os.path.join(folder, "0.pdf")
    made = [os.path.join(folder, "%d.pdf" % n) for n in range(1, COPIES + 1)]
    if not os.path.exists(folder):
        with tempfile.TemporaryDirectory(dir=ground.STATE) as work:
            with open(os.path.join(work, "0.pdf"), "wb") as file:
                file.write(pdfs.read(pdfs.place(FOLDER, path)))
            for n in range(1, COPIES + 1):
                got = pdfs.run(COPY, os.path.join(work, "0.pdf"),
                               os.path.join(work, "%d.pdf" % n), str(n),
                               "1", *filter(None, [REACH]))
                if got[0] or int(got[1].split()[2]) == 0:
                    return None
            os.makedirs(os.path.dirname(folder), exist_ok=True)
            os.rename(work, folder)
            os.makedirs(work)
    return original, made


def page_count(pdf):
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True)
    return int(info.stdout.split("Pages:")[1].split()[0])


def fetched(name):
    return [(package, path) for package, path in documents(name)
            if os.path.exists(pdfs.place(FOLDER, path))]


def trial(name, seed, record):
    """A page, original and copies, of a document that the seed chooses."""
    have = fetched(name)
    draw_ = random.Random("%s %d" % (name, seed))
    package = draw_.choice(sorted({package for package, _ in have}))
    path = draw_.choice([path for of, path in have if of == package])
    files = copies_of(path, record)
    row = {"row": name, "seed": seed, "document": path}
    if files:
        page = draw_.randint(1, page_count(files[0]))
        row["page"] = page
        told = [words_told(pdf, page) for pdf in (files[0], *files[1])]
        for sight in SIGHTS if told[0] not in told[1:] else []:
            if sight == SCANNED and seed % SCANS:
                continue
            looks = [look(sight, pdf, page, seed)
                     for pdf in (files[0], *files[1])]
            row[sight] = None if None in looks else looks
    return row


def measure(name, record, most, end):
    """One page after another."""
    done = {row["seed"] for row in record.rows if row["row"] == name}
    for seed in range(1, most + 1):
        if seed in done:
            continue
        if time.time() > end:
            return
        row = trial(name, seed, record)
        record.add(row)
        print("%s %d: %s page %s" % (name, seed, row["document"],
                                     row.get("page")),
              file=sys.stderr, flush=True)


def gather(rows, name, sight):
    """Features, 1 for a copy, and whose page it is."""
    mine = [row for row in rows if row["row"] == name and row.get(sight)]
    x = [looked for row in mine for looked in row[sight]]
    y = [int(n > 0) for row in mine for n in range(1 + COPIES)]
    document = [row["document"] for row in mine for _ in range(1 + COPIES)]
    return np.array(x), np.array(y), np.array(document)


def judged(rows, sight):
    """Learn from one set, judge the other."""
    learned = gather(rows, "build", sight)
    x, y, document = gather(rows, "report", sight)
    if min(len(x), len(learned[0])) < 10 * (1 + COPIES):
        return None
    score = learn(learned[0], learned[1])(x)
    low, high = area_interval(score, y, document)
    single = [area(x[:, k], y) for k in range(len(NAMES))]
    return {"judged": len(y) // (1 + COPIES), "documents": len(set(document)),
            "learned": len(learned[1]) // (1 + COPIES),
            "area": area(score, y), "low": low, "high": high,
            "single": single}


def main():
    record = trials.Record(NAME, FIELDS, PATHS, ground.STATE)
    most = max(6, round(PAGES * float(os.environ.get("PART", "1"))))
    end = time.time() + 60 * float(os.environ.get("MINUTES", "1e6"))
    pdfs.fetch(FOLDER, [row for name in ("build", "report")
                        for row in documents(name)])
    record.settle(lambda row: trial(row["row"], row["seed"], record),
                  most=trials.AGAIN_SLOW)
    for name in ("build", "report"):
        measure(name, record, most, end)
    results.blind(NAME, record, {sight: judged(record.rows, sight)
                                for sight in SIGHTS}, NAMES, COPIES)


if __name__ == "__main__":
    main()
