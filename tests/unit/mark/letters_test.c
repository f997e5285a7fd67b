#include "mark/letters.h"

#include <math.h>
#include <stdlib.h>

#include "tests/check.h"

static enum sting_status read_back(const struct pdf_letter *letter,
                                   size_t bytes, struct mark_letters *out)
{
    return mark_letters_read((struct bytes){(const uint8_t *)letter, bytes},
                             out);
}

static void letters_come_as_they_were_sent(void **state)
{
    const struct pdf_letter letter[] = {{72, 92, 0}, {78.5F, 92, 1}};
    struct mark_letters letters STING_AUTO(mark_letters_release) = {0};
    (void)state;
    assert_int_equal(read_back(letter, sizeof letter, &letters), STING_OK);
    assert_int_equal(letters.letters, 2);
    assert_memory_equal(letters.letter, letter, sizeof letter);
    mark_letters_release(&letters);
    assert_int_equal(read_back(letter, 0, &letters), STING_OK);
    assert_int_equal(letters.letters, 0);
}

static void what_is_no_list_of_letters_is_refused(void **state)
{
    struct mark_letters letters = {0};
    const struct pdf_letter bad[] = {{NAN, 0, 0}, {0, INFINITY, 0}, {0, 0, 2}};
    struct pdf_letter *many = calloc(MARK_MOST_LETTERS + 1, sizeof *many);
    (void)state;
    assert_non_null(many);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(read_back(&bad[i], sizeof *bad, &letters),
                         STING_E_FORMAT);
    }
    assert_int_equal(read_back(many, sizeof *many - 1, &letters),
                     STING_E_FORMAT);
    assert_int_equal(
        read_back(many, (MARK_MOST_LETTERS + 1) * sizeof *many, &letters),
        STING_E_FORMAT);
    assert_null(letters.letter);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_come_as_they_were_sent),
        cmocka_unit_test(what_is_no_list_of_letters_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
