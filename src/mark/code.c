#include "mark/code.h"

#include <string.h>

#include "crypt/kdf.h"
#include "crypt/stream.h"

#define NUMBER_SIZE 8
#define LABEL_MOST 40 /* the longest label and what follows it */

static void number_write(uint64_t number, uint8_t out[NUMBER_SIZE])
{
    for (int i = 0; i < NUMBER_SIZE; i++) {
        out[i] = (uint8_t)(number >> (8 * i));
    }
}

/* HKDF without salt; info is a label and what it speaks of. */
static void derive(const struct secret *from, const char *label,
                   struct bytes about, struct secret *out)
{
    uint8_t info[LABEL_MOST];
    struct bytes word = bytes_of_text(label);
    size_t size = word.size;
    memcpy(info, word.data, size);
    if (about.size > 0) {
        memcpy(info + size, about.data, about.size);
    }
    hkdf_sha256(secret_bytes(from), (struct bytes){0},
                (struct bytes){info, size + about.size}, out->byte,
                SECRET_SIZE);
}

static void stream(const struct secret *key, uint64_t number, uint8_t *out,
                   size_t size)
{
    uint8_t nonce[CHACHA20_NONCE_SIZE] = {0};
    number_write(number, nonce);
    chacha20(key, nonce, 0, out, size);
}

void mark_document_key(const struct secret *mark, struct digest original,
                       struct secret *out)
{
    derive(mark, "doc", (struct bytes){original.byte, DIGEST_SIZE}, out);
}

void mark_bias_key(const struct secret *document, uint32_t page,
                   struct secret *out)
{
    uint8_t number[NUMBER_SIZE];
    number_write((uint64_t)page + 1, number);
    derive(document, "bias", (struct bytes){number, NUMBER_SIZE}, out);
}

void mark_copies_key(const struct secret *document, struct secret *out)
{
    derive(document, "copies", (struct bytes){0}, out);
}

void mark_copy_key(const struct secret *document, uint64_t copy,
                   struct secret *out)
{
    struct secret copies STING_AUTO(secret_wipe);
    mark_copies_key(document, &copies);
    stream(&copies, copy, out->byte, SECRET_SIZE);
}

void mark_bias(const struct secret *bias, uint32_t units, uint8_t *threshold)
{
    if (units == 0) {
        return;
    }
    stream(bias, 0, threshold, units);
    for (uint32_t u = 0; u < units; u++) {
        threshold[u] =
            threshold[u] & 1 ? MARK_THRESHOLD_HIGH : MARK_THRESHOLD_LOW;
    }
}

void mark_code(const struct secret *copy, uint32_t page,
               const uint8_t *threshold, uint32_t units, uint8_t *bit)
{
    if (units == 0) {
        return;
    }
    stream(copy, (uint64_t)page + 1, bit, units);
    for (uint32_t u = 0; u < units; u++) {
        bit[u] = bit[u] < threshold[u];
    }
}

struct digest mark_commitment_leaf(uint64_t number, const struct secret *copy,
                                   const uint8_t salt[MARK_SALT_SIZE],
                                   struct bytes holder)
{
    const struct bytes who[] = {{salt, MARK_SALT_SIZE}, holder};
    struct digest key = digest_of(secret_bytes(copy));
    struct digest name = digest_sha256(who, 2);
    uint8_t head[1 + NUMBER_SIZE] = {0};
    number_write(number, head + 1);
    const struct bytes part[] = {
        {head, sizeof head}, {key.byte, DIGEST_SIZE}, {name.byte, DIGEST_SIZE}};
    return digest_sha256(part, 3);
}
