#include "crypt/secret.h"

#include <openssl/crypto.h>

void secret_wipe(struct secret *secret)
{
    OPENSSL_cleanse(secret->byte, SECRET_SIZE);
}

void secret_wipe_bytes(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    return CRYPTO_memcmp(a->byte, b->byte, SECRET_SIZE) == 0;
}

struct bytes secret_bytes(const struct secret *secret)
{
    return (struct bytes){secret->byte, SECRET_SIZE};
}
