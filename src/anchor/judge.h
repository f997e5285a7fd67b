/*
 * judge: what outsiders answered, taken apart by the check worker, which has
 * no key and no network; the core gets numbers and bytes of fixed size.
 *
 * WIRE_CHECK_STAMP: at_us, enum hash_kind, has a nonce, bytes of the reply,
 * bytes of the authorities | hash, nonce of 8 bytes, reply, authorities,
 * revoked -> DONE enum time_stamp_state, at_us, good_until_us, enum hash_kind,
 * where in the reply the token begins | who NUL authority NUL why.
 * WIRE_CHECK_WITNESS: HTTP status, bytes of the checkpoint's text | key as
 * text NUL, text, body -> DONE enum judge_word, seconds or size | signature
 * of 64 bytes.
 */
#ifndef STING_ANCHOR_JUDGE_H
#define STING_ANCHOR_JUDGE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/time_stamp.h"
#include "ledger/cosignature.h"
#include "wire/wire.h"

/* A reply to be judged; borrowed. */
struct judge_stamp {
    struct hash hash;
    const uint8_t *nonce; /* or NULL */
    struct bytes reply;
    struct time_stamp_trust trust;
};

/* Make the request. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status judge_stamp_ask(
    const struct judge_stamp *stamp, struct wire_head *head,
    struct buffer *payload);
/* Read the answer. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status judge_stamp_read(const struct wire_head *head,
                                                  struct bytes payload,
                                                  struct time_stamp *out);

/* Where in the reply its token is. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status judge_stamp_token(const struct wire_head *head,
                                                   struct bytes reply,
                                                   struct bytes *token);

enum judge_word {
    JUDGE_NOTHING,  /* no word of that witness in it */
    JUDGE_COSIGNED, /* with the time and the signature */
    JUDGE_CONFLICT, /* with the size that the witness has seen */
};

struct judge_witness {
    enum judge_word word;
    uint64_t number; /* seconds, or size */
    struct signature signature;
};

STING_MUST_USE enum sting_status judge_witness_ask(
    int64_t http, const char *key, struct bytes text, struct bytes body,
    struct wire_head *head, struct buffer *payload);
STING_MUST_USE enum sting_status judge_witness_read(
    const struct wire_head *head, struct bytes payload,
    struct judge_witness *out);

/* The worker's side, as wire_serve() wants it; context is the channel. */
enum sting_status judge_serve(void *context, const struct wire_head *request,
                              struct bytes payload, struct fault *fault);

#endif
