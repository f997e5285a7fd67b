#include "tests/taken/taken.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/text.h"
#include "jail/worker.h"
#include "wire/wire.h"

#define NUMBERS 6
#define WAIT_MS 60000 /* for an answer: by then the core hangs */
#define MOST_LINE ((size_t)3 << 20)

static bool send_all(int channel, struct bytes what)
{
    for (size_t at = 0; at < what.size;) {
        ssize_t sent =
            send(channel, what.data + at, what.size - at, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += (size_t)sent;
    }
    return true;
}

static bool hex_take(const char *text, struct buffer *out)
{
    size_t size = strlen(text) / 2;
    if (buffer_reserve(out, size + 1)) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (hex_read((struct bytes){(const uint8_t *)text + 2 * i, 2},
                     out->data + i, 1)) {
            return false;
        }
    }
    out->size = size;
    return true;
}

/* Bytes as they are told, past every bound that an honest worker keeps. */
static bool order_add(struct buffer *due, char *line)
{
    struct wire_head head = {0};
    struct buffer payload STING_AUTO(buffer_release) = {0};
    char *at = line + strlen("SEND ");
    head.kind = (uint32_t)strtoul(at, &at, 10);
    for (int i = 0; i < NUMBERS; i++) {
        head.number[i] = strtoll(at, &at, 10);
    }
    at += *at == ' ';
    if (!hex_take(at, &payload)) {
        return false;
    }
    head.payload_bytes = (uint32_t)payload.size;
    return !buffer_append(
               due, (struct bytes){(const uint8_t *)&head, sizeof head}) &&
           !buffer_append(due, buffer_bytes(&payload));
}

static bool answer_tell(int channel, int to)
{
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct pollfd ready = {channel, POLLIN, 0};
    if (poll(&ready, 1, WAIT_MS) == 0) {
        return write(to, "NOTHING\n", 8) == 8;
    }
    if (wire_receive(channel, &head, &payload)) {
        return false;
    }
    enum sting_status status = buffer_printf(&text, "%" PRIu32, head.kind);
    for (int i = 0; i < NUMBERS && !status; i++) {
        status = buffer_printf(&text, " %" PRId64, head.number[i]);
    }
    for (size_t i = 0; i < payload.size && !status; i++) {
        status = buffer_printf(&text, "%s%02x", i ? "" : " ", payload.data[i]);
    }
    return !status && !buffer_text_append(&text, "\n") &&
           send(to, text.data, text.size, MSG_NOSIGNAL) == (ssize_t)text.size;
}

/* SEND waits for an answer. What is pushed goes with it, in one piece: the core
 * reads the one behind the other. */
static bool order_serve(int channel, int visitor, char *line,
                        struct buffer *due)
{
    bool is_pushed = !strncmp(line, "PUSH ", 5);
    if (!is_pushed && strncmp(line, "SEND ", 5) != 0) {
        return true;
    }
    if (!order_add(due, line)) {
        return false;
    }
    if (is_pushed) {
        return write(visitor, "NOTHING\n", 8) == 8;
    }
    bool is_sent = send_all(channel, buffer_bytes(due));
    due->size = 0;
    return is_sent && answer_tell(channel, visitor);
}

/* False: the core has had enough. */
static bool visitor_serve(int channel, int visitor)
{
    static char line[MOST_LINE];
    struct buffer due STING_AUTO(buffer_release) = {0};
    size_t size = 0;
    while (size + 1 < sizeof line) {
        ssize_t got = read(visitor, line + size, sizeof line - 1 - size);
        if (got <= 0) {
            return true;
        }
        size += (size_t)got;
        line[size] = '\0';
        char *end = strchr(line, '\n');
        if (!end) {
            continue;
        }
        *end = '\0';
        if (!order_serve(channel, visitor, line, &due)) {
            return false;
        }
        size -= (size_t)(end + 1 - line);
        memmove(line, end + 1, size);
    }
    return true;
}

int taken_serve(int channel)
{
    struct wire_head head;
    struct buffer start STING_AUTO(buffer_wipe) = {0};
    if (wire_receive(channel, &head, &start)) {
        return 1;
    }
    for (;;) {
        struct pollfd ready[] = {{WORKER_INPUT_FD, POLLIN, 0}, {channel, 0, 0}};
        if (poll(ready, 2, -1) < 0 || ready[1].revents) {
            return 1;
        }
        int visitor = accept(WORKER_INPUT_FD, NULL, NULL);
        if (visitor < 0) {
            continue;
        }
        bool goes_on = visitor_serve(channel, visitor);
        close(visitor);
        if (!goes_on) {
            return 1;
        }
    }
}
