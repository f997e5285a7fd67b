/*
 * backup_copy: files of an operation into its backup, those that are missing
 * there. Each is whole or not there.
 */
#ifndef STING_OPERATION_BACKUP_COPY_H
#define STING_OPERATION_BACKUP_COPY_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/backup.h"

struct line;

/* From one open folder to another. */
struct backup_way {
    int from;
    int to;
    struct backup_done *done;
};

/* A file, unless one of its size is there (`is_grown`: or of any size, then it
 * is replaced). What is no more in `from` is passed over.
 * Fails: E_IO, E_UNSUPPORTED for what is no regular file. */
STING_MUST_USE enum sting_status backup_file(const struct backup_way *way,
                                             const char *path, bool is_grown,
                                             struct fault *fault);

/* All regular files below a folder, some levels deep; it may be missing. */
STING_MUST_USE enum sting_status backup_tree(const struct backup_way *way,
                                             const char *path, bool is_grown,
                                             struct fault *fault);

/* The sealed files that a line names, recordings and blobs. */
STING_MUST_USE enum sting_status backup_line(const struct backup_way *way,
                                             const struct line *line,
                                             struct fault *fault);

/* Append to the copy of the ledger what it lacks of the first `bytes`.
 * Fails: E_FORGED when what it has is not how the ledger begins, E_IO. */
STING_MUST_USE enum sting_status backup_ledger(const struct backup_way *way,
                                               uint64_t bytes,
                                               struct fault *fault);

#endif
