/* Whatever a peer sends: what comes out as messages has known kinds and holds
 * their bounds, is what was sent, and does not depend on how it was cut. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void pair_open(int end[2])
{
    hold(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) == 0);
}

/* All messages that are there now, one behind the other. */
static enum sting_status take(struct wire_reader *reader, int fd,
                              struct buffer *out)
{
    enum sting_status status = STING_OK;
    while (!status) {
        status = wire_reader_next(reader, fd);
        if (!status) {
            const struct wire_head *head = &reader->head;
            hold(wire_most_bytes(head->kind) >= head->payload_bytes &&
                 strcmp(wire_name(head->kind), "unknown") != 0 &&
                 reader->payload.size == head->payload_bytes);
            hold(!buffer_append(
                out, (struct bytes){(const uint8_t *)head, sizeof *head}));
            hold(!buffer_append(out, buffer_bytes(&reader->payload)));
        }
    }
    return status;
}

/* Send the bytes in pieces of at most `piece`, reading in between. */
static enum sting_status pass(const uint8_t *data, size_t size, size_t piece,
                              struct buffer *out)
{
    int end[2];
    struct wire_reader reader = {0};
    enum sting_status status = STING_E_BUSY;
    pair_open(end);
    for (size_t at = 0; at < size && status == STING_E_BUSY;) {
        size_t count = size - at < piece ? size - at : piece;
        hold(send(end[0], data + at, count, 0) == (ssize_t)count);
        at += count;
        status = take(&reader, end[1], out);
    }
    close(end[0]);
    if (status == STING_E_BUSY) {
        status = take(&reader, end[1], out);
    }
    close(end[1]);
    buffer_release(&reader.payload);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    if (size < 1 || size > 8192) {
        return 0;
    }
    size_t piece = data[0] + (size_t)1;
    enum sting_status status = pass(data + 1, size - 1, size, &whole);
    hold(status == STING_E_ABSENT || status == STING_E_FORMAT ||
         status == STING_E_LIMIT);
    hold(pass(data + 1, size - 1, piece, &pieces) == status);
    hold(bytes_equal(buffer_bytes(&whole), buffer_bytes(&pieces)));
    hold(whole.size < size &&
         !memcmp(whole.data ? whole.data : data + 1, data + 1, whole.size));
    return 0;
}
