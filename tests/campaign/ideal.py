"""What an ideal reader reaches: it knows the noise of a word, measures every
unit in view without bias, and knows how often each is a one; where copies are
mixed it knows how."""
import itertools
import math
import random

BIASES = (54 / 256, 202 / 256)
ACROSS = 0.08  # pt that a word moves across its line
NEEDED = 12.0  # log10 LR: 10^6 copies, and 10^-6 left


def unit(shift, noise):
    """Mean and variance of one unit's log10 likelihood ratio for the true
    copy against a code drawn at random."""
    if noise <= 0 or shift <= 0:
        return 0.0, 0.0
    d, steps = shift / noise, 400
    mean = square = 0.0
    for p in BIASES:
        for one, share in ((1, p), (0, 1 - p)):
            for k in range(steps):
                z = -6 + 12 * (k + 0.5) / steps
                weight = (0.5 * share * math.exp(-z * z / 2)
                          / math.sqrt(2 * math.pi) * 12 / steps)
                y = z + (d if one else -d)
                up, down = -(y - d) ** 2 / 2, -(y + d) ** 2 / 2
                most = max(up, down)
                all_ = most + math.log(p * math.exp(up - most)
                                       + (1 - p) * math.exp(down - most))
                value = ((up if one else down) - all_) / math.log(10)
                mean += weight * value
                square += weight * value * value
    return mean, max(square - mean * mean, 0.0)


def strength(units, shift, noise):
    """Expected log10 LR."""
    return units * unit(shift, noise)[0]


def rate(units, shift, noise, across=0):
    """The share of pictures that reach what attribution needs; `across`: of
    words that move across their line too."""
    mean, variance = unit(shift, noise)
    more, more_variance = unit(ACROSS, noise)
    mean = units * mean + across * more
    variance = units * variance + across * more_variance
    if variance <= 0:
        return 0.0
    return 0.5 * math.erfc((NEEDED - mean) / math.sqrt(2 * variance))


def at_least(rates, hits):
    """The chance that so many pictures reach it, each at its own rate."""
    found = [1.0]
    for one in rates:
        found = [(found[k] if k < len(found) else 0.0) * (1 - one)
                 + (found[k - 1] * one if k else 0.0)
                 for k in range(len(found) + 1)]
    return sum(found[hits:])


# Where three copies mixed put a word whose bits are these: places in units of
# its shift, each as likely as the others.
MIXTURES = {
    "average": lambda bits: [sum(bits) / 3],
    "piecing": lambda bits: bits,
    "majority": lambda bits: [1 if sum(bits) > 0 else -1],
    "minority": lambda bits: [sum(bits) / 3 if abs(sum(bits)) == 3 else
                              -1 if sum(bits) > 0 else 1],
}
SPAN, STEPS = 5.0, 500  # of readings, in deviations beyond the shift


def _densities(rule, share, shift, noise):
    """For each reading of a grid the density under own bit 1 and 0."""
    edge = shift + SPAN * noise
    grid = [-edge + 2 * edge * (k + 0.5) / STEPS for k in range(STEPS)]
    found = {1: [0.0] * STEPS, -1: [0.0] * STEPS}
    for bits in itertools.product((1, -1), repeat=3):
        places = MIXTURES[rule](list(bits))
        weight = 1.0 / len(places)
        for other in bits[1:]:
            weight *= share if other == 1 else 1 - share
        for place in places:
            for k, r in enumerate(grid):
                z = (r - place * shift) / noise
                found[bits[0]][k] += weight * math.exp(-z * z / 2)
    return edge, found


def _tables(rule, shift, noise):
    """log10 of the likelihood ratio by share, own bit and reading."""
    tables = {}
    for share in BIASES:
        edge, found = _densities(rule, share, shift, noise)
        for bit in (1, -1):
            tables[share, bit] = [
                math.log10((found[bit][k] + 1e-12)
                           / (share * found[1][k] + (1 - share) * found[-1][k]
                              + 1e-12)) for k in range(STEPS)]
    return edge, tables


def mixture(rule, units, shift, noise, draws=200):
    """Median log10 LR of the strongest of three colluders, and the share of
    draws in which it reaches what attribution needs. The strongest alone is
    looked for; those beside it are not known."""
    edge, tables = _tables(rule, shift, noise)
    chance = random.Random(units)
    best = []
    for _ in range(draws):
        sums = [0.0, 0.0, 0.0]
        for _ in range(units):
            share = chance.choice(BIASES)
            bits = [1 if chance.random() < share else -1 for _ in range(3)]
            r = (chance.choice(MIXTURES[rule](bits)) * shift
                 + chance.gauss(0, noise))
            k = int((r + edge) / (2 * edge) * STEPS)
            k = min(max(k, 0), STEPS - 1)
            for i in range(3):
                sums[i] += tables[share, bits[i]][k]
        best.append(max(sums))
    best.sort()
    return (best[draws // 2],
            sum(value >= NEEDED for value in best) / draws)
