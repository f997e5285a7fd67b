#include "media/box.h"

void box_bytes(struct box_writer *box, struct bytes bytes)
{
    if (!box->status) {
        box->status = buffer_append(box->out, bytes);
    }
}

void box_number(struct box_writer *box, uint64_t value, int bytes)
{
    uint8_t big[8];
    for (int i = 0; i < bytes; i++) {
        big[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
    box_bytes(box, (struct bytes){big, (size_t)bytes});
}

size_t box_begin(struct box_writer *box, const char kind[4])
{
    size_t begin = box->out->size;
    box_number(box, 0, 4);
    box_bytes(box, (struct bytes){(const uint8_t *)kind, 4});
    return begin;
}

void box_patch(struct box_writer *box, size_t at, uint32_t value)
{
    for (size_t i = 0; !box->status && i < 4; i++) {
        box->out->data[at + i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

void box_end(struct box_writer *box, size_t begin)
{
    box_patch(box, begin, (uint32_t)(box->out->size - begin));
}
