/* The only file that knows which library computes our hashes. */
#include "crypt/digest.h"

#include <assert.h>
#include <pthread.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/text.h"

/* Fetched once: looking an algorithm up by name for every hash costs more
 * than hashing a ledger line. */
static EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void sha256_fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    assert(sha256);
}

void digest_init(struct digest_state *state)
{
    pthread_once(&sha256_once, sha256_fetch);
    state->context = EVP_MD_CTX_new();
    int ok = state->context && EVP_DigestInit_ex2(state->context, sha256, NULL);
    assert(ok); /* OpenSSL's SHA-256 fails only without memory */
    (void)ok;
}

void digest_update(struct digest_state *state, struct bytes bytes)
{
    int ok = EVP_DigestUpdate(state->context, bytes.data, bytes.size);
    assert(ok);
    (void)ok;
}

struct digest digest_final(struct digest_state *state)
{
    struct digest out = {{0}};
    int ok = EVP_DigestFinal_ex(state->context, out.byte, NULL);
    assert(ok);
    (void)ok;
    digest_release(state);
    return out;
}

struct digest digest_so_far(const struct digest_state *state)
{
    struct digest_state copy = {EVP_MD_CTX_new()};
    int ok = copy.context && EVP_MD_CTX_copy_ex(copy.context, state->context);
    assert(ok);
    (void)ok;
    return digest_final(&copy);
}

void digest_release(struct digest_state *state)
{
    EVP_MD_CTX_free(state->context);
    state->context = NULL;
}

struct digest digest_sha256(const struct bytes part[], size_t count)
{
    struct digest_state state;
    digest_init(&state);
    for (size_t i = 0; i < count; i++) {
        digest_update(&state, part[i]);
    }
    return digest_final(&state);
}

struct digest digest_of(struct bytes bytes)
{
    return digest_sha256(&bytes, 1);
}

bool digest_equal(struct digest a, struct digest b)
{
    return CRYPTO_memcmp(a.byte, b.byte, DIGEST_SIZE) == 0;
}

char *digest_text(struct digest digest, char text[DIGEST_TEXT_SIZE])
{
    hex_write((struct bytes){digest.byte, DIGEST_SIZE}, text);
    return text;
}

enum sting_status digest_parse(struct bytes text, struct digest *out)
{
    return hex_read(text, out->byte, DIGEST_SIZE);
}
