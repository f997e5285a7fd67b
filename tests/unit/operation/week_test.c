#include "operation/week.h"

#include "tests/check.h"

static struct week week_of(const char *text)
{
    struct week week = {0};
    assert_int_equal(week_add(&week, text), STING_OK);
    return week;
}

/* How many minutes of the week it has. */
static int minutes(const struct week *week)
{
    int count = 0;
    for (int at = 0; at < WEEK_MINUTES; at++) {
        count += week_has(week, at / 1440, at % 1440);
    }
    return count;
}

static void a_span_holds_its_days_and_its_minutes_and_no_others(void **state)
{
    (void)state;
    struct week week = week_of("mo-fr 08:00-17:30");
    assert_int_equal(minutes(&week), 5 * 570);
    assert_true(week_has(&week, 0, 480));
    assert_true(week_has(&week, 4, 1049));
    assert_false(week_has(&week, 4, 1050));
    assert_false(week_has(&week, 0, 479));
    assert_false(week_has(&week, 5, 600));
}

static void a_night_goes_on_into_the_next_day_and_the_next_week(void **state)
{
    (void)state;
    struct week week = week_of("su 22:00-06:00");
    assert_int_equal(minutes(&week), 480);
    assert_true(week_has(&week, 6, 1439));
    assert_true(week_has(&week, 0, 359));
    assert_false(week_has(&week, 0, 360));
    assert_false(week_has(&week, 6, 0));
}

static void spans_without_days_are_of_every_day_and_add_up(void **state)
{
    (void)state;
    struct week week = week_of("12:00-13:00");
    assert_int_equal(minutes(&week), 7 * 60);
    assert_true(!week_add(&week, "fr-mo,we 00:00-24:00"));
    assert_int_equal(minutes(&week), 5 * 1440 + 2 * 60);
}

static void what_is_no_span_is_refused_and_changes_nothing(void **state)
{
    static const char *const text[] = {"",
                                       "mo",
                                       "mo-fr",
                                       "08:00",
                                       "08:00-",
                                       "8-17",
                                       "25:00-26:00",
                                       "08:60-09:00",
                                       "24:00-01:00",
                                       "08:00-24:01",
                                       "08:00-08:00",
                                       "xx 08:00-09:00",
                                       "mo- 08:00-09:00",
                                       "mo,  08:00-09:00",
                                       "mo 08:00-09:00 ",
                                       "08:0-09:00",
                                       "mo-fr08:00-09:00",
                                       "-1:00-02:00"};
    (void)state;
    struct week week = {0};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        assert_int_equal(week_add(&week, text[i]), STING_E_FORMAT);
    }
    assert_int_equal(minutes(&week), 0);
    assert_false(week.is_set);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_span_holds_its_days_and_its_minutes_and_no_others),
        cmocka_unit_test(a_night_goes_on_into_the_next_day_and_the_next_week),
        cmocka_unit_test(spans_without_days_are_of_every_day_and_add_up),
        cmocka_unit_test(what_is_no_span_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests_name("week", test, NULL, NULL);
}
