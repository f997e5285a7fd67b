/*
 * replace: a few words of a document replaced by others, in its own fonts.
 *
 * A place is a run of glyphs within one word. Its text is replaced in the
 * content stream by codes of the same font; what follows on the line stays
 * where it was, so the text must be about as wide as what it replaces.
 * Refused where the font has no such glyph, where the line would show it, and
 * where the words are drawn twice, hidden, or by an operator across streams.
 * Source: ISO 32000-1, 9.4.3.
 */
#ifndef STING_PDF_REPLACE_H
#define STING_PDF_REPLACE_H

#include "pdf/file.h"

#define REPLACE_MOST_TEXT 64 /* bytes of UTF-8 */

/* Where some text stands. */
struct pdf_spot {
    uint32_t page; /* from 0 */
    uint32_t content;
    uint32_t glyph, glyphs;
};

/* What is looked for: `value` between `before` and `after`, compared as
 * base/plain.h has it. '#' in the value stands for any digit. */
struct pdf_wanted {
    struct bytes before, value, after;
};

/* Find it: *found counts all places (at most 1000), *spot and *text (what
 * stands there, as UTF-8, appended) are of the first. With an empty value
 * before and after stand side by side. Fails: as pdf_file_text, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_find(
    struct pdf_file *file, const struct pdf_wanted *wanted, uint32_t *found,
    struct pdf_spot *spot, struct buffer *text, struct fault *fault);

struct pdf_swap {
    struct pdf_spot spot;
    struct bytes text; /* UTF-8, no blank */
};

/* Append the file with these texts in place of theirs to *out; swaps are
 * ordered by page, content and glyph. Fails: E_UNSUPPORTED with the reason,
 * E_ARG, as pdf_file_write. */
STING_MUST_USE enum sting_status pdf_file_replace(struct pdf_file *file,
                                                  const struct pdf_swap *swap,
                                                  size_t swaps,
                                                  struct buffer *out,
                                                  struct fault *fault);

/* Does `made` (opened from what pdf_file_replace() wrote) show all other
 * glyphs and words of the document where they were? Words are then counted
 * alike in both. Fails: E_FORGED, as pdf_file_text. */
STING_MUST_USE enum sting_status pdf_file_replaced_check(
    struct pdf_file *file, struct pdf_file *made, const struct pdf_swap *swap,
    size_t swaps, struct fault *fault);

#endif
