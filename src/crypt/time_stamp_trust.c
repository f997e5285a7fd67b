#include "crypt/time_stamp_trust.h"

#include <assert.h>
#include <pthread.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypt/digest.h"

#define MOST_CERTIFICATES 64

static int verdict_index = -1;
static pthread_once_t verdict_once = PTHREAD_ONCE_INIT;

static void verdict_index_make(void)
{
    verdict_index = X509_STORE_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    assert(verdict_index >= 0);
}

/* No password is asked for: what is encrypted is not read. */
static int no_password(char *text, int size, int writes, void *context)
{
    (void)text;
    (void)size;
    (void)writes;
    (void)context;
    return -1;
}

/* Give each certificate to `take`, which owns it. */
static void certificates_each(const struct time_stamp_trust *trust,
                              void (*take)(void *context, X509 *one),
                              void *context)
{
    struct bytes pem = trust->authorities;
    BIO *from = BIO_new_mem_buf(pem.data ? pem.data : (const uint8_t *)"",
                                (int)pem.size);
    X509 *one = NULL;
    assert(from);
    for (int i = 0; i < MOST_CERTIFICATES &&
                    (one = PEM_read_bio_X509(from, NULL, no_password, NULL));
         i++) {
        take(context, one);
    }
    BIO_free(from);
    ERR_clear_error();
}

static bool is_root(X509 *one)
{
    return (X509_get_extension_flags(one) & EXFLAG_SS) != 0;
}

static void root_take(void *store, X509 *one)
{
    if (is_root(one)) {
        (void)X509_STORE_add_cert(store, one);
    }
    X509_free(one);
}

static void between_take(void *list, X509 *one)
{
    if (is_root(one) || !sk_X509_push(list, one)) {
        X509_free(one);
    }
}

STACK_OF(X509) * stamp_certificates(const struct time_stamp_trust *trust)
{
    STACK_OF(X509) *list = sk_X509_new_null();
    assert(list);
    certificates_each(trust, between_take, list);
    return list;
}

/* ---- lists of what was revoked ---- */

static void lists_free(STACK_OF(X509_CRL) * *list)
{
    sk_X509_CRL_pop_free(*list, X509_CRL_free);
}

static STACK_OF(X509_CRL) * lists_read(struct bytes pem)
{
    BIO *from = BIO_new_mem_buf(pem.data ? pem.data : (const uint8_t *)"",
                                (int)pem.size);
    STACK_OF(X509_CRL) *list = sk_X509_CRL_new_null();
    X509_CRL *one = NULL;
    assert(from && list);
    while (sk_X509_CRL_num(list) < MOST_CERTIFICATES &&
           (one = PEM_read_bio_X509_CRL(from, NULL, no_password, NULL))) {
        if (!sk_X509_CRL_push(list, one)) {
            X509_CRL_free(one);
        }
    }
    BIO_free(from);
    ERR_clear_error();
    return list;
}

/* Of all that its issuer revoked: not of a part, not since another list. */
static bool is_whole(const X509_CRL *one)
{
    return X509_CRL_get_ext_by_NID(one, NID_issuing_distribution_point, -1) <
               0 &&
           X509_CRL_get_ext_by_NID(one, NID_delta_crl, -1) < 0;
}

/* Had its issuer given out a newer one by then? That one counts, also after
 * it has ended: what was revoked stays so. */
static bool is_outdated(const X509_CRL *one, STACK_OF(X509_CRL) * list,
                        time_t at)
{
    int days = 0;
    int seconds = 0;
    for (int i = 0; is_whole(one) && i < sk_X509_CRL_num(list); i++) {
        const X509_CRL *other = sk_X509_CRL_value(list, i);
        const ASN1_TIME *since = X509_CRL_get0_lastUpdate(other);
        if (is_whole(other) && !X509_CRL_cmp(one, other) &&
            X509_cmp_time(since, &at) < 0 &&
            ASN1_TIME_diff(&days, &seconds, X509_CRL_get0_lastUpdate(one),
                           since) &&
            (days > 0 || seconds > 0)) {
            return true;
        }
    }
    return false;
}

static bool lists_add(X509_STORE *store, struct bytes pem, time_t at)
{
    STACK_OF(X509_CRL) * list STING_AUTO(lists_free) = lists_read(pem);
    for (int i = 0; i < sk_X509_CRL_num(list); i++) {
        X509_CRL *one = sk_X509_CRL_value(list, i);
        if (!is_outdated(one, list, at)) {
            (void)X509_STORE_add_crl(store, one);
        }
    }
    ERR_clear_error();
    return sk_X509_CRL_num(list) > 0;
}

/* ---- the chain ---- */

/* Called for every certificate and every fault of the chain. */
static int chain_judge(int ok, X509_STORE_CTX *context)
{
    int error = X509_STORE_CTX_get_error(context);
    struct stamp_verdict *verdict = X509_STORE_get_ex_data(
        X509_STORE_CTX_get0_store(context), verdict_index);
    if (!ok && (error == X509_V_ERR_CRL_HAS_EXPIRED ||
                error == X509_V_ERR_CRL_NOT_YET_VALID ||
                error == X509_V_ERR_UNABLE_TO_GET_CRL)) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    if (!ok && verdict->error == X509_V_OK) {
        verdict->error = error;
    }
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
    int count = chain ? sk_X509_num(chain) : 0;
    if (ok && count > 0) {
        struct digest print;
        unsigned size = 0;
        X509_digest(sk_X509_value(chain, count - 1), EVP_sha256(), print.byte,
                    &size);
        digest_text(print, verdict->root);
    }
    return ok;
}

X509_STORE *stamp_store_new(const struct time_stamp_trust *trust, int64_t at_us,
                            struct stamp_verdict *verdict)
{
    pthread_once(&verdict_once, verdict_index_make);
    X509_STORE *store = X509_STORE_new();
    assert(store);
    int ok = X509_STORE_set_ex_data(store, verdict_index, verdict);
    assert(ok);
    (void)ok;
    certificates_each(trust, root_take, store);
    unsigned long flags = X509_V_FLAG_USE_CHECK_TIME;
    if (lists_add(store, trust->revoked, (time_t)(at_us / 1000000))) {
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
    }
    X509_STORE_set_flags(store, flags);
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store),
                               (time_t)(at_us / 1000000));
    X509_STORE_set_verify_cb(store, chain_judge);
    return store;
}
