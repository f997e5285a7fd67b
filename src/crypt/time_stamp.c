#include "crypt/time_stamp.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "crypt/digest.h"
#include "crypt/time_stamp_trust.h"

#define S INT64_C(1000000)
#define CLOCKS_DIFFER_US (300 * S) /* theirs may be ahead of ours */

static const struct {
    const char *word;
    const char *phrase;
} state_text[TIME_STAMP_STATES] = {
    [TIME_STAMP_GOOD] = {"good", "good"},
    [TIME_STAMP_MALFORMED] = {"malformed", "it is no time stamp"},
    [TIME_STAMP_BARE] = {"bare-token", "it is a bare token, not the reply"},
    [TIME_STAMP_REFUSED] = {"refused", "the authority refused"},
    [TIME_STAMP_OTHER_DATA] = {"wrong-hash", "it was made of something else"},
    [TIME_STAMP_FORGED] = {"forged", "its signature is false"},
    [TIME_STAMP_STRANGER] = {"other-authority",
                             "its authority is not one of those believed"},
    [TIME_STAMP_REVOKED] = {"revoked", "its certificate was revoked"},
    [TIME_STAMP_EXPIRED] = {"expired",
                            "its certificates have ended and it was not "
                            "renewed in time"},
    [TIME_STAMP_FUTURE] = {"future", "it is of a later time"},
};

const char *time_stamp_word(enum time_stamp_state state)
{
    return state_text[state].word;
}

const char *time_stamp_phrase(enum time_stamp_state state)
{
    return state_text[state].phrase;
}

/* ---- asking ---- */

static const EVP_MD *md_of(enum hash_kind kind)
{
    static const EVP_MD *(*const md[])(void) = {
        [HASH_SHA256] = EVP_sha256,
        [HASH_SHA384] = EVP_sha384,
        [HASH_SHA512] = EVP_sha512,
    };
    return md[kind]();
}

static bool request_fill(TS_REQ *request, const struct hash *hash,
                         const uint8_t *nonce)
{
    uint8_t digest[HASH_MOST_BYTES];
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    BIGNUM *number = BN_bin2bn(nonce, TIME_STAMP_NONCE_SIZE, NULL);
    ASN1_INTEGER *integer = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    memcpy(digest, hash->byte, hash_size(hash->kind));
    bool ok = imprint && algorithm && integer;
    if (ok) {
        X509_ALGOR_set_md(algorithm, md_of(hash->kind));
        ok = TS_MSG_IMPRINT_set_algo(imprint, algorithm) &&
             TS_MSG_IMPRINT_set_msg(imprint, digest,
                                    (int)hash_size(hash->kind)) &&
             TS_REQ_set_version(request, 1) &&
             TS_REQ_set_msg_imprint(request, imprint) &&
             TS_REQ_set_nonce(request, integer) &&
             TS_REQ_set_cert_req(request, 1);
    }
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    ASN1_INTEGER_free(integer);
    BN_free(number);
    return ok;
}

enum sting_status time_stamp_request(const struct hash *hash,
                                     const uint8_t nonce[TIME_STAMP_NONCE_SIZE],
                                     struct buffer *out)
{
    uint8_t *der = NULL;
    TS_REQ *request = TS_REQ_new();
    int size = request && request_fill(request, hash, nonce)
                   ? i2d_TS_REQ(request, &der)
                   : -1;
    TS_REQ_free(request);
    enum sting_status status =
        size > 0 ? buffer_append(out, (struct bytes){der, (size_t)size})
                 : STING_E_NOMEM;
    OPENSSL_free(der);
    return status;
}

/* ---- judging ---- */

/* A token with what it says. */
struct token {
    PKCS7 *signed_data; /* borrowed */
    TS_TST_INFO *info;  /* owned */
};

static void token_release(struct token *token)
{
    TS_TST_INFO_free(token->info);
}

static bool set(struct time_stamp *out, enum time_stamp_state state,
                const char *why)
{
    out->state = state;
    snprintf(out->why, sizeof out->why, "%s", why ? why : "");
    return false;
}

static int64_t time_us(const ASN1_TIME *time)
{
    struct tm broken;
    return time && ASN1_TIME_to_tm(time, &broken) == 1
               ? (int64_t)timegm(&broken) * S
               : 0;
}

/* The hash that was stamped is this one. */
static bool imprint_fits(TS_TST_INFO *info, const struct hash *hash,
                         struct time_stamp *out)
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    ASN1_OCTET_STRING *text = TS_MSG_IMPRINT_get_msg(imprint);
    unsigned kind = 0;
    while (kind < HASH_KINDS &&
           OBJ_obj2nid(object) != EVP_MD_get_type(md_of(kind))) {
        kind++;
    }
    out->kind = (enum hash_kind)kind;
    return kind == hash->kind &&
           bytes_equal((struct bytes){ASN1_STRING_get0_data(text),
                                      (size_t)ASN1_STRING_length(text)},
                       hash_bytes(hash));
}

static bool nonce_fits(const TS_TST_INFO *info, const uint8_t *nonce)
{
    const ASN1_INTEGER *said = TS_TST_INFO_get_nonce(info);
    BIGNUM *theirs = said ? ASN1_INTEGER_to_BN(said, NULL) : NULL;
    BIGNUM *ours = BN_bin2bn(nonce, TIME_STAMP_NONCE_SIZE, NULL);
    bool fits = theirs && ours && BN_cmp(theirs, ours) == 0;
    BN_free(theirs);
    BN_free(ours);
    return fits;
}

/* Who signed, by the certificates in the token itself: told, not believed. */
static void signer_read(PKCS7 *signed_data, struct time_stamp *out)
{
    STACK_OF(X509) *signers = PKCS7_get0_signers(signed_data, NULL, 0);
    const X509 *one =
        signers && sk_X509_num(signers) > 0 ? sk_X509_value(signers, 0) : NULL;
    if (one) {
        int got = X509_NAME_get_text_by_NID(X509_get_subject_name(one),
                                            NID_commonName, out->who,
                                            (int)sizeof out->who);
        if (got < 0) {
            X509_NAME_oneline(X509_get_subject_name(one), out->who,
                              (int)sizeof out->who);
        }
        out->good_until_us = time_us(X509_get0_notAfter(one));
    }
    for (char *at = out->who; *at; at++) {
        if (*at < 0x20 || *at > 0x7e) {
            *at = '?';
        }
    }
    sk_X509_free(signers);
}

/* Signature, certificates and purpose on the day `at_us`, by OpenSSL. */
static bool signature_holds(PKCS7 *signed_data,
                            const struct time_stamp_trust *trust, int64_t at_us,
                            struct time_stamp *out, int *error)
{
    struct stamp_verdict verdict = {.error = X509_V_OK};
    X509_STORE *store = stamp_store_new(trust, at_us, &verdict);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    assert(context);
    (void)TS_VERIFY_CTX_set_store(context, store);
    (void)TS_VERIFY_CTX_set_certs(context, stamp_certificates(trust));
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE);
    ERR_clear_error();
    bool holds = TS_RESP_verify_token(context, signed_data) == 1;
    TS_VERIFY_CTX_free(context); /* and the store */
    if (!holds) {
        const char *reason = ERR_reason_error_string(ERR_peek_last_error());
        snprintf(out->why, sizeof out->why, "%s",
                 verdict.error != X509_V_OK
                     ? X509_verify_cert_error_string(verdict.error)
                 : reason ? reason
                          : "");
    }
    ERR_clear_error();
    memcpy(out->authority, verdict.root, sizeof out->authority);
    *error = verdict.error;
    return holds;
}

static enum time_stamp_state state_of(int error)
{
    switch (error) {
    case X509_V_OK:
        return TIME_STAMP_FORGED; /* no certificate was at fault */
    case X509_V_ERR_CERT_REVOKED:
        return TIME_STAMP_REVOKED;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TIME_STAMP_EXPIRED;
    default:
        return TIME_STAMP_STRANGER;
    }
}

/* On the day of judging; when certificates have ended by then, say whether
 * it was good when it was made. */
static void judge_signature(PKCS7 *signed_data,
                            const struct time_stamp_trust *trust,
                            struct time_stamp *out)
{
    int error = X509_V_OK;
    if (signature_holds(signed_data, trust, trust->at_us, out, &error)) {
        set(out, TIME_STAMP_GOOD, NULL);
        return;
    }
    out->state = state_of(error);
    if (out->state == TIME_STAMP_EXPIRED &&
        !signature_holds(signed_data, trust, out->at_us, out, &error)) {
        out->state = error == X509_V_ERR_CERT_HAS_EXPIRED ||
                             error == X509_V_ERR_CERT_NOT_YET_VALID
                         ? TIME_STAMP_STRANGER /* never good */
                         : state_of(error);
    }
}

static void judge(const struct token *token, const struct hash *hash,
                  const uint8_t *nonce, const struct time_stamp_trust *trust,
                  struct time_stamp *out)
{
    out->at_us = time_us(TS_TST_INFO_get_time(token->info));
    signer_read(token->signed_data, out);
    if (!imprint_fits(token->info, hash, out)) {
        set(out, TIME_STAMP_OTHER_DATA, NULL);
    } else if (nonce && !nonce_fits(token->info, nonce)) {
        set(out, TIME_STAMP_OTHER_DATA, "it answers another request");
    } else if (out->at_us > trust->at_us + CLOCKS_DIFFER_US) {
        set(out, TIME_STAMP_FUTURE, NULL);
    } else {
        judge_signature(token->signed_data, trust, out);
    }
    ERR_clear_error();
}

/* Can these bytes be one SEQUENCE that begins with an element of this tag, and
 * nothing behind it? Asked before OpenSSL takes memory for what is none. */
static bool is_sequence(struct bytes der, uint8_t first_tag)
{
    if (der.size < 3 || der.data[0] != 0x30) {
        return false;
    }
    bool is_long = der.data[1] & 0x80;
    size_t octets = is_long ? der.data[1] & 0x7f : 0;
    size_t length = is_long ? 0 : der.data[1];
    if (octets > sizeof(uint32_t) || der.size < 3 + octets) {
        return false;
    }
    for (size_t i = 0; i < octets; i++) {
        length = length << 8 | der.data[2 + i];
    }
    bool is_open = der.data[1] == 0x80; /* its end is told by its content */
    return der.data[2 + octets] == first_tag &&
           (is_open || length == der.size - 2 - octets);
}

#define TAG_TYPE 0x06   /* a ContentInfo begins with its type, */
#define TAG_STATUS 0x30 /* a reply with its status */

void time_stamp_token(struct bytes der, const struct hash *hash,
                      const struct time_stamp_trust *trust,
                      struct time_stamp *out)
{
    const uint8_t *at = der.data;
    *out =
        (struct time_stamp){.state = TIME_STAMP_MALFORMED, .kind = HASH_KINDS};
    if (der.size > TIME_STAMP_MOST_BYTES || !is_sequence(der, TAG_TYPE)) {
        return;
    }
    PKCS7 *signed_data = d2i_PKCS7(NULL, &at, (long)der.size);
    struct token token STING_AUTO(token_release) = {
        signed_data, signed_data && PKCS7_type_is_signed(signed_data)
                         ? PKCS7_to_TS_TST_INFO(signed_data)
                         : NULL};
    if (token.info && at == der.data + der.size) {
        judge(&token, hash, NULL, trust, out);
    }
    ERR_clear_error();
    PKCS7_free(signed_data);
}

static bool is_bare(struct bytes der)
{
    const uint8_t *at = der.data;
    if (!is_sequence(der, TAG_TYPE)) {
        return false;
    }
    PKCS7 *token = d2i_PKCS7(NULL, &at, (long)der.size);
    ERR_clear_error();
    PKCS7_free(token);
    return token != NULL;
}

static TS_RESP *reply_parse(struct bytes der)
{
    const uint8_t *at = der.data;
    if (der.size > TIME_STAMP_MOST_BYTES || !is_sequence(der, TAG_STATUS)) {
        return NULL;
    }
    TS_RESP *reply = d2i_TS_RESP(NULL, &at, (long)der.size);
    if (reply && at != der.data + der.size) {
        TS_RESP_free(reply);
        reply = NULL;
    }
    ERR_clear_error();
    return reply;
}

static bool is_granted(TS_RESP *reply)
{
    const ASN1_INTEGER *status =
        TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply));
    long number = ASN1_INTEGER_get(status);
    return number == TS_STATUS_GRANTED || number == TS_STATUS_GRANTED_WITH_MODS;
}

void time_stamp_reply(struct bytes der, const struct hash *hash,
                      const uint8_t *nonce,
                      const struct time_stamp_trust *trust,
                      struct time_stamp *out)
{
    *out =
        (struct time_stamp){.state = TIME_STAMP_MALFORMED, .kind = HASH_KINDS};
    TS_RESP *reply = reply_parse(der);
    if (!reply) {
        bool bare = der.size <= TIME_STAMP_MOST_BYTES && is_bare(der);
        out->state = bare ? TIME_STAMP_BARE : TIME_STAMP_MALFORMED;
        return;
    }
    PKCS7 *signed_data = TS_RESP_get_token(reply);
    struct token token STING_AUTO(token_release) = {signed_data, NULL};
    if (!is_granted(reply)) {
        set(out, TIME_STAMP_REFUSED, NULL);
    } else if (signed_data && PKCS7_type_is_signed(signed_data) &&
               (token.info = PKCS7_to_TS_TST_INFO(signed_data))) {
        judge(&token, hash, nonce, trust, out);
    }
    ERR_clear_error();
    TS_RESP_free(reply);
}

/* The token is the second element of the reply's SEQUENCE: its bytes, not
 * written anew, since hashes of archive time stamps are over them. */
enum sting_status time_stamp_token_of(struct bytes der, struct buffer *out)
{
    long length = 0;
    int tag = 0;
    int class = 0;
    const uint8_t *at = der.data;
    TS_RESP *reply = reply_parse(der);
    bool has_token = reply && TS_RESP_get_token(reply);
    TS_RESP_free(reply);
    if (!has_token ||
        (ASN1_get_object(&at, &length, &tag, &class, (long)der.size) & 0x81) ||
        (ASN1_get_object(&at, &length, &tag, &class, der.data + der.size - at) &
         0x81)) {
        ERR_clear_error();
        return STING_E_FORMAT;
    }
    at += length;
    return buffer_append(
        out, (struct bytes){at, (size_t)(der.data + der.size - at)});
}
