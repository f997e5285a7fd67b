/* operation.yaml changed at one place, the rest as it was written. */
#include "operation/config_edit.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

#define A "age1lqz5p6lgkm8zm3jwcvgdd2p7q0lkklfgg8765q0w47vdv30w93wqnaswjw"
#define B "age1qesskf54ch724c7xjv6svys6huuwhvta3642f0km96vawcplxd6stl4wvv"
#define C "age1952dka7tfflhhrkm9rrhd04tjamw4zmdawvmnuuru5relcd3t9xqp4qkrv"

#define LIST "recipients:\n  - " A "\n  - " B "\n"
#define HEAD "goal: g\nlegal_basis: l\ndecided_by: d\n"

static struct config_recipients list_of(const char *first, const char *second)
{
    struct config_recipients list = {.count = 2};
    (void)snprintf(list.text[0], sizeof list.text[0], "%s", first);
    (void)snprintf(list.text[1], sizeof list.text[1], "%s", second);
    return list;
}

static void other_recipients_leave_the_rest_as_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } row[] = {
        {HEAD "recipients: # who\n  - " A " # keys/identity\n  - " B
              " # paper\n\n# end\nquiet_s: 9\n",
         HEAD "recipients: # who\n  - " A " # keys/identity\n  - " C
              "\n\n# end\nquiet_s: 9\n"},
        {"recipients:\n  - " A "\n  # left\n  - " B "\n" HEAD,
         "recipients:\n  - " A "\n  # left\n  - " C "\n" HEAD},
    };
    const struct config_recipients wanted = list_of(A, C);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        enum sting_status status = config_recipients_set(
            bytes_of_text(row[i].before), &wanted, &out, &fault);
        assert_int_equal(status, STING_OK);
        assert_string_equal(buffer_text(&out), row[i].after);
    }
}

static void text_that_cannot_be_edited_is_left_to_a_person(void **state)
{
    (void)state;
    static const char *const text[] = {
        "{goal: g, legal_basis: l, decided_by: d, recipients: [" A ", " B "]}",
        HEAD "recipients: [" A ", " B "]\n",
        HEAD "recipients:\n  - >-\n    " B "\n  - " A "\n",
    };
    const struct config_recipients wanted = list_of(A, C);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        assert_int_equal(config_recipients_set(bytes_of_text(text[i]), &wanted,
                                               &out, &fault),
                         STING_E_UNSUPPORTED);
    }
}

static void another_end_replaces_the_one_that_is_there(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } row[] = {
        {HEAD LIST, HEAD "until: \"2031-01-01\"\n" LIST},
        {HEAD "until: 2027-03-31 # spring\n" LIST,
         HEAD "until: \"2031-01-01\"\n" LIST},
        {"until: 2027-03-31\n" HEAD LIST, "until: \"2031-01-01\"\n" HEAD LIST},
        {HEAD "until:\n  2027-03-31\n" LIST, NULL},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        enum sting_status status = config_until_set(
            bytes_of_text(row[i].before), "2031-01-01", &out, &fault);
        assert_int_equal(status, row[i].after ? STING_OK : STING_E_UNSUPPORTED);
        if (row[i].after) {
            assert_string_equal(buffer_text(&out), row[i].after);
        }
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const until[] = {"", "soon", "2031-13-01",
                                        "2031-01-01\"\nrole: box"};
    for (size_t i = 0; i < sizeof until / sizeof *until; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        assert_int_equal(
            config_until_set(bytes_of_text(HEAD LIST), until[i], &out, &fault),
            STING_E_ARG);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(other_recipients_leave_the_rest_as_it_was),
        cmocka_unit_test(text_that_cannot_be_edited_is_left_to_a_person),
        cmocka_unit_test(another_end_replaces_the_one_that_is_there),
        cmocka_unit_test(what_is_no_date_is_refused),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
