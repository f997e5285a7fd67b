#include "crypt/certificate.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "crypt/random.h"

#define DAY_S 86400L
#define GOOD_DAYS 3650L
#define SERIAL_BYTES 16
#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void x509_free(X509 **x509)
{
    X509_free(*x509);
}

static void bio_free(BIO **bio)
{
    BIO_free(*bio);
}

static void extension_free(X509_EXTENSION **extension)
{
    X509_EXTENSION_free(*extension);
}

static bool extension_add(X509 *x509, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
    X509_EXTENSION *extension STING_AUTO(extension_free) =
        X509V3_EXT_conf_nid(NULL, &context, nid, value);
    return extension && X509_add_ext(x509, extension, -1);
}

static bool serial_set(X509 *x509)
{
    uint8_t serial[SERIAL_BYTES];
    random_bytes(serial, sizeof serial);
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
    return ok;
}

static bool name_set(X509 *x509)
{
    static const unsigned char name[] = "sting console";
    X509_NAME *subject = X509_get_subject_name(x509);
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1,
                                      0) &&
           X509_set_issuer_name(x509, subject);
}

static bool times_set(X509 *x509, int64_t utc_us)
{
    time_t now_s = (time_t)(utc_us / 1000000);
    return X509_time_adj_ex(X509_getm_notBefore(x509), -1, 0, &now_s) &&
           X509_time_adj_ex(X509_getm_notAfter(x509), (int)GOOD_DAYS, 0,
                            &now_s);
}

static enum sting_status pem_take(BIO *bio, struct buffer *out)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? buffer_append(out, (struct bytes){(const uint8_t *)data,
                                                        (size_t)size})
                    : STING_E_NOMEM;
}

enum sting_status certificate_make(const char *names, int64_t utc_us,
                                   struct buffer *certificate,
                                   struct buffer *key)
{
    EVP_PKEY *pair STING_AUTO(key_free) = EVP_EC_gen("P-256");
    X509 *x509 STING_AUTO(x509_free) = X509_new();
    BIO *public STING_AUTO(bio_free) = BIO_new(BIO_s_mem());
    BIO *private STING_AUTO(bio_free) = BIO_new(BIO_s_mem());
    if (!pair || !x509 || !public || !private || !X509_set_version(x509, 2) ||
        !serial_set(x509) || !name_set(x509) || !times_set(x509, utc_us) ||
        !X509_set_pubkey(x509, pair)) {
        return STING_E_NOMEM;
    }
    if (!extension_add(x509, NID_subject_alt_name, names)) {
        return STING_E_ARG;
    }
    if (!extension_add(x509, NID_basic_constraints, "critical,CA:FALSE") ||
        !extension_add(x509, NID_key_usage, "critical,digitalSignature") ||
        !extension_add(x509, NID_ext_key_usage, "serverAuth") ||
        !X509_sign(x509, pair, EVP_sha256()) ||
        !PEM_write_bio_X509(public, x509) ||
        !PEM_write_bio_PKCS8PrivateKey(private, pair, NULL, NULL, 0, NULL,
                                       NULL)) {
        return STING_E_NOMEM;
    }
    enum sting_status status = pem_take(public, certificate);
    return status ? status : pem_take(private, key);
}

enum sting_status certificate_fingerprint(struct bytes pem, struct digest *out)
{
    struct buffer base64 STING_AUTO(buffer_release) = {0};
    struct buffer der STING_AUTO(buffer_release) = {0};
    const uint8_t *at =
        pem.size ? memmem(pem.data, pem.size, BEGIN, strlen(BEGIN)) : NULL;
    const uint8_t *limit = pem.data + pem.size;
    const uint8_t *end =
        at ? memmem(at, (size_t)(limit - at), END, strlen(END)) : NULL;
    if (!end) {
        return STING_E_FORMAT;
    }
    for (at += strlen(BEGIN); at < end; at++) {
        if (*at != '\n' && *at != '\r' &&
            buffer_append(&base64, (struct bytes){at, 1})) {
            return STING_E_NOMEM;
        }
    }
    enum sting_status status = base64_read(&der, buffer_bytes(&base64), true);
    if (!status) {
        *out = digest_of(buffer_bytes(&der));
    }
    return status;
}
