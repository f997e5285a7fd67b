/* A recorder dies while one camera's pictures are far behind another's. */
#include <stdio.h>
#include <string.h>

#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/forge.h"
#include "tests/unit/ledger/judge.h"

#define SECOND INT64_C(1000000)

static struct garden garden;
static struct forge forge;

static struct recording *camera(struct ledger *ledger, const char *name)
{
    struct recording *recording = NULL;
    assert_true(!recording_new(ledger, name, &recording, NULL));
    assert_true(!garden_init(&garden, recording));
    return recording;
}

/* Garage gives 20 s, then only yard does, for 40 s more. */
static struct ledger *record_both(struct recording *recording[2])
{
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording[0] = camera(ledger, "garage");
    assert_true(!garden_record(&garden, recording[0], 0, 20, 300));
    recording[1] = camera(ledger, "yard");
    assert_true(!garden_record(&garden, recording[1], 100, 40, 300));
    return ledger;
}

/* The gap of that cause and camera ("" for none); NULL when there is none. */
static const struct verify_gap *gap_of(const struct verify_report *report,
                                       const char *cause, const char *name)
{
    for (size_t i = 0; i < report->said.gaps; i++) {
        if (!strcmp(report->gap[i].cause, cause) &&
            !strcmp(report->gap[i].camera, name)) {
            return &report->gap[i];
        }
    }
    return NULL;
}

static void each_camera_is_missed_from_its_own_end_on(void **state)
{
    (void)state;
    struct recording *recording[2];
    struct ledger *ledger = record_both(recording);
    int64_t until_us[2];
    for (int i = 0; i < 2; i++) {
        until_us[i] = recording_until_us(recording[i]);
        recording_free(&recording[i]);
    }
    ledger_free(&ledger); /* as a crash would */
    garden_wait(&garden, 600 * SECOND);
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, 2);
    const struct verify_gap *garage = gap_of(&report, "crash", "garage");
    const struct verify_gap *yard = gap_of(&report, "crash", "yard");
    assert_non_null(garage);
    assert_non_null(yard);
    assert_int_equal(garage->from_us, until_us[0]);
    assert_int_equal(yard->from_us, until_us[1]);
    assert_int_equal(yard->from_us - garage->from_us, 40 * SECOND);
    assert_true(garage->to_us == yard->to_us &&
                garage->to_us >= yard->from_us + 600 * SECOND);
    garden_remove(&garden);
}

static void a_camera_that_was_off_or_at_rest_is_not_missed_before(void **state)
{
    (void)state;
    struct recording *recording[2];
    struct ledger *ledger = record_both(recording);
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    const struct line_field off[] = {{"camera", "garage"}, {"state", "off"}};
    const struct line_field rest[] = {
        {"camera", "yard"},
        {"from", line_time_text(recording_until_us(recording[1]), from)},
        {"to", line_time_text(garden.now.utc_us + 300 * SECOND, to)}};
    for (int i = 0; i < 2; i++) {
        assert_true(!recording_close(recording[i], garden.now, NULL));
        recording_free(&recording[i]);
    }
    assert_true(
        !ledger_append(ledger, garden.now, "camera", off, 2, NULL, NULL));
    int64_t rested_us = garden.now.utc_us + 300 * SECOND;
    garden_wait(&garden, 300 * SECOND);
    assert_true(
        !ledger_append(ledger, garden.now, "rest", rest, 3, NULL, NULL));
    assert_true(!ledger_checkpoint(ledger, garden.now, NULL));
    ledger_free(&ledger);
    garden_wait(&garden, 600 * SECOND);
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.said.gaps, 1);
    const struct verify_gap *yard = gap_of(&report, "crash", "yard");
    assert_non_null(yard);
    assert_int_equal(yard->from_us, rested_us);
    garden_remove(&garden);
}

static void a_session_without_cameras_is_told_once_for_all(void **state)
{
    (void)state;
    garden_closed(&garden, 20, 300);
    for (int i = 0; i < 2; i++) {
        struct ledger *ledger = garden_open(&garden);
        garden_wait(&garden, 60 * SECOND);
        ledger_free(&ledger); /* as a crash would */
    }
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.said.gaps, 1);
    assert_non_null(gap_of(&report, "crash", ""));
    garden_remove(&garden);
}

/* ---- what others wrote, or older versions ---- */

/* Both recorded and sealed in a session whose end is another one's beginning:
 * from there on, a crash is to be told. Gives where. */
static size_t forge_cut(void)
{
    static const struct line_field field[] = {
        {"n", "2"}, {"boot", "0a1b2c3d"}, {"version", "0.1.0"}};
    char boot[LINE_BOOT_SIZE];
    struct recording *recording[2];
    struct ledger *ledger = record_both(recording);
    for (int i = 0; i < 2; i++) {
        assert_true(!recording_close(recording[i], garden.now, NULL));
        recording_free(&recording[i]);
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    forge_take(&garden, &forge);
    size_t at = forge_find(&forge, "stop", 0);
    struct moment when = forge_moment(&forge, at, boot);
    forge_insert(&forge, at, boot, when, "session", field, 3);
    return at + 1;
}

/* A crash from `before_us` before the end of yard's pictures. */
static void forge_gap(size_t at, const char *name, int64_t before_us)
{
    char boot[LINE_BOOT_SIZE];
    char from[LINE_TIME_SIZE];
    char to[LINE_TIME_SIZE];
    struct moment when = forge_moment(&forge, at, boot);
    const struct line_field field[] = {
        {"cause", "crash"},
        {"camera", name},
        {"from", line_time_text(when.utc_us - before_us, from)},
        {"to", line_time_text(when.utc_us, to)}};
    forge_insert(&forge, at, boot, when, "gap", field, 4);
}

/* The verdict is the same; so many gaps; is one of them garage's own? */
static void expect(size_t gaps, bool lacks_garage)
{
    forge_write(&garden, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, gaps);
    const struct verify_gap *found = gap_of(&report, "unexplained", "garage");
    assert_true((found != NULL) == lacks_garage);
    assert_true(!found || found->to_us - found->from_us >= 39 * SECOND);
    garden_remove(&garden);
}

static void a_crash_told_for_all_hides_no_camera_that_ended_before(void **state)
{
    (void)state;
    forge_gap(forge_cut(), NULL, 0);
    expect(2, true);
    forge_gap(forge_cut(), NULL, 40 * SECOND);
    expect(1, false);
}

static void a_crash_told_of_one_camera_explains_no_other(void **state)
{
    (void)state;
    forge_gap(forge_cut(), "yard", 0);
    expect(2, true);
    size_t at = forge_cut();
    forge_gap(at, "yard", 0);
    forge_gap(at + 1, "garage", 40 * SECOND);
    expect(2, false);
}

static void a_crash_told_too_late_leaves_the_stretch_before_unexplained(
    void **state)
{
    (void)state;
    size_t at = forge_cut();
    forge_gap(at, "yard", 0);
    forge_gap(at + 1, "garage", 0);
    expect(3, true);
}

static void an_end_that_nobody_tells_is_unexplained_for_every_camera(
    void **state)
{
    (void)state;
    (void)forge_cut(); /* what ends the next one tells nothing of this one */
    expect(2, true);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(each_camera_is_missed_from_its_own_end_on),
        cmocka_unit_test(a_camera_that_was_off_or_at_rest_is_not_missed_before),
        cmocka_unit_test(a_session_without_cameras_is_told_once_for_all),
        cmocka_unit_test(
            a_crash_told_for_all_hides_no_camera_that_ended_before),
        cmocka_unit_test(a_crash_told_of_one_camera_explains_no_other),
        cmocka_unit_test(
            a_crash_told_too_late_leaves_the_stretch_before_unexplained),
        cmocka_unit_test(
            an_end_that_nobody_tells_is_unexplained_for_every_camera),
    };
    return cmocka_run_group_tests_name("lag", test, NULL, NULL);
}
