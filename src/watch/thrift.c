#include "watch/thrift.h"

#include "watch/check_pace.h"

#define FEWEST 4 /* looks */
#define FOLLOW 8 /* the part of a new one that is taken over */

void thrift_take(struct thrift *thrift, int64_t look_ns)
{
    int known = thrift->looks < FOLLOW ? ++thrift->looks : FOLLOW;
    thrift->look_ns += (look_ns - thrift->look_ns) / known;
}

int64_t thrift_look_ns(const struct thrift *thrift)
{
    return thrift->looks < FEWEST ? 0 : thrift->look_ns;
}

/* Nanoseconds a second. */
static double rate_of(int64_t look_ns, int64_t apart_us)
{
    return 1e6 * (double)look_ns / (double)apart_us;
}

int64_t thrift_apart_us(struct thrift_of second, struct thrift_of recorded)
{
    if (second.look_ns <= 0 || second.apart_us <= 0 || recorded.look_ns <= 0 ||
        recorded.apart_us <= second.apart_us) {
        return 0;
    }
    double with = rate_of(second.look_ns, second.apart_us) +
                  rate_of(recorded.look_ns, CHECK_APART_US);
    double without = rate_of(recorded.look_ns, recorded.apart_us);
    int64_t apart_us =
        recorded.apart_us < THRIFT_MOST_US ? recorded.apart_us : THRIFT_MOST_US;
    /* The keyframe that is nearest to it. */
    return with > without ? apart_us - second.apart_us / 2 : 0;
}
