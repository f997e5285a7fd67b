/*
 * tamper_paint: is a large part of the view flat where it was not, as of paint
 * on the lens, or of a part of the picture that is replaced by one grey? Only
 * detect/ includes this.
 *
 * Blocks of the view that had structure, and show nothing but noise now. Where
 * they hang together and are PAINT_PART of all that had some, somebody may
 * stand there; where the same ones stay so for PAINT_US, nobody does. What
 * light leaves is not flat: over so many blocks a hundredth of their structure
 * shows. Where it got dark and the rest did too, it is a lamp.
 *
 * Limits: needs structure above the noise; says nothing of pages, which may be
 * taken. Who stands still for so long, in one colour, before PAINT_PART of the
 * view is paint. Threads: one at a time.
 */
#ifndef STING_DETECT_TAMPER_PAINT_H
#define STING_DETECT_TAMPER_PAINT_H

#include "detect/tamper_view.h"

#define PAINT_US INT64_C(2800000)
#define PAINT_PART 0.35F /* of 0.4: what lies across the edge says nothing */

struct paint_block {
    int64_t since_us; /* flat; INT64_MAX: it is not */
    int missed;       /* looks in a row that show something */
    bool had;         /* structure, as the next is of this look */
    bool is_old;      /* flat, since PAINT_US */
    double known, both, floor, level, was;
};

struct paint {
    int across, down;
    struct paint_block *block; /* owned */
    uint8_t *mark;             /* owned; of each: in the part that is counted */
    int *stack;                /* owned */
    bool is_now;               /* a part is flat ... */
    bool lasts;                /* ... and stays so */
};

/* For this view. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status paint_init(struct paint *out,
                                            const struct view *view);
void paint_release(struct paint *paint);

/* What the view has just looked at. */
void paint_look(struct paint *paint, const struct view *view, int64_t at_us);

#endif
