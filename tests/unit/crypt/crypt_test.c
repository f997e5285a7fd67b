#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "crypt/aead.h"
#include "crypt/agreement.h"
#include "crypt/digest.h"
#include "crypt/kdf.h"
#include "crypt/random.h"
#include "crypt/signature.h"
#include "crypt/stream.h"
#include "tests/check.h"

/* The bytes that hex stands for; good until the fourth call from here. */
static struct bytes hex(const char *text)
{
    static uint8_t room[4][512];
    static unsigned turn;
    uint8_t *out = room[turn++ % 4];
    size_t size = strlen(text) / 2;
    assert_true(size <= sizeof room[0]);
    assert_true(!hex_read(bytes_of_text(text), out, size));
    return (struct bytes){out, size};
}

static struct secret secret_of(const char *text)
{
    struct secret secret;
    assert_true(!hex_read(bytes_of_text(text), secret.byte, SECRET_SIZE));
    return secret;
}

static void assert_hex(const uint8_t *got, size_t size, const char *expected)
{
    char text[1025];
    assert_true(2 * size < sizeof text);
    hex_write((struct bytes){got, size}, text);
    assert_string_equal(text, expected);
}

/* FIPS 180-4 examples, and the million letters of NIST's test set. */
static void sha256_matches_published_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hash;
    } row[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb924"
             "27ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223"
                "b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039"
         "a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct digest got = digest_of(bytes_of_text(row[i].text));
        assert_hex(got.byte, DIGEST_SIZE, row[i].hash);
    }
    struct digest_state a_million;
    digest_init(&a_million);
    for (int i = 0; i < 100000; i++) {
        digest_update(&a_million, bytes_of_text("aaaaaaaaaa"));
    }
    struct digest got = digest_final(&a_million);
    assert_hex(got.byte, DIGEST_SIZE,
               "cdc76e5c9914fb9281a1c7e284d73e67"
               "f1809a48a497200e046d39ccc7112cd0");
}

static void a_hash_under_way_can_be_looked_at_and_goes_on(void **state)
{
    (void)state;
    struct digest_state under_way STING_AUTO(digest_release) = {0};
    digest_init(&under_way);
    digest_update(&under_way, bytes_of_text("ab"));
    assert_true(digest_equal(digest_so_far(&under_way),
                             digest_of(bytes_of_text("ab"))));
    digest_update(&under_way, bytes_of_text("c"));
    assert_true(digest_equal(digest_final(&under_way),
                             digest_of(bytes_of_text("abc"))));
}

static void a_hash_is_read_back_from_its_text_only(void **state)
{
    (void)state;
    char text[DIGEST_TEXT_SIZE];
    struct digest hash = digest_of(bytes_of_text("abc"));
    struct digest back;
    digest_text(hash, text);
    assert_true(!digest_parse(bytes_of_text(text), &back));
    assert_true(digest_equal(hash, back));
    text[0] = 'B';
    assert_int_equal(digest_parse(bytes_of_text(text), &back), STING_E_FORMAT);
    assert_int_equal(digest_parse(bytes_of_text("ba"), &back), STING_E_FORMAT);
}

/* RFC 4231, cases 2 and 6 (a key longer than a block). */
static void hmac_matches_published_vectors(void **state)
{
    (void)state;
    const struct bytes question[] = {bytes_of_text("what do ya want "),
                                     bytes_of_text("for nothing?")};
    struct digest got = hmac_sha256(bytes_of_text("Jefe"), question, 2);
    assert_hex(got.byte, DIGEST_SIZE,
               "5bdcc146bf60754e6a042426089575c7"
               "5a003f089d2739839dec58b964ec3843");
    uint8_t key[131];
    memset(key, 0xaa, sizeof key);
    const struct bytes text =
        bytes_of_text("Test Using Larger Than Block-Size Key - Hash Key First");
    got = hmac_sha256((struct bytes){key, sizeof key}, &text, 1);
    assert_hex(got.byte, DIGEST_SIZE,
               "60e431591ee0b67f0d8a26aacbf5b77f"
               "8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869, cases 1 and 3 (no salt, no info). */
static void hkdf_matches_published_vectors(void **state)
{
    (void)state;
    uint8_t out[42];
    uint8_t secret[22];
    memset(secret, 0x0b, sizeof secret);
    const struct bytes from = {secret, sizeof secret};
    hkdf_sha256(from, hex("000102030405060708090a0b0c"),
                hex("f0f1f2f3f4f5f6f7f8f9"), out, sizeof out);
    assert_hex(out, sizeof out,
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5b"
               "f34007208d5b887185865");
    hkdf_sha256(from, (struct bytes){0}, (struct bytes){0}, out, sizeof out);
    assert_hex(out, sizeof out,
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2"
               "d9d201395faa4b61a96c8");
}

/* RFC 7914, section 12, the vector with r = 8 and p = 1. */
static void scrypt_matches_a_published_vector(void **state)
{
    (void)state;
    uint8_t out[64];
    assert_true(!scrypt(bytes_of_text("pleaseletmein"),
                        bytes_of_text("SodiumChloride"), 14, out, sizeof out));
    assert_hex(out, sizeof out,
               "7023bdcb3afd7348461c06cd81fd38eb"
               "fda8fbba904f8e3ea9b543f6545da1f2"
               "d5432955613f0fcf62d49705242a9af9"
               "e61e85dc0d651e40dfcf017b45575887");
    assert_int_equal(scrypt(bytes_of_text("x"), bytes_of_text("y"), 0, out, 32),
                     STING_E_ARG);
    assert_int_equal(
        scrypt(bytes_of_text("x"), bytes_of_text("y"), 23, out, 32),
        STING_E_ARG);
}

/* RFC 8439, sections 2.3.2 and A.1 (vectors 1 and 2). */
static void chacha20_matches_published_vectors(void **state)
{
    (void)state;
    static const uint8_t zero[CHACHA20_NONCE_SIZE];
    uint8_t out[128];
    struct secret key = secret_of("000102030405060708090a0b0c0d0e0f"
                                  "101112131415161718191a1b1c1d1e1f");
    chacha20(&key, hex("000000090000004a00000000").data, 1, out, 64);
    assert_hex(out, 64,
               "10f1e7e4d13b5915500fdd1fa32071c4"
               "c7d1f4c733c068030422aa9ac3d46c4e"
               "d2826446079faa0914c2d705d98b02a2"
               "b5129cd1de164eb9cbd083e8a2503c4e");
    struct secret nought = {{0}};
    chacha20(&nought, zero, 0, out, 128);
    assert_hex(out, 32,
               "76b8e0ada0f13d90405d6ae55386bd28"
               "bdd219b8a08ded1aa836efcc8b770dc7");
    assert_hex(out + 64, 32,
               "9f07e7be5551387a98ba977c732d080d"
               "cb0f29a048e3656912c6533e32ee7aed");
}

static const char sunscreen[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one "
    "tip for the future, sunscreen would be it.";

static struct aead *aead_of_section_2_8_2(void)
{
    struct aead *aead = NULL;
    struct secret key = secret_of("808182838485868788898a8b8c8d8e8f"
                                  "909192939495969798999a9b9c9d9e9f");
    assert_true(!aead_new(&key, &aead));
    return aead;
}

/* RFC 8439, section 2.8.2. */
static void chacha20_poly1305_matches_the_published_vector(void **state)
{
    (void)state;
    struct aead *aead STING_AUTO(aead_free) = aead_of_section_2_8_2();
    struct bytes nonce = hex("070000004041424344454647");
    struct bytes associated = hex("50515253c0c1c2c3c4c5c6c7");
    uint8_t out[sizeof sunscreen - 1 + AEAD_TAG_SIZE];
    aead_seal(aead, nonce.data, associated, bytes_of_text(sunscreen), out);
    assert_hex(out, 16, "d31a8d34648e60db7b86afbc53ef7ec2");
    assert_hex(out + sizeof out - AEAD_TAG_SIZE, AEAD_TAG_SIZE,
               "1ae10b594f09e26a7e902ecbd0600691");
    assert_true(!aead_open(aead, nonce.data, associated,
                           (struct bytes){out, sizeof out}, out));
    assert_memory_equal(out, sunscreen, sizeof sunscreen - 1);
}

static void sealed_bytes_with_any_bit_changed_are_forged(void **state)
{
    (void)state;
    struct aead *aead STING_AUTO(aead_free) = aead_of_section_2_8_2();
    static const uint8_t nonce[AEAD_NONCE_SIZE] = {1};
    uint8_t sealed[5 + AEAD_TAG_SIZE];
    uint8_t out[5];
    aead_seal(aead, nonce, (struct bytes){0}, bytes_of_text("water"), sealed);
    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(aead_open(aead, nonce, (struct bytes){0},
                                   (struct bytes){sealed, sizeof sealed}, out),
                         STING_E_FORGED);
        assert_memory_equal(out, "\0\0\0\0\0", 5);
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(aead_open(aead, nonce, (struct bytes){0},
                               (struct bytes){sealed, 15}, out),
                     STING_E_FORMAT);
}

/* The upper halves of the vector registers, as they stand. */
#define UPPER_HALVES 16
#if defined(__x86_64__)
#define LOOK(n) "vextractf128 $1, %%ymm" #n ", " #n "*16(%0)\n"
__attribute__((target("avx"), noinline)) static void upper_halves(
    uint8_t out[UPPER_HALVES][16])
{
    /* clang-format off */
    __asm__ volatile(
        LOOK(0) LOOK(1) LOOK(2) LOOK(3) LOOK(4) LOOK(5) LOOK(6) LOOK(7)
        LOOK(8) LOOK(9) LOOK(10) LOOK(11) LOOK(12) LOOK(13) LOOK(14) LOOK(15)
        : : "r"(out) : "memory");
    /* clang-format on */
}
#else
static void upper_halves(uint8_t out[UPPER_HALVES][16])
{
    memset(out, 0, (size_t)16 * UPPER_HALVES);
}
#endif

static void assert_upper_halves_are_zero(uint8_t half[UPPER_HALVES][16])
{
    static const uint8_t zero[16];
    for (int i = 0; i < UPPER_HALVES; i++) {
        assert_memory_equal(half[i], zero, sizeof zero);
    }
}

/* What is left in them is of the key stream, and makes SHA-256 slower. */
static void sealing_and_opening_leave_no_upper_half_of_a_register(void **state)
{
    (void)state;
    static uint8_t plain[65536];
    static uint8_t sealed[sizeof plain + AEAD_TAG_SIZE];
    static const uint8_t nonce[AEAD_NONCE_SIZE];
    static const size_t size[] = {1, 16, 256, sizeof plain};
    uint8_t half[UPPER_HALVES][16];
    struct secret key = {{7}};
    struct aead *aead = NULL;
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx")) {
        skip();
    }
#endif
    assert_true(!aead_new(&key, &aead));
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        aead_seal(aead, nonce, (struct bytes){0},
                  (struct bytes){plain, size[i]}, sealed);
        upper_halves(half);
        assert_upper_halves_are_zero(half);
        enum sting_status status =
            aead_open(aead, nonce, (struct bytes){0},
                      (struct bytes){sealed, size[i] + AEAD_TAG_SIZE}, plain);
        upper_halves(half);
        assert_true(!status);
        assert_upper_halves_are_zero(half);
    }
    aead_free(&aead);
}

/* RFC 8032, section 7.1, tests 1 to 3. */
static void ed25519_matches_published_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *seed, *public, *message, *signature;
    } row[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
         "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct secret seed = secret_of(row[i].seed);
        struct public_key public = signature_public(&seed);
        struct bytes message = hex(row[i].message);
        struct signature signature = signature_sign(&seed, message);
        assert_hex(public.byte, PUBLIC_KEY_SIZE, row[i].public);
        assert_hex(signature.byte, SIGNATURE_SIZE, row[i].signature);
        assert_true(!signature_verify(&public, message, &signature));
        signature.byte[63] ^= 1;
        assert_int_equal(signature_verify(&public, message, &signature),
                         STING_E_FORGED);
    }
}

/* RFC 7748, section 6.1. */
static void x25519_matches_the_published_exchange(void **state)
{
    (void)state;
    struct secret left = secret_of("77076d0a7318a57d3c16c17251b26645"
                                   "df4c2f87ebc0992ab177fba51db92c2a");
    struct secret right = secret_of("5dab087e624a8a4b79e17f8b83800ee6"
                                    "6f3bb1292618b6fd1c2f8b27ff88e0eb");
    struct agreement_key left_public = agreement_public(&left);
    struct agreement_key right_public = agreement_public(&right);
    struct secret one;
    struct secret other;
    assert_hex(left_public.byte, AGREEMENT_SIZE,
               "8520f0098930a754748b7ddcb43ef75a"
               "0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_true(!agreement_shared(&left, &right_public, &one));
    assert_true(!agreement_shared(&right, &left_public, &other));
    assert_hex(one.byte, SECRET_SIZE,
               "4a5d9d5ba4ce2de1728e3bf480350f25"
               "e07e21c947d19e3376f09b3c1e161742");
    assert_true(secret_equal(&one, &other));
}

static void a_share_goes_with_the_secret_that_it_makes(void **state)
{
    (void)state;
    struct secret once = random_secret(&random_kernel);
    struct secret theirs = random_secret(&random_kernel);
    struct agreement_key peer = agreement_public(&theirs);
    struct agreement_key own = agreement_public(&once);
    struct agreement_key share = {{0}};
    struct secret one = {{0}};
    struct secret other = {{0}};
    assert_true(!agreement_offer(&once, &peer, &share, &one));
    assert_memory_equal(share.byte, own.byte, AGREEMENT_SIZE);
    assert_true(!agreement_shared(&theirs, &share, &other));
    assert_true(secret_equal(&one, &other));
}

static void a_point_of_low_order_is_refused(void **state)
{
    (void)state;
    static const struct agreement_key point[] = {
        {{0}},
        {{1}}, /* and p - 1, of order two: */
        {{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
          0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
          0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}},
    };
    struct secret mine = random_secret(&random_kernel);
    for (size_t i = 0; i < sizeof point / sizeof *point; i++) {
        struct secret kept = {{7}};
        assert_int_equal(agreement_shared(&mine, &point[i], &kept),
                         STING_E_FORGED);
        struct agreement_key share = {{9}};
        assert_int_equal(agreement_offer(&mine, &point[i], &share, &kept),
                         STING_E_FORGED);
        assert_int_equal(kept.byte[0], 7);
        assert_int_equal(share.byte[0], 9);
    }
}

static void two_random_secrets_differ(void **state)
{
    (void)state;
    struct secret a = random_secret(&random_kernel);
    struct secret b = random_secret(&random_kernel);
    assert_false(secret_equal(&a, &b));
    secret_wipe(&a);
    assert_memory_equal(a.byte, (struct secret){{0}}.byte, SECRET_SIZE);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sha256_matches_published_vectors),
        cmocka_unit_test(a_hash_under_way_can_be_looked_at_and_goes_on),
        cmocka_unit_test(a_hash_is_read_back_from_its_text_only),
        cmocka_unit_test(hmac_matches_published_vectors),
        cmocka_unit_test(hkdf_matches_published_vectors),
        cmocka_unit_test(scrypt_matches_a_published_vector),
        cmocka_unit_test(chacha20_matches_published_vectors),
        cmocka_unit_test(chacha20_poly1305_matches_the_published_vector),
        cmocka_unit_test(sealed_bytes_with_any_bit_changed_are_forged),
        cmocka_unit_test(sealing_and_opening_leave_no_upper_half_of_a_register),
        cmocka_unit_test(ed25519_matches_published_vectors),
        cmocka_unit_test(x25519_matches_the_published_exchange),
        cmocka_unit_test(a_share_goes_with_the_secret_that_it_makes),
        cmocka_unit_test(a_point_of_low_order_is_refused),
        cmocka_unit_test(two_random_secrets_differ),
    };
    return cmocka_run_group_tests_name("crypt", test, NULL, NULL);
}
