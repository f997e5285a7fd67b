#include "crypt/stream.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include <openssl/evp.h>

static void context_free(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
    *context = NULL;
}

void chacha20(const struct secret *key,
              const uint8_t nonce[CHACHA20_NONCE_SIZE], uint32_t counter,
              uint8_t *out, size_t size)
{
    EVP_CIPHER_CTX *context STING_AUTO(context_free) = EVP_CIPHER_CTX_new();
    uint8_t iv[4 + CHACHA20_NONCE_SIZE]; /* counter little-endian, nonce */
    for (size_t i = 0; i < 4; i++) {
        iv[i] = (uint8_t)(counter >> (8 * i));
    }
    memcpy(iv + 4, nonce, CHACHA20_NONCE_SIZE);
    memset(out, 0, size);

    int done = 0;
    assert(size <= INT_MAX);
    int ok = context &&
             EVP_EncryptInit_ex(context, EVP_chacha20(), NULL, key->byte, iv) &&
             EVP_EncryptUpdate(context, out, &done, out, (int)size);
    assert(ok && done == (int)size); /* fails only without memory */
    (void)ok;
}
