#include "crypt/start.h"

#include <assert.h>
#include <openssl/crypto.h>

void crypt_start(void)
{
    int done = OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    assert(done == 1);
}
