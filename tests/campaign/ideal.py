"""What an ideal reader reaches: it knows the noise of a word, measures every
unit in view without bias, and knows how often each is a one."""
import math

BIASES = (54 / 256, 202 / 256)
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


def rate(units, shift, noise):
    """The share of pictures that reach what attribution needs."""
    mean, variance = unit(shift, noise)
    if units * variance <= 0:
        return 0.0
    over = (units * mean - NEEDED) / math.sqrt(units * variance)
    return 0.5 * math.erfc(-over / math.sqrt(2))
