/*
 * age_header: the text in front of an age file, which says who can open it.
 *
 * Every byte may be hostile: no allocation beyond the caller's, no key
 * needed to parse. Unknown stanzas are skipped, as the format asks; one of
 * our own, "sting", carries what must be known of a file without its key.
 *
 * Source: C2SP age.md (age-encryption.org/v1).
 * Limits: AGE_HEADER_MOST_BYTES, AGE_MOST_STANZAS, AGE_MOST_WORDS a stanza.
 */
#ifndef STING_LEDGER_AGE_HEADER_H
#define STING_LEDGER_AGE_HEADER_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"

#define AGE_HEADER_MOST_BYTES 16384
#define AGE_MOST_STANZAS 64
#define AGE_MOST_WORDS 32

/* One "-> word word ..." and its body; views into the parsed bytes. */
struct age_stanza {
    struct bytes word[AGE_MOST_WORDS]; /* word[0] is the type */
    size_t words;
    struct bytes body; /* base64 as written, with its line ends */
};

struct age_header {
    struct age_stanza stanza[AGE_MOST_STANZAS];
    size_t stanzas;
    struct bytes sealed; /* what the MAC is over: up to and with "---" */
    struct digest mac;
    size_t size; /* bytes of the whole header, its last LF included */
};

/* Parse the header at the front of `file`.
 * Fails: E_ABSENT when `file` may be the beginning of a header and more is
 * needed, E_FORMAT, E_LIMIT. *out is then undefined. */
STING_MUST_USE enum sting_status age_header_parse(struct bytes file,
                                                  struct age_header *out);

/* The stanza's body as exactly `size` bytes. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status age_stanza_body(const struct age_stanza *from,
                                                 uint8_t *out, size_t size);

/* Append the version line, then any number of stanzas. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status age_header_begin(struct buffer *out);
STING_MUST_USE enum sting_status age_header_stanza(struct buffer *out,
                                                   const char *words,
                                                   struct bytes body);

/* Append the last line; the header began at out->data[start].
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status age_header_end(struct buffer *out,
                                                size_t start,
                                                struct bytes file_key);

/* The MAC over `sealed` under a file key. */
struct digest age_header_mac(struct bytes sealed, struct bytes file_key);

#endif
