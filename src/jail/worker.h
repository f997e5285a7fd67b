/*
 * worker: start this same binary again as a jailed process, and, in the new
 * process, give up everything that the kind of worker does not need.
 *
 * The two ends talk over one stream socket, in the messages of wire/.
 * Kinds and what each may reach: ARCHITECTURE.md, table in jail_table.c.
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
    WORKER_CHECK,  /* a pack */
    WORKER_FOLDER, /* a folder, which is its input: the one it can read */
    WORKER_NET,
    WORKER_WEB,
    WORKER_WITNESS,
    WORKER_DRILL, /* footage, which is its input */
    WORKER_KINDS
};

#define WORKER_CHANNEL_FD 3 /* the worker's end of the socket */
#define WORKER_INPUT_FD 4   /* what worker_start_with() handed over, ... */
#define WORKER_SECOND_FD 5  /* ... and its second */

struct worker {
    enum worker_kind kind;
    pid_t pid;         /* 0 when none runs */
    int channel;       /* our end, owned; -1 when none runs */
    char missing[200]; /* locks that this kernel lacks, or "" */
};

/* A worker before worker_start(): worker_stop() on it does nothing. */
#define WORKER_NONE ((struct worker){.channel = -1})

const char *worker_name(enum worker_kind kind);

/* The kind of that name, or WORKER_KINDS. */
enum worker_kind worker_kind_find(const char *name);

/* The binary to start; by default the one that runs now. For tests, which
 * are programs of their own. `path` is kept. */
void worker_binary(const char *path);

/* Start a worker of this kind as `sting --worker NAME` and wait until it has
 * locked itself in. *out is ours to stop. Fails: E_IO; *out is WORKER_NONE. */
STING_MUST_USE enum sting_status worker_start(enum worker_kind kind,
                                              struct worker *out,
                                              struct fault *fault);

/* What a worker may be given beside its channel; all borrowed. */
struct worker_place {
    int input; /* becomes its WORKER_INPUT_FD; -1 for none */
    /* The camera's IPv4 or IPv6 address: its TCP port, and the second, are the
     * only ones that the worker can connect to. NULL: none. */
    const struct sockaddr *camera;
    /* Not NULL: the worker lives in an empty network whose `lo` carries that
     * address. Out: a socket that listens there, to be handed to a relay and
     * closed; -1 when this kernel or user may have no such network, and the
     * worker lives in ours after all. */
    int *listener;
    /* Another port of that address; 0: none. */
    uint16_t second_port;
    int second_input;     /* beside an input, above 0: its WORKER_SECOND_FD */
    int *second_listener; /* beside a listener, and as that */
};

/* As worker_start(), in a place of its own. */
STING_MUST_USE enum sting_status worker_start_with(
    enum worker_kind kind, const struct worker_place *place, struct worker *out,
    struct fault *fault);

/* Close the channel, give it grace_ms to end, kill it after that, reap it.
 * Safe on a worker that never ran or has died. For STING_AUTO: worker_free
 * does the same with no grace. */
void worker_stop(struct worker *worker, int grace_ms);
void worker_free(struct worker *worker);

/* As worker_stop(), and say in words how it ended: "ended", "was killed",
 * "broke its jail (signal SIGSYS)" and the like; a static text. */
const char *worker_stop_why(struct worker *worker, int grace_ms);

/*
 * In the new process, before it reads its first byte: no new privileges,
 * limits on memory, files and time, Landlock, seccomp. Tells the other end,
 * which waits for it in worker_start(). `ports` is the third argument that
 * the process was started with: the only TCP ports that a worker that may
 * connect can connect to, "554" or "554,8554" (net: any; NULL or "0": none).
 * What this kernel lacks is named in `missing` (words separated by ", ", or
 * ""), so that `sting run` can say so. Fails: E_IO when a lock that the
 * kernel has could not be set; the worker must then end.
 */
STING_MUST_USE enum sting_status worker_enter(enum worker_kind kind,
                                              const char *ports,
                                              char missing[200]);

#endif
