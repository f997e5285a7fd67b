#include "media/memory_io.h"

#include <libavutil/mem.h>
#include <string.h>

#define BLOCK_BYTES 65536

static struct bytes content(const struct memory_io *memory)
{
    return memory->target ? buffer_bytes(memory->target) : memory->source;
}

static int memory_read(void *opaque, uint8_t *to, int size)
{
    struct memory_io *memory = opaque;
    struct bytes all = content(memory);
    if (size <= 0 || memory->at >= (int64_t)all.size) {
        return AVERROR_EOF;
    }
    size_t left = all.size - (size_t)memory->at;
    size_t take = left < (size_t)size ? left : (size_t)size;
    memcpy(to, all.data + memory->at, take);
    memory->at += (int64_t)take;
    return (int)take;
}

static int memory_write(void *opaque, uint8_t *from, int size)
{
    struct memory_io *memory = opaque;
    struct buffer *target = memory->target;
    size_t end = (size_t)memory->at + (size_t)size;
    if (end > target->size) {
        if (buffer_reserve(target, end - target->size)) {
            return AVERROR(ENOMEM);
        }
        target->size = end;
    }
    memcpy(target->data + memory->at, from, (size_t)size);
    memory->at = (int64_t)end;
    return size;
}

static int64_t memory_seek(void *opaque, int64_t offset, int whence)
{
    struct memory_io *memory = opaque;
    int64_t size = (int64_t)content(memory).size;
    if (whence == AVSEEK_SIZE) {
        return size;
    }
    int64_t base = whence == SEEK_CUR   ? memory->at
                   : whence == SEEK_END ? size
                                        : 0;
    /* Writing beyond the end would leave a hole: nobody needs it. */
    if (base + offset < 0 || base + offset > size) {
        return AVERROR(EINVAL);
    }
    memory->at = base + offset;
    return memory->at;
}

AVIOContext *memory_io_new(struct memory_io *memory, bool writes)
{
    uint8_t *block = av_malloc(BLOCK_BYTES);
    if (!block) {
        return NULL;
    }
    AVIOContext *context =
        avio_alloc_context(block, BLOCK_BYTES, writes, memory, memory_read,
                           writes ? memory_write : NULL, memory_seek);
    if (!context) {
        av_free(block);
    }
    return context;
}

void memory_io_free(AVIOContext **context)
{
    if (*context) {
        av_freep(&(*context)->buffer);
    }
    avio_context_free(context);
}
