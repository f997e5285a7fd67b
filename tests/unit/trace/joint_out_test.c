/* What several pictures name together is not laid to one that alone speaks for
 * somebody else. Readings are drawn, not photographed. */
#include "trace/joint.h"

#include <stdlib.h>

#include "image/seeded.h"
#include "tests/check.h"

#define PICTURES 3
#define UNITS 200
#define COPIES 9
#define NOBODY 999 /* a code that no copy has */
#define MARK_PT 0.1
#define SHARP_PT 0.1
#define BLURRED_PT 3.0

/* Two documents that look alike, and pictures of their first page. */
struct desk {
    struct shelf shelf[2];
    struct library library;
    struct mark_unit unit[UNITS];
    struct mark_page page;
    uint32_t copy[COPIES];
    struct trace_run run;
};

static void desk_open(struct desk *desk)
{
    *desk = (struct desk){.page = {.units = UNITS}};
    desk->page.unit = desk->unit;
    for (uint32_t i = 0; i < COPIES; i++) {
        desk->copy[i] = i + 1;
    }
    for (size_t i = 0; i < 2; i++) {
        desk->shelf[i] = (struct shelf){.copy = desk->copy, .copies = COPIES};
        desk->shelf[i].bait.page = &desk->page;
        desk->shelf[i].document.byte[0] = (uint8_t)(i + 1);
    }
    desk->library = (struct library){.shelf = desk->shelf, .shelves = 2};
    desk->run.library = &desk->library;
    desk->run.picture = calloc(PICTURES, sizeof *desk->run.picture);
    assert_non_null(desk->run.picture);
}

static void reading_draw(const struct score_request *request, uint32_t copy,
                         double noise_pt, uint64_t seed,
                         struct page_reading *out)
{
    struct seeded seeded = {seed};
    uint8_t bit[UNITS];
    assert_int_equal(score_code(request, copy, UNITS, bit), STING_OK);
    *out = (struct page_reading){.units = UNITS, .seen = UNITS};
    out->unit = calloc(UNITS, sizeof *out->unit);
    assert_non_null(out->unit);
    for (size_t u = 0; u < UNITS; u++) {
        double r =
            (bit[u] ? MARK_PT : -MARK_PT) + noise_pt * seeded_normal(&seeded);
        out->unit[u] = (struct unit_reading){
            .shift_pt = (float)r, .noise_pt = (float)noise_pt, .mark_pt = 0.1F};
        unit_reading_judge(&out->unit[u], 0);
    }
}

/* Read of one spot of the picture: the page of a document, its words as in a
 * copy of another or of the same. */
static void finding_add(struct desk *desk, size_t picture, size_t shelf,
                        const struct page_reading *as)
{
    struct trace_picture *p = desk->run.picture[picture];
    struct trace_finding *finding = &p->finding[p->scored++];
    const struct score_request request = {&desk->shelf[shelf].document, 0,
                                          desk->copy, COPIES};
    *finding = (struct trace_finding){
        .verdict = TRACE_NONE, .shelf = shelf, .run = 1, .reading = *as};
    finding->reading.unit = calloc(UNITS, sizeof *finding->reading.unit);
    assert_non_null(finding->reading.unit);
    for (size_t u = 0; u < UNITS; u++) {
        finding->reading.unit[u] = as->unit[u];
    }
    assert_int_equal(score_page(&request, &finding->reading, &finding->score),
                     STING_OK);
    p->findings = p->scored;
}

/* A picture of a copy of a document; with `alike` read as the other's too. */
static void picture_add(struct desk *desk, size_t shelf, uint32_t copy,
                        double noise_pt, bool alike)
{
    size_t number = desk->run.pictures++;
    const struct score_request request = {&desk->shelf[shelf].document, 0,
                                          desk->copy, COPIES};
    struct page_reading reading;
    desk->run.picture[number] = calloc(1, sizeof **desk->run.picture);
    assert_non_null(desk->run.picture[number]);
    reading_draw(&request, copy, noise_pt, number + 1, &reading);
    finding_add(desk, number, 0, &reading);
    if (alike) {
        finding_add(desk, number, 1, &reading);
    }
    page_reading_release(&reading);
}

/* Copy 1 of the first document is named by the first picture and by all. */
static void names_set(struct desk *desk)
{
    struct trace_finding *first = &desk->run.picture[0]->finding[0];
    assert_int_equal(first->score.copy, 1);
    assert_true(first->score.log10_lr > 8);
    first->names = 1;
    first->name[0].copy = 1;
    first->verdict = TRACE_ATTRIBUTED;
    assert_int_equal(joints_make(&desk->run), STING_OK);
    assert_int_equal(desk->run.joints, 1);
    desk->run.joint[0].finding.names = 1;
    desk->run.joint[0].finding.name[0].copy = 1;
}

struct outcome {
    enum trace_share share;
    size_t joints, silents;
};

/* What becomes of a picture beside one that names copy 1. */
static struct outcome beside(size_t shelf, uint32_t copy, double noise_pt,
                             bool alike)
{
    struct desk desk;
    bool again;
    desk_open(&desk);
    picture_add(&desk, 0, 1, SHARP_PT, false);
    picture_add(&desk, shelf, copy, noise_pt, alike);
    names_set(&desk);
    assert_int_equal(joints_leave_out(&desk.run, &again), STING_OK);
    struct outcome outcome = {desk.run.picture[1]->finding[0].share,
                              desk.run.joints, desk.run.joint[0].silents};
    assert_int_equal(again, outcome.joints == 0);
    assert_int_equal(desk.run.joint[0].is_withdrawn, again);
    assert_int_equal(desk.run.joint[0].left_out, again);
    trace_run_release(&desk.run);
    return outcome;
}

static void a_picture_of_the_same_copy_is_kept(void **state)
{
    struct outcome outcome = beside(0, 1, SHARP_PT, false);
    (void)state;
    assert_int_equal(outcome.share, TRACE_SHARE_PART);
    assert_int_equal(outcome.joints, 1);
    assert_int_equal(outcome.silents, 0);
    outcome = beside(0, 1, SHARP_PT, true); /* another page looks the same */
    assert_int_equal(outcome.share, TRACE_SHARE_PART);
    assert_int_equal(outcome.joints, 1);
}

static void one_that_leads_to_another_copy_is_left_out(void **state)
{
    struct outcome outcome = beside(0, 2, SHARP_PT, false);
    (void)state;
    assert_int_equal(outcome.share, TRACE_SHARE_ELSEWHERE);
    assert_int_equal(outcome.joints, 0);
}

static void one_that_speaks_against_the_copy_is_left_out(void **state)
{
    struct outcome outcome = beside(0, NOBODY, SHARP_PT, false);
    (void)state;
    assert_int_equal(outcome.share, TRACE_SHARE_AGAINST);
    assert_int_equal(outcome.joints, 0);
}

static void one_that_tells_nothing_adds_nothing(void **state)
{
    struct outcome outcome = beside(0, 2, BLURRED_PT, false);
    (void)state;
    assert_int_equal(outcome.share, TRACE_SHARE_PART);
    assert_int_equal(outcome.joints, 1);
    assert_int_equal(outcome.silents, 1);
}

static void nor_is_it_kept_where_another_page_looks_the_same(void **state)
{
    struct outcome outcome = beside(1, 2, BLURRED_PT, true);
    (void)state;
    assert_int_equal(outcome.share, TRACE_SHARE_UNSETTLED);
    assert_int_equal(outcome.joints, 0);
}

static void what_is_left_is_judged_anew_and_every_way_paid(void **state)
{
    struct desk desk;
    bool again;
    (void)state;
    desk_open(&desk);
    picture_add(&desk, 0, 1, SHARP_PT, false);
    picture_add(&desk, 0, 2, SHARP_PT, false);
    picture_add(&desk, 0, 1, SHARP_PT, false);
    names_set(&desk);
    assert_true(desk.run.tried == COPIES);
    assert_int_equal(joints_leave_out(&desk.run, &again), STING_OK);
    assert_true(again);
    assert_int_equal(joints_make(&desk.run), STING_OK);
    assert_int_equal(desk.run.joints, 1);
    assert_int_equal(desk.run.joined, 2);
    const struct trace_joint *joint = &desk.run.joint[0];
    assert_int_equal(joint->pictures, 2);
    assert_int_equal(joint->picture[0] + joint->picture[1], 2);
    assert_int_equal(joint->finding.score.copy, 1);
    assert_true(joint->finding.score.log10_lr >
                desk.run.picture[0]->finding[0].score.log10_lr);
    /* One of three, the first that is left out: 3 * 1 * 2. */
    assert_true(joint_ways(&desk.run, 0, false) == 6);
    assert_true(desk.run.tried == COPIES + 6 * COPIES);
    trace_run_release(&desk.run);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_picture_of_the_same_copy_is_kept),
        cmocka_unit_test(one_that_leads_to_another_copy_is_left_out),
        cmocka_unit_test(one_that_speaks_against_the_copy_is_left_out),
        cmocka_unit_test(one_that_tells_nothing_adds_nothing),
        cmocka_unit_test(nor_is_it_kept_where_another_page_looks_the_same),
        cmocka_unit_test(what_is_left_is_judged_anew_and_every_way_paid),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
