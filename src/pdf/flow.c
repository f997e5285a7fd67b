/* The only file of this room that calls zlib. */
#include "pdf/flow.h"

#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#define LEVEL 6
#define ROOM 65536

struct flow {
    z_stream zlib;
    struct buffer *out; /* borrowed */
    bool is_begun;
};

void flow_free(struct flow **flow)
{
    if (*flow && (*flow)->is_begun) {
        (void)deflateEnd(&(*flow)->zlib);
    }
    free(*flow);
    *flow = NULL;
}

enum sting_status flow_new(struct buffer *out, struct flow **flow)
{
    struct flow *new STING_AUTO(flow_free) = calloc(1, sizeof *new);
    if (!new) {
        return STING_E_NOMEM;
    }
    new->out = out;
    new->is_begun = deflateInit(&new->zlib, LEVEL) == Z_OK;
    if (!new->is_begun) {
        return STING_E_NOMEM;
    }
    *flow = new;
    new = NULL;
    return STING_OK;
}

/* Deflate until nothing more comes out. */
static enum sting_status drain(struct flow *flow, int how)
{
    enum sting_status status = STING_OK;
    int done = Z_OK;
    do {
        uint8_t room[ROOM];
        flow->zlib.next_out = room;
        flow->zlib.avail_out = sizeof room;
        done = deflate(&flow->zlib, how);
        status = buffer_append(
            flow->out,
            (struct bytes){room, sizeof room - flow->zlib.avail_out});
    } while (!status && flow->zlib.avail_out == 0 && done != Z_STREAM_END);
    return status;
}

enum sting_status flow_put(struct flow *flow, struct bytes plain)
{
    flow->zlib.next_in = plain.data;
    flow->zlib.avail_in = (uInt)plain.size;
    return drain(flow, Z_NO_FLUSH);
}

enum sting_status flow_end(struct flow *flow)
{
    flow->zlib.avail_in = 0;
    return drain(flow, Z_FINISH);
}

const char *flow_version(void)
{
    return zlibVersion();
}
