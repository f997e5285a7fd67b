/*
 * check_pace: how often a stream is decoded that is only checked: often at
 * first, to learn what is usual; then as seldom as keyframes come at least
 * every CHECK_APART_US, and at once where the sizes of its packets say that
 * something is odd: almost nothing between two keyframes, as of a picture that
 * is held, or a keyframe of another size. Sizes decide only when to look.
 *
 * Threads: one at a time.
 */
#ifndef STING_WATCH_CHECK_PACE_H
#define STING_WATCH_CHECK_PACE_H

#include "media/packet.h"

#define CHECK_APART_US INT64_C(4200000)
#define CHECK_SOON_US INT64_C(400000)

/* Zero-initialise. */
struct check_pace {
    float between, usual_between; /* bytes from a keyframe to the next */
    float usual_key, usual_off;   /* of a keyframe, and how far it is off */
    int64_t key_us, apart_us;     /* of the last, and from the one before */
    int keys;                     /* so far */
    int checks;                   /* pictures seen so far */
    bool is_odd;
};

/* Each packet of the stream, and its time, before it is decoded or not. */
void check_pace_add(struct check_pace *pace, const struct packet *packet,
                    int64_t at_us);

/* The least time between two keyframes that are decoded. */
int64_t check_pace_us(const struct check_pace *pace);

#endif
