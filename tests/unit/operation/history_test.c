/* Where numbering goes on. */
#include "operation/history.h"
#include "tests/operation_fixture.h"
#include "tests/unit/ledger/intruder.h"

static void numbering_goes_on_where_the_ledger_ended(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = fixture_writer(operation);
    struct history history = {0};
    struct fault fault = {"", ""};
    const struct line_field field[] = {{"n", "7"},
                                       {"state", "opened"},
                                       {"camera", "garage"},
                                       {"kind", "person"},
                                       {"tier", "presence"}};
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1);
    assert_true(!writer_line(writer, "incident", field, 5, NULL, &fault));
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 8);
    assert_int_equal(history.next_alert, 1);
}

static void a_number_of_nobody_takes_none_from_incidents_to_come(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct history history = {0};
    struct fault fault = {"", ""};
    struct line_field field[] = {{"n", "4294967294"},
                                 {"state", "opened"},
                                 {"camera", "garage"},
                                 {"kind", "person"},
                                 {"tier", "presence"}};
    intruder_appends(operation_dir(operation), "incident", field, 5);
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1);
    field[0].value = "1000000000";
    intruder_appends(operation_dir(operation), "incident", field, 5);
    field[0].value = "1000000002"; /* from a great one on they go on */
    intruder_appends(operation_dir(operation), "incident", field, 5);
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1000000003);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(numbering_goes_on_where_the_ledger_ended),
        cmocka_unit_test(a_number_of_nobody_takes_none_from_incidents_to_come),
    };
    return cmocka_run_group_tests_name("history", test, NULL, NULL);
}
