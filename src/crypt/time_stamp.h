/*
 * time_stamp: "this hash existed at that time", said by a time-stamping
 * authority; asked for, and judged.
 *
 * A reply is what the authority sent: a whole TimeStampResp, as
 * `openssl ts -reply -in FILE` reads it. A token is the signed part in it, as
 * archive time stamps hold it.
 *
 * Source: RFC 3161, RFC 5816. Limits: TIME_STAMP_MOST_BYTES. Replies,
 * tokens, authorities and lists are hostile input: judge them in a worker.
 */
#ifndef STING_CRYPT_TIME_STAMP_H
#define STING_CRYPT_TIME_STAMP_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/hash.h"

#define TIME_STAMP_MOST_BYTES ((size_t)256 * 1024)
#define TIME_STAMP_NONCE_SIZE 8

enum time_stamp_state {
    TIME_STAMP_GOOD,
    TIME_STAMP_MALFORMED,
    TIME_STAMP_BARE,       /* a token where a reply belongs */
    TIME_STAMP_REFUSED,    /* the authority said no */
    TIME_STAMP_OTHER_DATA, /* of another hash */
    TIME_STAMP_FORGED,     /* the signature is false */
    TIME_STAMP_STRANGER,   /* by nobody whom the authorities know */
    TIME_STAMP_REVOKED,
    TIME_STAMP_EXPIRED, /* good when it was made, out of date since */
    TIME_STAMP_FUTURE,  /* made later than it is judged */
    TIME_STAMP_STATES
};

struct time_stamp {
    enum time_stamp_state state;
    int64_t at_us;         /* when it was made; 0 when not known */
    int64_t good_until_us; /* when its signer's certificate ends; 0 */
    enum hash_kind kind;   /* of the hash that was stamped; HASH_KINDS: other */
    char who[96];          /* the signer's name; "" */
    char authority[65];    /* SHA-256 of the root certificate, hex; "" */
    char why[120];         /* more of what is wrong; "" */
};

/* Whom to believe. All borrowed. */
struct time_stamp_trust {
    struct bytes authorities; /* PEM: roots, and certificates between */
    struct bytes revoked;     /* PEM lists of revoked certificates, or empty */
    int64_t at_us;            /* the day on which it is judged */
};

/* "good", "expired" and the like: a static word for programs, and a phrase
 * for people. */
const char *time_stamp_word(enum time_stamp_state state);
const char *time_stamp_phrase(enum time_stamp_state state);

/* Append a request for a stamp over this hash, that asks for the signer's
 * certificates too. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status time_stamp_request(
    const struct hash *hash, const uint8_t nonce[TIME_STAMP_NONCE_SIZE],
    struct buffer *out);

/* Judge a reply, or a token. `nonce` is the one asked with, NULL when it is
 * not known any more. *out is always filled. */
void time_stamp_reply(struct bytes reply, const struct hash *hash,
                      const uint8_t *nonce,
                      const struct time_stamp_trust *trust,
                      struct time_stamp *out);
void time_stamp_token(struct bytes token, const struct hash *hash,
                      const struct time_stamp_trust *trust,
                      struct time_stamp *out);

/* Append the token of a reply as it stands in it. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status time_stamp_token_of(struct bytes reply,
                                                     struct buffer *out);

#endif
