/*
 * player_worker: recordings decoded, and cuts encoded, where a recording
 * that was made to do harm can do none.
 *
 * What cameras sent is hostile like every other byte from outside. The
 * worker takes an opened recording (footage.h), holds no key and reaches no
 * file; stills and newly encoded video come back. Faults are needed here
 * (not NULL) and start empty.
 */
#ifndef STING_OPERATION_PLAYER_WORKER_H
#define STING_OPERATION_PLAYER_WORKER_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"

#define PLAYER_MOST_STILLS 64
#define PLAYER_MOST_MASKS 32

struct player_worker; /* owns the process */

STING_MUST_USE enum sting_status player_worker_new(struct player_worker **out,
                                                   struct fault *fault);
void player_worker_free(struct player_worker **worker);

/* Load a recording: ftyp + moov, and fragments that go with it. The calls
 * below speak of the one loaded last. Fails: E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status player_load(struct player_worker *worker,
                                             struct bytes init,
                                             struct bytes fragments,
                                             struct fault *fault);

/* Called with each still, in order of times; the JPEG is borrowed. */
typedef enum sting_status (*player_sink)(void *context, size_t index,
                                         int64_t pts_us, struct bytes jpeg);

/* The pictures shown at at_us[0 .. count - 1] (growing, on the recording's
 * own time line), or the last one before. A moment for which there is none
 * is left out. Fails: E_ARG, E_FORMAT, E_UNSUPPORTED, E_IO, or what the sink
 * gave. */
STING_MUST_USE enum sting_status player_stills(struct player_worker *worker,
                                               const int64_t *at_us,
                                               size_t count, player_sink sink,
                                               void *context,
                                               struct fault *fault);

/* Parts of the picture's width and height, 0 to 1, origin top left. */
struct player_mask {
    double x, y, width, height;
};

struct player_cut {
    int64_t from_us; /* on the recording's own time line */
    int64_t to_us;
    bool enhance; /* less grain, more light; the same for the whole cut */
    struct player_mask mask[PLAYER_MOST_MASKS]; /* filled with one grey */
    size_t masks;
    /* Told how far it is. May be NULL. */
    void (*progress)(void *context, int percent);
    void *context;
};

struct player_cut_made {
    int64_t frames;
    int64_t from_us; /* of the first picture in it */
    int64_t to_us;   /* of the last */
    int width_px;
    int height_px;
};

/* Decode, enhance, fill, encode anew; the MP4 is appended to *mp4. Masks are
 * widened to whole blocks of 16 px and 8 px more.
 * Fails: E_ARG, E_ABSENT without a picture in that time, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status player_transcode(struct player_worker *worker,
                                                  const struct player_cut *cut,
                                                  struct buffer *mp4,
                                                  struct player_cut_made *made,
                                                  struct fault *fault);

/* The worker's side: serve until the channel closes. */
int player_worker_serve(int channel);

#endif
