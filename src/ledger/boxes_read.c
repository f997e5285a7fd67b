#include "ledger/boxes_read.h"

#include <string.h>

#define HEAD_BYTES 8

uint64_t boxes_number(struct bytes bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes.data[at + i];
    }
    return value;
}

bool boxes_next(struct bytes *rest, struct boxes_box *out)
{
    if (rest->size < HEAD_BYTES) {
        return false;
    }
    uint64_t size = boxes_number(*rest, 0, 4);
    if (size < HEAD_BYTES || size > rest->size) {
        return false;
    }
    memcpy(out->kind, rest->data + 4, 4);
    out->kind[4] = '\0';
    out->body = (struct bytes){rest->data + HEAD_BYTES, size - HEAD_BYTES};
    *rest = (struct bytes){rest->data + size, rest->size - size};
    return true;
}

bool boxes_expect(struct bytes *rest, const char *kind, size_t least,
                  struct bytes *body)
{
    struct boxes_box box;
    bool good = boxes_next(rest, &box) && !memcmp(box.kind, kind, 4) &&
                box.body.size >= least;
    *body = good ? box.body : (struct bytes){0};
    return good;
}

bool boxes_only(struct bytes body, const char *kind, size_t least,
                struct bytes *out)
{
    struct boxes_box box;
    size_t found = 0;
    while (body.size > 0) {
        if (!boxes_next(&body, &box)) {
            return false;
        }
        if (!memcmp(box.kind, kind, 4)) {
            *out = box.body;
            found++;
        }
    }
    return found == 1 && out->size >= least;
}
