#include "image/linear.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Below this share of its diagonal a pivot is rounding, not information. */
#define SMALLEST_PIVOT 1e-12

void normal_init(struct normal_equations *normal, int unknowns)
{
    assert(unknowns > 0 && unknowns <= LINEAR_MOST);
    normal->unknowns = unknowns;
    size_t n = (size_t)unknowns;
    memset(normal->a, 0, n * n * sizeof *normal->a);
    memset(normal->b, 0, n * sizeof *normal->b);
}

void normal_add(struct normal_equations *normal, const double *row,
                double value, double weight)
{
    int n = normal->unknowns;
    for (int i = 0; i < n; i++) {
        double w = weight * row[i];
        double *a = normal->a + (ptrdiff_t)i * n;
        for (int j = i; j < n; j++) {
            a[j] += w * row[j];
        }
        normal->b[i] += w * value;
    }
}

/* A = R' R with R upper triangular, in place. */
static bool factor(double *a, int n)
{
    for (int i = 0; i < n; i++) {
        double pivot = a[i * n + i];
        double least = fabs(pivot) * SMALLEST_PIVOT;
        for (int k = 0; k < i; k++) {
            pivot -= a[k * n + i] * a[k * n + i];
        }
        if (!(pivot > least) || !(pivot > 0)) {
            return false;
        }
        double root = sqrt(pivot);
        a[i * n + i] = root;
        for (int j = i + 1; j < n; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < i; k++) {
                sum -= a[k * n + i] * a[k * n + j];
            }
            a[i * n + j] = sum / root;
        }
    }
    return true;
}

/* R' y = b, in place. */
static void forward(const double *r, int n, double *b)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            b[i] -= r[k * n + i] * b[k];
        }
        b[i] /= r[i * n + i];
    }
}

enum sting_status normal_solve(struct normal_equations *normal, double *x)
{
    int n = normal->unknowns;
    const double *r = normal->a;
    if (!factor(normal->a, n)) {
        return STING_E_FORMAT;
    }
    forward(r, n, normal->b);
    for (int i = n - 1; i >= 0; i--) {
        double sum = normal->b[i];
        for (int k = i + 1; k < n; k++) {
            sum -= r[i * n + k] * x[k];
        }
        x[i] = sum / r[i * n + i];
    }
    return STING_OK;
}

double normal_variance(const struct normal_equations *normal, int i)
{
    /* (R'R)^-1 at (i, i) is the squared length of R'^-1 e_i. */
    double e[LINEAR_MOST] = {0};
    double sum = 0;
    e[i] = 1;
    forward(normal->a, normal->unknowns, e);
    for (int k = 0; k < normal->unknowns; k++) {
        sum += e[k] * e[k];
    }
    return sum;
}
