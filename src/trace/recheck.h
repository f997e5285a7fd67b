/*
 * recheck: what a third party needs to check one attribution by itself, as
 * one text file, and the check.
 *
 * The pack discloses one copy's key, salt and holder, its path in the
 * commitment, the bias keys of the pages seen, the measured units and the
 * page records: nothing that tells of other copies or pages.
 *
 * Format: docs/formats/recheck.md. A pack is hostile input: recheck_read
 * runs in the check worker.
 */
#ifndef STING_TRACE_RECHECK_H
#define STING_TRACE_RECHECK_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "crypt/secret.h"
#include "ledger/proof.h"
#include "mark/strength.h"
#include "operation/baits.h"
#include "trace/opened.h"
#include "wire/wire.h"

#define RECHECK_MOST_PARTS 16 /* pages that are judged as one */
#define RECHECK_MOST_BYTES ((size_t)64 << 20)
#define RECHECK_MOST_PAGES 10000

/* One page of the copy that was measured. */
struct recheck_part {
    uint32_t page;        /* from 1 */
    struct secret bias;   /* B_p */
    uint32_t units;       /* of the page */
    double *a;            /* owned: evidence of each unit, 0 not measured */
    struct buffer record; /* owned: the page record */
};

struct recheck_pack {
    struct digest picture; /* SHA-256 of the file */
    uint32_t sheet;        /* which picture of it, from 1; 0 several */
    char bait[CONFIG_NAME_SIZE];
    struct digest original;
    struct opened_copy copy;
    uint32_t pages;      /* of the document */
    struct digest *bias; /* owned: SHA-256(B_p) of each */
    uint32_t parts;
    struct recheck_part part[RECHECK_MOST_PARTS];
    double log10_lr;     /* as reported */
    uint32_t tried, run; /* as reported */
    struct ledger_proof issue;
    struct bytes signed_bytes; /* what the signature is over, borrowed */
    uint8_t signature[64];
};
void recheck_pack_release(struct recheck_pack *pack);

/* Append the pack without its signature (opened_sign). Fails: E_NOMEM. */
STING_MUST_USE enum sting_status recheck_pack_write(
    const struct recheck_pack *pack, struct buffer *out);

/* Fails: E_FORMAT unless in exactly the form that writing gives, E_LIMIT,
 * E_NOMEM. The caller releases *out; views of `text` stay in it. */
STING_MUST_USE enum sting_status recheck_pack_read(struct bytes text,
                                                   struct recheck_pack *out,
                                                   struct fault *fault);

/* What was recomputed. */
struct recheck {
    double sum;               /* S */
    struct strength strength; /* K and the units counted */
    double log10_lr;
    double log10_false;              /* from it and from tried and run */
    char case_key[DIGEST_TEXT_SIZE]; /* to compare with what was noted */
    int64_t issued_us;               /* when the ledger says */
    uint64_t line, under;            /* line of the commitment; lines signed */
};

/* Every check of docs/formats/recheck.md in turn. Fails: E_FORGED with which
 * one in *fault, E_NOMEM. */
STING_MUST_USE enum sting_status recheck_run(const struct recheck_pack *pack,
                                             struct recheck *out,
                                             struct fault *fault);

/* One JSON line (docs/formats/json.md) of a pack that holds. */
STING_MUST_USE enum sting_status recheck_json(const struct recheck_pack *pack,
                                              const struct recheck *result,
                                              struct buffer *out);

/* The same in words. */
STING_MUST_USE enum sting_status recheck_text(const struct recheck_pack *pack,
                                              const struct recheck *result,
                                              struct buffer *out);

/* The check worker's side, as wire_serve() wants it: a pack in, JSON and
 * words out; context is the channel. */
enum sting_status recheck_serve(void *context, const struct wire_head *request,
                                struct bytes payload, struct fault *fault);

#endif
