#include "crypt/agreement.h"

#include <assert.h>

#include <openssl/evp.h>

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
    *key = NULL;
}

static void context_free(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
    *context = NULL;
}

static EVP_PKEY *private_key(const struct secret *secret)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
                                                 secret->byte, SECRET_SIZE);
    assert(key); /* every 32 bytes are a key */
    return key;
}

struct agreement_key agreement_public(const struct secret *secret)
{
    EVP_PKEY *key STING_AUTO(key_free) = private_key(secret);
    struct agreement_key out;
    size_t size = sizeof out.byte;
    int ok = EVP_PKEY_get_raw_public_key(key, out.byte, &size);
    assert(ok && size == sizeof out.byte);
    (void)ok;
    return out;
}

enum sting_status agreement_shared(const struct secret *secret,
                                   const struct agreement_key *peer,
                                   struct secret *out)
{
    EVP_PKEY *mine STING_AUTO(key_free) = private_key(secret);
    EVP_PKEY *theirs STING_AUTO(key_free) = EVP_PKEY_new_raw_public_key(
        EVP_PKEY_X25519, NULL, peer->byte, AGREEMENT_SIZE);
    EVP_PKEY_CTX *context STING_AUTO(context_free) =
        EVP_PKEY_CTX_new(mine, NULL);
    struct secret shared STING_AUTO(secret_wipe) = {{0}};
    size_t size = SECRET_SIZE;
    assert(theirs && context);
    /* OpenSSL itself refuses the all-zero result (RFC 7748, section 6.1). */
    int ok = EVP_PKEY_derive_init(context) > 0 &&
             EVP_PKEY_derive_set_peer(context, theirs) > 0 &&
             EVP_PKEY_derive(context, shared.byte, &size) > 0;
    if (!ok || size != SECRET_SIZE) {
        return STING_E_FORGED;
    }
    *out = shared;
    return STING_OK;
}
