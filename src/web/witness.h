/*
 * witness: the record that one witness keeps of other people's ledgers: of
 * each the newest checkpoint it has seen. It cosigns what only grew.
 *
 *   DIR/key         its Ed25519 seed, 64 hex digits
 *   DIR/name        its name
 *   DIR/HASH.note   the newest checkpoint of a ledger, cosigned; HASH is the
 *                   first half of SHA-256 of its origin
 *
 * A request comes from the worker that read it: WIRE_WITNESS_ADD old size,
 * size, nodes, signatures | origin NUL, root, signatures (key id, 64 bytes),
 * nodes -> DONE HTTP status, size | lines of cosignatures.
 *
 * Source: C2SP tlog-witness.md.
 */
#ifndef STING_WEB_WITNESS_H
#define STING_WEB_WITNESS_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/random.h"
#include "ledger/consistency.h"
#include "ledger/cosignature.h"
#include "wire/wire.h"

#define WITNESS_MOST_LOGS 64
#define WITNESS_MOST_BODY ((size_t)16 * 1024)

/* A request, read: fixed size, nothing of it believed. */
struct witness_request {
    uint64_t old_size;
    uint64_t size;
    char origin[NOTE_MOST_NAME + 1];
    struct digest root;
    unsigned signatures; /* that could be of the log */
    uint8_t id[NOTE_MOST_SIGNATURES][NOTE_KEY_ID_SIZE];
    struct signature signature[NOTE_MOST_SIGNATURES];
    struct consistency proof;
};

/* Read the body of an add-checkpoint. Fails: E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status witness_request_read(
    struct bytes body, struct witness_request *out);
/* As a message between the two processes, and back.
 * Fails: E_NOMEM; E_FORMAT. */
STING_MUST_USE enum sting_status witness_request_pack(
    const struct witness_request *request, struct wire_head *head,
    struct buffer *payload);
STING_MUST_USE enum sting_status witness_request_unpack(
    const struct wire_head *head, struct bytes payload,
    struct witness_request *out);

struct witness {
    int dir; /* owned, and locked */
    struct vkey vkey;
    struct secret key;
    size_t logs;
    struct vkey log[WITNESS_MOST_LOGS];
};

/* Open or begin a witness's folder. `name` may be NULL: the one that it has,
 * or one made of its key. Fails: E_BUSY, E_ARG, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status witness_open(const char *folder,
                                              const char *name,
                                              const struct random_source *from,
                                              struct witness *out,
                                              struct fault *fault);
void witness_close(struct witness *witness);

/* Judge a request, keep what is new, cosign: HTTP status to *http, the size
 * that was seen before to *size (for 409), lines to *out.
 * Fails: E_IO, E_NOMEM: then 500. */
STING_MUST_USE enum sting_status witness_add(
    struct witness *witness, const struct witness_request *request,
    uint64_t now_s, int *http, uint64_t *size, struct buffer *out);

/* Serve add-checkpoint over HTTP at `listener`, owned by the caller, until
 * the worker cannot be kept alive or *ends. Fails: E_IO. */
STING_MUST_USE enum sting_status witness_serve(struct witness *witness,
                                               int listener,
                                               uint64_t (*now_s)(void),
                                               const volatile int *ends,
                                               struct fault *fault);

/* The worker's side: HTTP at WORKER_INPUT_FD. */
int witness_worker_serve(int channel);

#endif
