/*
 * beside: what who looks at a camera's second stream and who checks the
 * recorded one tell each other, of pictures on one time line. Threads: any.
 */
#ifndef STING_WATCH_BESIDE_H
#define STING_WATCH_BESIDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct beside {
    _Atomic int64_t own_us; /* the second showed the view in its place */
    atomic_bool is_asked;   /* the check wants it looked at now */
    /* Of the recorded one, 0 until they are known: what a keyframe takes of a
     * processor, and how far apart they come. */
    _Atomic int64_t check_ns, apart_us;
};

static inline void beside_begin(struct beside *beside)
{
    atomic_store(&beside->own_us, INT64_MIN / 2);
    atomic_store(&beside->is_asked, false);
    atomic_store(&beside->check_ns, 0);
    atomic_store(&beside->apart_us, 0);
}

#endif
