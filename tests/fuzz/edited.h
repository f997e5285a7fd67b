/*
 * edited: operation.yaml and what is to be written into it, as one input: the
 * text behind `recipients:`, a line "%%", and what is wanted.
 */
#ifndef STING_TESTS_FUZZ_EDITED_H
#define STING_TESTS_FUZZ_EDITED_H

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define EDITED_HEAD                                                            \
    "goal: g\nlegal_basis: l\ndecided_by: d\nrecipients:\n"                    \
    "  - age1lqz5p6lgkm8zm3jwcvgdd2p7q0lkklfgg8765q0w47vdv30w93wqnaswjw\n"     \
    "  - age1qesskf54ch724c7xjv6svys6huuwhvta3642f0km96vawcplxd6stl4wvv\n"

static inline void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* The whole text, and what is wanted as a string in `room` bytes. False: it
 * does not fit. */
static inline bool edited_take(const uint8_t *data, size_t size,
                               struct buffer *text, char *wanted, size_t room)
{
    const uint8_t *cut = size ? memmem(data, size, "\n%%\n", 4) : NULL;
    size_t yaml = cut ? (size_t)(cut - data) + 1 : size;
    size_t left = cut ? size - yaml - 3 : 0;
    if (left >= room) {
        return false;
    }
    memcpy(wanted, data + size - left, left);
    wanted[left] = '\0';
    hold(!buffer_text_append(text, EDITED_HEAD) &&
         !buffer_append(text, (struct bytes){data, yaml}));
    return true;
}

#endif
