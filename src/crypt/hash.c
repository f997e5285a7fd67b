#include "crypt/hash.h"

#include <assert.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/text.h"

/* SEQUENCE { OBJECT IDENTIFIER 2.16.840.1.101.3.4.2.N } */
#define IDENTIFIER(n)                                                          \
    {                                                                          \
        0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,      \
            0x02, (n)                                                          \
    }
#define IDENTIFIER_SIZE 13

static const struct {
    const char *name;
    size_t size;
    const EVP_MD *(*md)(void);
    uint8_t identifier[IDENTIFIER_SIZE];
} row[HASH_KINDS] = {
    [HASH_SHA256] = {"sha256", 32, EVP_sha256, IDENTIFIER(1)},
    [HASH_SHA384] = {"sha384", 48, EVP_sha384, IDENTIFIER(2)},
    [HASH_SHA512] = {"sha512", 64, EVP_sha512, IDENTIFIER(3)},
};

size_t hash_size(enum hash_kind kind)
{
    return row[kind].size;
}

enum hash_kind hash_find(const char *name)
{
    unsigned kind = 0;
    while (kind < HASH_KINDS && strcmp(row[kind].name, name) != 0) {
        kind++;
    }
    return (enum hash_kind)kind;
}

struct bytes hash_identifier(enum hash_kind kind)
{
    return (struct bytes){row[kind].identifier, IDENTIFIER_SIZE};
}

enum hash_kind hash_identified(struct bytes identifier)
{
    const size_t head = 2; /* tag and length */
    const size_t oid = IDENTIFIER_SIZE - head;
    static const uint8_t null[] = {0x05, 0x00};
    unsigned kind = 0;
    if (identifier.size < IDENTIFIER_SIZE || identifier.data[0] != 0x30 ||
        (size_t)identifier.data[1] + head != identifier.size) {
        return HASH_KINDS;
    }
    struct bytes rest = {identifier.data + IDENTIFIER_SIZE,
                         identifier.size - IDENTIFIER_SIZE};
    if (rest.size > 0 &&
        !bytes_equal(rest, (struct bytes){null, sizeof null})) {
        return HASH_KINDS;
    }
    while (kind < HASH_KINDS && memcmp(identifier.data + head,
                                       row[kind].identifier + head, oid) != 0) {
        kind++;
    }
    return (enum hash_kind)kind;
}

struct bytes hash_bytes(const struct hash *hash)
{
    return (struct bytes){hash->byte, row[hash->kind].size};
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return a->kind == b->kind && bytes_equal(hash_bytes(a), hash_bytes(b));
}

char *hash_text(const struct hash *hash, char text[HASH_TEXT_SIZE])
{
    hex_write(hash_bytes(hash), text);
    return text;
}

void hash_state_begin(struct hash_state *state, enum hash_kind kind)
{
    state->kind = kind;
    state->context = EVP_MD_CTX_new();
    int ok = state->context &&
             EVP_DigestInit_ex2(state->context, row[kind].md(), NULL);
    assert(ok); /* SHA-2 of OpenSSL fails only without memory */
    (void)ok;
}

void hash_state_update(struct hash_state *state, struct bytes bytes)
{
    int ok = EVP_DigestUpdate(state->context, bytes.data, bytes.size);
    assert(ok);
    (void)ok;
}

struct hash hash_state_end(struct hash_state *state)
{
    struct hash out = {.kind = state->kind};
    int ok = EVP_DigestFinal_ex(state->context, out.byte, NULL);
    assert(ok);
    (void)ok;
    hash_state_release(state);
    return out;
}

void hash_state_release(struct hash_state *state)
{
    EVP_MD_CTX_free(state->context);
    state->context = NULL;
}

struct hash hash_of(enum hash_kind kind, const struct bytes part[],
                    size_t count)
{
    struct hash_state state;
    hash_state_begin(&state, kind);
    for (size_t i = 0; i < count; i++) {
        hash_state_update(&state, part[i]);
    }
    return hash_state_end(&state);
}
