/*
 * core: the one writer of an operation's evidence.
 *
 * Whoever opens it holds OP/lock until it is closed. The station keeps it
 * open and answers core.sock with core_handle(); a command opens it through
 * writer.h for its own duration. Both run the same code.
 *
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_CORE_H
#define STING_OPERATION_CORE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/fault.h"
#include "operation/operation.h"
#include "wire/wire.h"

#define CORE_SOCKET "core.sock" /* in the operation folder, mode 0600 */
#define CORE_MOST_BLOB_BYTES ((size_t)8 * 1024 * 1024)

struct core;
struct line_field; /* ledger/line.h */
struct ledger;     /* ledger/store.h */

/* Take the lock and open the ledger, recovering what a crash left behind, and
 * tell what was changed beside it (kept.h). The operation is borrowed until
 * the core is closed. Fails: E_BUSY when somebody else writes, E_IO, E_FORMAT,
 * E_FORGED, also for recipients that nobody confirmed. */
STING_MUST_USE enum sting_status core_open(const struct operation *operation,
                                           struct moment (*now)(void),
                                           struct core **out,
                                           struct fault *fault);
/* The same for who is about to confirm other recipients (kept.h). */
STING_MUST_USE enum sting_status core_open_confirming(
    const struct operation *operation, struct moment (*now)(void),
    struct core **out, struct fault *fault);
/* End the session in order; `why` goes into its last line. */
STING_MUST_USE enum sting_status core_close(struct core **core, const char *why,
                                            struct fault *fault);
/* Let go without a word, as a crash would; for STING_AUTO. */
void core_free(struct core **core);

/* Borrowed, for recording.h and checkpoints. */
struct ledger *core_ledger(struct core *core);

/* The operation's end by the last `extend` line that came over core.sock, UTC;
 * 0 when there was none. */
int64_t core_until_us(const struct core *core);

/* Have what is said of the team fold into *duty, borrowed, as it is said; NULL
 * ends it. A station's: without one the core takes no links. */
struct duty;
void core_duty_set(struct core *core, struct duty *duty);

/* Who shows people what commands tell (wire/show.h); NULL ends it. */
typedef void core_show(void *context, const struct wire_head *head,
                       struct bytes bytes, struct moment now);
void core_show_set(struct core *core, core_show *show, void *context);

/* Was it asked over core.sock, since this was asked, to cut and seal what is
 * recorded? The station's to do. */
bool core_cut_taken(struct core *core);

/* The payload of WIRE_CORE_LINE: kind NUL, then name NUL value NUL of each
 * field. Fails: E_ARG when a text holds too much, E_NOMEM. */
STING_MUST_USE enum sting_status core_line_write(const char *kind,
                                                 const struct line_field *field,
                                                 size_t fields,
                                                 struct buffer *out);

/* Answer one request of core.sock (WIRE_CORE_*). Always fills *answer and
 * *out (replaced); a request that fails is answered by WIRE_FAILED. */
void core_handle(struct core *core, const struct wire_head *request,
                 struct bytes payload, struct wire_head *answer,
                 struct buffer *out);

/* Open the listening core.sock, replacing one that a crash left; the caller
 * owns *fd. The peer of an accepted socket must be of our own user:
 * core_peer_is_ours(). Fails: E_IO. */
STING_MUST_USE enum sting_status core_listen(const struct operation *operation,
                                             int *fd, struct fault *fault);
bool core_peer_is_ours(int fd);
/* Take core.sock away. Only who holds the lock may: it is his then. One that a
 * crash left is nobody's, and in nobody's way. */
void core_unlisten(const struct operation *operation);

#endif
