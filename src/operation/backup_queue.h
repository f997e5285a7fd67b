/*
 * backup_queue: of an operation's queue what is evidence, sealed as it is, into
 * its backup: photographs that were given. Deliveries under way are this
 * machine's, and stay.
 */
#ifndef STING_OPERATION_BACKUP_QUEUE_H
#define STING_OPERATION_BACKUP_QUEUE_H

#include "operation/backup_copy.h"

/* Copies what waits, removes what waits no more, and counts in way->done->left
 * what stays. Fails: E_IO, E_UNSUPPORTED. */
STING_MUST_USE enum sting_status backup_queue(const struct backup_way *way,
                                              struct fault *fault);

#endif
