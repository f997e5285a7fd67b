/*
 * look: what a photograph measures, beside its verdict: noise, blur, how far
 * words lie from where they were put, and what random codes reach.
 */
#ifndef STING_TESTS_CAMPAIGN_LOOK_H
#define STING_TESTS_CAMPAIGN_LOOK_H

#include "tests/campaign/desk.h"

#define LOOK_DECADES 8

struct look {
    bool has_page;
    uint32_t words;                /* measured along their lines */
    double pixel_noise;            /* sd of one on white, share of white */
    double blur_pt;                /* deviation */
    double along_pt, across_pt;    /* noise of a word, by the reader */
    double error_pt, error_y_pt;   /* robust deviation from the truth */
    double shift_pt;               /* median of what words were moved by */
    uint32_t exceed[LOOK_DECADES]; /* codes with LR >= 10, 100 ... 10^8 */
    uint32_t codes;
};

/* What is asked of a picture. */
struct look_question {
    const struct trace_finding *finding; /* what was read in it */
    const int8_t *sign;                  /* of its units; NULL: unknown */
    uint32_t codes;                      /* random ones, to be scored */
    uint64_t seed;
};

/* Look at a photograph. Fails: E_NOMEM, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status look_at(struct desk *desk, struct bytes jpeg,
                                         const struct look_question *question,
                                         struct look *out, struct fault *fault);

#endif
