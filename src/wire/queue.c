#include "wire/queue.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define TIDY_BYTES ((size_t)1 << 20) /* gone before the rest is moved up */

void wire_queue_release(struct wire_queue *queue)
{
    buffer_release(&queue->out);
    queue->sent = 0;
}

size_t wire_queue_bytes(const struct wire_queue *queue)
{
    return queue->out.size - queue->sent;
}

/* Only as much as what waits is moved, and only when more is gone. */
static void tidy(struct wire_queue *queue)
{
    struct buffer *out = &queue->out;
    if (queue->sent == out->size) {
        out->size = 0;
        queue->sent = 0;
    } else if (queue->sent > TIDY_BYTES && queue->sent > out->size / 2) {
        memmove(out->data, out->data + queue->sent, out->size - queue->sent);
        out->size -= queue->sent;
        queue->sent = 0;
    }
}

enum sting_status wire_queue_add(struct wire_queue *queue,
                                 struct wire_head head, struct bytes payload,
                                 size_t most_bytes)
{
    if (payload.size > wire_most_bytes(head.kind)) {
        return STING_E_ARG;
    }
    if (wire_queue_bytes(queue) + sizeof head + payload.size > most_bytes) {
        return STING_E_LIMIT;
    }
    tidy(queue);
    head.payload_bytes = (uint32_t)payload.size;
    enum sting_status status =
        buffer_reserve(&queue->out, sizeof head + payload.size);
    if (!status) {
        status = buffer_append(
            &queue->out, (struct bytes){(const uint8_t *)&head, sizeof head});
    }
    return status ? status : buffer_append(&queue->out, payload);
}

enum sting_status wire_queue_flush(struct wire_queue *queue, int fd)
{
    while (wire_queue_bytes(queue) > 0) {
        ssize_t sent =
            send(fd, queue->out.data + queue->sent, wire_queue_bytes(queue),
                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK ? STING_E_BUSY
                                                           : STING_E_IO;
        }
        queue->sent += (size_t)sent;
    }
    tidy(queue);
    return STING_OK;
}
