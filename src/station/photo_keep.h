/*
 * photo_keep: photographs that were given are made durable beside the loop.
 *
 * What is sealed goes to a thread that owns a descriptor of the folder and
 * those bytes, and nothing else: recording waits for no disk. Whoever gave it
 * is answered when it is durable.
 *
 * Threads: the caller's, and one a photograph, PHOTO_KEEPS at a time.
 */
#ifndef STING_STATION_PHOTO_KEEP_H
#define STING_STATION_PHOTO_KEEP_H

#include "crypt/digest.h"
#include "operation/inbox.h"

#define PHOTO_KEEPS 2

struct photo_keep;

/* A photograph on its way to the disk. */
struct photo_kept {
    int64_t id;               /* of the request to be answered; 0: of none */
    struct inbox_photo photo; /* owned */
    struct buffer sealed;     /* owned */
    struct digest digest;     /* of its plain bytes */
    enum sting_status status;
    struct fault fault;
};
void photo_kept_release(struct photo_kept *kept);

/* Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status photo_keep_new(struct photo_keep **out);
/* What is at work is finished first. */
void photo_keep_free(struct photo_keep **keep);

/* The highest number at work; 0: none is. */
uint32_t photo_keep_number(const struct photo_keep *keep);

/* Have it written into `dir`, the operation's folder: *kept moves. Fails:
 * E_BUSY when it is full, E_IO. */
STING_MUST_USE enum sting_status photo_keep_begin(struct photo_keep *keep,
                                                  int dir,
                                                  struct photo_kept *kept);
/* Readable when one is done; it moves to *out. False: none is. */
int photo_keep_fd(const struct photo_keep *keep);
bool photo_keep_take(struct photo_keep *keep, struct photo_kept *out);
/* Nobody waits for the answers any more. */
void photo_keep_forget(struct photo_keep *keep);

#endif
