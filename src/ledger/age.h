/*
 * age: files that only their recipients can open, byte-compatible with the
 * program `age`, so that nobody needs sting to read what sting sealed.
 *
 * Source: C2SP age.md (age-encryption.org/v1), X25519 and scrypt stanzas.
 * Limits: no armour, no plugins, no SSH keys; reading spends at most 1 GiB
 * on a passphrase. A file says nothing about who sealed it: the ledger does.
 * Threads: a writer or reader belongs to one.
 */
#ifndef STING_LEDGER_AGE_H
#define STING_LEDGER_AGE_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/agreement.h"
#include "crypt/digest.h"
#include "crypt/random.h"
#include "crypt/secret.h"

#define AGE_MOST_RECIPIENTS 32
#define AGE_TEXT_SIZE 80     /* a key as text, with its NUL */
#define AGE_SCRYPT_LOG2_N 18 /* as `age -p` writes: a second, 256 MiB */
#define AGE_SCRYPT_MOST_LOG2_N 20
#define AGE_CHUNK_BYTES ((size_t)64 * 1024) /* of plaintext */

/* "age1..." and "AGE-SECRET-KEY-1...". Reading accepts nothing around them.
 * Fails: E_FORMAT; *out kept. The text of an identity is a secret too. */
void age_recipient_text(const struct agreement_key *key,
                        char text[AGE_TEXT_SIZE]);
void age_identity_text(const struct secret *identity, char text[AGE_TEXT_SIZE]);
STING_MUST_USE enum sting_status age_recipient_parse(struct bytes text,
                                                     struct agreement_key *out);
STING_MUST_USE enum sting_status age_identity_parse(struct bytes text,
                                                    struct secret *out);

#define AGE_FILE_KEY_BYTES 16
#define AGE_WRAPPED_BYTES (AGE_FILE_KEY_BYTES + 16)

/* A file key, wrapped for its recipients while nobody waits: most of what a
 * small file costs. Good for one file. */
struct age_ahead {
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    struct buffer stanzas; /* owned; empty: there is none */
    struct agreement_key recipient[AGE_MOST_RECIPIENTS];
    size_t recipients;
};

/* Who a file is sealed to. `passphrase` (size > 0) excludes recipients. */
struct age_to {
    const struct agreement_key *recipient; /* borrowed */
    size_t recipients;                     /* 1 to AGE_MOST_RECIPIENTS */
    struct bytes passphrase;
    unsigned log2_n;  /* rounds for the passphrase, AGE_SCRYPT_LOG2_N */
    const char *note; /* words of a "sting" stanza, in clear; NULL for none */
    struct age_ahead *ahead; /* used up, if for the same recipients; or NULL */
};

/* Make *ahead for the recipients of `to`, unless that is what it is.
 * Fails: E_ARG, E_NOMEM; then there is none. */
STING_MUST_USE enum sting_status age_ahead_make(
    const struct age_to *to, const struct random_source *random,
    struct age_ahead *ahead);
void age_ahead_wipe(struct age_ahead *ahead);

/* An X25519 stanza: a share, and the file key wrapped with it. */
struct age_wrapped {
    uint8_t share[AGREEMENT_SIZE];
    uint8_t body[AGE_WRAPPED_BYTES];
};

/* Somebody else holds the identity and is asked for each stanza.
 * Fails: E_ABSENT when it is for another one. */
typedef enum sting_status age_asked(void *context,
                                    const struct age_wrapped *wrapped,
                                    uint8_t file_key[AGE_FILE_KEY_BYTES]);

/* Who is opening: any of these identities, who is asked, or the passphrase. */
struct age_with {
    const struct secret *identity; /* borrowed */
    size_t identities;
    struct bytes passphrase;
    age_asked *ask; /* NULL: nobody */
    void *context;  /* of ask */
};

/* The answer of who holds the identity. Fails: E_ABSENT, E_FORMAT for a share
 * of low order, E_NOMEM. */
STING_MUST_USE enum sting_status age_unwrap_share(
    const struct secret *identity, const struct age_wrapped *wrapped,
    uint8_t file_key[AGE_FILE_KEY_BYTES]);

/* Append the sealed form of plain to *out. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status age_seal(const struct age_to *to,
                                          const struct random_source *random,
                                          struct bytes plain,
                                          struct buffer *out);

/* The same, and SHA-256 of what was appended, taken while it is in cache. */
STING_MUST_USE enum sting_status age_seal_hashed(
    const struct age_to *to, const struct random_source *random,
    struct bytes plain, struct buffer *out, struct digest *ct);

/* Append what was sealed to *out. Fails: E_FORMAT, also when it is cut,
 * E_LIMIT, E_ABSENT when none of the keys fits, E_FORGED, E_NOMEM.
 * After E_FORMAT or E_FORGED in the body, *out has grown by all whole 64 KiB
 * chunks before the damage: each of them is as it was sealed. */
STING_MUST_USE enum sting_status age_open(const struct age_with *with,
                                          struct bytes sealed,
                                          struct buffer *out);

/* The same piece by piece: the header at once, then put, then end. */
struct age_writer;

STING_MUST_USE enum sting_status age_writer_new(
    const struct age_to *to, const struct random_source *random,
    struct buffer *out, struct age_writer **writer);
void age_writer_free(struct age_writer **writer);
STING_MUST_USE enum sting_status age_writer_put(struct age_writer *writer,
                                                struct bytes plain,
                                                struct buffer *out);
STING_MUST_USE enum sting_status age_writer_end(struct age_writer *writer,
                                                struct buffer *out);

struct age_reader;

/* Fails: E_NOMEM. The keys are borrowed until the reader is freed. */
STING_MUST_USE enum sting_status age_reader_new(const struct age_with *with,
                                                struct age_reader **reader);
void age_reader_free(struct age_reader **reader);

/* Take the next bytes of the file; append to *out what has become certain.
 * Fails as age_open does; a reader that failed stays failed. */
STING_MUST_USE enum sting_status age_reader_put(struct age_reader *reader,
                                                struct bytes sealed,
                                                struct buffer *out);
/* The file is over. Fails: E_FORMAT when it was cut. */
STING_MUST_USE enum sting_status age_reader_end(struct age_reader *reader,
                                                struct buffer *out);

/* The words of a file's "sting" stanza, separated by blanks, from its first
 * bytes; nothing is authenticated. Fails: E_ABSENT, E_FORMAT, E_LIMIT. */
STING_MUST_USE enum sting_status age_note(struct bytes sealed,
                                          struct buffer *out);

#endif
