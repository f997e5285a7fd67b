/*
 * pack_text: the lines of which packs for a third party are made, one
 * "key value" each, written and read back in one form only.
 *
 * Format: docs/formats/recheck.md. Adding fails: E_NOMEM. Taking is from the
 * front of *from, hostile bytes; fails: E_FORMAT, E_NOMEM.
 */
#ifndef STING_TRACE_PACK_TEXT_H
#define STING_TRACE_PACK_TEXT_H

#include "base/buffer.h"
#include "crypt/digest.h"
#include "ledger/proof.h"

STING_MUST_USE enum sting_status pack_add_hex(struct buffer *out,
                                              const char *key,
                                              const uint8_t byte[32]);
STING_MUST_USE enum sting_status pack_add_number(struct buffer *out,
                                                 const char *key,
                                                 uint64_t value);
/* A list of digests behind their count. */
STING_MUST_USE enum sting_status pack_add_digests(struct buffer *out,
                                                  const char *count,
                                                  const char *key,
                                                  const struct digest *digest,
                                                  uint32_t n);
STING_MUST_USE enum sting_status pack_add_base64(struct buffer *out,
                                                 const char *key,
                                                 struct bytes bytes);

STING_MUST_USE enum sting_status pack_take_hex(struct bytes *from,
                                               const char *key, uint8_t *out,
                                               size_t size);
/* From `least` to `most`. */
STING_MUST_USE enum sting_status pack_take_u32(struct bytes *from,
                                               const char *key, uint32_t least,
                                               uint32_t most, uint32_t *out);
STING_MUST_USE enum sting_status pack_take_u64(struct bytes *from,
                                               const char *key, uint64_t least,
                                               uint64_t most, uint64_t *out);
/* `depth` and its siblings; place and tree size are the caller's. */
STING_MUST_USE enum sting_status pack_take_path(struct bytes *from,
                                                const char *count,
                                                const char *key,
                                                struct proof *out);
/* Appended to *out. */
STING_MUST_USE enum sting_status pack_take_base64(struct bytes *from,
                                                  const char *key,
                                                  struct buffer *out);
/* A finite number exactly as %.17g writes it; of a line, and of a value. */
STING_MUST_USE enum sting_status pack_take_real(struct bytes *from,
                                                const char *key, double *out);
STING_MUST_USE enum sting_status pack_real(struct bytes value, double *out);

#endif
