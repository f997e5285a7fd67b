/*
 * tamper_echo: is what comes now what came before, coded anew? Only detect/
 * includes this.
 *
 * A recording that is played again through another encoder has its keyframes
 * elsewhere: none is like an earlier one, and of the noise of those nearest to
 * it a few hundredths are left. That is far too little for one look; but it is
 * so at look after look, so many looks back. For each distance that is added
 * up (Page 1954, a cumulative sum) of thousands of places that show little but
 * noise, against what is usual among all distances.
 *
 * Limits: noise that the encoder leaves nothing of has no echo. Distances of
 * 4 to ECHO_RING looks. Threads: one at a time.
 */
#ifndef STING_DETECT_TAMPER_ECHO_H
#define STING_DETECT_TAMPER_ECHO_H

#include "base/plane.h"

#define ECHO_RING 1024
#define ECHO_PLACES 16384
#define ECHO_WORDS (ECHO_PLACES / 64)

struct echo_look {
    uint64_t bits[ECHO_WORDS]; /* is it lighter than usual there? */
    bool is_known;             /* what is usual is */
};

struct echo {
    struct echo_look *ring; /* owned */
    float *usual, *last;    /* owned; of each place */
    float *sum;             /* owned; of each distance */
    float tremble;          /* usual deviation from what is usual */
    int count;              /* looks taken so far, .. */
    int looks;              /* .. and since what is usual was begun anew */
    bool is_heard;
};

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status echo_init(struct echo *out);
void echo_release(struct echo *echo);

/* A keyframe; is_heard tells then. */
void echo_look(struct echo *echo, const struct plane *picture);

#endif
