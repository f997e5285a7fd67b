/* The folder as a whole: made, unlocked, refused. */
#include "tests/operation_fixture.h"

static void keys_open_with_the_passphrase_and_no_other(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct passphrase wrong = {.size = 5, .byte = "wrong"};
    struct fault fault = {"", ""};
    fixture_unlock(operation, &keys);
    assert_int_equal(keys.has, OPERATION_IDENTITY | OPERATION_MARK);
    char text[AGE_TEXT_SIZE];
    const struct agreement_key own = agreement_public(&keys.identity);
    age_recipient_text(&own, text);
    assert_string_equal(text, operation_config(operation)->recipient[0]);
    assert_int_equal(
        operation_keys_unlock(operation, OPERATION_MARK, &wrong, &keys, &fault),
        STING_E_FORGED);
    assert_int_equal(keys.has, 0);
}

static void a_name_that_is_taken_is_refused_and_left_alone(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation_made made;
    struct fault fault;
    const struct operation_plan plan = {.goal = "a",
                                        .legal_basis = "b",
                                        .decided_by = "c",
                                        .passphrase = bytes_of_text("12345678"),
                                        .log2_n = 8};
    assert_int_equal(operation_create(fixture.path, &plan, &random_kernel,
                                      clock_now(), &made, &fault),
                     STING_E_BUSY);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    assert_string_equal(operation_config(operation)->legal_basis,
                        "Works agreement 12");
}

static void a_plan_that_is_refused_leaves_nothing_behind(void **state)
{
    (void)state;
    char folder[] = "/tmp/sting-test-XXXXXX";
    char path[64];
    struct operation_made made;
    struct fault fault;
    const char *const bad[] = {"age1nonsense"};
    struct operation_plan plan = {.goal = "a",
                                  .legal_basis = "b",
                                  .decided_by = "c",
                                  .passphrase = bytes_of_text("12345678"),
                                  .log2_n = 8};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/op", folder);
    plan.recipient = bad;
    plan.recipients = 1;
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    plan.recipients = 0;
    plan.until = "tomorrow";
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    plan.until = NULL;
    plan.goal = "two\nlines";
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    assert_int_equal(rmdir(folder), 0); /* it is empty */
}

/* A second reader that is the operation itself is no second reader. */
static void the_own_recipient_does_not_count_twice(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct buffer text STING_AUTO(buffer_release) = {0};
    const char *own = operation_config(operation)->recipient[0];
    assert_true(!buffer_printf(&text,
                               "goal: a\nlegal_basis: b\ndecided_by: c\n"
                               "recipients: [%s, %s]\n",
                               own, own));
    assert_int_equal(config_parse(buffer_bytes(&text), &config, &mistakes),
                     STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(keys_open_with_the_passphrase_and_no_other),
        cmocka_unit_test(a_name_that_is_taken_is_refused_and_left_alone),
        cmocka_unit_test(a_plan_that_is_refused_leaves_nothing_behind),
        cmocka_unit_test(the_own_recipient_does_not_count_twice),
    };
    return cmocka_run_group_tests_name("folder", test, NULL, NULL);
}
