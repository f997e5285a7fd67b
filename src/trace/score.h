/*
 * score: which copy do the readings speak for, and how strongly?
 *
 * All issued copies are scored, and beside them copy 0, which nobody ever
 * got, and codes drawn at random: what those reach is what chance reaches.
 * The readings are one page's, or several pages' of one document whose sums
 * are added before anything is bounded.
 */
#ifndef STING_TRACE_SCORE_H
#define STING_TRACE_SCORE_H

#include "crypt/secret.h"
#include "mark/reading.h"

#define SCORE_RANDOM_CODES 10000
#define SCORE_TOPS 8

/* The question: which of these copies of this page? */
struct score_request {
    const struct secret *document; /* K_doc */
    uint32_t page;                 /* from 0 */
    const uint32_t *copy;          /* numbers issued, from 1 */
    size_t copies;
};

/* One page of a question about several. */
struct score_part {
    uint32_t page; /* from 0, each once */
    const struct page_reading *reading;
};

/* The same of several pages; and given that some copies are in it, which
 * further one is? The given ones are not scored again. */
struct score_question {
    const struct secret *document;
    const uint32_t *copy;
    size_t copies;
    const struct score_part *part;
    size_t parts;
    const uint32_t *given;
    size_t givens;
    bool is_mixed; /* several copies are taken to be in it, given or not */
};

struct score_top {
    uint32_t copy;
    double log10_lr;
};

struct score {
    uint32_t copy;           /* the best, 0 when none was issued */
    double log10_lr;         /* its strength */
    double second_log10_lr;  /* of the next best copy; -INFINITY: none */
    double control_log10_lr; /* of copy 0 */
    double random_log10_lr;  /* the most of SCORE_RANDOM_CODES random codes */
    uint32_t units;          /* that carried evidence */
    size_t tops;             /* the strongest copies, best first */
    struct score_top top[SCORE_TOPS];
};

/* Fails: E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status score_page(const struct score_request *request,
                                            const struct page_reading *reading,
                                            struct score *out);
STING_MUST_USE enum sting_status score_run(
    const struct score_question *question, struct score *out);

/* The strength of one copy alone, by what it was scored with. Fails: E_NOMEM,
 * E_ARG. */
STING_MUST_USE enum sting_status score_copy(
    const struct score_question *question, uint32_t copy, double *log10_lr);

/* The evidence that is scored: a[i] has as many places as part i has units.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status score_evidence(
    const struct score_question *question, double *const *a);

/* The code bits of one copy of the page; `bit` has `units` places.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status score_code(const struct score_request *request,
                                            uint32_t copy, uint32_t units,
                                            uint8_t *bit);

/* What a true copy would have reached on these readings: of 100 imagined with
 * this noise, the median, and the share that reach `least`. */
struct score_power {
    double median_log10_lr;
    double share;
};
void score_power(const struct score_question *question, double least,
                 struct score_power *out);

#endif
