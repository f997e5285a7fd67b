"""Can one copy be told from an original by somebody who has neither key nor
original?

A classifier learns edges, gaps and baselines of words from originals and
copies of the documents for building, and is asked about those for figures:
from the file itself, drawn at 600 dots an inch, and from a scan of its print
at 300. Tells the area under its curve (0.5: guessing) with a 95 % interval.
Goes on where it was interrupted. Environment: PART, MINUTES.
"""
import os
import random
import subprocess
import sys
import time

import numpy as np

import ground
import results

PAGES = 40          # of each set and sight
SIGHTS = {"file, 600 dpi": 600, "scan, 300 dpi": 300}
NAMES = ["gap spread", "gap tail", "gap alternation", "left edge",
         "right edge", "baseline spread", "baseline tail"]


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
    inner = max(profile[x:x + 4 * step:step] if step > 0
                else profile[x:x - 4:-1])
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


def features(ink, dpi):
    """None for a page with too few lines."""
    lines = words_of(ink, dpi)
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
    rest, pairs, feet = np.array(rest), np.array(pairs), np.array(feet)
    near = feet[np.abs(feet) < 0.5]
    return np.array([
        spread(rest), np.mean(np.abs(rest) < 0.1),
        np.mean(np.sign(pairs[:, 0] * pairs[:, 1])),
        spread([words[0][0] for words in lines]),
        spread([words[-1][1] for words in lines]),
        np.std(near) if len(near) else 0, np.mean(np.abs(near) < 0.04)])


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


def area_interval(score, y, seed=1):
    """By 2000 draws of pages, each with its original and its copy."""
    draw_ = np.random.default_rng(seed)
    copy, original = score[y == 1], score[y == 0]
    found = []
    for _ in range(2000):
        pick = draw_.integers(0, len(copy), len(copy))
        both = np.concatenate([original[pick], copy[pick]])
        found.append(area(both, np.repeat([0, 1], len(copy))))
    return np.percentile(found, [2.5, 97.5])


def pages_of(name):
    """Original and copy of every document of a set: (bait, pdf, copy)."""
    op, secret = ground.operation(name, ground.documents(name))
    out = []
    for pdf in ground.documents(name):
        bait = ground.bait_name(pdf)
        folder = os.path.join(op, "blind", bait)
        copy = os.path.join(folder, "holder", os.path.basename(pdf))
        if not os.path.exists(copy):
            ground.copy(op, bait, folder, secret)
        out.append((bait, pdf, copy))
    return out


def page_count(pdf):
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True)
    return int(info.stdout.split("Pages:")[1].split()[0])


def measure(name, record, most, end):
    """One page after another, original and copy."""
    done = {(row["set"], row["seed"]) for row in record.rows}
    documents = None
    for seed in range(1, most + 1):
        if (name, seed) in done:
            continue
        if time.time() > end:
            return
        documents = documents or pages_of(name)
        draw_ = random.Random(seed)
        bait, pdf, copy = draw_.choice(documents)
        page = draw_.randint(1, page_count(pdf))
        row = {"set": name, "seed": seed, "bait": bait, "page": page}
        for sight, dpi in SIGHTS.items():
            ink = [draw(path, page) if dpi == 600 else scan(path, page, seed)
                   for path in (pdf, copy)]
            both = [features(picture, dpi) for picture in ink]
            row[sight] = (None if both[0] is None or both[1] is None
                          else [list(map(float, one)) for one in both])
        record.add(row)
        print("%s %d: %s page %d" % (name, seed, bait, page),
              file=sys.stderr, flush=True)


def judged(rows, sight):
    """Learn from one set, judge the other."""
    sets = {}
    for name in ("build", "report"):
        mine = [row[sight] for row in rows
                if row["set"] == name and row.get(sight)]
        x = np.array([m[0] for m in mine] + [m[1] for m in mine])
        sets[name] = x, np.repeat([0, 1], len(mine))
    if min(len(x) for x, _ in sets.values()) < 10:
        return None
    score = learn(*sets["build"])(sets["report"][0])
    y = sets["report"][1]
    low, high = area_interval(score, y)
    single = [area(sets["report"][0][:, k], y) for k in range(len(NAMES))]
    return (len(y) // 2, len(sets["build"][1]) // 2, area(score, y), low, high,
            single)


def main():
    record = ground.Record("blind")
    most = max(6, round(PAGES * float(os.environ.get("PART", "1"))))
    end = time.time() + 60 * float(os.environ.get("MINUTES", "1e6"))
    for name in ("build", "report"):
        measure(name, record, most, end)
    results.blind(record, {sight: judged(record.rows, sight)
                           for sight in SIGHTS}, NAMES)


if __name__ == "__main__":
    main()
