#include "watch/live.h"

#include <stdlib.h>

#define PIECE_US INT64_C(60000) /* with the next packet it is a tenth or so */

struct live {
    const struct stream *stream;
    int64_t shift_us;
    fragment_sink sink;
    void *context;
    struct packet held[LIVE_MOST]; /* since the last keyframe */
    size_t count;
    size_t bytes;
    struct fragment_writer *writer; /* NULL while nobody looks */
    int64_t given_us;               /* boot time of the last piece */
    bool is_wanted;
};

static void held_drop(struct live *live)
{
    for (size_t i = 0; i < live->count; i++) {
        packet_release(&live->held[i]);
    }
    live->count = 0;
    live->bytes = 0;
}

enum sting_status live_new(const struct stream *stream, int64_t shift_us,
                           fragment_sink sink, void *context, struct live **out)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live) {
        return STING_E_NOMEM;
    }
    live->stream = stream;
    live->shift_us = shift_us;
    live->sink = sink;
    live->context = context;
    *out = live;
    return STING_OK;
}

void live_free(struct live **live)
{
    if (*live) {
        held_drop(*live);
        fragment_writer_free(&(*live)->writer);
    }
    free(*live);
    *live = NULL;
}

/* From a keyframe on: nothing can be shown before one. */
static enum sting_status begin(struct live *live)
{
    if (live->count == 0) {
        return STING_OK;
    }
    int64_t first_us = stream_us(live->stream, live->held[0].pts);
    enum sting_status status =
        fragment_writer_new(live->stream, first_us + live->shift_us, live->sink,
                            live->context, &live->writer);
    for (size_t i = 0; i < live->count && !status; i++) {
        status = fragment_writer_add(live->writer, &live->held[i]);
    }
    return status ? status : fragment_writer_flush(live->writer);
}

enum sting_status live_want(struct live *live, bool wanted)
{
    if (wanted == live->is_wanted) {
        return STING_OK;
    }
    live->is_wanted = wanted;
    fragment_writer_free(&live->writer);
    return wanted ? begin(live) : STING_OK;
}

static void hold(struct live *live, const struct packet *packet)
{
    if (packet->key || live->count == LIVE_MOST ||
        live->bytes + packet->data.size > LIVE_MOST_BYTES) {
        held_drop(live);
    }
    if ((packet->key || live->count > 0) &&
        packet_share(packet, &live->held[live->count]) == STING_OK) {
        live->count++;
        live->bytes += packet->data.size;
    }
}

enum sting_status live_add(struct live *live, const struct packet *packet,
                           int64_t boot_us)
{
    hold(live, packet);
    if (!live->is_wanted) {
        return STING_OK;
    }
    if (!live->writer) {
        return packet->key ? begin(live) : STING_OK;
    }
    enum sting_status status = fragment_writer_add(live->writer, packet);
    if (!status && boot_us - live->given_us >= PIECE_US) {
        live->given_us = boot_us;
        status = fragment_writer_flush(live->writer);
    }
    return status;
}
