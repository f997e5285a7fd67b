#include "crypt/agreement.h"

#include <assert.h>

#include "crypt/raw_key.h"

static void context_free(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
    *context = NULL;
}

struct agreement_key agreement_public(const struct secret *secret)
{
    struct agreement_key out;
    raw_key_public(EVP_PKEY_X25519, secret, out.byte);
    return out;
}

static enum sting_status derive(EVP_PKEY *mine,
                                const struct agreement_key *peer,
                                struct secret *out)
{
    EVP_PKEY *theirs STING_AUTO(raw_key_free) = EVP_PKEY_new_raw_public_key(
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

enum sting_status agreement_shared(const struct secret *secret,
                                   const struct agreement_key *peer,
                                   struct secret *out)
{
    EVP_PKEY *mine STING_AUTO(raw_key_free) =
        raw_key_private(EVP_PKEY_X25519, secret);
    return derive(mine, peer, out);
}

/* The key knows its public half: working it out again costs as much as the
 * agreement. */
enum sting_status agreement_offer(const struct secret *once,
                                  const struct agreement_key *peer,
                                  struct agreement_key *share,
                                  struct secret *out)
{
    EVP_PKEY *mine STING_AUTO(raw_key_free) =
        raw_key_private(EVP_PKEY_X25519, once);
    enum sting_status status = derive(mine, peer, out);
    if (!status) {
        raw_key_share(mine, share->byte);
    }
    return status;
}
