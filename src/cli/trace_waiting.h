/*
 * trace_waiting: photographs that were given at the console, taken out of the
 * inbox where they lie sealed; what was found is shown there.
 */
#ifndef STING_CLI_TRACE_WAITING_H
#define STING_CLI_TRACE_WAITING_H

#include "cli/trace_files.h"
#include "operation/inbox.h"
#include "trace/trace.h"

struct trace_waiting {
    size_t count;
    struct waiting_photo {
        uint32_t number;
        int64_t at_us; /* when it was given */
        char name[INBOX_NAME_SIZE];
        char path[32]; /* of its bytes, in memory */
        int fd;        /* owned */
    } photo[INBOX_MOST];
};

/* Open all that wait and add them to *files. One that cannot be opened is told
 * of here, at the console and in the ledger, put aside, and holds up no other.
 * Fails: E_ABSENT when none waits, E_FORGED when none could be opened, E_IO. */
STING_MUST_USE enum sting_status trace_waiting_take(
    const struct operation *operation, const struct operation_keys *keys,
    struct trace_waiting *out, struct trace_files *files, struct fault *fault);
void trace_waiting_release(struct trace_waiting *waiting);

/* How far it is, to the console: done of all files. */
void trace_waiting_progress(const struct trace_waiting *waiting,
                            const struct operation *operation, size_t at,
                            double done);

/* Pictures bear the names that their givers knew them by. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_waiting_name(
    const struct trace_waiting *waiting, const struct trace_files *files,
    struct trace_run *run);

/* The run is in the ledger: show what was found, and keep them beside those
 * that wait. Where no console listens, that is all. A picture or a report that
 * cannot be made, or is too large to be shown, takes no finding with it, and is
 * told of. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trace_waiting_show(
    const struct trace_waiting *waiting, const struct operation *operation,
    const struct trace_files *files, const struct trace_run *run,
    struct fault *fault);

#endif
