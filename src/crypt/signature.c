#include "crypt/signature.h"

#include <assert.h>
#include <string.h>

#include "crypt/raw_key.h"

static void context_free(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
    *context = NULL;
}

struct public_key signature_public(const struct secret *secret)
{
    struct public_key out;
    raw_key_public(EVP_PKEY_ED25519, secret, out.byte);
    return out;
}

struct signature signature_sign(const struct secret *secret,
                                struct bytes message)
{
    EVP_PKEY *key STING_AUTO(raw_key_free) =
        raw_key_private(EVP_PKEY_ED25519, secret);
    EVP_MD_CTX *context STING_AUTO(context_free) = EVP_MD_CTX_new();
    struct signature out;
    size_t size = sizeof out.byte;
    int ok =
        context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) &&
        EVP_DigestSign(context, out.byte, &size, message.data, message.size);
    assert(ok && size == sizeof out.byte);
    (void)ok;
    return out;
}

enum sting_status signature_verify(const struct public_key *public,
                                   struct bytes message,
                                   const struct signature *signature)
{
    EVP_PKEY *key STING_AUTO(raw_key_free) = EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, NULL, public->byte, PUBLIC_KEY_SIZE);
    EVP_MD_CTX *context STING_AUTO(context_free) = EVP_MD_CTX_new();
    assert(key && context);
    int ok = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) &&
             EVP_DigestVerify(context, signature->byte, SIGNATURE_SIZE,
                              message.data, message.size) == 1;
    return ok ? STING_OK : STING_E_FORGED;
}

bool public_key_equal(const struct public_key *a, const struct public_key *b)
{
    return !memcmp(a->byte, b->byte, PUBLIC_KEY_SIZE);
}
