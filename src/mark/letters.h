/*
 * letters: where a page's original has the origin of each glyph.
 */
#ifndef STING_MARK_LETTERS_H
#define STING_MARK_LETTERS_H

#include "base/base.h"
#include "base/buffer.h"
#include "pdf/letter.h"

#define MARK_MOST_LETTERS 50000 /* a page; of one with more none are told */

struct mark_letters {
    struct pdf_letter *letter; /* owned */
    size_t letters;
};

void mark_letters_release(struct mark_letters *letters);

/* Take them from what the picture worker sends (docs/formats/wire.md); the
 * bytes may be hostile. The caller releases *out. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status mark_letters_read(struct bytes from,
                                                   struct mark_letters *out);

#endif
