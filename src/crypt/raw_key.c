#include "crypt/raw_key.h"

#include <assert.h>

EVP_PKEY *raw_key_private(int type, const struct secret *secret)
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(type, NULL, secret->byte, SECRET_SIZE);
    assert(key);
    return key;
}

void raw_key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
    *key = NULL;
}

void raw_key_share(const EVP_PKEY *key, uint8_t out[SECRET_SIZE])
{
    size_t size = SECRET_SIZE;
    int ok = EVP_PKEY_get_raw_public_key(key, out, &size);
    assert(ok && size == SECRET_SIZE);
    (void)ok;
}

void raw_key_public(int type, const struct secret *secret,
                    uint8_t out[SECRET_SIZE])
{
    EVP_PKEY *key STING_AUTO(raw_key_free) = raw_key_private(type, secret);
    raw_key_share(key, out);
}
