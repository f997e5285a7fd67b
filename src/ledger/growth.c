/* Hashing a ledger on from where it was hashed to before. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ledger/consistency.h"
#include "ledger/line.h"

#define CHUNK_BYTES ((size_t)256 * 1024)

static void line_add(struct growth *growth, struct bytes line,
                     struct consistency_making *making)
{
    struct digest leaf = tree_leaf(line);
    tree_add(&growth->tree, leaf);
    growth->offset += line.size;
    if (making) {
        consistency_add(making, leaf);
    }
}

/* Take the whole lines at the front of what was read. */
static enum sting_status lines_take(struct growth *growth, uint64_t size,
                                    struct bytes read,
                                    struct consistency_making *making)
{
    uint64_t before = growth->offset;
    while (growth->tree.leaves < size) {
        const uint8_t *end =
            read.size ? memchr(read.data, '\n', read.size) : NULL;
        if (!end) {
            break;
        }
        struct bytes line = {read.data, (size_t)(end - read.data) + 1};
        line_add(growth, line, making);
        read.data += line.size;
        read.size -= line.size;
    }
    if (growth->offset > before) {
        return STING_OK;
    }
    return read.size > LINE_MOST_BYTES ? STING_E_FORMAT : STING_E_ABSENT;
}

static enum sting_status chunk_read(int file, uint64_t offset,
                                    struct buffer *room)
{
    ssize_t got = -1;
    do {
        got = pread(file, room->data, CHUNK_BYTES, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    room->size = got > 0 ? (size_t)got : 0;
    return got < 0 ? STING_E_IO : STING_OK;
}

enum sting_status growth_to(int operation, uint64_t size, struct growth *growth,
                            struct consistency_making *making)
{
    struct buffer room STING_AUTO(buffer_release) = {0};
    int file STING_AUTO(fd_close) =
        openat(operation, "evidence/ledger", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    enum sting_status status =
        file < 0 ? STING_E_IO : buffer_reserve(&room, CHUNK_BYTES);
    if (growth->tree.leaves > size) {
        return STING_E_ARG;
    }
    while (!status && growth->tree.leaves < size) {
        status = chunk_read(file, growth->offset, &room);
        if (!status) {
            status = lines_take(growth, size, buffer_bytes(&room), making);
        }
    }
    return status;
}
