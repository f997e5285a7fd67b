#include <string.h>

#include "pdf/lexer.h"
#include "tests/check.h"

static void tokens_keep_their_place(void **state)
{
    (void)state;
    static const struct {
        enum lexer_kind kind;
        const char *text;
    } expected[] = {
        {TOKEN_NAME, "/F1"}, {TOKEN_NUMBER, "-.5"},
        {TOKEN_WORD, "Tf"},  {TOKEN_STRING, "(a(b)\\)c)"},
        {TOKEN_WORD, "Tj"},  {TOKEN_ARRAY, "[(x)-250<4a>]"},
        {TOKEN_WORD, "TJ"},  {TOKEN_DICT, "<</A[1]/B<</C 1>>>>"},
        {TOKEN_WORD, "BDC"}, {TOKEN_WORD, "T*"},
        {TOKEN_WORD, "'"},
    };
    struct bytes text =
        bytes_of_text("/F1 -.5 Tf% a comment (\r(a(b)\\)c)Tj [(x)-250<4a>]TJ\n"
                      "<</A[1]/B<</C 1>>>>BDC T* '");
    struct lexer lexer = {text, 0};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct lexer_token token = pdf_lexer_object(&lexer);
        assert_int_equal(token.kind, expected[i].kind);
        assert_true(pdf_token_is(text, token, expected[i].text));
    }
    assert_int_equal(pdf_lexer_object(&lexer).kind, TOKEN_END);
}

static void assert_string(const char *written, const char *meant)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct lexer lexer = {bytes_of_text(written), 0};
    struct lexer_token token = pdf_lexer_next(&lexer);
    assert_int_equal(pdf_string_read(lexer.text, token, &out), STING_OK);
    assert_string_equal(buffer_text(&out), meant);
}

static void strings_are_read_as_the_standard_says(void **state)
{
    (void)state;
    assert_string("(plain)", "plain");
    assert_string("(a(b)c)", "a(b)c");
    assert_string("(\\(\\)\\\\)", "()\\");
    assert_string("(\\101\\1012\\53)", "AA2+");
    assert_string("(a\\\nb\\\r\nc)", "abc");
    assert_string("(a\r\nb\rc)", "a\nb\nc");
    assert_string("(\\n\\x)", "\nx");
    assert_string("<4 1 42\n5>", "ABP");
    assert_string("<>", "");
    assert_string("(open", "open");
}

static void every_byte_survives_writing_and_reading(void **state)
{
    (void)state;
    uint8_t all[512];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)(i * 37);
    }
    for (int hex = 0; hex < 2; hex++) {
        struct buffer written STING_AUTO(buffer_release) = {0};
        struct buffer read STING_AUTO(buffer_release) = {0};
        struct bytes bytes = {all, sizeof all};
        assert_int_equal(pdf_string_write(bytes, hex, &written), STING_OK);
        struct lexer lexer = {buffer_bytes(&written), 0};
        struct lexer_token token = pdf_lexer_next(&lexer);
        assert_int_equal(token.end, written.size);
        assert_int_equal(pdf_string_read(lexer.text, token, &read), STING_OK);
        assert_true(bytes_equal(buffer_bytes(&read), bytes));
    }
}

static void a_key_is_found_only_at_the_top(void **state)
{
    (void)state;
    struct bytes dict =
        bytes_of_text("<</A<</Length 3>>/Length 12 0 R/Filter/X>>");
    struct lexer_token key, value;
    assert_true(pdf_dict_find(dict, "/Length", &key, &value));
    assert_true(pdf_token_is(dict, value, "12 0 R"));
    assert_true(pdf_dict_find(dict, "/Filter", &key, &value));
    assert_true(pdf_token_is(dict, value, "/X"));
    assert_false(pdf_dict_find(dict, "/B", &key, &value));
    assert_false(pdf_dict_find(bytes_of_text("[/A 1]"), "/A", &key, &value));
}

static size_t end_of_image(const char *dict, const char *data)
{
    struct lexer lexer = {bytes_of_text(data), 0};
    pdf_lexer_skip_image(&lexer, bytes_of_text(dict));
    return lexer.at;
}

static void an_image_ends_at_its_own_ei(void **state)
{
    (void)state;
    assert_int_equal(end_of_image("/W 2/H 1/BPC 8/F/Fl", " ab\nEI Q"), 6);
    /* an EI inside, followed by bytes that are no text */
    assert_int_equal(
        end_of_image("/W 9/H 1/BPC 8/F/Fl", " a EI \x01\x02 b\nEI\nQ"), 13);
    /* an EI inside what the size says is still image */
    assert_int_equal(end_of_image("/W 8/H 1/BPC 8", " ab EI cd\nEI Q"), 12);
    assert_int_equal(end_of_image("/W 8/H 1", " never"), 6);
}

static void noise_always_ends(void **state)
{
    (void)state;
    uint32_t seed = 1;
    uint8_t noise[4096];
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1664525 + 1013904223;
            noise[i] = round & 1 ? (uint8_t)(seed >> 24)
                                 : (uint8_t) "()<>[]/%\\ 1-.EI"[seed >> 28];
        }
        struct lexer lexer = {{noise, sizeof noise}, 0};
        size_t before = 0;
        struct lexer_token token = pdf_lexer_object(&lexer);
        while (token.kind != TOKEN_END) {
            assert_true(lexer.at > before && token.end <= sizeof noise);
            before = lexer.at;
            token = pdf_lexer_object(&lexer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(tokens_keep_their_place),
        cmocka_unit_test(strings_are_read_as_the_standard_says),
        cmocka_unit_test(every_byte_survives_writing_and_reading),
        cmocka_unit_test(a_key_is_found_only_at_the_top),
        cmocka_unit_test(an_image_ends_at_its_own_ei),
        cmocka_unit_test(noise_always_ends),
    };
    return cmocka_run_group_tests_name("lexer", test, NULL, NULL);
}
