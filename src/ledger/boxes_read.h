/* boxes_read: one box of ISO media after the other, out of bytes in memory. */
#ifndef STING_LEDGER_BOXES_READ_H
#define STING_LEDGER_BOXES_READ_H

#include "base/base.h"

struct boxes_box {
    char kind[5];
    struct bytes body;
};

/* A big-endian number of so many bytes, at most 8; `at` must lie inside. */
uint64_t boxes_number(struct bytes bytes, size_t at, size_t size);

/* Take the first box off *rest. False when there is no whole one there:
 * sizes of 0 and 1 (up to the end; 64 bits) are not ours. */
bool boxes_next(struct bytes *rest, struct boxes_box *out);

/* The same, which must be of this kind and have `least` bytes in it. */
bool boxes_expect(struct bytes *rest, const char *kind, size_t least,
                  struct bytes *body);

/* The one box of that kind among those in `body`; all must be whole. False
 * also when there are two. */
bool boxes_only(struct bytes body, const char *kind, size_t least,
                struct bytes *out);

#endif
