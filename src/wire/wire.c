#include "wire/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)
#define CHUNK_BYTES MIB /* a peer makes us allocate only what it has sent */

struct wire_row {
    const char *name;
    size_t most_bytes; /* of payload */
};

/* docs/formats/wire.md states the numbers and payload of each kind. */
static const struct wire_row row[WIRE_KINDS] = {
    [WIRE_FAILED] = {"failed", 4 * KIB},
    [WIRE_DONE] = {"done", 256 * MIB},
    [WIRE_STOP] = {"stop", 0},
    [WIRE_CAMERA_START] = {"camera-start", 256 * KIB},
    [WIRE_CAMERA_STATE] = {"camera-state", 1 * KIB},
    [WIRE_CAMERA_INIT] = {"camera-init", 1 * MIB},
    [WIRE_CAMERA_FRAGMENT] = {"camera-fragment", 32 * MIB},
    [WIRE_CAMERA_LOOK] = {"camera-look", 0},
    [WIRE_CAMERA_OBSERVATION] = {"camera-observation", 0},
    [WIRE_CAMERA_SIGHT] = {"camera-sight", 0},
    [WIRE_CAMERA_PAGE] = {"camera-page", 0},
    [WIRE_PICTURE_OPEN] = {"picture-open", 256 * MIB},
    [WIRE_PICTURE_LOAD] = {"picture-load", 0},
    [WIRE_PDF_OPEN] = {"pdf-open", 256 * MIB},
    [WIRE_PDF_PAGE] = {"pdf-page", 4 * MIB},
    [WIRE_PDF_RENDER] = {"pdf-render", 0},
    [WIRE_PDF_WRITE] = {"pdf-write", 64 * MIB},
    [WIRE_PDF_RULES] = {"pdf-rules", 0},
    [WIRE_PDF_FIND] = {"pdf-find", 4 * KIB},
    [WIRE_PDF_SWAP] = {"pdf-swap", 64 * KIB},
    [WIRE_PDF_LETTERS] = {"pdf-letters", 0},
    [WIRE_PDF_PACK] = {"pdf-pack", 0},
    [WIRE_PICTURE_PLANE] = {"picture-plane", 256 * MIB},
    [WIRE_CORE_LINE] = {"core-line", 64 * KIB},
    [WIRE_CORE_BLOB] = {"core-blob", 256 * MIB},
    [WIRE_CORE_SEAL] = {"core-seal", 0},
    [WIRE_PLAYER_LOAD] = {"player-load", 1 * MIB},
    [WIRE_PLAYER_ADD] = {"player-add", 16 * MIB},
    [WIRE_PLAYER_STILLS] = {"player-stills", (size_t)64 * 8},
    [WIRE_PLAYER_CUT] = {"player-cut", (size_t)32 * 32},
    [WIRE_PLAYER_STILL] = {"player-still", 32 * MIB},
    [WIRE_PLAYER_VIDEO] = {"player-video", 256 * MIB},
    [WIRE_PLAYER_UNSEAL] = {"player-unseal", 80},
    [WIRE_PLAYER_SEALED] = {"player-sealed", 1 * MIB},
    [WIRE_PLAYER_READ] = {"player-read", 0},
    [WIRE_PLAYER_CONVERT] = {"player-convert", 1 * MIB},
    [WIRE_PLAYER_MORE] = {"player-more", 16 * MIB},
    [WIRE_PLAYER_RECODE] = {"player-recode", 0},
    [WIRE_PLAYER_AT] = {"player-at", 0},
    [WIRE_PLAYER_HEAD] = {"player-head", 64 * KIB},
    [WIRE_PLAYER_PIECE] = {"player-piece", 8 * MIB},
    [WIRE_PLAY_LIST] = {"play-list", 0},
    [WIRE_PLAY_OPEN] = {"play-open", 4 * MIB},
    [WIRE_PLAY_DENY] = {"play-deny", 1 * KIB},
    [WIRE_PLAY_TELL] = {"play-tell", 1 * KIB},
    [WIRE_CHECK_PACK] = {"check-pack", 64 * MIB},
    [WIRE_CHECK_FOLDER] = {"check-folder", 1 * MIB},
    [WIRE_CHECK_BOXES] = {"check-boxes", 0},
    [WIRE_CHECK_STATE] = {"check-state", 0},
    [WIRE_CHECK_UNWRAP] = {"check-unwrap", 64},
    [WIRE_CHECK_EXHIBIT] = {"check-exhibit", 512 * KIB},
    [WIRE_CORE_LOOK] = {"core-look", 64},
    [WIRE_CORE_ACK] = {"core-ack", 1 * KIB},
    [WIRE_CORE_SHOW] = {"core-show", 8 * MIB},
    [WIRE_CHECK_REPORT] = {"check-report", 4 * MIB},
    [WIRE_CHECK_STAMP] = {"check-stamp", 2 * MIB},
    [WIRE_CHECK_WITNESS] = {"check-witness", 512 * KIB},
    [WIRE_WITNESS_ADD] = {"witness-add", 4 * KIB},
    [WIRE_NET_FETCH] = {"net-fetch", 1 * MIB},
    [WIRE_NET_ANSWER] = {"net-answer", 512 * KIB},
    [WIRE_NET_POST] = {"net-post", 32 * MIB},
    [WIRE_NET_MAIL] = {"net-mail", 32 * MIB},
    [WIRE_NET_MQTT] = {"net-mqtt", 64 * KIB},
    [WIRE_NET_SYSLOG] = {"net-syslog", 8 * KIB},
    [WIRE_NET_PROBE] = {"net-probe", 8 * KIB},
    [WIRE_CHECK_ONVIF] = {"check-onvif", 512 * KIB},
    [WIRE_NET_NAME] = {"net-name", 1 * KIB},
    [WIRE_NET_RESULT] = {"net-result", 1 * KIB},
    [WIRE_RELAY_START] = {"relay-start", 128},
    [WIRE_RELAY_STATE] = {"relay-state", 0},
    [WIRE_WEB_START] = {"web-start", 64 * KIB},
    [WIRE_WEB_ANSWER] = {"web-answer", 8 * MIB},
    [WIRE_WEB_LIVE] = {"web-live", 16 * MIB + KIB},
    [WIRE_WEB_CUT] = {"web-cut", 0},
    [WIRE_WEB_ASK] = {"web-ask", 512 * KIB},
    [WIRE_WEB_GONE] = {"web-gone", 0},
    [WIRE_WEB_REFUSED] = {"web-refused", 0},
    [WIRE_CAMERA_LIVE] = {"camera-live", 0},
    [WIRE_CAMERA_PIECE] = {"camera-piece", 8 * MIB},
    [WIRE_CORE_PRINT] = {"core-print", 96 * KIB},
    [WIRE_CAMERA_PRINT] = {"camera-print", 96 * KIB},
    [WIRE_DRILL_START] = {"drill-start", 256 * KIB},
    [WIRE_DRILL_FOOTAGE] = {"drill-footage", 1 * KIB},
    [WIRE_DRILL_AT] = {"drill-at", 0},
    [WIRE_DRILL_TRIAL] = {"drill-trial", 1 * KIB},
};

/* The head is copied as it lies in memory, so it may hold no padding. */
_Static_assert(sizeof(struct wire_head) == 56, "the head has 56 bytes");

static bool kind_is_known(uint32_t kind)
{
    return kind > 0 && kind < WIRE_KINDS && row[kind].name;
}

const char *wire_name(uint32_t kind)
{
    return kind_is_known(kind) ? row[kind].name : "unknown";
}

size_t wire_most_bytes(uint32_t kind)
{
    return kind_is_known(kind) ? row[kind].most_bytes : 0;
}

/* Move *part past `sent` bytes of the `parts` in it. */
static void parts_advance(struct iovec *part, int parts, size_t sent)
{
    for (int i = 0; i < parts; i++) {
        size_t step = sent < part[i].iov_len ? sent : part[i].iov_len;
        if (step > 0) { /* an empty payload may be NULL */
            part[i].iov_base = (uint8_t *)part[i].iov_base + step;
        }
        part[i].iov_len -= step;
        sent -= step;
    }
}

enum sting_status wire_send(int fd, struct wire_head head, struct bytes payload)
{
    if (!kind_is_known(head.kind) || payload.size > row[head.kind].most_bytes) {
        return STING_E_ARG;
    }
    head.payload_bytes = (uint32_t)payload.size;
    struct iovec part[2] = {{&head, sizeof head},
                            {(void *)(uintptr_t)payload.data, payload.size}};
    size_t left = sizeof head + payload.size;
    while (left > 0) {
        struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
        /* A peer that died is a status, not a SIGPIPE. */
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return STING_E_IO;
        }
        parts_advance(part, 2, (size_t)sent);
        left -= (size_t)sent;
    }
    return STING_OK;
}

/* Receive up to `size` bytes; E_BUSY when none is there, E_ABSENT at the
 * end of the stream. */
static enum sting_status take(int fd, void *into, size_t size, int flags,
                              size_t *out)
{
    for (;;) {
        ssize_t got = recv(fd, into, size, flags);
        if (got > 0) {
            *out = (size_t)got;
            return STING_OK;
        }
        if (got == 0) {
            return STING_E_ABSENT;
        }
        if (errno != EINTR) {
            bool would_wait = errno == EAGAIN || errno == EWOULDBLOCK;
            return would_wait && (flags & MSG_DONTWAIT) ? STING_E_BUSY
                                                        : STING_E_IO;
        }
    }
}

static enum sting_status head_take(struct wire_reader *reader, int fd,
                                   int flags)
{
    while (reader->head_bytes < sizeof reader->head) {
        size_t got = 0;
        enum sting_status status =
            take(fd, (uint8_t *)&reader->head + reader->head_bytes,
                 sizeof reader->head - reader->head_bytes, flags, &got);
        if (status == STING_E_ABSENT && reader->head_bytes > 0) {
            return STING_E_FORMAT;
        }
        if (status) {
            return status;
        }
        reader->head_bytes += got;
    }
    if (!kind_is_known(reader->head.kind)) {
        return STING_E_FORMAT;
    }
    return reader->head.payload_bytes > row[reader->head.kind].most_bytes
               ? STING_E_LIMIT
               : STING_OK;
}

static enum sting_status payload_take(struct wire_reader *reader, int fd,
                                      int flags)
{
    struct buffer *payload = &reader->payload;
    while (payload->size < reader->head.payload_bytes) {
        size_t wanted = reader->head.payload_bytes - payload->size;
        wanted = wanted < CHUNK_BYTES ? wanted : CHUNK_BYTES;
        enum sting_status status =
            reader->head.kind == WIRE_PLAY_OPEN /* keys of files */
                ? buffer_reserve_secret(payload, wanted)
                : buffer_reserve(payload, wanted);
        if (status) {
            return status;
        }
        size_t got = 0;
        status = take(fd, payload->data + payload->size, wanted, flags, &got);
        if (status) {
            return status == STING_E_ABSENT ? STING_E_FORMAT : status;
        }
        payload->size += got;
        payload->data[payload->size] = '\0';
    }
    return STING_OK;
}

/* Empty, as text too: the last message must not show through. */
static void payload_empty(struct buffer *payload)
{
    payload->size = 0;
    if (payload->data) {
        payload->data[0] = '\0';
    }
}

static enum sting_status message_take(struct wire_reader *reader, int fd,
                                      int flags)
{
    if (reader->is_given) {
        reader->head_bytes = 0;
        payload_empty(&reader->payload);
        reader->is_given = false;
    }
    enum sting_status status = head_take(reader, fd, flags);
    if (!status) {
        status = payload_take(reader, fd, flags);
    }
    reader->is_given = status == STING_OK;
    return status;
}

enum sting_status wire_reader_next(struct wire_reader *reader, int fd)
{
    return message_take(reader, fd, MSG_DONTWAIT);
}

enum sting_status wire_receive(int fd, struct wire_head *head,
                               struct buffer *payload)
{
    /* The caller's buffer is lent to the reader for one message. */
    struct wire_reader reader = {.payload = *payload};
    payload_empty(&reader.payload);
    enum sting_status status = message_take(&reader, fd, 0);
    *payload = reader.payload;
    if (!status) {
        *head = reader.head;
    }
    return status;
}

enum sting_status wire_send_fault(int fd, enum sting_status status,
                                  const struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    const char *why = fault->why[0] ? fault->why : sting_status_text(status);
    enum sting_status written = buffer_append(
        &text, (struct bytes){(const uint8_t *)why, strlen(why) + 1});
    if (!written) {
        written = buffer_text_append(&text, fault->todo);
    }
    if (written) {
        return written;
    }
    struct wire_head head = {.kind = WIRE_FAILED, .number = {status}};
    return wire_send(fd, head, buffer_bytes(&text));
}

void wire_serve(int fd, wire_service *serve, void *context)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head request;
    while (!wire_receive(fd, &request, &payload) && request.kind != WIRE_STOP) {
        struct fault fault = {0};
        enum sting_status status =
            serve(context, &request, buffer_bytes(&payload), &fault);
        if (status && wire_send_fault(fd, status, &fault)) {
            break;
        }
    }
}

enum sting_status wire_failed(const struct wire_head *head,
                              const struct buffer *payload, struct fault *fault)
{
    const char *why = buffer_text(payload);
    size_t why_bytes = strlen(why);
    const char *todo = why_bytes + 1 < payload->size ? why + why_bytes + 1 : "";
    bool is_status = head->number[0] < 0 && head->number[0] >= STING_E_BUSY;
    enum sting_status status =
        is_status ? (enum sting_status)head->number[0] : STING_E_FORMAT;
    return fault_set(fault, status, todo, "%s", why);
}

static enum sting_status lost(enum sting_status status, struct fault *fault)
{
    bool is_over = status == STING_E_ABSENT || status == STING_E_IO;
    return fault_set(fault, is_over ? STING_E_IO : status,
                     is_over ? "try once more" : "",
                     is_over ? "the other process ended before it answered"
                             : "the other process answered with nonsense");
}

void wire_answer_release(struct wire_answer *answer)
{
    buffer_release(&answer->payload);
}

enum sting_status wire_call(int fd, struct wire_head request,
                            struct bytes payload, uint32_t expected,
                            struct wire_answer *answer, struct fault *fault)
{
    enum sting_status status = wire_send(fd, request, payload);
    if (status == STING_E_ARG) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "%zu bytes are more than one message may carry",
                         payload.size);
    }
    if (!status) {
        status = wire_receive(fd, &answer->head, &answer->payload);
    }
    if (status) {
        return lost(status, fault);
    }
    if (answer->head.kind == WIRE_FAILED) {
        return wire_failed(&answer->head, &answer->payload, fault);
    }
    return answer->head.kind == expected ? STING_OK
                                         : lost(STING_E_FORMAT, fault);
}
