#include "crypt/kdf.h"

#include <assert.h>
#include <string.h>

#include <openssl/evp.h>

#include "crypt/secret.h"

#define BLOCK 64 /* of SHA-256 */
#define SCRYPT_R 8
#define SCRYPT_P 1
#define SCRYPT_MOST_LOG2_N 22

/* SHA-256 of the key xored with `mask`, then of the parts. */
static struct digest keyed(const uint8_t key[BLOCK], uint8_t mask,
                           const struct bytes part[], size_t count)
{
    uint8_t pad[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) {
        pad[i] = key[i] ^ mask;
    }
    struct digest_state state;
    digest_init(&state);
    digest_update(&state, (struct bytes){pad, BLOCK});
    for (size_t i = 0; i < count; i++) {
        digest_update(&state, part[i]);
    }
    secret_wipe_bytes(pad, BLOCK);
    return digest_final(&state);
}

struct digest hmac_sha256(struct bytes key, const struct bytes part[],
                          size_t count)
{
    uint8_t block[BLOCK] = {0};
    if (key.size > BLOCK) {
        struct digest hashed = digest_of(key);
        memcpy(block, hashed.byte, DIGEST_SIZE);
    } else if (key.size > 0) {
        memcpy(block, key.data, key.size);
    }
    struct digest inner = keyed(block, 0x36, part, count);
    const struct bytes inner_bytes = {inner.byte, DIGEST_SIZE};
    struct digest outer = keyed(block, 0x5c, &inner_bytes, 1);
    secret_wipe_bytes(block, BLOCK);
    return outer;
}

void hkdf_sha256(struct bytes secret, struct bytes salt, struct bytes info,
                 uint8_t *out, size_t size)
{
    assert(size >= 1 && size <= HKDF_MOST_BYTES);
    struct digest key = hmac_sha256(salt, &secret, 1);
    struct digest last = {{0}};
    size_t last_size = 0; /* T(0) is empty */
    for (uint8_t round = 1; size > 0; round++) {
        const struct bytes part[] = {{last.byte, last_size}, info, {&round, 1}};
        last = hmac_sha256((struct bytes){key.byte, DIGEST_SIZE}, part, 3);
        last_size = DIGEST_SIZE;
        size_t take = size < DIGEST_SIZE ? size : DIGEST_SIZE;
        memcpy(out, last.byte, take);
        out += take;
        size -= take;
    }
    secret_wipe_bytes(&key, sizeof key);
    secret_wipe_bytes(&last, sizeof last);
}

enum sting_status scrypt(struct bytes passphrase, struct bytes salt,
                         unsigned log2_n, uint8_t *out, size_t size)
{
    if (log2_n < 1 || log2_n > SCRYPT_MOST_LOG2_N) {
        return STING_E_ARG;
    }
    uint64_t n = UINT64_C(1) << log2_n;
    uint64_t memory = n * 128 * SCRYPT_R + (UINT64_C(1) << 20);
    const char *text = passphrase.size ? (const char *)passphrase.data : "";
    int ok = EVP_PBE_scrypt(text, passphrase.size, salt.data, salt.size, n,
                            SCRYPT_R, SCRYPT_P, memory, out, size);
    return ok ? STING_OK : STING_E_NOMEM;
}
