/*
 * worker: start this same binary again as a jailed process, and, in the new
 * process, give up everything that the kind of worker does not need.
 *
 * The two ends talk over one stream socket, in the messages of wire/.
 * Kinds and what each may reach: DESIGN section 7, table in jail.c.
 */
#ifndef STING_JAIL_WORKER_H
#define STING_JAIL_WORKER_H

#include <sys/types.h>

#include "base/base.h"
#include "base/fault.h"

enum worker_kind {
    WORKER_CAMERA,
    WORKER_RELAY,
    WORKER_PICTURE,
    WORKER_PLAYER,
    WORKER_CHECK,
    WORKER_NET,
    WORKER_WEB,
    WORKER_KINDS
};

#define WORKER_CHANNEL_FD 3 /* the worker's end of the socket */

struct worker {
    enum worker_kind kind;
    pid_t pid;   /* 0 when none runs */
    int channel; /* our end, owned; -1 when none runs */
};

const char *worker_name(enum worker_kind kind);

/* Start a worker of this kind as `sting --worker NAME`. *out is ours to stop.
 * Fails: E_IO. */
STING_MUST_USE enum sting_status worker_start(enum worker_kind kind,
                                              struct worker *out,
                                              struct fault *fault);

/* Close the channel, give it grace_ms to end, kill it after that, reap it.
 * Safe on a worker that never ran or has died. For STING_AUTO: worker_free
 * does the same with no grace. */
void worker_stop(struct worker *worker, int grace_ms);
void worker_free(struct worker *worker);

/*
 * In the new process, before it reads its first byte: no new privileges,
 * limits on memory, files and time, namespaces, Landlock, seccomp.
 * What this kernel lacks is named in `missing` (words separated by ", ", or
 * ""), so that `sting run` can say so. Fails: E_IO when a lock that the
 * kernel has could not be set; the worker must then end.
 */
STING_MUST_USE enum sting_status worker_enter(enum worker_kind kind,
                                              char missing[200]);

#endif
