/* What cameras say of their own clocks, in lines and in the headers of
 * fragments that a crash left. */
#include <stdio.h>
#include <string.h>

#include "ledger/reader.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/judge.h"
#include "tests/unit/ledger/reel.h"

#define SECOND_US INT64_C(1000000)

/* Record the second `number`, of which the camera says nothing (off_us NULL),
 * or that by its clock it is so much later. */
static void record_one(struct garden *garden, struct recording *recording,
                       uint64_t number, const int64_t *off_us)
{
    struct buffer data STING_AUTO(buffer_release) = {0};
    garden_fragment(number, 0, &data);
    int64_t utc_us = garden->now.utc_us;
    const struct recording_fragment fragment = {
        .data = buffer_bytes(&data),
        .pts_us = (int64_t)number * SECOND_US,
        .duration_us = SECOND_US,
        .utc_us = utc_us,
        .camera_us = off_us ? utc_us + *off_us : 0,
        .frames = REEL_FRAMES,
        .starts_with_key = true};
    garden_wait(garden, SECOND_US);
    assert_true(!recording_fragment(recording, garden->now, &fragment, NULL));
    assert_true(!recording_settle(recording, garden->now, NULL));
}

/* The `clock_ms` of each `seg` line, or "-". */
static void clocks_read(struct garden *garden, char *out, size_t size)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    char value[24];
    out[0] = '\0';
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "seg")) {
            line_text(&line, "clock_ms", value, sizeof value);
            size_t used = strlen(out);
            (void)snprintf(out + used, size - used, "%s ",
                           value[0] ? value : "-");
        }
    }
}

static void segment_says_what_its_first_word_of_the_camera_was(void **state)
{
    (void)state;
    static const int64_t off_us[] = {-15000499, -15000500, 0, 86400000000};
    struct garden garden;
    char clocks[200];
    garden_make(&garden, "/tmp");
    struct ledger *ledger = garden_open(&garden);
    struct recording *recording = garden_camera(&garden, ledger);
    for (uint64_t i = 0; i < 40; i++) {
        /* Five segments of 8 s: in the first it is silent for 5 s, in the last
         * for good. What it says later in a segment does not count. */
        static const int64_t later_us = 77000000;
        const int64_t *off = &off_us[i / 8 % 4];
        bool is_first = i < 8 ? i == 5 : i % 8 == 0;
        bool is_silent = i < 5 || i >= 32;
        record_one(&garden, recording, i,
                   is_silent  ? NULL
                   : is_first ? off
                              : &later_us);
    }
    assert_true(!recording_close(recording, garden.now, NULL));
    recording_free(&recording);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    clocks_read(&garden, clocks, sizeof clocks);
    assert_string_equal(clocks, "-15000 -15001 0 86400000 - ");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, 1);
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_INTACT);
    garden_remove(&garden);
}

static void fragments_of_a_crash_keep_it(void **state)
{
    (void)state;
    static const int64_t off_us = -15000000;
    struct garden garden;
    char clocks[200];
    garden_make(&garden, "/tmp");
    struct ledger *ledger = garden_open(&garden);
    struct recording *recording = garden_camera(&garden, ledger);
    record_one(&garden, recording, 0, NULL);
    record_one(&garden, recording, 1, &off_us);
    recording_free(&recording);
    ledger_free(&ledger);
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    clocks_read(&garden, clocks, sizeof clocks);
    assert_string_equal(clocks, "- -15000 ");
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(segment_says_what_its_first_word_of_the_camera_was),
        cmocka_unit_test(fragments_of_a_crash_keep_it),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
