/*
 * tls_client: whom a connection of ours trusts, for libraries that want to
 * be given an SSL_CTX of OpenSSL.
 *
 * TLS 1.2 or newer; the peer's certificate must be of `host`.
 * Threads: each context in one.
 */
#ifndef STING_CRYPT_TLS_CLIENT_H
#define STING_CRYPT_TLS_CLIENT_H

#include "base/base.h"

/* An SSL_CTX that trusts the authorities in `pem` and no others, or, when it
 * is "", the system's. tls_client_free() frees it. Fails: E_FORMAT when no
 * authority is in it, E_NOMEM. */
STING_MUST_USE enum sting_status tls_client_new(const char *pem,
                                                const char *host, void **out);
void tls_client_free(void **context);

#endif
