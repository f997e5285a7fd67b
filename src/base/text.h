/*
 * text: bytes written as hex and base64 (RFC 4648), and read back strictly.
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

#endif
