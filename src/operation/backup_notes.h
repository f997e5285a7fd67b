/*
 * backup_notes: an operation's checkpoints into its backup.
 *
 * The newest file of them grows while lines are copied: it is taken before the
 * ledger is looked at, so that what it speaks of is in the copy.
 */
#ifndef STING_OPERATION_BACKUP_NOTES_H
#define STING_OPERATION_BACKUP_NOTES_H

#include "operation/backup_copy.h"

struct backup_notes {
    char name[64];      /* "": there is none */
    struct buffer text; /* owned */
};
void backup_notes_release(struct backup_notes *notes);

/* Fails: E_IO, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status backup_notes_take(int from,
                                                   struct backup_notes *out,
                                                   struct fault *fault);

/* That file as it was taken, and the older ones. Fails: E_IO. */
STING_MUST_USE enum sting_status backup_notes_copy(
    const struct backup_way *way, const struct backup_notes *notes,
    struct fault *fault);

#endif
