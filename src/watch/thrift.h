/*
 * thrift: how far apart a second stream is looked at while all is quiet. As its
 * keyframes come; but where that, and the check of the recorded stream, take
 * more of a processor than looking at the recorded one's keyframes would, as
 * seldom as those come, and THRIFT_MOST_US at most. So it is never seen later
 * for it than it would be without a second stream, nor for more.
 *
 * Takes what looks were measured to take. Threads: one at a time.
 */
#ifndef STING_WATCH_THRIFT_H
#define STING_WATCH_THRIFT_H

#include "base/base.h"

#define THRIFT_MOST_US INT64_C(2000000)

/* Of keyframes, while only these are decoded. Zero-initialise. */
struct thrift {
    int64_t look_ns; /* of a processor, about */
    int looks;       /* measured so far, up to a few */
};

void thrift_take(struct thrift *thrift, int64_t look_ns);

/* What a look takes, once a few were measured; 0 before. */
int64_t thrift_look_ns(const struct thrift *thrift);

/* A stream's look, and how far apart its keyframes come. */
struct thrift_of {
    int64_t look_ns, apart_us; /* 0: not known yet */
};

/* The least time between two looks at the second; 0: as they come. */
int64_t thrift_apart_us(struct thrift_of second, struct thrift_of recorded);

#endif
