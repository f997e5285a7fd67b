/*
 * box: the boxes of ISO media files, written into a buffer.
 *
 * Failure is remembered in the writer, so that one check at the end will do.
 */
#ifndef STING_MEDIA_BOX_H
#define STING_MEDIA_BOX_H

#include "base/buffer.h"

struct box_writer {
    struct buffer *out; /* borrowed */
    enum sting_status status;
};

void box_number(struct box_writer *box, uint64_t value, int bytes);
void box_bytes(struct box_writer *box, struct bytes bytes);

/* Begin a box; the result goes to box_end, which writes its size. */
size_t box_begin(struct box_writer *box, const char kind[4]);
void box_end(struct box_writer *box, size_t begin);

/* Write `value` over the four bytes at `at`. */
void box_patch(struct box_writer *box, size_t at, uint32_t value);

#endif
