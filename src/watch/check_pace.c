#include "watch/check_pace.h"

#include <math.h>

#define FIRST 10        /* pictures, and keyframes, that are learned from */
#define FOLLOW 0.125F   /* of what is new goes into the usual */
#define HELD 0.25F      /* of the usual bytes between keyframes */
#define LEAST_OFF 0.06F /* of a keyframe's size; */
#define MOST_OFF 4.0F   /* and so many times what it is usually off */

static bool key_judge(struct check_pace *p, float bytes)
{
    float rate = p->keys < FIRST ? 1.0F / (float)(p->keys + 1) : FOLLOW;
    float off = fabsf(bytes - p->usual_key);
    bool is_odd = off > LEAST_OFF * p->usual_key + MOST_OFF * p->usual_off;
    p->usual_key += rate * (bytes - p->usual_key);
    p->usual_off += p->keys > 0 ? rate * (off - p->usual_off) : 0;
    return is_odd;
}

/* What is held for long does not become usual. */
static bool between_judge(struct check_pace *p)
{
    bool is_odd = p->between < HELD * p->usual_between;
    float rate = p->keys < FIRST ? 1.0F / (float)(p->keys + 1) : FOLLOW;
    p->usual_between += is_odd ? 0 : rate * (p->between - p->usual_between);
    p->between = 0;
    return is_odd;
}

void check_pace_add(struct check_pace *pace, const struct packet *packet,
                    int64_t at_us)
{
    float bytes = (float)packet->data.size;
    if (!packet->key) {
        pace->between += bytes;
        return;
    }
    pace->apart_us = at_us - pace->key_us;
    pace->key_us = at_us;
    bool is_other = key_judge(pace, bytes);
    bool is_held = between_judge(pace);
    pace->is_odd = pace->keys >= FIRST && (is_other || is_held);
    pace->keys += pace->keys < FIRST;
}

int64_t check_pace_us(const struct check_pace *pace)
{
    int64_t least_us = CHECK_APART_US - pace->apart_us;
    bool is_soon = pace->is_odd || pace->checks < FIRST || pace->apart_us < 0 ||
                   least_us < CHECK_SOON_US;
    return is_soon ? CHECK_SOON_US : least_us;
}
