#include "crypt/tls_client.h"

#include <string.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

void tls_client_free(void **context)
{
    SSL_CTX_free(*context);
    *context = NULL;
}

static enum sting_status trust(SSL_CTX *context, const char *pem)
{
    BIO *text = BIO_new_mem_buf(pem, -1);
    X509 *one = NULL;
    int added = 0;
    while (text && (one = PEM_read_bio_X509(text, NULL, NULL, NULL))) {
        added += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one) == 1;
        X509_free(one);
    }
    BIO_free(text);
    return added > 0 ? STING_OK : STING_E_FORMAT;
}

static bool host_expect(SSL_CTX *context, const char *host)
{
    X509_VERIFY_PARAM *expect = SSL_CTX_get0_param(context);
    return X509_VERIFY_PARAM_set1_ip_asc(expect, host) == 1 ||
           X509_VERIFY_PARAM_set1_host(expect, host, 0) == 1;
}

enum sting_status tls_client_new(const char *pem, const char *host, void **out)
{
    void *context STING_AUTO(tls_client_free) =
        SSL_CTX_new(TLS_client_method());
    if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
        !host_expect(context, host)) {
        return STING_E_NOMEM;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    enum sting_status status = STING_OK;
    if (pem[0]) {
        status = trust(context, pem);
    } else if (!SSL_CTX_set_default_verify_paths(context)) {
        status = STING_E_NOMEM;
    }
    if (status) {
        return status;
    }
    *out = context;
    context = NULL;
    return STING_OK;
}
