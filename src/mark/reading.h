/*
 * reading: what was read of each unit of a page, and what it is worth.
 *
 * A displacement and its noise become evidence: how much more likely the
 * photograph is if the unit was displaced one way than the other. One
 * photograph's reading (read) and several photographs' (read_pool) are judged
 * alike. Nothing here knows a key, a bias or a code.
 *
 * Source: docs/design/strength.md.
 */
#ifndef STING_MARK_READING_H
#define STING_MARK_READING_H

#include "mark/read_noise.h"
#include "mark/unit.h"

#define MARK_READ_ONE 1024 /* evidence is a multiple of 1 / MARK_READ_ONE */

/* Share of the log likelihood ratio that evidence is: strength.h tries 0.25 to
 * 2 times the evidence, and where copies are mixed an eighth is best. */
#define MARK_READ_TEMPER 0.5

struct unit_reading {
    float shift_pt; /* along the unit's direction, smooth trend taken out */
    float noise_pt; /* deviation of shift_pt, by the model fitted */
    float mark_pt;  /* how far the unit itself moves either way; 0: unseen */
    double a;       /* evidence: MARK_READ_TEMPER * (log likelihood ratio) /
                       (g(1) - g(0)), 0 when the unit was not measured */
};

struct page_reading {
    uint32_t units;            /* as the page has */
    uint32_t seen;             /* measured */
    struct unit_reading *unit; /* owned; units places */
    double blur_pt;            /* of the photograph, deviation */
    double noise_along_pt;     /* of a word of three letters */
    double noise_across_pt;
    double strange; /* share of seen units beyond three deviations of both
                       places where they may be: another filling of a form */
    double still;   /* share of units that did not move, 0 to 1 */
    double moved;   /* log likelihood of "all moved" over "none did" */
};

void page_reading_release(struct page_reading *reading);

/*
 * Do the units stand where this page has them? Of 916 photographs of the right
 * page, down to the darkest, none had more noise than 0.35 pt; where a foreign
 * page passes for ours, what is found lies anywhere: 1 pt, as far as is looked.
 * True when nothing was seen.
 */
bool page_reading_fits(const struct page_reading *reading);

/* Set the evidence of a unit that was measured, never quite none, from its
 * displacement, noise and mark; `still` is noise.still of its axis. */
void unit_reading_judge(struct unit_reading *unit, double still);

/* Set what all units together say, when each has been judged. */
void page_reading_sum(struct page_reading *reading,
                      const struct noise noise[MARK_AXES]);

#endif
