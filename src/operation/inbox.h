/*
 * inbox: photographs that were given to be traced and wait for somebody who
 * may unlock what that takes: sealed to the operation's recipients, so that a
 * station that takes them cannot read them again.
 *
 * Format: docs/formats/folder.md. Limits: INBOX_MOST, INBOX_MOST_BYTES each.
 */
#ifndef STING_OPERATION_INBOX_H
#define STING_OPERATION_INBOX_H

#include "base/buffer.h"
#include "base/fault.h"
#include "operation/operation.h"

#define INBOX_MOST 32
#define INBOX_MOST_BYTES ((size_t)16 * 1024 * 1024)
#define INBOX_NAME_SIZE 128

struct inbox_photo {
    uint32_t number;            /* from 1; not used again while others wait */
    char name[INBOX_NAME_SIZE]; /* of the file, as its giver had it */
    char by[CONFIG_NAME_SIZE];  /* who gave it */
    int64_t at_us;
    struct buffer bytes; /* owned */
};
void inbox_photo_release(struct inbox_photo *photo);

/* Numbers of those that wait, ascending. Fails: E_IO. */
STING_MUST_USE enum sting_status inbox_list(const struct operation *operation,
                                            uint32_t number[INBOX_MOST],
                                            size_t *count, struct fault *fault);

/* Seal one; then write it durably into the operation's folder, which takes its
 * time and nothing of the operation; its number must be free. Fails: E_ARG for
 * a name that holds a line break, E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status inbox_seal(const struct operation *operation,
                                            const struct inbox_photo *photo,
                                            struct buffer *out,
                                            struct fault *fault);
STING_MUST_USE enum sting_status inbox_write(int dir, uint32_t number,
                                             struct bytes sealed,
                                             struct fault *fault);
/* Nobody was told that it is kept: it goes. */
void inbox_drop(int dir, uint32_t number);

/* Open one. Fails: E_ABSENT, E_FORGED, E_FORMAT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status inbox_get(const struct operation *operation,
                                           const struct operation_keys *keys,
                                           uint32_t number,
                                           struct inbox_photo *out,
                                           struct fault *fault);

/* It was examined and waits no more: kept beside, sealed as it is, as
 * queue/traced-TIME-NUMBER.age (TIME: at_us). Fails: E_IO; then it waits on. */
STING_MUST_USE enum sting_status inbox_done(const struct operation *operation,
                                            uint32_t number, int64_t at_us,
                                            struct fault *fault);

/* It cannot be opened: kept beside as queue/unreadable-TIME-NUMBER.age (TIME:
 * now_us), and waits no more. Fails: E_IO; then it waits on. */
STING_MUST_USE enum sting_status inbox_unreadable(
    const struct operation *operation, uint32_t number, int64_t now_us,
    struct fault *fault);

#endif
