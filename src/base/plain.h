/*
 * plain: text as two people would agree that it says the same.
 *
 * Small letters, one blank for any space or line end, plain quotes and
 * dashes, ligatures as letters; a hyphen at the end of a line goes, with the
 * line end. Nothing else is changed: accents stay.
 * Takes hostile bytes: what is no UTF-8 stands as U+FFFD.
 */
#ifndef STING_BASE_PLAIN_H
#define STING_BASE_PLAIN_H

#include "base/base.h"

struct plain {
    uint32_t *code; /* owned; Unicode */
    uint32_t *from; /* owned; what the caller said of where each came from */
    size_t size, room;
};

void plain_release(struct plain *plain);

/* Add one character as it stands; it becomes none to three. `from` is kept
 * beside each. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plain_add(struct plain *plain, uint32_t code,
                                           uint32_t from);

/* Add UTF-8; `from` is the place of its first byte. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status plain_add_text(struct plain *plain,
                                                struct bytes text);

/* The character at text.data, text.size is at least 1; *bytes it takes.
 * U+FFFD for what is none. */
uint32_t plain_decode(struct bytes text, size_t *bytes);

#endif
