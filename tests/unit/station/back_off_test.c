/* How long a camera is left alone, by what it did and how often. */
#include "station/back_off.h"

#include <limits.h>

#include "tests/check.h"

static void pauses_grow_up_to_what_the_cause_allows(void **state)
{
    (void)state;
    static const struct {
        enum back_off_cause cause;
        unsigned failures;
        int64_t ms;
    } row[] = {
        {BACK_OFF_OTHER, 0, 250},         {BACK_OFF_OTHER, 1, 1000},
        {BACK_OFF_OTHER, 4, 4000},        {BACK_OFF_OTHER, 9, 5000},
        {BACK_OFF_OTHER, UINT_MAX, 5000}, {BACK_OFF_SOON, 0, 250},
        {BACK_OFF_SOON, 1, 1000},         {BACK_OFF_SOON, 2, 1500},
        {BACK_OFF_SOON, UINT_MAX, 1500},  {BACK_OFF_AWAY, 0, 250},
        {BACK_OFF_AWAY, 1, 250},          {BACK_OFF_AWAY, UINT_MAX, 250},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(back_off_us(row[i].failures, row[i].cause),
                         row[i].ms * 1000);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(pauses_grow_up_to_what_the_cause_allows),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
