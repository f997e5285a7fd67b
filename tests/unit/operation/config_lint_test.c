/* What is well formed and surely not meant, told with its place. */
#include <stdio.h>
#include <string.h>

#include "operation/config_lint.h"
#include "tests/check.h"

#define AGE_1 "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
#define AGE_2 "age1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
/* What a test adds starts in line 5. */
#define HEAD                                                                   \
    "goal: g\nlegal_basis: l\ndecided_by: d\n"                                 \
    "recipients: [" AGE_1 ", " AGE_2 "]\n"
#define GARAGE "cameras:\n  - name: garage\n    url: rtsp://192.0.2.7/1\n"
#define TABLE                                                                  \
    "    zones:\n      - name: table\n"                                        \
    "        polygon: [[0.2, 0.2], [0.6, 0.2], [0.4, 0.6]]\n"
#define STAFF "staff:\n  - name: gardeners\n    hours: mo 08:00-12:00\n"
#define NOW INT64_C(1800000000000000) /* 15 January 2027 */

static const struct {
    const char *text;
    int line; /* 0: nothing is found */
    int column;
    const char *why; /* part of it */
} row[] = {
    {GARAGE TABLE, 0, 0, ""},
    {"until: 2027-01-14\n", 5, 8, "has ended"},
    {"until: 2027-01-16\n", 0, 0, ""},
    {GARAGE "    look: rtsp://192.0.2.7:554/1\n", 8, 11, "very stream"},
    {GARAGE "    look: rtsp://192.0.2.7/2\n", 0, 0, ""},
    {GARAGE "  - name: door\n    url: rtsp://192.0.2.7:554/1\n", 9, 10,
     "camera garage too"},
    {GARAGE "  - name: door\n    url: rtsp://192.0.2.7:555/1\n", 0, 0, ""},
    {GARAGE "  - name: door\n    url: rtsp://192.0.2.7/1x\n", 0, 0, ""},
    {STAFF "    camera: garag\n" GARAGE, 8, 13, "no camera \"garag\""},
    {STAFF "    camera: roof\n", 8, 13, "no camera \"roof\""},
    {STAFF "    camera: garage\n" GARAGE, 0, 0, ""},
    {GARAGE "    masks: [[[0, 0], [1, 0], [1, 1], [0, 1]]]\n", 8, 12,
     "whole picture"},
    {GARAGE "    masks:\n      - [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]\n"
            "      - [[1, 0], [0.5, 0], [0.5, 1], [1, 1]]\n",
     9, 7, "whole picture"},
    {GARAGE "    masks: [[[0, 0], [0.9, 0], [0.9, 1], [0, 1]]]\n", 0, 0, ""},
    {GARAGE TABLE "    masks: [[[0, 0], [0.9, 0], [0.9, 1], [0, 1]]]\n", 11, 12,
     "zone table"},
    {GARAGE TABLE "    masks: [[[0.1, 0.1], [0.7, 0.1], [0.4, 0.7]]]\n", 11, 12,
     "zone table"},
    {GARAGE TABLE "    masks: [[[0.3, 0.1], [0.7, 0.1], [0.4, 0.7]]]\n", 0, 0,
     ""},
};

static const struct {
    const char *url;
    const char *why; /* part of it */
} unwatchable[] = {
    {"rtsp://192.0.2.7:0/1", "at no port"},
    {"rtsp://192.0.2.7:99999/1", "at no port"},
    {"rtsp://192.0.2.7:abc/1", "at no port"},
    {"rtsp://192.0.2.7:/1", "at no port"},
    {"rtsp://[fd00::7/1", "between [ and ]"},
    {"rtsp://:554/1", "no host"},
};

/* The text stays readable: what was recorded by it is verified by it. */
static void what_nobody_could_watch_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unwatchable / sizeof *unwatchable; i++) {
        struct config *config STING_AUTO(config_free) = NULL;
        struct config_mistakes got;
        char text[1000];
        snprintf(text, sizeof text,
                 HEAD GARAGE "  - name: door\n    url: '%s'\n",
                 unwatchable[i].url);
        assert_int_equal(config_parse(bytes_of_text(text), &config, &got),
                         STING_OK);
        config_reach_check(bytes_of_text(text), config, &got);
        assert_int_equal(got.count, 1);
        assert_int_equal(got.mistake[0].line, 9);
        assert_int_equal(got.mistake[0].column, 10);
        assert_non_null(strstr(got.mistake[0].why, "camera door"));
        assert_non_null(strstr(got.mistake[0].why, unwatchable[i].why));
    }
}

static void what_is_surely_not_meant_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct config *config STING_AUTO(config_free) = NULL;
        struct config_mistakes got;
        char text[1000];
        snprintf(text, sizeof text, HEAD "%s", row[i].text);
        assert_int_equal(config_parse(bytes_of_text(text), &config, &got),
                         STING_OK);
        config_lint(bytes_of_text(text), config, NOW, &got);
        const struct config_mistake *first = &got.mistake[0];
        if (got.count != (row[i].line > 0) || first->line != row[i].line ||
            first->column != row[i].column || !strstr(first->why, row[i].why)) {
            fail_msg("row %zu: %zu mistakes, first %d:%d: %s", i, got.count,
                     first->line, first->column, first->why);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_nobody_could_watch_is_told_where_it_is),
        cmocka_unit_test(what_is_surely_not_meant_is_told_where_it_is),
    };
    return cmocka_run_group_tests_name("config_lint", test, NULL, NULL);
}
