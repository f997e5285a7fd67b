/*
 * linear: small systems of equations, as every fit here needs them.
 *
 * Limits: up to LINEAR_MOST unknowns.
 */
#ifndef STING_IMAGE_LINEAR_H
#define STING_IMAGE_LINEAR_H

#include "base/base.h"

#define LINEAR_MOST 64

/* Normal equations of a weighted least-squares fit, filled row by row. */
struct normal_equations {
    int unknowns;
    double a[LINEAR_MOST * LINEAR_MOST]; /* upper triangle in use */
    double b[LINEAR_MOST];
};

void normal_init(struct normal_equations *normal, int unknowns);

/* Add the equation row . x = value with this weight. */
void normal_add(struct normal_equations *normal, const double *row,
                double value, double weight);

/* Solve into x; the equations are used up (their triangle then holds the
 * Cholesky factor). Fails: E_FORMAT when they do not determine x. */
STING_MUST_USE enum sting_status normal_solve(struct normal_equations *normal,
                                              double *x);

/* After normal_solve: element (i, i) of the inverse of the matrix. */
double normal_variance(const struct normal_equations *normal, int i);

#endif
