/* Vectors computed by a separate program from the definitions alone. */
#include <string.h>

#include "base/text.h"
#include "mark/code.h"
#include "tests/check.h"

#define UNITS 96

static void document_key(struct secret *out)
{
    struct secret mark;
    for (size_t i = 0; i < SECRET_SIZE; i++) {
        mark.byte[i] = (uint8_t)i;
    }
    mark_document_key(&mark, digest_of(bytes_of_text("water tank")), out);
}

static void assert_hex(const uint8_t byte[32], const char *expected)
{
    char text[65];
    hex_write((struct bytes){byte, 32}, text);
    assert_string_equal(text, expected);
}

static void keys_follow_their_definition(void **state)
{
    (void)state;
    struct secret document, bias, copy;
    document_key(&document);
    mark_bias_key(&document, 0, &bias);
    mark_copy_key(&document, 7, &copy);
    assert_hex(document.byte, "22769f7e8cd6178837c761a661b6238a"
                              "9553de6cec7caeda2e764c6f94b804a0");
    assert_hex(bias.byte, "1bcc42f0cfffd044b7faf6745c056233"
                          "36e29663e4634c086bb785ab09b6f9b6");
    assert_hex(copy.byte, "4aeee7e5d5407340a22a4c9ee2ff1017"
                          "2c36bf4bf295e7783acaef91bd9afda8");
}

static void bits_follow_their_definition(void **state)
{
    (void)state;
    static const char biases[] = "HHLLHHLHHHLLHLHLLLLHHLLLHLLLLHHLHLHLLHHHHLHL"
                                 "LHHLHHLHLHHLLLHLHHLHLHLHHHHLLLHHHHHLHHHLHHHH"
                                 "LLHHLHLH";
    static const char bits[] =
        "110111001000111000011101100011001010011010100100"
        "110101100000110001010111001101101100111100110001";
    struct secret document, bias, copy;
    uint8_t threshold[UNITS], bit[UNITS];
    document_key(&document);
    mark_bias_key(&document, 0, &bias);
    mark_copy_key(&document, 7, &copy);
    mark_bias(&bias, UNITS, threshold);
    mark_code(&copy, 0, threshold, UNITS, bit);
    for (size_t u = 0; u < UNITS; u++) {
        assert_int_equal(threshold[u], biases[u] == 'H' ? 202 : 54);
        assert_int_equal(bit[u], bits[u] - '0');
    }
}

static void a_page_of_fewer_units_keeps_the_bits_of_the_first(void **state)
{
    (void)state;
    struct secret document, bias, copy;
    uint8_t all[UNITS], few[UNITS], code[UNITS], start[UNITS];
    document_key(&document);
    mark_bias_key(&document, 3, &bias);
    mark_copy_key(&document, 1, &copy);
    mark_bias(&bias, UNITS, all);
    mark_code(&copy, 3, all, UNITS, code);
    for (uint32_t units = 1; units < UNITS; units++) {
        mark_bias(&bias, units, few);
        mark_code(&copy, 3, few, units, start);
        assert_memory_equal(few, all, units);
        assert_memory_equal(start, code, units);
    }
}

static void ones_come_as_often_as_the_bias_says(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    static uint8_t threshold[MANY], bit[MANY];
    struct secret document, bias, copy;
    int ones[2] = {0}, all[2] = {0};
    document_key(&document);
    mark_bias_key(&document, 0, &bias);
    mark_copy_key(&document, 12, &copy);
    mark_bias(&bias, MANY, threshold);
    mark_code(&copy, 0, threshold, MANY, bit);
    for (size_t u = 0; u < MANY; u++) {
        int high = threshold[u] == MARK_THRESHOLD_HIGH;
        all[high]++;
        ones[high] += bit[u];
    }
    assert_true(all[0] > MANY * 48 / 100 && all[1] > MANY * 48 / 100);
    assert_true(ones[0] * 256 > all[0] * 50 && ones[0] * 256 < all[0] * 58);
    assert_true(ones[1] * 256 > all[1] * 198 && ones[1] * 256 < all[1] * 206);
}

static void the_leaf_binds_number_key_salt_and_holder(void **state)
{
    (void)state;
    uint8_t salt[MARK_SALT_SIZE];
    struct secret document, copy;
    memset(salt, 0x5a, sizeof salt);
    document_key(&document);
    mark_copy_key(&document, 7, &copy);
    struct digest leaf =
        mark_commitment_leaf(7, &copy, salt, bytes_of_text("Anna"));
    assert_hex(leaf.byte, "80ea3083be39207216bb75a96d88bb47"
                          "85cc444297d1638b6327eac18fd838ef");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(keys_follow_their_definition),
        cmocka_unit_test(bits_follow_their_definition),
        cmocka_unit_test(a_page_of_fewer_units_keeps_the_bits_of_the_first),
        cmocka_unit_test(ones_come_as_often_as_the_bias_says),
        cmocka_unit_test(the_leaf_binds_number_key_salt_and_holder),
    };
    return cmocka_run_group_tests_name("code", test, NULL, NULL);
}
