#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "tests/check.h"

struct given {
    bool json;
    const char *name;
    const char *by;
    struct option_texts to;
    int64_t copy;
    int64_t at;
};

/* Parse up to eight words after the command's name. */
static enum sting_status parse(struct given *given, struct options *out,
                               const char *const given_argv[10],
                               struct fault *fault)
{
    static struct option row[6];
    static char store[10][64];
    static char *argv[10];
    int argc = 0;
    row[0] = (struct option){"--json", OPTION_FLAG, &given->json, 0, 0};
    row[1] = (struct option){"--name", OPTION_TEXT, &given->name, 0, 0};
    row[2] = (struct option){"--to", OPTION_TEXTS, &given->to, 0, 0};
    row[3] = (struct option){"--copy", OPTION_NUMBER, &given->copy, 1, 99};
    row[4] = (struct option){"--at", OPTION_TIME, &given->at, 0, 0};
    row[5] = (struct option){"--by", OPTION_WORDS, &given->by, 1, 0};
    *given = (struct given){0};
    *out = (struct options){.option = row,
                            .options = 6,
                            .least_words = 1,
                            .most_words = 2,
                            .usage = "sting issue OP [N]"};
    for (; given_argv[argc]; argc++) {
        snprintf(store[argc], sizeof store[argc], "%s", given_argv[argc]);
        argv[argc] = store[argc];
    }
    return options_parse(argc, argv, out, fault);
}

static void words_and_options_may_be_mixed(void **state)
{
    (void)state;
    struct given given;
    struct options got;
    const char *const argv[10] = {"issue", "--json", "op", "--to",       "A b",
                                  "C",     "--copy", "7",  "--name=x=y", NULL};
    assert_true(!parse(&given, &got, argv, NULL));
    assert_true(given.json);
    assert_string_equal(given.name, "x=y");
    assert_int_equal(given.copy, 7);
    assert_int_equal(given.to.count, 2);
    assert_string_equal(given.to.text[0], "A b");
    assert_string_equal(given.to.text[1], "C");
    assert_int_equal(got.words, 1);
    assert_string_equal(got.word[0], "op");
}

static void what_people_read_is_words_in_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", " ", "M\xfcller", "cut \xe2\x80"};
    struct given given;
    struct options got;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fault fault = {"", ""};
        const char *const argv[10] = {"issue", "op", "--by", wrong[i]};
        assert_int_equal(parse(&given, &got, argv, &fault), STING_E_ARG);
        assert_null(given.by);
        assert_non_null(strstr(fault.why, "--by"));
    }
    const char *const argv[10] = {"issue", "op", "--by=M\xc3\xbcller, Anna"};
    assert_true(!parse(&given, &got, argv, NULL));
    assert_string_equal(given.by, "M\xc3\xbcller, Anna");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct given given;
    struct options got;
    const char *const argv[10] = {"issue", "op", "--", "--json", NULL};
    assert_true(!parse(&given, &got, argv, NULL));
    assert_false(given.json);
    assert_string_equal(got.word[1], "--json");
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *argv[4];
        const char *why;
        const char *todo;
    } row[] = {
        {{"op", "--jsno", NULL}, "no option --jsno", "--json?"},
        {{"op", "--colour", NULL}, "no option --colour", "--help"},
        {{"op", "--name", NULL}, "--name wants a value", ""},
        {{"op", "--name", "--json", NULL}, "--name wants a value", ""},
        {{"op", "--copy", "100", NULL}, "from 1 to 99", ""},
        {{"op", "--copy", "7x", NULL}, "from 1 to 99", ""},
        {{"op", "--at", "noon", NULL}, "wants a time", ""},
        {{"op", "--json=1", NULL}, "takes no value", ""},
        {{"--json", NULL}, "something is missing", "sting issue OP [N]"},
        {{"a", "b", "c", NULL}, "too many words", "sting issue OP [N]"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct given given;
        struct options got;
        struct fault fault = {"", ""};
        const char *const argv[10] = {"issue", row[i].argv[0], row[i].argv[1],
                                      row[i].argv[1] ? row[i].argv[2] : NULL,
                                      NULL};
        assert_int_equal(parse(&given, &got, argv, &fault), STING_E_ARG);
        assert_non_null(strstr(fault.why, row[i].why));
        assert_non_null(strstr(fault.todo, row[i].todo));
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(words_and_options_may_be_mixed),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(what_people_read_is_words_in_utf8),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests_name("options", test, NULL, NULL);
}
