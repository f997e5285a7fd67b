"""The exact interval of Clopper and Pearson, by bisection; others beside it."""
import math
import statistics


def _at_most(hits, trials, rate):
    """P(X <= hits) of a binomial law, terms in logarithms."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 1.0 if hits >= trials else 0.0
    sum_, choose = 0.0, 0.0
    for k in range(hits + 1):
        if k:
            choose += math.log((trials - k + 1) / k)
        sum_ += math.exp(choose + k * math.log(rate)
                         + (trials - k) * math.log1p(-rate))
    return min(sum_, 1.0)


def _solve(is_above):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if is_above(middle):
            high = middle
        else:
            low = middle
    return (low + high) / 2


def interval(hits, trials, level=0.95):
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _solve(
        lambda rate: 1 - _at_most(hits - 1, trials, rate) > tail)
    high = 1.0 if hits == trials else _solve(
        lambda rate: _at_most(hits, trials, rate) < tail)
    return low, high


def text(hits, trials):
    if not trials:
        return "no trial"
    low, high = interval(hits, trials)
    return "%.1f %% [%.1f, %.1f]" % (100 * hits / trials, 100 * low,
                                     100 * high)


def rate(hits, trials):
    return "%d of %d, %s" % (hits, trials, text(hits, trials))


def upper_a_day(count, hours):
    """Upper 95 % limit of a rate a day, Poisson, exact (one-sided 97.5 %)."""
    low, high = 0.0, 1e3 + 10 * count
    for _ in range(80):
        mid, term, sum_ = (low + high) / 2, 1.0, 0.0
        for k in range(count + 1):
            sum_ += term
            term *= mid / (k + 1)
        if sum_ * 2.718281828459045 ** -mid > 0.025:
            low = mid
        else:
            high = mid
    return high * 24 / hours


STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
           2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
           2.093, 2.086)  # 97.5 %, 1 to 20 degrees of freedom


def mean(values):
    """95 % interval of a mean (Student 1908); of two to 21 values exact where
    they are normal, of more a little too wide."""
    free = min(len(values) - 1, len(STUDENT))
    half = STUDENT[free - 1] * statistics.stdev(values) / math.sqrt(len(values))
    middle = statistics.mean(values)
    return middle - half, middle + half


YEAR_DAYS = 365.25


def hours_for_one_a_year(count):
    """Hours in which so many may be, that one a year is shown (as above)."""
    return upper_a_day(count, 24) * YEAR_DAYS * 24
