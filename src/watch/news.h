/*
 * news: does the size of a packet tell that something happened between two
 * keyframes? A flash or somebody in a calm picture makes packets larger at
 * once; in grain, or where the rate is steady, they tell nothing. What is
 * usual is learned; calls for nothing raise the bar, so that where sizes carry
 * no news they soon are not listened to. They wake, and never decide.
 */
#ifndef STING_WATCH_NEWS_H
#define STING_WATCH_NEWS_H

#include "media/packet.h"

#define NEWS_MOST_HELD 128
#define NEWS_MOST_BYTES ((size_t)8 << 20)

struct news {
    struct packet held[NEWS_MOST_HELD]; /* from the last keyframe on */
    int count;
    size_t bytes;
    bool is_whole;       /* nothing is missing of them */
    int learned;         /* packets */
    float usual, spread; /* of the logarithm of their size */
    int deaf;            /* calls for nothing, in a row */
    int met, missed;     /* who came: they had called, or not, of late */
    int64_t called_us;
};

void news_release(struct news *news);

/* Hold a packet until the next keyframe; true when it should be looked at
 * now, with all that is held. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status news_add(struct news *news,
                                          const struct packet *packet,
                                          int64_t at_us, bool *calls);

/* Was there something to see, when it called? */
void news_judge(struct news *news, bool was_something);

/* Somebody has come, whom a picture of that moment shows. */
void news_meet(struct news *news, int64_t at_us);

/* Do sizes tell of who comes? As far as it is known: NEWS_NONE after three
 * calls for nothing, or when of three who came most were missed. */
enum news_worth { NEWS_UNKNOWN, NEWS_TELL, NEWS_NONE, NEWS_WORTHS };
enum news_worth news_worth(const struct news *news);

#endif
