/*
 * queue_file: what is still to be delivered, sealed in OP/queue/.
 *
 * A station starts alone, so it must be able to open these files itself: they
 * are age files to a key of their own, derived from keys/log. Whoever takes
 * the machine with that key can read what was not delivered.
 *
 * Format: docs/formats/folder.md.
 */
#ifndef STING_OPERATION_QUEUE_FILE_H
#define STING_OPERATION_QUEUE_FILE_H

#include "operation/operation.h"

/* The key that opens the queue. Fails: E_ABSENT, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status queue_key(const struct operation *operation,
                                           struct secret *out,
                                           struct fault *fault);

/* Seal to "queue/NAME", durably. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status queue_file_put(
    const struct operation *operation, const struct secret *key,
    const char *path, struct bytes plain, struct fault *fault);

/* Append what is inside. Fails: E_ABSENT, E_FORMAT, E_FORGED, E_IO, E_LIMIT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status queue_file_get(
    const struct operation *operation, const struct secret *key,
    const char *path, struct buffer *out, struct fault *fault);

#endif
