/* Live pictures on their way to browsers: one piece is kept once, however many
 * look; who does not read is let go of. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "web/console_http.h"

#define MOST_CHUNKS 1024
#define MOST_BYTES ((size_t)24 << 20) /* on their way to one browser */
#define BLOCK_BYTES ((size_t)64 * 1024)
#define STILL_HERE_S 2
#define MOST_BEHIND_S 8
#define HEAD_BYTES 24

enum { FRAME_INIT, FRAME_PIECE, FRAME_STILL_HERE, FRAME_CANNOT };

/* A frame of docs/formats/http.md, shared. */
struct chunk {
    unsigned holds;
    int64_t born_s;
    size_t size;
    uint8_t data[];
};

struct stream {
    struct request *request;
    uint64_t cameras;
    struct chunk *chunk[MOST_CHUNKS]; /* a ring */
    size_t first, count;
    size_t at; /* bytes of the first that are gone */
    size_t bytes;
    int64_t given_s; /* when something was put in last */
    bool is_cut;
};

static void chunk_drop(struct chunk *chunk)
{
    if (--chunk->holds == 0) {
        free(chunk);
    }
}

static void number_put(uint8_t *at, uint64_t number, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--) {
        at[i - 1] = (uint8_t)number;
        number >>= 8;
    }
}

/* `name` and `data` behind the head: length, kind, key, name's length, 0,
 * utc_us, duration_us. */
static struct chunk *chunk_new(const struct wire_head *head, struct bytes name,
                               struct bytes data)
{
    size_t size = HEAD_BYTES + name.size + data.size;
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk) {
        return NULL;
    }
    *chunk = (struct chunk){.holds = 1, .born_s = http_now_s(), .size = size};
    number_put(chunk->data, size - 4, 4);
    chunk->data[4] = (uint8_t)head->number[2];
    chunk->data[5] = (uint8_t)head->number[3];
    chunk->data[6] = (uint8_t)name.size;
    chunk->data[7] = 0;
    number_put(chunk->data + 8, (uint64_t)head->number[4], 8);
    number_put(chunk->data + 16, (uint64_t)head->number[5], 8);
    memcpy(chunk->data + HEAD_BYTES, name.data, name.size);
    if (data.size > 0) {
        memcpy(chunk->data + HEAD_BYTES + name.size, data.data, data.size);
    }
    return chunk;
}

/* ---- one browser ---- */

static void wake(struct request *request)
{
    if (request->is_suspended) {
        request->is_suspended = false;
        MHD_resume_connection(request->connection);
    }
}

/* It may be waiting in the kernel for a browser that reads nothing. */
static void cut(struct stream *stream)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        stream->request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct linger at_once = {1, 0}; /* nothing is kept for it */
    stream->is_cut = true;
    if (info) {
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once,
                         sizeof at_once);
        shutdown(info->connect_fd, SHUT_RDWR);
    }
    wake(stream->request);
}

static void cut_deaf(struct stream *stream)
{
    stream->request->server->odd[ODD_READS_NOTHING]++;
    cut(stream);
}

static void put(struct stream *stream, struct chunk *chunk)
{
    if (stream->is_cut) {
        return;
    }
    if (stream->count == MOST_CHUNKS ||
        stream->bytes + chunk->size > MOST_BYTES) {
        cut_deaf(stream);
        return;
    }
    chunk->holds++;
    stream->chunk[(stream->first + stream->count++) % MOST_CHUNKS] = chunk;
    stream->bytes += chunk->size;
    stream->given_s = http_now_s();
    wake(stream->request);
}

static void take(struct stream *stream)
{
    struct chunk *chunk = stream->chunk[stream->first];
    stream->bytes -= chunk->size;
    stream->first = (stream->first + 1) % MOST_CHUNKS;
    stream->count--;
    stream->at = 0;
    chunk_drop(chunk);
}

static ssize_t read_some(void *context, uint64_t position, char *into,
                         size_t most)
{
    struct stream *stream = context;
    size_t used = 0;
    (void)position;
    if (stream->is_cut) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    while (used < most && stream->count > 0) {
        const struct chunk *chunk = stream->chunk[stream->first];
        size_t left = chunk->size - stream->at;
        size_t size = left < most - used ? left : most - used;
        memcpy(into + used, chunk->data + stream->at, size);
        used += size;
        stream->at += size;
        if (stream->at == chunk->size) {
            take(stream);
        }
    }
    if (used == 0) {
        stream->request->is_suspended = true;
        MHD_suspend_connection(stream->request->connection);
    }
    return (ssize_t)used;
}

struct MHD_Response *live_response(struct request *request)
{
    return request->stream
               ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
                                                   BLOCK_BYTES, read_some,
                                                   request->stream, NULL)
               : NULL;
}

/* ---- all of them ---- */

bool live_begin(struct request *request, uint64_t cameras)
{
    request->stream = calloc(1, sizeof *request->stream);
    if (!request->stream) {
        return false;
    }
    request->stream->request = request;
    request->stream->cameras = cameras;
    request->stream->given_s = http_now_s();
    return true;
}

void live_end(struct request *request)
{
    const struct wire_head gone = {.kind = WIRE_WEB_GONE,
                                   .number = {request->id}};
    if (request->stream) {
        while (request->stream->count > 0) {
            take(request->stream);
        }
        if (wire_send(request->server->channel, gone, (struct bytes){0})) {
            exit(1); /* the core is gone */
        }
    }
    free(request->stream);
    request->stream = NULL;
}

bool live_take(struct server *server, const struct wire_head *head,
               struct bytes payload)
{
    const uint8_t *end =
        payload.size ? memchr(payload.data, 0, payload.size) : NULL;
    size_t size = end ? (size_t)(end - payload.data) : 256;
    if (size > 255 || head->number[1] < 0 || head->number[1] > 63 ||
        head->number[2] < FRAME_INIT || head->number[2] > FRAME_CANNOT) {
        return false;
    }
    struct chunk *chunk =
        chunk_new(head, (struct bytes){payload.data, size},
                  (struct bytes){end + 1, payload.size - size - 1});
    for (struct request *request = server->request; request && chunk;
         request = request->next) {
        struct stream *stream = request->stream;
        bool is_meant = head->number[0] == 0 && stream
                            ? stream->cameras >> head->number[1] & 1
                            : head->number[0] == request->id;
        if (stream && is_meant) {
            put(stream, chunk);
        }
    }
    if (chunk) {
        chunk_drop(chunk);
    }
    return true;
}

void live_cut(struct server *server, int64_t id)
{
    for (struct request *request = server->request; request;
         request = request->next) {
        if (request->stream && request->id == id) {
            cut(request->stream);
        }
    }
}

void live_tick(struct server *server, int64_t now_s)
{
    static const uint8_t nothing = 0;
    const struct wire_head head = {.number = {0, 0, FRAME_STILL_HERE}};
    struct chunk *chunk = NULL;
    for (struct request *request = server->request; request;
         request = request->next) {
        struct stream *stream = request->stream;
        if (stream && stream->count > 0 && !stream->is_cut &&
            now_s - stream->chunk[stream->first]->born_s > MOST_BEHIND_S) {
            cut_deaf(stream);
        }
        if (!stream || now_s - stream->given_s < STILL_HERE_S) {
            continue;
        }
        chunk = chunk ? chunk
                      : chunk_new(&head, (struct bytes){&nothing, 0},
                                  (struct bytes){&nothing, 0});
        if (chunk) {
            put(stream, chunk);
        }
    }
    if (chunk) {
        chunk_drop(chunk);
    }
}
