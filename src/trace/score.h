/*
 * score: which copy do the readings of a page speak for, and how strongly?
 *
 * All issued copies are scored, and beside them copy 0, which nobody ever
 * got, and codes drawn at random: what those reach is what chance reaches.
 */
#ifndef STING_TRACE_SCORE_H
#define STING_TRACE_SCORE_H

#include "crypt/secret.h"
#include "mark/read.h"

#define SCORE_RANDOM_CODES 1000

/* The question: which of these copies of this page? */
struct score_request {
    const struct secret *document; /* K_doc */
    uint32_t page;                 /* from 0 */
    const uint32_t *copy;          /* numbers issued, from 1 */
    size_t copies;
};

struct score {
    uint32_t copy;           /* the best, 0 when none was issued */
    double log10_lr;         /* its strength */
    double second_log10_lr;  /* of the next best copy; -INFINITY: none */
    double control_log10_lr; /* of copy 0 */
    double random_log10_lr;  /* the most of SCORE_RANDOM_CODES random codes */
    uint32_t units;          /* that carried evidence */
};

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status score_page(const struct score_request *request,
                                            const struct page_reading *reading,
                                            struct score *out);

/* The code bits of one copy of the page; `bit` has `units` places.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status score_code(const struct score_request *request,
                                            uint32_t copy, uint32_t units,
                                            uint8_t *bit);

#endif
