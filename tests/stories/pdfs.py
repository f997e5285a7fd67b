"""Copies of PDFs from Debian's documentation packages, of many producers.

A null edit (every shift written, all of nothing) must look and read exactly
like the original in MuPDF and in Poppler; a marked copy must keep its text,
fonts, links, outline, tags and pages, and its size within 2 %.
"""

import gzip
import os
import subprocess
import sys
import tempfile

from copies import judged, kept, objects

COPY = os.environ['PDF_COPY']
SAMPLE = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                      '..', '..', 'samples', 'water-tank.pdf')
LEAST = 60          # documents; fewer would prove too little
MOST_BYTES = 1 << 20
LOOKED_AT = 4       # pages of each that are compared as pictures
BYTES_A_UNIT = 3.0  # a mark costs no more than this; few marks cost more each
KEPT = 0.02         # a copy grows by no more than this
TOO_FAR = 5000      # Poppler's boxes are not MuPDF's: of so many words one may
                    # seem to go too far; but none of these documents
EXACT = [SAMPLE, '/usr/share/doc/dblatex/release-notes.pdf.gz',
         '/usr/share/doc/bzip2/manual.pdf.gz',
         '/usr/share/doc/asymptote/CAD.pdf']
EIGHTH = int(os.environ.get('EIGHTH', '8'))
REGROUPED = 0.2     # of the documents pdftotext may order otherwise: it
                    # sorts blocks by hundredths of a point; never the sample


def run(*args):
    done = subprocess.run(args, capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def found():
    seen = {}
    for folder, _, files in os.walk('/usr/share'):
        for name in files:
            path = os.path.join(folder, name)
            if not name.endswith(('.pdf', '.pdf.gz')):
                continue
            opener = gzip.open if name.endswith('.gz') else open
            with opener(path, 'rb') as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) <= MOST_BYTES:
                seen.setdefault(data, path)
    return sorted((path, data) for data, path in seen.items())


def spread(documents):
    """Every producer's, and not more than ten of one folder."""
    count = {}
    out = []
    for path, data in documents:
        folder = os.path.dirname(path)
        count[folder] = count.get(folder, 0) + 1
        if count[folder] <= 30:
            out.append((path, data))
    return out


def sample():
    with open(SAMPLE, 'rb') as file:
        return SAMPLE, file.read()


def pictures(path):
    """The first pages as both renderers show them."""
    return [run('mutool', 'draw', '-q', '-r', '60', '-c', 'gray', '-F', 'pgm',
                '-o', '-', path, f'1-{LOOKED_AT}')[1],
            run('pdftoppm', '-r', '60', '-gray', '-l', str(LOOKED_AT),
                path)[1]]


def text(path):
    return run('pdftotext', '-raw', path, '-')[1]


def ordered_text(path):
    """In the order in which pdftotext thinks that it is read."""
    return run('pdftotext', path, '-')[1]


def words_apart(a, b):
    """How many words differ, by a walk through both that may skip one."""
    a, b = a.split(), b.split()
    if a == b:
        return 0
    from collections import Counter
    return sum(((Counter(a) - Counter(b)) + (Counter(b) - Counter(a))).values())


class Tally:
    def __init__(self):
        self.bad = []
        self.refused = []
        self.growth = []
        self.text_differs = []
        self.done = 0
        self.words = 0
        self.regrouped = []

    def check(self, is_good, what):
        if not is_good:
            self.bad.append(what)
            print('FAILED', what, flush=True)


def check_closely(path, original, marked, tally):
    """From the two files alone: what does not draw is the same, as qpdf reads
    it, and no word goes further than docs/formats/bait.md says, as Poppler sees
    it. Of every eighth document (EIGHTH=1: all), since it costs as much as all
    else."""
    if path not in EXACT and tally.done % EIGHTH:
        return
    tally.check(objects(original) == objects(marked),
                f'{path}: other objects')
    places = judged(original, marked)
    tally.check(places or path not in EXACT, f'{path}: words are regrouped')
    if not places:
        return
    moved, wrong = places
    tally.words += moved
    most = 0 if path in EXACT else 1 + moved / TOO_FAR
    tally.check(len(wrong) <= most, f'{path}: {wrong[:5]}')


def try_one(path, data, folder, tally):
    original = os.path.join(folder, 'original.pdf')
    null = os.path.join(folder, 'null.pdf')
    marked = os.path.join(folder, 'marked.pdf')
    with open(original, 'wb') as file:
        file.write(data)
    code, out, why = run(COPY, original, marked, '1', null)
    if not os.path.exists(null):
        tally.refused.append((path, why.decode(errors='replace').strip()))
        return
    tally.done += 1
    words = text(original)
    tally.check(pictures(original) == pictures(null), f'{path}: null picture')
    tally.check(words == text(null), f'{path}: null text')
    tally.check(os.path.getsize(null) <= 1.02 * len(data) + 600,
                f'{path}: null size {os.path.getsize(null)} of {len(data)}')
    os.unlink(null)
    tally.check(code == 0, f'{path}: {why!r}')
    if code:
        return
    units = int(out.split()[2])
    grown = os.path.getsize(marked) - len(data)
    tally.growth.append(grown / len(data))
    tally.check(grown <= KEPT * len(data),
                f'{path}: {grown / len(data):+.2%}')
    if ordered_text(original) != ordered_text(marked):
        tally.regrouped.append(path)
    print(f'{grown / len(data):+.2%} {units} units: {path}')
    tally.check(kept(original) == kept(marked), f'{path}: something is lost')
    tally.check(grown <= max(0.02 * len(data), BYTES_A_UNIT * units),
                f'{path}: {grown} bytes more for {units} units')
    check_closely(path, original, marked, tally)
    apart = words_apart(words, text(marked))
    if apart:
        tally.text_differs.append((path, apart))
        tally.check(apart <= 4 + len(words.split()) / 5000,
                    f'{path}: {apart} words differ')


def main():
    tally = Tally()
    documents = spread(found()) + [sample()]
    with tempfile.TemporaryDirectory() as folder:
        for path, data in documents:
            try_one(path, data, folder, tally)
    growth = sorted(tally.growth)
    print(f'{tally.done} documents: null edits identical in pixels and text '
          f'unless told above')
    print(f'marked copies: size median {growth[len(growth) // 2]:+.2%}, '
          f'largest {growth[-1]:+.2%}, within 2 % '
          f'{sum(g <= 0.02 for g in growth)} of {len(growth)}')
    print(f'{tally.words} words moved, none further than it may unless told '
          f'above')
    for path, apart in tally.text_differs:
        print(f'pdftotext groups {apart} words otherwise: {path}')
    for path, why in tally.refused:
        print(f'refused: {path}: {why}')
    tally.check(tally.done >= LEAST, f'only {tally.done} documents, not {LEAST}')
    print(f'pdftotext without -raw orders {len(tally.regrouped)} of '
          f'{tally.done} otherwise: {tally.regrouped}')
    tally.check(len(tally.regrouped) <= REGROUPED * tally.done,
                'too many copies are read in another order')
    tally.check(SAMPLE not in tally.regrouped, 'the sample is regrouped')
    tally.check(len(tally.text_differs) * 20 <= tally.done,
                'more than 5 % of the copies read otherwise')
    return 1 if tally.bad else 0


if __name__ == '__main__':
    sys.exit(main())
