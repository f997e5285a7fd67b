/*
 * memory_io: FFmpeg reads from bytes, or writes into a buffer, without a
 * file. Only media/ includes this.
 */
#ifndef STING_MEDIA_MEMORY_IO_H
#define STING_MEDIA_MEMORY_IO_H

#include <libavformat/avformat.h>

#include "base/buffer.h"

/* One buffer, read or written at `at`. */
struct memory_io {
    struct bytes source;   /* borrowed; reading */
    struct buffer *target; /* borrowed; writing; wins over source */
    int64_t at;
};

/* An AVIOContext over *memory, which must outlive it; NULL without memory. */
AVIOContext *memory_io_new(struct memory_io *memory, bool writes);

/* Free context, its buffer too, and set it to NULL. */
void memory_io_free(AVIOContext **context);

#endif
