#include "watch/substream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "media/source.h"

#define MOST_WAITING 300 /* 10 s at 30 a second */
#define AGAIN_US INT64_C(1000000)
#define MOST_PAUSES 5 /* of a second, after as many vain tries */
#define STEP_US INT64_C(50000)
/* A server may need a while before its first picture. */
#define OPEN_US INT64_C(8000000)

struct item {
    enum substream_news news;
    struct packet packet;
    struct moment came;
};

struct substream {
    pthread_t thread;
    struct substream_settings settings;
    atomic_bool ends;
    int64_t heard_us; /* boot time; of its thread alone, as the next */
    bool is_open;
    pthread_mutex_t lock; /* guards all below */
    struct stream stream; /* owned copy */
    bool has_stream;
    char why[200];
    struct item waiting[MOST_WAITING];
    int first, count;
    size_t bytes;  /* of what waits */
    bool skipping; /* until the next keyframe */
};

/* ---- its thread ---- */

static bool give_up(void *context)
{
    struct substream *s = context;
    int64_t most_us = s->is_open ? SUBSTREAM_SILENCE_US : OPEN_US;
    return atomic_load(&s->ends) || clock_now().boot_us - s->heard_us > most_us;
}

static void hear(void *context)
{
    struct substream *s = context;
    s->heard_us = clock_now().boot_us;
}

static int64_t boot_us(void *context)
{
    (void)context;
    return clock_now().boot_us;
}

/* Room for news is kept: a packet that finds only that is dropped. */
static void item_put(struct substream *s, struct item *item)
{
    bool is_packet = item->news == SUBSTREAM_PACKET;
    size_t bytes = item->packet.data.size;
    int most = is_packet ? MOST_WAITING - 8 : MOST_WAITING;
    bool is_full = s->count >= most || bytes > SUBSTREAM_MOST_BYTES - s->bytes;
    if (is_packet) {
        s->skipping = is_full || (s->skipping && !item->packet.key);
    }
    if (is_full || (is_packet && s->skipping)) {
        packet_release(&item->packet);
        return;
    }
    s->waiting[(s->first + s->count++) % MOST_WAITING] = *item;
    s->bytes += bytes;
}

static void waiting_drop(struct substream *s)
{
    for (; s->count > 0; s->count--) {
        packet_release(&s->waiting[s->first].packet);
        s->first = (s->first + 1) % MOST_WAITING;
    }
    s->bytes = 0;
}

static void loss_put(struct substream *s, const char *why)
{
    struct item lost = {.news = SUBSTREAM_LOST};
    pthread_mutex_lock(&s->lock);
    snprintf(s->why, sizeof s->why, "%.190s", why);
    stream_release(&s->stream);
    s->has_stream = false;
    waiting_drop(s); /* nothing of it is of use without what follows */
    item_put(s, &lost);
    pthread_mutex_unlock(&s->lock);
}

static enum sting_status beginning_put(struct substream *s,
                                       const struct stream *stream)
{
    struct item begins = {.news = SUBSTREAM_BEGINS};
    pthread_mutex_lock(&s->lock);
    stream_release(&s->stream);
    enum sting_status status = stream_copy(stream, &s->stream);
    s->has_stream = status == STING_OK;
    item_put(s, &begins);
    pthread_mutex_unlock(&s->lock);
    return status;
}

static enum sting_status packets_read(struct substream *s,
                                      struct source *source,
                                      struct fault *fault)
{
    enum sting_status status = beginning_put(s, source_stream(source));
    while (!status) {
        struct item item = {.news = SUBSTREAM_PACKET};
        bool is_new = false;
        status = source_read(source, &item.packet, &is_new, fault);
        if (status) {
            return status;
        }
        item.came = clock_when(clock_now(), source_came_us(source));
        hear(s);
        if (is_new) {
            status = beginning_put(s, source_stream(source));
        }
        pthread_mutex_lock(&s->lock);
        item_put(s, &item);
        pthread_mutex_unlock(&s->lock);
    }
    return status;
}

/* False: there was none. */
static bool connection_serve(struct substream *s)
{
    const struct source_settings settings = {.url = s->settings.url,
                                             .user = s->settings.user,
                                             .password = s->settings.password,
                                             .give_up = give_up,
                                             .heard = hear,
                                             .now_us = boot_us,
                                             .context = s};
    struct source *source STING_AUTO(source_free) = NULL;
    struct fault fault = {"", ""};
    s->is_open = false;
    hear(s);
    enum sting_status status = source_open(&settings, &source, &fault);
    if (!status) {
        s->is_open = true;
        hear(s);
        status = packets_read(s, source, &fault);
    }
    bool is_silent = status == STING_E_BUSY || !fault.why[0];
    loss_put(s, is_silent ? "it sends no pictures" : fault.why);
    return s->is_open;
}

/* A second before the first try too: until then the recorded stream, which
 * comes first, is there. */
static void *read_on(void *context)
{
    struct substream *s = context;
    for (int tries = 1; !atomic_load(&s->ends); tries++) {
        int64_t pause_us =
            AGAIN_US * (tries < MOST_PAUSES ? tries : MOST_PAUSES);
        for (int64_t us = 0; us < pause_us && !atomic_load(&s->ends);
             us += STEP_US) {
            nanosleep(&(struct timespec){0, STEP_US * 1000}, NULL);
        }
        if (!atomic_load(&s->ends) && connection_serve(s)) {
            tries = 0;
        }
    }
    return NULL;
}

/* ---- who takes ---- */

enum sting_status substream_new(const struct substream_settings *settings,
                                struct substream **out)
{
    struct substream *s = calloc(1, sizeof *s);
    if (!s) {
        return STING_E_NOMEM;
    }
    s->settings = *settings;
    pthread_mutex_init(&s->lock, NULL);
    if (pthread_create(&s->thread, NULL, read_on, s) != 0) {
        pthread_mutex_destroy(&s->lock);
        free(s);
        return STING_E_IO;
    }
    *out = s;
    return STING_OK;
}

void substream_free(struct substream **substream)
{
    struct substream *s = *substream;
    if (!s) {
        return;
    }
    atomic_store(&s->ends, true);
    pthread_join(s->thread, NULL);
    waiting_drop(s);
    stream_release(&s->stream);
    pthread_mutex_destroy(&s->lock);
    free(s);
    *substream = NULL;
}

enum substream_news substream_take(struct substream *substream,
                                   struct packet *out, struct moment *came)
{
    struct substream *s = substream;
    enum substream_news news = SUBSTREAM_NOTHING;
    pthread_mutex_lock(&s->lock);
    if (s->count > 0) {
        const struct item *item = &s->waiting[s->first];
        news = item->news;
        *out = item->packet;
        *came = item->came;
        s->bytes -= item->packet.data.size;
        s->first = (s->first + 1) % MOST_WAITING;
        s->count--;
    }
    pthread_mutex_unlock(&s->lock);
    return news;
}

enum sting_status substream_stream(struct substream *substream,
                                   struct stream *out)
{
    enum sting_status status = STING_E_ABSENT;
    pthread_mutex_lock(&substream->lock);
    if (substream->has_stream) {
        status = stream_copy(&substream->stream, out);
    }
    pthread_mutex_unlock(&substream->lock);
    return status;
}

void substream_why(struct substream *substream, char out[200])
{
    pthread_mutex_lock(&substream->lock);
    snprintf(out, sizeof substream->why, "%s", substream->why);
    pthread_mutex_unlock(&substream->lock);
}
