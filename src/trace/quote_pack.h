/*
 * quote_pack: the opening of planted facts: what a third party needs to check
 * that a text quotes them, that they were declared before the copy was issued,
 * and with what strength they give that copy.
 *
 * The pack discloses the text, the sheet of facts of that document, and one
 * copy's key, salt and holder, or no copy's where only facts that are the same
 * in all copies are opened.
 *
 * Format: docs/formats/recheck.md. A pack is hostile input: it is read and
 * checked in the check worker.
 */
#ifndef STING_TRACE_QUOTE_PACK_H
#define STING_TRACE_QUOTE_PACK_H

#include "trace/opened.h"
#include "trace/quote.h"

#define QUOTE_PACK_MOST_SHEET ((size_t)1024 * 1024)

struct quote_pack_fact {
    uint32_t fact; /* from 0 */
    struct quote_place place;
};

struct quote_pack {
    struct buffer text, sheet; /* owned, as they were */
    uint32_t quoted;           /* facts, ascending */
    struct quote_pack_fact quote[FACTS_MOST];
    bool names_copy; /* what follows down to `run`, and `issue` */
    struct opened_copy copy;
    double log10_lr;                     /* as reported */
    uint32_t tried, run;                 /* as reported */
    struct ledger_proof declared, issue; /* genesis in the first */
    struct bytes signed_bytes; /* what the signature is over, borrowed */
    uint8_t signature[SIGNATURE_SIZE];
};
void quote_pack_release(struct quote_pack *pack);

/* Is there anything of this finding to open: a copy that is named, or a fact
 * that proves the document? */
bool quote_pack_is_due(const struct quote_finding *finding);

/* Append the signed pack of such a finding. `text` is what was asked about;
 * the run is in the ledger. keys: identity, mark and, of a blind operation,
 * names. Fails: E_ABSENT when the ledger does not show which facts the copy
 * carries, or the name is closed; as the register and the ledger. */
STING_MUST_USE enum sting_status quote_pack_make(
    const struct operation *operation, const struct operation_keys *keys,
    const struct quote *quote, size_t finding, struct bytes text,
    struct buffer *out, struct fault *fault);

/* Does this begin as such a pack? */
bool quote_pack_is(struct bytes text);
/* Append without the signature. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status quote_pack_write(const struct quote_pack *pack,
                                                  struct buffer *out);
/* Fails: E_FORMAT unless in exactly the form that writing gives, E_NOMEM. The
 * caller releases *out; views of `text` stay in it. */
STING_MUST_USE enum sting_status quote_pack_read(struct bytes text,
                                                 struct quote_pack *out,
                                                 struct fault *fault);

/* What was recomputed. */
struct quote_check {
    struct fact_sheet sheet; /* owned */
    uint32_t own, common;    /* facts quoted: differing, and the same in all */
    uint32_t choice[FACTS_MOST];    /* of the copy, where one is opened */
    double log10_lr, log10_false;   /* of the copy */
    int64_t declared_us, issued_us; /* when the ledger says */
    struct opened_genesis genesis;
};
void quote_check_release(struct quote_check *check);

/* Every check of docs/formats/recheck.md in turn. Fails: E_FORGED with which
 * one in *fault, E_NOMEM. */
STING_MUST_USE enum sting_status quote_pack_check(const struct quote_pack *pack,
                                                  struct quote_check *out,
                                                  struct fault *fault);

/* Of a pack that holds: one JSON line (docs/formats/json.md), and words. */
STING_MUST_USE enum sting_status quote_check_json(
    const struct quote_pack *pack, const struct quote_check *check,
    struct buffer *out);
STING_MUST_USE enum sting_status quote_check_words(
    const struct quote_pack *pack, const struct quote_check *check,
    struct buffer *out);

#endif
