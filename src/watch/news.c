#include "watch/news.h"

#include <math.h>

#define FEWEST 40  /* packets before anything is said */
#define RATE 0.03f /* of learning */
#define LEAST_SPREAD 0.03f
#define CALLS 6.0f /* spreads over what is usual */
#define DEAF 3.0f  /* more for each call for nothing */
#define MOST_DEAF 8
#define REST_US 4000000

void news_release(struct news *news)
{
    for (int i = 0; i < news->count; i++) {
        packet_release(&news->held[i]);
    }
    news->count = 0;
    news->bytes = 0;
    news->is_whole = false;
}

static enum sting_status hold(struct news *n, const struct packet *packet)
{
    if (packet->key) {
        news_release(n);
        n->is_whole = true;
    }
    if (n->count == NEWS_MOST_HELD ||
        n->bytes + packet->data.size > NEWS_MOST_BYTES) {
        n->is_whole = false;
        return STING_OK;
    }
    enum sting_status status = packet_share(packet, &n->held[n->count]);
    n->count += !status;
    n->bytes += packet->data.size;
    return status;
}

enum sting_status news_add(struct news *news, const struct packet *packet,
                           int64_t at_us, bool *calls)
{
    struct news *n = news;
    *calls = false;
    enum sting_status status = hold(n, packet);
    if (status || packet->key) {
        return status;
    }
    float size = logf(1.0f + (float)packet->data.size);
    float over = size - n->usual;
    float bar =
        (CALLS + DEAF * (float)n->deaf) * fmaxf(n->spread, LEAST_SPREAD);
    *calls = n->learned >= FEWEST && over > bar && n->is_whole &&
             at_us - n->called_us >= REST_US;
    float rate = n->learned < FEWEST ? 1 / (float)(n->learned + 1) : RATE;
    n->usual += rate * (over > bar ? bar / 4 : over);
    n->spread +=
        rate * (fminf(fabsf(over), 4 * fmaxf(n->spread, 0.1f)) - n->spread);
    n->learned++;
    n->called_us = *calls ? at_us : n->called_us;
    return STING_OK;
}

#define OF_LATE_US 5000000 /* no call is made for REST_US after one */
#define MOST_MET 8         /* beyond, the past counts by half */
#define ENOUGH 3           /* to say so */

void news_meet(struct news *news, int64_t at_us)
{
    bool had_called =
        news->called_us > 0 && at_us - news->called_us < OF_LATE_US;
    if (news->met + news->missed >= MOST_MET) {
        news->met /= 2;
        news->missed /= 2;
    }
    news->met += had_called;
    news->missed += !had_called;
}

enum news_worth news_worth(const struct news *news)
{
    if (news->deaf >= ENOUGH ||
        (news->missed >= ENOUGH && news->missed > news->met)) {
        return NEWS_NONE;
    }
    return news->met > 0 ? NEWS_TELL : NEWS_UNKNOWN;
}

void news_judge(struct news *news, bool was_something)
{
    news->deaf = was_something ? 0 : news->deaf + (news->deaf < MOST_DEAF);
}
