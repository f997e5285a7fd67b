/*
 * evidence: how strongly the looks so far speak for a figure somewhere.
 *
 * A figure is three blocks, one above the other, in one of eight sizes; each
 * block is as much lighter or darker than the scene as it likes. The sum over
 * a block, in units of its noise, is the matched filter of such a block, and
 * half the squares of the three is the logarithm of a likelihood ratio.
 * Between frames that follow each other, blocks are added along five paces of
 * walking before they are squared (a bank of velocity filters); from one
 * keyframe to the next, evidence is carried to where a walker may be by then
 * and pays KEPT_COST for it, so that chance does not gather (Page 1954).
 *
 * The noise of a block is not that of its cells: neighbours go together, by
 * blur, coding and unsteady light. It is measured for every size, as a median
 * over the picture. Only detect/ includes this.
 */
#ifndef STING_DETECT_EVIDENCE_H
#define STING_DETECT_EVIDENCE_H

#include "base/plane.h"

#define EVIDENCE_SIZES 8
#define EVIDENCE_LOOKS 4
#define EVIDENCE_MODES 2 /* keyframes, other frames */

struct evidence_spot {
    float height; /* natural logarithm of a likelihood ratio */
    int x, y;     /* cell of the middle */
    int width, tall;
    float pace;            /* cells a second, to the right */
    float walks;           /* of the height, what standing does not explain */
    int size, column, row; /* where it is in blocks */
};

struct evidence {
    int width, height; /* cells */
    struct plane_f block[EVIDENCE_SIZES][EVIDENCE_LOOKS];
    struct plane_f kept[EVIDENCE_SIZES]; /* carried between keyframes */
    struct plane_f work, near;
    double *sum;                   /* borrowed from the scene */
    int64_t at_us[EVIDENCE_LOOKS]; /* of the blocks, newest first */
    int slot[EVIDENCE_LOOKS];      /* where they are */
    int looks;                     /* of them in use */
    int64_t key_us;                /* of the last keyframe */
    float spread[EVIDENCE_MODES][EVIDENCE_SIZES]; /* noise of blocks */
    float measured[EVIDENCE_SIZES];               /* in this look */
    float noise[EVIDENCE_SIZES];                  /* used in this look */
    int learned[EVIDENCE_MODES];
    struct evidence_spot best; /* of this look */
    bool stands;               /* it is no echo of looks before */
};

STING_MUST_USE enum sting_status evidence_init(struct evidence *evidence,
                                               int width, int height,
                                               double *sum);
void evidence_release(struct evidence *evidence);

/* Take a look in, deviations from the scene in units of the noise. */
void evidence_look(struct evidence *evidence, const struct plane_f *deviation,
                   int64_t at_us, unsigned mode);

/* The look was quiet: its noise is usual. */
void evidence_learn(struct evidence *evidence, unsigned mode);

/* The noise of blocks for figures about as tall, against that of independent
 * cells. */
float evidence_spread(const struct evidence *evidence, unsigned mode,
                      float tall);

/* Forget what was gathered: the scene has changed. */
void evidence_forget(struct evidence *evidence);

#endif
