/*
 * tamper_print: has this very picture been seen before? Only detect/ includes
 * this.
 *
 * A sensor's noise never repeats: a keyframe equal to an earlier one to the
 * last bit, or with the same noise at a thousand places, is a picture that is
 * held, or a recording that is played again. So is one that is coded otherwise
 * each time, if only its noise goes together with that of the one before. What
 * the camera's encoder leaves of the noise is learned: where still pictures
 * repeat by themselves, nothing is told, but that. Black ones at first say
 * nothing of it, and what is masked in a picture says nothing ever.
 *
 * Limits: loops of up to PRINT_RING keyframes. Of a loop that is coded anew
 * only keyframes that show the same moment are equal; others are for
 * tamper_echo. Of noise nothing is said in the first 8 looks, of noise that
 * goes together not in 13, as the camera's own is learned then. A picture of
 * one grey all over is the same as any other of that grey. Nothing is
 * remembered from one connection to the next. Threads: one at a time.
 */
#ifndef STING_DETECT_TAMPER_PRINT_H
#define STING_DETECT_TAMPER_PRINT_H

#include "base/plane.h"

#define PRINT_RING 4096
#define PRINT_PLACES 1024
#define PRINT_WORDS (PRINT_PLACES / 64)

struct print {
    uint64_t whole;               /* of all pixels */
    uint64_t bits[PRINT_WORDS];   /* is the noise above or below the usual? */
    uint64_t shakes[PRINT_WORDS]; /* at all, there: it is other than usual */
    float together; /* its noise with that of the look before: a correlation */
    bool has_bits;
};

struct prints {
    struct print *ring; /* owned */
    int count;          /* taken so far */
    float usual[PRINT_PLACES];
    float tremble; /* usual deviation from it */
    float alike;   /* usual share of bits that agree with the last look */
    float last[PRINT_PLACES]; /* as they were at the last look, .. */
    float off[PRINT_PLACES];  /* the last look's, from the usual */
    float together;           /* usual correlation of that with the next's */
    int looks;                /* since `usual` was begun anew, .. */
    int pairs;     /* .. and of them in a row with noise that is known */
    bool repeats;  /* still pictures repeat by themselves */
    int lag;       /* how far back the same was, in looks; 0: nowhere */
    int run;       /* so many looks in a row */
    int sure;      /* of run, to the last bit, by the last look */
    bool strays;   /* something was so once, and not at the next look */
    bool is_blank; /* the last look: one grey, nothing else */
};

STING_MUST_USE enum sting_status prints_init(struct prints *out);
void prints_release(struct prints *prints);

/* A keyframe. Afterwards lag and run tell whether, and since how many looks,
 * the same was there before: lag 1 is a picture that is held. */
void prints_look(struct prints *prints, const struct plane *picture);

#endif
