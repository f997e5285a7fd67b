#include "operation/footage.h"

#include <string.h>

#include "ledger/store.h"
#include "operation/incident_list.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

#define SECOND_US INT64_C(1000000)

/* 40 s of one camera: five segments of 8 s, then a second stream of 16 s. */
struct recorded {
    struct garden garden;
    int64_t start_us;
};

static void record(struct recorded *out)
{
    out->start_us = garden_two_streams(&out->garden);
}

static enum sting_status opened(struct recorded *recorded, int64_t from_s,
                                int64_t to_s, struct footage *out,
                                struct fault *fault)
{
    struct footage_stretch stretch = {"garage",
                                      recorded->start_us + from_s * SECOND_US,
                                      recorded->start_us + to_s * SECOND_US, 0};
    return footage_open(recorded->garden.dir, &recorded->garden.identity[1],
                        &stretch, out, fault);
}

static void a_stretch_is_held_by_the_segments_around_it(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    struct buffer expected = {0};
    record(&recorded);
    assert_int_equal(opened(&recorded, 10, 20, &footage, NULL), STING_OK);
    assert_int_equal(footage.segments, 2); /* 8 to 16 and 16 to 24 */
    assert_int_equal(footage_start_us(&footage),
                     recorded.start_us + 8 * SECOND_US);
    assert_int_equal(footage_end_us(&footage),
                     recorded.start_us + 24 * SECOND_US);
    assert_int_equal(footage.fragments.size, 16 * 1000);
    garden_fragment(8, 1000, &expected);
    assert_memory_equal(footage.fragments.data, expected.data, 1000);
    garden_fragment(23, 1000, &expected);
    assert_memory_equal(footage.fragments.data + (size_t)15 * 1000,
                        expected.data, 1000);
    assert_true(footage.init.size > 0);
    buffer_release(&expected);
    footage_release(&footage);
    garden_remove(&recorded.garden);
}

static void a_moment_has_its_place_on_the_recordings_time_line(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    record(&recorded);
    assert_int_equal(opened(&recorded, 10, 20, &footage, NULL), STING_OK);
    int64_t pts_us = 0;
    int64_t at_us = recorded.start_us + 17 * SECOND_US + 250000;
    assert_int_equal(footage_pts(&footage, at_us, &pts_us), STING_OK);
    assert_int_equal(pts_us, 17250000);
    assert_int_equal(footage_utc_us(&footage, pts_us), at_us);
    assert_int_equal(footage_pts(&footage, recorded.start_us, &pts_us),
                     STING_E_ABSENT);
    assert_int_equal(footage_pts_nearest(&footage, recorded.start_us),
                     8 * SECOND_US);
    footage_release(&footage);
    garden_remove(&recorded.garden);
}

/* 16 s, nothing for 10 s, and 16 s more of the same stream. */
static void hole_record(struct recorded *recorded)
{
    struct garden *garden = &recorded->garden;
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    struct recording *recording = garden_camera(garden, ledger);
    recorded->start_us = garden->now.utc_us;
    assert_int_equal(garden_record(garden, recording, 0, 16, 1000), 0);
    garden_wait(garden, 10 * SECOND_US);
    assert_int_equal(garden_record(garden, recording, 26, 16, 1000), 0);
    assert_int_equal(recording_close(recording, garden->now, NULL), 0);
    recording_free(&recording);
    assert_int_equal(ledger_close(&ledger, garden->now, "done", NULL), 0);
}

static void in_a_hole_and_behind_the_end_there_is_no_picture(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    hole_record(&recorded);
    assert_int_equal(opened(&recorded, 4, 60, &footage, NULL), STING_OK);
    const struct {
        int64_t at_s;
        enum sting_status status;
    } asked[] = {{15, STING_OK}, {16, STING_E_ABSENT}, {25, STING_E_ABSENT},
                 {26, STING_OK}, {41, STING_OK},       {42, STING_E_ABSENT}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        int64_t pts_us = -1;
        int64_t at_us = recorded.start_us + asked[i].at_s * SECOND_US;
        assert_int_equal(footage_pts(&footage, at_us, &pts_us),
                         asked[i].status);
        assert_int_equal(pts_us,
                         asked[i].status ? -1 : asked[i].at_s * SECOND_US);
    }
    assert_int_equal(footage_utc_us(&footage, 26 * SECOND_US),
                     recorded.start_us + 26 * SECOND_US);
    assert_int_equal(footage.goes_on_us, 0);
    footage_release(&footage);
    garden_remove(&recorded.garden);
}

static void another_stream_is_not_joined_to_the_first(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    record(&recorded);
    assert_int_equal(opened(&recorded, 30, 60, &footage, NULL), STING_OK);
    assert_int_equal(footage_end_us(&footage),
                     recorded.start_us + 40 * SECOND_US);
    assert_int_equal(footage.goes_on_us, recorded.start_us + 40 * SECOND_US);
    int64_t pts_us = 0;
    assert_int_equal(footage_pts(&footage, footage.goes_on_us, &pts_us),
                     STING_E_ABSENT);
    struct footage_stretch rest = {"garage", recorded.start_us + 30 * SECOND_US,
                                   recorded.start_us + 60 * SECOND_US,
                                   footage.goes_on_line};
    footage_release(&footage);
    assert_int_equal(footage_open(recorded.garden.dir,
                                  &recorded.garden.identity[1], &rest, &footage,
                                  NULL),
                     STING_OK);
    assert_int_equal(footage_start_us(&footage),
                     recorded.start_us + 40 * SECOND_US);
    assert_int_equal(footage_end_us(&footage),
                     recorded.start_us + 56 * SECOND_US);
    assert_int_equal(footage.goes_on_line, 0);
    footage_release(&footage);
    assert_int_equal(opened(&recorded, 45, 60, &footage, NULL), STING_OK);
    assert_true(footage_start_us(&footage) >=
                recorded.start_us + 40 * SECOND_US);
    assert_int_equal(footage.goes_on_us, 0);
    footage_release(&footage);
    garden_remove(&recorded.garden);
}

static void what_was_not_recorded_is_absent(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    struct fault fault = {0};
    record(&recorded);
    assert_int_equal(opened(&recorded, -20, -10, &footage, &fault),
                     STING_E_ABSENT);
    assert_non_null(strstr(fault.why, "garage"));
    assert_int_equal(opened(&recorded, 100, 110, &footage, &fault),
                     STING_E_ABSENT);
    garden_remove(&recorded.garden);
}

static void another_identity_opens_nothing(void **state)
{
    (void)state;
    struct recorded recorded;
    struct footage footage;
    struct secret other = {{7}};
    record(&recorded);
    struct footage_stretch stretch = {"garage", recorded.start_us,
                                      recorded.start_us + SECOND_US, 0};
    assert_int_not_equal(
        footage_open(recorded.garden.dir, &other, &stretch, &footage, NULL),
        STING_OK);
    garden_remove(&recorded.garden);
}

static void incident(struct garden *garden, struct ledger *ledger,
                     const char *state, const char *kind, const char *tier)
{
    const struct line_field field[] = {
        {"n", "1"},
        {"state", state},
        {"camera", "garage"},
        {"zone", "table"},
        {"kind", kind},
        {"tier", tier},
        {"start", "2011-11-01T20:04:41.250000Z"}};
    garden_wait(garden, SECOND_US);
    assert_int_equal(ledger_append(ledger, garden->now, "incident", field,
                                   sizeof field / sizeof *field, NULL, NULL),
                     0);
}

static void an_incident_is_what_its_lines_say_last(void **state)
{
    (void)state;
    struct garden garden;
    struct incident_list list;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    incident(&garden, ledger, "opened", "person", "presence");
    incident(&garden, ledger, "raised", "page", "touch");
    int64_t raised_us = garden.now.utc_us;
    incident(&garden, ledger, "closed", "page", "touch");
    assert_int_equal(incident_list_read(garden.dir, &list, NULL), STING_OK);
    assert_int_equal(list.count, 1);
    const struct incident_entry *entry = incident_list_find(&list, 1);
    assert_string_equal(entry->camera, "garage");
    assert_string_equal(entry->kind, "page");
    assert_string_equal(entry->tier, "touch");
    assert_int_equal(entry->raised_us, raised_us);
    assert_int_equal(entry->end_us, garden.now.utc_us);
    assert_null(incident_list_find(&list, 2));
    incident_list_release(&list);
    ledger_free(&ledger);
    garden_remove(&garden);
}

/* A session that begins cuts it off, unless its end is told after all. */
static void an_incident_that_was_cut_off_ends_by_its_own_line(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    incident(&garden, ledger, "opened", "person", "presence");
    ledger_free(&ledger);
    ledger = garden_open(&garden);
    struct incident_list cut STING_AUTO(incident_list_release) = {0};
    assert_int_equal(incident_list_read(garden.dir, &cut, NULL), STING_OK);
    assert_true(incident_list_find(&cut, 1)->is_cut);
    incident(&garden, ledger, "closed", "person", "presence");
    struct incident_list told STING_AUTO(incident_list_release) = {0};
    assert_int_equal(incident_list_read(garden.dir, &told, NULL), STING_OK);
    assert_false(incident_list_find(&told, 1)->is_cut);
    assert_int_equal(incident_list_find(&told, 1)->end_us, garden.now.utc_us);
    ledger_free(&ledger);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_stretch_is_held_by_the_segments_around_it),
        cmocka_unit_test(a_moment_has_its_place_on_the_recordings_time_line),
        cmocka_unit_test(in_a_hole_and_behind_the_end_there_is_no_picture),
        cmocka_unit_test(another_stream_is_not_joined_to_the_first),
        cmocka_unit_test(what_was_not_recorded_is_absent),
        cmocka_unit_test(another_identity_opens_nothing),
        cmocka_unit_test(an_incident_is_what_its_lines_say_last),
        cmocka_unit_test(an_incident_that_was_cut_off_ends_by_its_own_line),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
