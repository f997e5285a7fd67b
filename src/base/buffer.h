/*
 * buffer: bytes that grow. One owner; zero-initialise to start empty.
 *
 * Limits: 2^40 bytes. Threads: one at a time.
 */
#ifndef STING_BASE_BUFFER_H
#define STING_BASE_BUFFER_H

#include "base/base.h"

struct buffer {
    uint8_t *data; /* owned; a NUL always follows the last byte in use */
    size_t size;   /* bytes in use */
    size_t capacity;
};

/* Free what *buffer holds and make it empty. */
void buffer_release(struct buffer *buffer);

/* As buffer_release, overwriting the bytes first: for secrets. Growing may
 * leave older copies behind, so reserve what a secret needs beforehand. */
void buffer_wipe(struct buffer *buffer);

/* A borrowed view, good until the buffer changes. */
struct bytes buffer_bytes(const struct buffer *buffer);

/* The content as a C string, "" when empty; good until the buffer changes. */
const char *buffer_text(const struct buffer *buffer);

/* Make room for `more` further bytes. Fails: E_NOMEM; nothing changed. */
STING_MUST_USE enum sting_status buffer_reserve(struct buffer *buffer,
                                                size_t more);

/* The same of what is secret: no copy of it is left where it was. */
STING_MUST_USE enum sting_status buffer_reserve_secret(struct buffer *buffer,
                                                       size_t more);

/* Add bytes at the end. Fails: E_NOMEM; nothing changed. */
STING_MUST_USE enum sting_status buffer_append(struct buffer *buffer,
                                               struct bytes bytes);
STING_MUST_USE enum sting_status buffer_text_append(struct buffer *buffer,
                                                    const char *text);

/* Add formatted text. Fails: E_NOMEM; nothing changed. */
STING_MUST_USE __attribute__((format(printf, 2, 3))) enum sting_status
buffer_printf(struct buffer *buffer, const char *format, ...);

#endif
