/*
 * sweep: the sums S of very many copies at once.
 *
 * A copy's sum over pages is integer work: with a_i in steps of 1 / SWEEP_ONE
 * and g(1) - g(0) the same for both thresholds, S = base + step * (sum of the
 * a_i whose bit is one). What it costs is ChaCha20: one block for the copy's
 * key and one for each 64 units of a page of which any has evidence.
 *
 * Source: docs/design/strength.md; mark/code says what a copy's bits are.
 */
#ifndef STING_MARK_SWEEP_H
#define STING_MARK_SWEEP_H

#include "crypt/secret.h"

#define SWEEP_ONE 1024 /* a_i are multiples of 1 / SWEEP_ONE */

/* The evidence of one page. */
struct sweep_page {
    uint32_t page; /* from 0 */
    uint32_t units;
    const double *a;          /* borrowed, both */
    const uint8_t *threshold; /* MARK_THRESHOLD_LOW or _HIGH each */
};

struct sweep; /* evidence laid out for scoring */

/* The caller frees *out; pages may be released before. Fails: E_NOMEM, E_ARG
 * when an |a_i| is beyond 8. */
STING_MUST_USE enum sting_status sweep_new(struct sweep **out,
                                           const struct secret *document,
                                           const struct sweep_page *page,
                                           size_t pages);
void sweep_free(struct sweep **sweep);

/* sum[i] = S of copy[i], over all pages. */
void sweep_copies(const struct sweep *sweep, const uint32_t *copy,
                  size_t copies, double *sum);

/* The same of codes drawn by chance: keys from `first` on, under a key that
 * belongs to nobody. */
void sweep_random(const struct sweep *sweep, uint64_t first, size_t codes,
                  double *sum);

#endif
