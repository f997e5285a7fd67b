/*
 * opened: what a pack opens of a commitment: a line of the ledger under a
 * checkpoint of the case's log key, and one copy of the batch that the line
 * commits to. Packs of pictures and of quotations share it.
 *
 * Format: docs/formats/recheck.md. Taking and checking are of hostile bytes.
 */
#ifndef STING_TRACE_OPENED_H
#define STING_TRACE_OPENED_H

#include "base/fault.h"
#include "crypt/secret.h"
#include "crypt/signature.h"
#include "ledger/line.h"
#include "ledger/proof.h"
#include "operation/baits.h"
#include "operation/register.h"

#define OPENED_HOLDER_SIZE 256
#define OPENED_ORIGIN_SIZE 128

/* One copy, and its place in its batch's tree. */
struct opened_copy {
    uint32_t number;
    struct secret key, salt; /* C_n, salt_n */
    char holder[OPENED_HOLDER_SIZE];
    uint32_t first; /* number of the first copy of its batch */
    struct proof place;
};

/* The copy as it was issued, with its name and path; *batch is in the list.
 * document: D. Fails: E_ABSENT when it was not issued or its name is not open
 * to this key, E_NOMEM. */
STING_MUST_USE enum sting_status opened_copy_fill(
    const struct register_list *issued, const struct secret *document,
    uint32_t number, struct opened_copy *out,
    const struct register_batch **batch);
/* The batch's line and the first checkpoint over it. Fails: as
 * ledger_proof_make. */
STING_MUST_USE enum sting_status opened_issue_find(
    int operation, const struct register_batch *batch, struct ledger_proof *out,
    struct fault *fault);

/* As text, appended; and back. Fails: as pack_text. */
STING_MUST_USE enum sting_status opened_copy_add(const struct opened_copy *copy,
                                                 struct buffer *out);
STING_MUST_USE enum sting_status opened_copy_take(struct bytes *from,
                                                  struct opened_copy *out);
/* The line under this key, its place and checkpoint; the genesis line, which
 * all lines of a pack have in common, stands before the first. */
STING_MUST_USE enum sting_status opened_line_add(
    const struct ledger_proof *proof, const char *key, struct buffer *out);
STING_MUST_USE enum sting_status opened_line_take(struct bytes *from,
                                                  const char *key,
                                                  struct ledger_proof *out);
/* Append the signature over all before it, by the operation's log key. */
STING_MUST_USE enum sting_status opened_sign(int operation, struct buffer *pack,
                                             struct fault *fault);

/* What the first line of the ledger says, once its signature holds. */
struct opened_genesis {
    char origin[OPENED_ORIGIN_SIZE];
    struct public_key log;
    char case_key[DIGEST_TEXT_SIZE]; /* to compare with what was noted */
};

/* Checks; all fail: E_FORGED with what does not hold in *fault. */
STING_MUST_USE enum sting_status opened_no(struct fault *fault,
                                           const char *why);
STING_MUST_USE enum sting_status opened_genesis_check(
    struct bytes line, struct opened_genesis *out, struct fault *fault);
STING_MUST_USE enum sting_status opened_signature_check(
    const struct opened_genesis *genesis, struct bytes text,
    const uint8_t signature[SIGNATURE_SIZE], struct fault *fault);
/* The line of this kind, parsed, under its checkpoint. */
STING_MUST_USE enum sting_status opened_line_check(
    const struct opened_genesis *genesis, const struct ledger_proof *proof,
    const char *kind, struct line *out, struct fault *fault);
/* An `issue` line speaks of this document, and the copy is in its root. */
STING_MUST_USE enum sting_status opened_copy_check(
    const struct opened_copy *copy, const struct line *issue, const char *bait,
    const struct digest *original, struct fault *fault);

#endif
