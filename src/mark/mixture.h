/*
 * mixture: evidence for one copy where several are mixed.
 *
 * Averaged pages, pages pieced together word by word, majorities, minorities.
 * Each unit's displacement is judged against what mixtures of one copy with
 * those named, if any, and with some unknown ones would give: how often an
 * unknown one has a one is known, the bits of the named are too. How they were
 * mixed is what fits best with the copy's own bit unknown; so the evidence is
 * made of photograph, original, thresholds and the named copies' codes alone,
 * and the bound of strength.h holds for every copy whose code has nothing to
 * do with those.
 *
 * Source: docs/design/strength.md; the marking assumption of Boneh and Shaw
 * 1998.
 */
#ifndef STING_MARK_MIXTURE_H
#define STING_MARK_MIXTURE_H

#include "mark/reading.h"

/* One page of the question. */
struct mixture_page {
    const struct page_reading *reading; /* borrowed, all three */
    const uint8_t *threshold;
    const uint8_t *ones; /* of each unit: how many of the named have a one */
};

/* How the pages came about, as far as they tell. */
struct mixture {
    uint32_t named; /* copies that are known to be in it; 0: none yet */
    int kind;       /* row of a table */
    double noise;   /* factor on the readings' deviation */
};

/* The likeliest mixture. */
struct mixture mixture_fit(const struct mixture_page *page, size_t pages,
                           uint32_t named);

/* a[u] of one page for a copy not named; a has as many places as units. */
void mixture_evidence(const struct mixture *mixture,
                      const struct mixture_page *page, double *a);

#endif
