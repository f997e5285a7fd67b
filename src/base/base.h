/*
 * base: the words every room speaks. Includes nothing of ours.
 */
#ifndef STING_BASE_BASE_H
#define STING_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Outcome of every function that can fail. Zero is success and the only
 * success; yes/no questions return bool instead, never one of these.
 * Codes say what the caller should do, not where it happened.
 */
enum sting_status {
    STING_OK = 0,
    STING_E_ARG = -1,         /* a value outside the range the header states */
    STING_E_NOMEM = -2,       /* allocation failed; nothing was changed */
    STING_E_IO = -3,          /* the operating system refused; see errno */
    STING_E_FORMAT = -4,      /* input is malformed */
    STING_E_FORGED = -5,      /* well formed, the cryptography says no */
    STING_E_LIMIT = -6,       /* input is larger than we allow */
    STING_E_UNSUPPORTED = -7, /* well formed, but not a kind that we handle */
    STING_E_ABSENT = -8,      /* there is no such thing */
    STING_E_BUSY = -9,        /* somebody else holds it */
};

/* "malformed input" and the like: a static text for a status. */
const char *sting_status_text(enum sting_status status);

/* A borrowed view of bytes: never owned, never kept after the call. */
struct bytes {
    const uint8_t *data; /* may be NULL when size is 0 */
    size_t size;
};

/* The bytes of a C string without its NUL. */
struct bytes bytes_of_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);

/* The caller may not drop the result of a function so marked. */
#define STING_MUST_USE __attribute__((warn_unused_result))

/*
 * Run destroy(&variable) when the variable leaves scope, on every path.
 * Every *_free() of ours, and of FFmpeg, has the right shape: it takes a
 * pointer to the pointer, accepts NULL there, and leaves NULL behind.
 */
#define STING_AUTO(destroy) __attribute__((cleanup(destroy)))

/* Close *fd if it is open and set it to -1; for STING_AUTO. */
void fd_close(int *fd);

#endif
