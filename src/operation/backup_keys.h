/*
 * backup_keys: an operation's keys into its backup: those under a passphrase as
 * they are, those that lie open sealed to the recipients.
 */
#ifndef STING_OPERATION_BACKUP_KEYS_H
#define STING_OPERATION_BACKUP_KEYS_H

#include "operation/backup_copy.h"

/* `epoch` is the key, as text, that signs what comes behind the lines that were
 * copied. Fails: E_BUSY when a station has handed over to another meanwhile,
 * E_IO. */
STING_MUST_USE enum sting_status backup_keys(const struct operation *operation,
                                             const struct backup_way *way,
                                             const char *epoch,
                                             struct fault *fault);

#endif
