/*
 * play_parts: what has to be opened to look at a stretch of time, each file
 * with its own key: init and segments of each camera, from a keyframe on.
 *
 * Whoever holds the identity finds them and hands them to the station; with
 * these keys it can open these files and no other. Reads the ledger without a
 * lock. What is still being recorded, or was deleted, is not among them.
 * Form: docs/formats/wire.md, core-play-open.
 *
 * Limits: PLAY_MOST_PARTS, PLAY_MOST_US. Threads: one at a time.
 */
#ifndef STING_OPERATION_PLAY_PARTS_H
#define STING_OPERATION_PLAY_PARTS_H

#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/secret.h"
#include "ledger/line.h"

#define PLAY_MOST_PARTS 2048
#define PLAY_MOST_US (INT64_C(3600) * 1000000)
#define PLAY_MOST_CAMERAS 16

/* How far an exhibit is that was asked for in a browser. */
enum play_made { PLAY_BEGUN, PLAY_MADE_IT, PLAY_FAILED };

struct play_stretch {
    const char *cameras; /* names with commas */
    int64_t from_us;
    int64_t to_us;
};

struct play_found {
    struct buffer parts; /* owned, secret: of each its key and its line */
    size_t count;
    size_t missing; /* files that are no longer there */
};
void play_found_release(struct play_found *found);

/* Fails: E_ABSENT when nothing is recorded then, E_LIMIT, E_FORGED for a file
 * that another key is for, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status play_parts_find(int operation,
                                                 const struct secret *identity,
                                                 const struct play_stretch *of,
                                                 struct play_found *out,
                                                 struct fault *fault);

/* One part off the front of *from: borrowed. Fails: E_ABSENT at the end,
 * E_FORMAT for what is no recording's line behind a key. */
STING_MUST_USE enum sting_status play_parts_next(struct bytes *from,
                                                 const uint8_t **file_key,
                                                 struct line *line);

/* Is `name` one of the names with commas? */
bool play_names(const char *cameras, const char *name);

#endif
