#include <string.h>

#include "base/plain.h"
#include "tests/check.h"

/* What the text becomes, as ASCII; other characters as '?'. */
static const char *folded(const char *text)
{
    static char out[256];
    struct plain plain STING_AUTO(plain_release) = {0};
    assert_true(!plain_add_text(&plain, bytes_of_text(text)));
    assert_true(plain.size < sizeof out);
    for (size_t i = 0; i < plain.size; i++) {
        out[i] = (char)(plain.code[i] < 127 ? plain.code[i] : '?');
    }
    out[plain.size] = '\0';
    return out;
}

static void capitals_blanks_quotes_and_dashes_become_plain(void **state)
{
    (void)state;
    assert_string_equal(folded("\xe2\x80\x9cThe  TANK\xe2\x80\x9d\r\n\tholds"),
                        "\"the tank\" holds");
    assert_string_equal(folded("a\xe2\x80\x93"
                               "b \xe2\x80\x98"
                               "c\xe2\x80\x99"),
                        "a-b 'c'");
    assert_string_equal(folded("\xef\xac\x81rst e\xef\xac\x80"
                               "ect\xe2\x80\xa6"),
                        "first effect...");
    assert_string_equal(folded("so\xc2\xad"
                               "ft 4\xc2\xa0m"),
                        "soft 4 m");
}

static void a_word_parted_at_the_end_of_a_line_is_whole(void **state)
{
    (void)state;
    assert_string_equal(folded("twenty-\nfive"), "twentyfive");
    assert_string_equal(folded("twenty-\r\nfive"), "twentyfive");
    assert_string_equal(folded("half - \nor"), "half - or");
}

static void capitals_of_other_scripts_become_small(void **state)
{
    (void)state;
    struct plain a STING_AUTO(plain_release) = {0};
    struct plain b STING_AUTO(plain_release) = {0};
    const char *big = "\xc3\x84\xd0\x91\xce\xa9\xc5\xa0";
    const char *low = "\xc3\xa4\xd0\xb1\xcf\x89\xc5\xa1";
    assert_true(!plain_add_text(&a, bytes_of_text(big)));
    assert_true(!plain_add_text(&b, bytes_of_text(low)));
    assert_int_equal(a.size, 4);
    assert_memory_equal(a.code, b.code, 4 * sizeof *a.code);
}

static void what_is_no_utf8_stands_as_one_sign_a_byte(void **state)
{
    (void)state;
    assert_string_equal(folded("a\xff\xc0\x80z"), "a???z");
    assert_string_equal(folded("\xed\xa0\x80"), "???");
    assert_string_equal(folded("\xe2\x82"), "??");
}

static void every_character_knows_where_it_came_from(void **state)
{
    (void)state;
    struct plain plain STING_AUTO(plain_release) = {0};
    assert_true(!plain_add_text(&plain, bytes_of_text("\xef\xac\x83x  y")));
    assert_int_equal(plain.size, 6); /* f f i x blank y */
    assert_int_equal(plain.from[2], 0);
    assert_int_equal(plain.from[3], 3);
    assert_int_equal(plain.from[5], 6);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(capitals_blanks_quotes_and_dashes_become_plain),
        cmocka_unit_test(a_word_parted_at_the_end_of_a_line_is_whole),
        cmocka_unit_test(capitals_of_other_scripts_become_small),
        cmocka_unit_test(what_is_no_utf8_stands_as_one_sign_a_byte),
        cmocka_unit_test(every_character_knows_where_it_came_from),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
