/*
 * interval: how sure is a rate of k hits in n trials?
 *
 * Source: Clopper and Pearson, Biometrika 26 (1934) 404: the exact interval,
 * by the regularised incomplete beta function (Numerical Recipes 6.4:
 * Lentz's continued fraction) and bisection.
 */
#ifndef STING_BASE_INTERVAL_H
#define STING_BASE_INTERVAL_H

#include "base/base.h"

struct interval {
    double low, high;
};

/* At the given level, 0.95 for 95 %. 0 <= hits <= trials; without a trial
 * nothing is known: 0 to 1. */
struct interval interval_of(uint32_t hits, uint32_t trials, double level);

/* P(X <= x) of the beta distribution with parameters a and b, both > 0. */
double interval_beta(double a, double b, double x);

#endif
