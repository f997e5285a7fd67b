/*
 * mend: packets' times put right where the camera's clock jumped, so that no
 * picture lies before one that is recorded, or hours after it, and none is
 * lost for it. Where a jump is, the time line says.
 *
 * Times are arguments. Threads: one at a time.
 */
#ifndef STING_WATCH_MEND_H
#define STING_WATCH_MEND_H

#include "media/packet.h"
#include "media/stream.h"
#include "watch/time_line.h"

struct mend {
    const struct stream *stream; /* borrowed: its ticks; NULL: not begun */
    struct time_line line;
    int64_t shift_us;     /* the recording's time less the mended packets' */
    int64_t ticks;        /* added to the camera's times since it jumped */
    int64_t ticks_before; /* and what was before that, */
    int64_t from;         /* which ends with this mended time */
    int jumps;
    int64_t jumped_us; /* the last time */
};

/* Begin with `first`, which has come now and lies at `origin_us` on the
 * recording. */
void mend_begin(struct mend *mend, const struct stream *stream,
                const struct packet *first, int64_t origin_us,
                struct moment now);

/* A packet has come: where it lies on the recording, its time mended. */
int64_t mend_packet(struct mend *mend, struct packet *packet,
                    struct moment now);

/* The camera's own time of what a mended packet gives as at_us. */
int64_t mend_undo_us(const struct mend *mend, int64_t at_us);

#endif
