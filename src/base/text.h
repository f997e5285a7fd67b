/*
 * text: bytes written as hex and base64 (RFC 4648), and read back strictly;
 * numbers and UTF-8 (RFC 3629) read as strictly; lines.
 */
#ifndef STING_BASE_TEXT_H
#define STING_BASE_TEXT_H

#include "base/base.h"
#include "base/buffer.h"

/* Lower-case hex. `text` holds 2 * size + 1 bytes. */
void hex_write(struct bytes bytes, char *text);

/* Read exactly `size` bytes from lower-case hex of exactly 2 * size digits.
 * Fails: E_FORMAT. */
STING_MUST_USE enum sting_status hex_read(struct bytes text, uint8_t *out,
                                          size_t size);

/* Append base64. `padded` as in RFC 4648 section 4; else without '='.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status base64_append(struct buffer *out,
                                               struct bytes bytes, bool padded);

/* Append what base64 text stands for; only the canonical form is accepted
 * (no blanks, no stray bits, padding exactly as `padded` says).
 * Fails: E_FORMAT, E_NOMEM; *out unchanged. */
STING_MUST_USE enum sting_status base64_read(struct buffer *out,
                                             struct bytes text, bool padded);

/* Step *text past one to `most_digits` (at most 9) decimal digits and give
 * their number; false, and nothing moved, when there is none. */
bool digits_read(const char **text, int most_digits, uint32_t *out);

/* Take the line at the front, without its line feed; false, and nothing taken,
 * where none ends it. */
bool text_line_take(struct bytes *from, struct bytes *line);
/* The same where the last needs none; false when nothing is left. */
bool text_line_or_rest_take(struct bytes *from, struct bytes *line);

/* Is this the beginning of `hex`, 32 digits of it or more, as people write it:
 * in small letters or capitals, with blanks, colons or hyphens between? */
#define FINGERPRINT_LEAST_DIGITS 32
bool fingerprint_fits(const char *said, const char *hex);

/* Bytes of the UTF-8 character at `text`, which ends with a NUL, and its code
 * point; 0 when there is none: no overlong form, no surrogate, nothing over
 * U+10FFFF. */
size_t utf8_read(const char *text, uint32_t *point);
/* Is all of it UTF-8, up to the NUL that ends it? */
bool utf8_is_all(const char *text);

/* Text of strangers that is shown on a terminal or in a journal: bytes of the
 * next thing in `text`, at least 1, and whether it may be shown as it is. What
 * may not: bytes that are no UTF-8, and what a terminal obeys or what reorders
 * the words around it: controls (C0, DEL, C1), ends of lines and paragraphs,
 * marks, embeddings, overrides and isolates of the reading direction. */
size_t text_shown(const char *text, bool *is_shown);
/* In place, or behind what is in *out, each of those as one '?'.
 * Fails: E_NOMEM. */
void text_clean(char *text);
STING_MUST_USE enum sting_status text_clean_append(struct buffer *out,
                                                   const char *text);

#endif
