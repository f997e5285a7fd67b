/*
 * film: the pictures of a video that are worth examining: sharp, and unlike
 * one another.
 *
 * The video is cut into equal windows, and of each the sharpest picture is
 * kept; windows grow so that never more than FILM_MOST_FRAMES are held.
 * Pictures that differ by less than the grain of a camera are kept once.
 * Limits: FILM_DECODE_ALL pictures are decoded, keyframes after that.
 */
#ifndef STING_MEDIA_FILM_H
#define STING_MEDIA_FILM_H

#include "base/fault.h"
#include "base/plane.h"

#define FILM_MOST_FRAMES 24
#define FILM_DECODE_ALL 1500

struct film_frame {
    struct plane grey; /* owned */
    int64_t at_us;     /* from the video's beginning */
    double sharpness;
};

struct film {
    int frames;
    struct film_frame frame[FILM_MOST_FRAMES + 1];
    int64_t window_us;
    int64_t decoded;
};

/* A video by its first bytes: MP4, QuickTime, Matroska, AVI, MPEG-TS. */
bool film_is(struct bytes file);

/* Choose. The caller releases *out. Fails: E_FORMAT, E_ABSENT without video,
 * E_UNSUPPORTED, E_NOMEM. */
STING_MUST_USE enum sting_status film_choose(struct bytes file,
                                             struct film *out,
                                             struct fault *fault);
void film_release(struct film *film);

#endif
