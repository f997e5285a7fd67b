/*
 * age_wrap: the file key of an age file, wrapped for those who may open it.
 *
 * Source: C2SP age.md, "The X25519 recipient type", "The scrypt recipient
 * type".
 */
#ifndef STING_LEDGER_AGE_WRAP_H
#define STING_LEDGER_AGE_WRAP_H

#include "ledger/age.h"
#include "ledger/age_header.h"

/* Append a whole header that wraps a new file key, or the one that was wrapped
 * ahead. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status age_wrap(const struct age_to *to,
                                          const struct random_source *random,
                                          uint8_t file_key[AGE_FILE_KEY_BYTES],
                                          struct buffer *out);

/* Find the file key and check the header's MAC with it.
 * Fails: E_ABSENT when no key fits, E_FORMAT, E_FORGED, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status age_unwrap(
    const struct age_with *with, const struct age_header *header,
    uint8_t file_key[AGE_FILE_KEY_BYTES]);

#endif
