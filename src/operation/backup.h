/*
 * backup: a copy of an operation that can be kept, and goes on elsewhere.
 *
 * Made while a station runs or not: whole lines of the ledger and every file
 * that they name, then verified in the jail. What is there already is not
 * copied again; one that was cut off is finished by doing it again, and what
 * it holds is whole at any moment. Keys that lie open in an operation are
 * sealed in it to the recipients. Nothing is written into a backup but by
 * this; restoring makes an operation of it, and tells so in its ledger.
 *
 * Format: docs/formats/folder.md, "Backup and moving".
 * Limits: files that operation.yaml names (passwords, certificates) are not in
 * it; of the queue the photographs that were given to be traced are, messages
 * under way are not.
 */
#ifndef STING_OPERATION_BACKUP_H
#define STING_OPERATION_BACKUP_H

#include "ledger/verify.h"
#include "operation/access.h"
#include "operation/change.h"
#include "operation/operation.h"

/* The file in a backup that says that it is one. */
#define BACKUP_FILE "backup"

struct backup_order {
    const char *folder; /* the backup's */
    struct change change;
    void (*progress)(void *context, const struct verify_report *so_far);
    void *context;
};

struct backup_done {
    uint64_t files; /* copied now */
    uint64_t bytes;
    uint64_t lines;
    uint64_t left; /* messages and questions under way: not in it */
    struct verify_report report; /* of the copy; the caller releases it */
    char missing[200];           /* locks that this kernel lacks, or "" */
};

/* Copy, verify, and write the `custody` line that says so. Fails: E_BUSY when
 * something else lies there, E_FORGED when the backup is of another record or
 * of a copy that went on by itself, or the copy does not verify; E_IO. */
STING_MUST_USE enum sting_status backup_make(const struct operation *operation,
                                             const struct backup_order *order,
                                             struct backup_done *out,
                                             struct fault *fault);

/* Make the folder `path` of a backup: copied, verified, its signing keys
 * opened with the identity, a `custody` line. Fails: E_BUSY when something is
 * there, E_ABSENT when that is no finished backup, E_FORGED (a passphrase, or
 * it does not verify), E_IO. */
STING_MUST_USE enum sting_status backup_restore(
    const struct backup_order *order, const char *path,
    const struct access *access, struct backup_done *out, struct fault *fault);

#endif
