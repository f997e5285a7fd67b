/*
 * code: which way each unit of each copy is displaced.
 *
 * All of it follows from the mark key M and the original's digest:
 *   K_doc = HKDF(M, "doc" || digest), B_p = HKDF(K_doc, "bias" || p),
 *   C_n = ChaCha20(HKDF(K_doc, "copies"), nonce n), 32 bytes,
 *   bit u of page p = byte u of ChaCha20(C_n, nonce p) < threshold of u,
 *   threshold of u = 54 or 202 by the lowest bit of byte u of
 *   ChaCha20(B_p, nonce 0).
 * p and n count from 1 where hashed and are 8 bytes, least first; pages in
 * the calls below count from 0.
 *
 * Source: Nuida et al. 2009, discrete biases (Gauss-Legendre, two points).
 * Format: docs/formats/bait.md.
 */
#ifndef STING_MARK_CODE_H
#define STING_MARK_CODE_H

#include "crypt/digest.h"
#include "crypt/secret.h"

#define MARK_THRESHOLD_LOW 54   /* of 256: the chance of a one */
#define MARK_THRESHOLD_HIGH 202 /* of 256 */
#define MARK_SALT_SIZE 32

/* K_doc. The caller wipes *out, here and below. Cannot fail. */
void mark_document_key(const struct secret *mark, struct digest original,
                       struct secret *out);

/* B_p of page `page`. */
void mark_bias_key(const struct secret *document, uint32_t page,
                   struct secret *out);

/* The key of all copies' keys: C_n is the first 32 bytes of its key stream
 * under nonce n. */
void mark_copies_key(const struct secret *document, struct secret *out);

/* C_n of copy `copy`, from 1; copy 0 is the control that nobody gets. */
void mark_copy_key(const struct secret *document, uint64_t copy,
                   struct secret *out);

/* The thresholds of a page's first `units` units, 54 or 202 each. */
void mark_bias(const struct secret *bias, uint32_t units, uint8_t *threshold);

/* The bits of a page's first `units` units for one copy, 0 or 1 each. */
void mark_code(const struct secret *copy, uint32_t page,
               const uint8_t *threshold, uint32_t units, uint8_t *bit);

/* What the commitment says of one copy:
 * SHA-256(0x00 || n || SHA-256(C_n) || SHA-256(salt || holder)). */
struct digest mark_commitment_leaf(uint64_t number, const struct secret *copy,
                                   const uint8_t salt[MARK_SALT_SIZE],
                                   struct bytes holder);

#endif
