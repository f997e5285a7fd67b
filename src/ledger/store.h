/*
 * store: the one writer of one evidence folder.
 *
 *   OP/evidence/ledger                  every fact, a line each
 *   OP/evidence/checkpoints/DATE.notes  signed notes over the ledger's root
 *   OP/evidence/blobs/CT.age            sealed texts and pictures
 *   OP/evidence/segments/...            recordings (recording.h)
 *   OP/keys/log, OP/keys/epoch          64 hex digits and LF: Ed25519 seeds
 *
 * What is on disk before a function returns is durable. A line is never
 * changed; what cannot be written whole is not written. After an error of
 * the disk the store refuses everything further: a failed sync is never
 * tried again and called success.
 *
 * Format: docs/formats/ledger.md. Threads: one.
 */
#ifndef STING_LEDGER_STORE_H
#define STING_LEDGER_STORE_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "crypt/agreement.h"
#include "crypt/digest.h"
#include "crypt/random.h"
#include "crypt/signature.h"
#include "ledger/age.h"
#include "ledger/line.h"

#define LEDGER_BOOT_SIZE 37 /* a boot id as the kernel writes it, and NUL */

/* Free bytes without which no session begins: lines, notes and the next key
 * have to find their place up to its end. */
#define LEDGER_LEAST_ROOM ((uint64_t)256 * 1024)

/* A line that stands behind the first one from the beginning. */
struct ledger_first {
    const char *kind;
    const struct line_field *field;
    size_t fields;
    struct bytes plain; /* sealed, with blob= and pt= for it; size 0: none */
};

/* What a new ledger begins with. All borrowed. */
struct ledger_genesis {
    const char *role; /* "single", "box", "office" */
    const struct secret *case_key;
    const struct secret *log_key;
    const struct secret *epoch_key;
    const struct agreement_key *recipient;
    size_t recipients;    /* 2 to AGE_MOST_RECIPIENTS */
    struct bytes purpose; /* goal, legal basis, who decided: becomes a blob */
    const struct ledger_first *first;
    size_t firsts;
};

/* What a session brings along. All borrowed until the ledger is closed. */
struct ledger_context {
    const struct random_source *random;
    const char *boot;    /* LEDGER_BOOT_SIZE text; NULL: the kernel's */
    const char *version; /* of sting; NULL: this one's */
    const char *config;  /* SHA-256 of operation.yaml as hex, or NULL */
    const char *place;   /* of this folder, some hex digits; NULL: not known */
    const struct clock_state *clock; /* when opened; NULL: not known */
};

struct ledger;

/* Make OP/evidence with a genesis line, its blob and a first checkpoint.
 * keys/log and keys/epoch are the caller's to write, before. `operation` is
 * an open folder. Fails: E_ARG, E_BUSY when there is a ledger already, E_IO. */
STING_MUST_USE enum sting_status ledger_create(
    int operation, const struct ledger_genesis *genesis,
    const struct ledger_context *context, struct moment now,
    struct fault *fault);

/* Begin a session: recover what a crash left (a torn line, recordings
 * without their lines, a key hand-over half done), write the lines that say
 * so and the `session` line. Fails: E_ABSENT without a ledger or its keys,
 * E_BUSY when another process writes, E_FORMAT, E_FORGED when a key is not
 * the ledger's, E_IO, also with less than LEDGER_LEAST_ROOM, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_open(
    int operation, const struct ledger_context *context, struct moment now,
    struct ledger **out, struct fault *fault);

/* End the session: `stop` line with `why`, hand-over to the next epoch's
 * key, checkpoint. The ledger is freed in any case. */
STING_MUST_USE enum sting_status ledger_close(struct ledger **ledger,
                                              struct moment now,
                                              const char *why,
                                              struct fault *fault);

/* Let go without a word, as a crash would; for STING_AUTO. */
void ledger_free(struct ledger **ledger);

/* Append one line, durably; one that instructs (line_instructs) counts only
 * when it is signed, and is signed at once. seq and fault may be NULL.
 * Fails: E_ARG when the line does not fit its kind, E_IO. */
STING_MUST_USE enum sting_status ledger_append(struct ledger *ledger,
                                               struct moment now,
                                               const char *kind,
                                               const struct line_field field[],
                                               size_t fields, uint64_t *seq,
                                               struct fault *fault);

/* What a sealed file is known by. */
struct ledger_blob {
    struct digest ct; /* SHA-256 of the file: its name */
    struct digest pt; /* SHA-256 of what is inside */
    uint64_t bytes;   /* of the file */
};

/* Seal plain bytes to all recipients as evidence/blobs/CT.age, durably. A
 * line has to name it, or it is nobody's. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status ledger_blob(struct ledger *ledger,
                                             struct bytes plain,
                                             struct ledger_blob *out,
                                             struct fault *fault);

/* Sign all lines so far, with the log's and the epoch's key. Does nothing
 * when there are none since the last one. Fails: E_IO. */
STING_MUST_USE enum sting_status ledger_checkpoint(struct ledger *ledger,
                                                   struct moment now,
                                                   struct fault *fault);

/* How long an epoch lasts: what whoever takes the machine could still sign
 * anew. */
#define LEDGER_EPOCH_US INT64_C(60000000)

/* Hand over to a fresh epoch key: the new key is stored, the `epoch` line
 * names it, a checkpoint closes the epoch, the old key is overwritten where
 * it lies. Fails: E_IO; once the line is written, that closes the ledger. */
STING_MUST_USE enum sting_status ledger_next_epoch(struct ledger *ledger,
                                                   struct moment now,
                                                   struct fault *fault);

/* The same when the epoch is old enough, empty or not. */
STING_MUST_USE enum sting_status ledger_epoch_tick(struct ledger *ledger,
                                                   struct moment now,
                                                   struct fault *fault);

/* Tell what has become of the clock since it was last told: a step, a
 * suspend, another state of its synchronisation. To be called every second or
 * so. Steps are told before any line in any case. Fails: E_IO. */
STING_MUST_USE enum sting_status ledger_clock(struct ledger *ledger,
                                              const struct clock_state *clock,
                                              struct fault *fault);

/* What the lines last said of files beside the evidence, this session's own
 * `session` line not counted; borrowed. */
struct told_files;
/* (`place` there is that of the session before, ledger_place() of this one.) */
const char *ledger_place(const struct ledger *ledger);
const struct told_files *ledger_told(const struct ledger *ledger);

/* Lines so far; recipients of this ledger (borrowed); its random source. */
uint64_t ledger_lines(const struct ledger *ledger);
struct age_to ledger_recipients(const struct ledger *ledger);
const struct random_source *ledger_random(const struct ledger *ledger);
int ledger_operation(const struct ledger *ledger); /* the folder, borrowed */

/* What was recovered on opening, in words for people; "" when nothing. */
const char *ledger_recovered(const struct ledger *ledger);

/* Open a blob or any other sealed file below the operation with an unlocked
 * identity; appended to *out. The hash of the file is compared with `ct`.
 * Fails: E_ABSENT, E_FORGED, E_FORMAT, E_LIMIT over most_bytes, E_IO. */
STING_MUST_USE enum sting_status ledger_blob_open(
    int operation, const struct secret *identity, struct digest ct,
    size_t most_bytes, struct buffer *out, struct fault *fault);

#endif
