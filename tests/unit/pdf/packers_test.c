#include <stdio.h>
#include <string.h>

#include "pdf/packers.h"
#include "tests/check.h"

/* Batches of long ago told libraries alone, or nothing. */
static void batches_that_tell_no_packing_have_the_first(void **state)
{
    (void)state;
    assert_int_equal(pdf_packers_packing(""), 1);
    assert_int_equal(pdf_packers_packing("libdeflate 1.14 (3b0ae6b5)"), 1);
    assert_string_equal(pdf_packers_names("libdeflate 1.14 (3b0ae6b5)"),
                        "libdeflate 1.14 (3b0ae6b5)");
}

static void batches_may_tell_the_second(void **state)
{
    (void)state;
    const char *told = "packing 2, libdeflate 1.14 (3b0ae6b5)";
    assert_int_equal(pdf_packers_packing(told), 2);
    assert_string_equal(pdf_packers_names(told), "libdeflate 1.14 (3b0ae6b5)");
}

static void batches_of_now_have_the_third(void **state)
{
    (void)state;
    char now[PDF_PACKERS_SIZE];
    assert_int_equal(pdf_packers(now), STING_OK);
    assert_int_equal(pdf_packers_packing(now), 3);
    assert_int_equal(strncmp(pdf_packers_names(now), "libdeflate ", 11), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_that_tell_no_packing_have_the_first),
        cmocka_unit_test(batches_may_tell_the_second),
        cmocka_unit_test(batches_of_now_have_the_third),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
