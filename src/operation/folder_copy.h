/*
 * folder_copy: what somebody brings, copied byte for byte and not looked at.
 *
 * Regular files and folders only: no link is followed, no device opened; what
 * else lies there makes it fail. Modes and times are ours.
 * Limits: COPY_MOST_DEPTH folders deep; the disk's free room.
 */
#ifndef STING_OPERATION_FOLDER_COPY_H
#define STING_OPERATION_FOLDER_COPY_H

#include "base/base.h"
#include "base/fault.h"

#define COPY_MOST_DEPTH 8
#define COPY_NAME_SIZE 100

struct folder_copied {
    uint64_t files;
    uint64_t bytes;
    int64_t most_bytes;                 /* of a file; 0: any */
    bool (*is_known)(const char *name); /* NULL: all files are wanted */
    uint64_t left;                      /* files that were not */
    char left_name[COPY_NAME_SIZE];     /* the first of them, told safely */
};

/* Copy from/name into to/name, a file or a folder with all below, and sync.
 * Fails: E_ABSENT when from has none, E_UNSUPPORTED for what is neither file
 * nor folder, E_LIMIT when it is too deep or a file too large, E_IO, also when
 * a file is larger than what is free, before it is begun. Adds to *done. */
STING_MUST_USE enum sting_status folder_copy(int from, int to, const char *name,
                                             struct folder_copied *done,
                                             struct fault *fault);

/* Remove dir/name and all below; nothing happens when it is not there. */
void folder_remove(int dir, const char *name);

#endif
