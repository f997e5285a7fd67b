/*
 * reel: recordings as sting makes them, of no pictures, for tests.
 *
 * Written from docs/formats/ledger.md, "Inside a recording", and not with the
 * program's own writer of boxes.
 */
#ifndef STING_TESTS_LEDGER_REEL_H
#define STING_TESTS_LEDGER_REEL_H

#include "base/buffer.h"

#define REEL_TICKS 90000 /* a second */
#define REEL_FRAMES 5    /* in a fragment */
#define REEL_LEAST_BYTES ((size_t)(96 + 16 * REEL_FRAMES))

/* Append `ftyp moov`: a track 1 of h264. */
void reel_head(int width_px, int height_px, struct buffer *out);

/* Append a fragment of so many bytes in all, the payload decided by `seed`:
 * REEL_FRAMES pictures from start_us to start_us + us. */
void reel_fragment(int64_t start_us, int64_t us, uint64_t seed, size_t bytes,
                   struct buffer *out);

#endif
