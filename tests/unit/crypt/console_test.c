/* What the console needs: codes of telephones, a certificate of its own. */
#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/check.h"

#include "crypt/certificate.h"
#include "crypt/totp.h"

static const struct totp_secret published = {"12345678901234567890"};

/* RFC 6238, appendix B: the last six digits of its eight. */
static void codes_are_those_that_were_published(void **state)
{
    static const struct {
        uint64_t second;
        const char *code;
    } row[] = {{59, "287082"},         {1111111109, "081804"},
               {1111111111, "050471"}, {1234567890, "005924"},
               {2000000000, "279037"}, {20000000000, "353130"}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(&published, row[i].second / TOTP_STEP_S, code);
        assert_string_equal(code, row[i].code);
    }
}

static void a_code_is_good_one_step_around(void **state)
{
    char code[TOTP_DIGITS + 1];
    const uint64_t step = 1000;
    (void)state;
    totp_code(&published, step, code);
    assert_int_equal(totp_step(&published, step - 1, code), step);
    assert_int_equal(totp_step(&published, step, code), step);
    assert_int_equal(totp_step(&published, step + 1, code), step);
    assert_int_equal(totp_step(&published, step + 2, code), 0);
    assert_int_equal(totp_step(&published, step - 2, code), 0);
    assert_int_equal(totp_step(&published, step, ""), 0);
    assert_int_equal(totp_step(&published, step, "12345"), 0);
}

static void a_secret_is_typed_as_it_was_shown(void **state)
{
    char text[TOTP_TEXT_SIZE];
    struct totp_secret back;
    (void)state;
    totp_text(&published, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_int_equal(totp_read(text, &back), STING_OK);
    assert_memory_equal(&back, &published, sizeof back);
    text[4] = '1';
    assert_int_equal(totp_read(text, &back), STING_E_FORMAT);
    assert_int_equal(totp_read("GEZD", &back), STING_E_FORMAT);
}

static void a_certificate_names_its_host_and_has_its_fingerprint(void **state)
{
    struct buffer pem STING_AUTO(buffer_release) = {0};
    struct buffer key STING_AUTO(buffer_release) = {0};
    struct digest told, is;
    unsigned size = sizeof is.byte;
    (void)state;
    assert_int_equal(certificate_make("DNS:localhost,IP:10.1.2.3",
                                      INT64_C(1764164040) * 1000000, &pem,
                                      &key),
                     STING_OK);
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    BIO *key_bio = BIO_new_mem_buf(key.data, (int)key.size);
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    EVP_PKEY *pair = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    assert_non_null(x509);
    assert_int_equal(X509_check_private_key(x509, pair), 1);
    assert_int_equal(X509_verify(x509, pair), 1);
    assert_int_equal(X509_check_host(x509, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(x509, "10.1.2.3", 0), 1);
    assert_int_equal(X509_check_ip_asc(x509, "10.1.2.4", 0), 0);
    assert_int_equal(X509_digest(x509, EVP_sha256(), is.byte, &size), 1);
    assert_int_equal(certificate_fingerprint(buffer_bytes(&pem), &told),
                     STING_OK);
    assert_true(digest_equal(told, is));
    EVP_PKEY_free(pair);
    X509_free(x509);
    BIO_free(bio);
    BIO_free(key_bio);
    assert_int_equal(certificate_make("nothing of the kind", 0, &pem, &key),
                     STING_E_ARG);
    assert_int_equal(certificate_fingerprint(bytes_of_text("none"), &told),
                     STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_that_were_published),
        cmocka_unit_test(a_code_is_good_one_step_around),
        cmocka_unit_test(a_secret_is_typed_as_it_was_shown),
        cmocka_unit_test(a_certificate_names_its_host_and_has_its_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
