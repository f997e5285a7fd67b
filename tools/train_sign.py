#!/usr/bin/python3
"""Make src/image/sign_table.c from pairs of descriptions.

Usage: train_sign.py PAIRS OUT.c. PAIRS is what tests/retrieval/sign_pairs
writes: the same place on a page and in a photograph of it, 2 x 128 int16.

The matrix is the linear discriminant: directions in which different places
differ most for how much the same place differs between page and photograph
(generalised eigenvectors of the total against the within-pair covariance).
A signature is one bit for each of the 64 best: above the median or not.
Coarse cells: 128 means of the first 8 values, 128 of the next 12.
Everything is in whole numbers, so that a page has one signature everywhere.
"""
import sys

import numpy as np

BITS, CENTRES, PARTS, SEED = 64, 128, ((0, 8), (8, 20)), 20261
RIDGE = 0.1     # of the mean variance within pairs
SPREAD = 40.0   # within-pair deviation of a value, in units of the table
SHIFT = 10      # values are sums shifted right by it


def discriminant(page, photo):
    both = np.concatenate([page, photo])
    total = np.cov(both.T)
    apart = page - photo
    within = apart.T @ apart / (2 * len(apart))
    within += np.eye(128) * RIDGE * np.trace(within) / 128
    low = np.linalg.inv(np.linalg.cholesky(within))
    value, vector = np.linalg.eigh(low @ total @ low.T)
    return (low.T @ vector[:, np.argsort(-value)[:BITS]]).T


def means(y, rng):
    centre = y[rng.choice(len(y), CENTRES, replace=False)].astype(float)
    for _ in range(40):
        near = ((y * y).sum(1)[:, None] - 2 * y @ centre.T
                + (centre * centre).sum(1)).argmin(1)
        for k in range(CENTRES):
            mine = y[near == k]
            centre[k] = mine.mean(0) if len(mine) else y[rng.integers(len(y))]
    return np.rint(centre).astype(int)


def rows(values, width=10):
    text = [str(v) for v in values]
    return ",\n     ".join(", ".join(text[i:i + width])
                           for i in range(0, len(text), width))


def told(page, photo, median, rng):
    bits = [(y > median) for y in (page, photo)]
    same = (bits[0] != bits[1]).sum(1)
    order = rng.permutation(len(page))
    other = (bits[0] != bits[1][order]).sum(1)
    for most in (12, 16, 20, 24):
        print("distance <= %d: same %.3f, other %.5f"
              % (most, (same <= most).mean(), (other <= most).mean()))


def main():
    rng = np.random.default_rng(SEED)
    pairs = np.fromfile(sys.argv[1], np.int16).reshape(-1, 2, 128)
    test = rng.random(len(pairs)) < 0.1
    page, photo = (pairs[:, i].astype(float) for i in range(2))
    weight = discriminant(page[~test], photo[~test])
    weight = np.rint(weight * SPREAD * (1 << SHIFT)).astype(int)
    assert abs(weight).max() < 32768
    y = [(p.astype(int) @ weight.T) >> SHIFT for p in (page, photo)]
    median = np.rint(np.median(np.concatenate(y), 0)).astype(int)
    told(y[0][test], y[1][test], median, rng)
    some = y[0][rng.permutation(len(page))[:30000]].astype(float)
    centre = [means(some[:, a:b], rng) for a, b in PARTS]
    with open(sys.argv[2], "w") as out:
        out.write("/* Made by tools/train_sign.py from %d pairs; not edited by"
                  " hand. */\n#include \"image/sign_table.h\"\n\n"
                  "/* clang-format off */\n" % (~test).sum())
        out.write("const int16_t sign_weight[%d][128] = {\n" % BITS)
        for row in weight:
            out.write("    {%s},\n" % rows(row))
        out.write("};\n\nconst int16_t sign_median[%d] = {\n     %s};\n"
                  % (BITS, rows(median)))
        for name, part in zip(("first", "second"), centre):
            out.write("\nconst int16_t sign_%s[%d][%d] = {\n"
                      % (name, CENTRES, part.shape[1]))
            for row in part:
                out.write("    {%s},\n" % rows(row, 12))
            out.write("};\n")
        out.write("/* clang-format on */\n")


if __name__ == "__main__":
    main()
