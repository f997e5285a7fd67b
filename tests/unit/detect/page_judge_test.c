#include <math.h>

#include "detect/page_judge.h"
#include "detect/page_pose.h"
#include "tests/check.h"

#define SECOND INT64_C(1000000)

/* A sheet found whole where it lay, the table around it in full view. */
static struct page_sight sight(float here)
{
    return (struct page_sight){
        .seen = {.here = here, .bright_in = 1, .ring = 1, .ring_unsure = 1},
        .relit = 1,
        .calm_us = 5 * SECOND,
        .has_sheet = true,
        .is_whole = true,
        .solid = 1,
        .size = 1,
        .still_us = 5 * SECOND};
}

static struct page_sight bare(void)
{
    struct page_sight s = sight(0);
    s.has_sheet = false;
    s.seen.bright_in = 0;
    s.seen.exposed = 1;
    s.bare_us = 2 * SECOND;
    return s;
}

static void sheet_that_trembles_is_lifted_not_moved(void **state)
{
    (void)state;
    struct page_sight s = sight(0.1F);
    assert_int_equal(page_judge(&s), PAGE_MOVED);
    s.still_us = 0;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

static void sheet_that_is_tilted_is_lifted_not_moved(void **state)
{
    (void)state;
    struct page_sight s = sight(0.1F);
    s.unlike = 0.1F;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

static void hand_on_sheet_that_lies_elsewhere_holds_it(void **state)
{
    (void)state;
    struct page_sight s = sight(0.1F);
    s.seen.bright_in = 0.6F;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

static void bare_table_is_gone_only_after_a_while(void **state)
{
    (void)state;
    struct page_sight s = bare();
    assert_true(page_judge_bare(&s));
    assert_int_equal(page_judge(&s), PAGE_GONE);
    s.bare_us = SECOND / 2;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

static void darker_with_the_page_out_of_sight_is_somebody_before_it(
    void **state)
{
    (void)state;
    struct page_sight s = bare();
    s.relit = 0.5F;
    assert_false(page_judge_bare(&s));
    s.bare_us = 0;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
}

static void table_without_its_grain_is_somebody_before_it(void **state)
{
    (void)state;
    struct page_sight s = bare();
    s.seen.ring_unsure = 0.05F;
    s.seen.ring_print = 0.9F;
    assert_true(page_judge_bare(&s));
    s.seen.ring_print = 0.1F;
    assert_false(page_judge_bare(&s));
    s.bare_us = 0;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
}

/* One look says nothing of a weak structure, many do; with the sheet in sight
 * elsewhere it is no matter, nor when it was seen to go. */
static void table_whose_structure_went_in_many_looks_is_somebody_before_it(
    void **state)
{
    (void)state;
    struct page_sight s = bare();
    assert_true(page_judge_bare(&s));
    s.is_ring_gone = true;
    assert_false(page_judge_bare(&s));
    s.bare_us = 0;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.was_away = true;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
    s = sight(0.1F);
    s.is_ring_gone = true;
    assert_int_equal(page_judge(&s), PAGE_MOVED);
}

static void page_mostly_in_place_is_covered(void **state)
{
    (void)state;
    struct page_sight s = sight(0.7F);
    s.seen.bright_in = 0.7F;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.here = 0.9F;
    s.seen.print_here = 1;
    assert_int_equal(page_judge(&s), PAGE_IN_VIEW);
}

static void paper_without_its_print_and_brightness_is_under_a_hand(void **state)
{
    (void)state;
    struct page_sight s = sight(0.95F);
    s.seen.bright_in = 0.8F;
    s.seen.print_here = 0.9F;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.print_here = 0.97F; /* its shadow alone */
    assert_int_equal(page_judge(&s), PAGE_IN_VIEW);
}

static void page_laid_on_top_leaves_edges_and_no_print(void **state)
{
    (void)state;
    struct page_sight s = sight(0.2F);
    s.seen.edge_here = 0.6F;
    s.unlike = 0.06F;
    assert_int_equal(page_judge(&s), PAGE_MOVED);
    s.seen.edge_here = 0.1F;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

/* A4 seen from straight above at 25 dots an inch, pushed and turned, and `by`
 * times as large. */
static struct page_sheet laid(double turn, double x, double y, double by)
{
    static const double corner[4][2] = {
        {-103, -146}, {103, -146}, {103, 146}, {-103, 146}};
    struct page_sheet sheet = {.area_px = 206 * 292 * by * by};
    for (int i = 0; i < 4; i++) {
        double u = corner[i][0] * by, v = corner[i][1] * by;
        sheet.corner[i] = (struct point){x + u * cos(turn) - v * sin(turn),
                                         y + u * sin(turn) + v * cos(turn)};
    }
    return sheet;
}

static void pushed_sheet_is_like_the_known_and_a_nearer_one_is_not(void **state)
{
    (void)state;
    struct page_sheet known = laid(0, 200, 200, 1);
    struct page_sheet pushed = laid(0.4, 230, 190, 1);
    struct page_sheet across = laid(1.5708, 210, 200, 1);
    struct page_sheet held = laid(0.4, 230, 190, 1.08);
    assert_true(page_pose_unlike(&known, &pushed) < 0.005);
    assert_true(page_pose_unlike(&known, &across) < 0.005);
    assert_true(page_pose_unlike(&known, &held) > 0.07);
}

static void stillness_ends_with_a_step_of_some_pixels(void **state)
{
    (void)state;
    struct page_still still = {0};
    struct page_sheet sheet = laid(0, 200, 200, 1), near = laid(0, 201, 200, 1);
    struct page_sheet far = laid(0, 204, 200, 1);
    assert_int_equal(page_still_follow(&still, &sheet, 0), 0);
    assert_int_equal(page_still_follow(&still, &near, SECOND), SECOND);
    assert_int_equal(page_still_follow(&still, &far, 2 * SECOND), 0);
}

static void rest_takes(struct page_rest *rest, bool is_calm,
                       const struct page_sheet *found,
                       const struct page_sheet *holds)
{
    struct page_sheet now = *found;
    page_rest_follow(rest, is_calm, &now);
    assert_true(page_pose_moved(&now, holds) < 1e-9);
}

/* A sheet beside a cup seems now so, now so; it is the same all the while. */
static void the_clearest_sheet_holds_until_something_stirs(void **state)
{
    (void)state;
    struct page_rest rest = {0};
    struct page_sheet clear = laid(0, 200, 200, 1), blurred = clear;
    struct page_sheet other = laid(0, 350, 200, 1);
    clear.solid = 0.99F;
    blurred.solid = other.solid = 0.94F;
    blurred.corner[2].x += 10;
    rest_takes(&rest, true, &blurred, &blurred);
    rest_takes(&rest, true, &clear, &clear);
    rest_takes(&rest, true, &blurred, &clear);
    rest_takes(&rest, false, &blurred, &blurred);
    rest_takes(&rest, true, &clear, &clear);
    rest_takes(&rest, true, &other, &other);
}

/* Its rim alone looks as a table that has no grain does. */
static void plain_table_seen_by_its_rim_is_somebody_before_it(void **state)
{
    (void)state;
    struct page_sight s = bare();
    s.bare_us = 0;
    s.seen.ring = 0.89F;
    assert_false(page_judge_bare(&s));
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.ring = 0.98F;
    s.seen.edge_here = 0.22F; /* of the page that lies there */
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.edge_here = 0;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
    s.seen.ring = 0.89F;
    s.was_away = true; /* the paper was seen to go */
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
    s.was_away = false;
    s.seen.ring_print = 1;             /* its own grain is seen, .. */
    assert_false(page_judge_bare(&s)); /* .. or noise */
    s.seen.ring_unsure = 0.3F;
    assert_true(page_judge_bare(&s));
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
}

/* Cloth may be nearly as bright as the table, and be held still for a while. */
static void plain_table_of_another_shade_is_gone_only_after_long(void **state)
{
    (void)state;
    struct page_sight s = bare();
    s.seen.ring = 0.93F;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.ring = 1;
    assert_int_equal(page_judge(&s), PAGE_GONE);
    s.relit = 1.08F;
    assert_true(page_judge_bare(&s));
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.is_gone = true;
    assert_int_equal(page_judge(&s), PAGE_GONE);
    s.is_gone = false;
    s.bare_us = 8 * SECOND;
    assert_int_equal(page_judge(&s), PAGE_GONE);
}

/* Of a page that lies a hand leaves a piece, and what of it is in place. */
static void paper_on_its_way_is_seen_to_go(void **state)
{
    (void)state;
    struct page_sight s = sight(0.03F);
    s.unlike = 0.3F;
    assert_true(page_judge_away(&s));
    s.seen.here = 0.2F;
    assert_true(page_judge_away(&s));
    s.seen.here = 0.3F;
    assert_false(page_judge_away(&s));
    s.seen.here = 0.03F;
    s.size = 0.2F;
    assert_false(page_judge_away(&s));
    s.unlike = 0.6F;
    assert_true(page_judge_away(&s));
    s.seen.edge_here = 0.15F;
    assert_false(page_judge_away(&s));
    s.seen.edge_here = 0;
    s.relit = 0.5F;
    assert_false(page_judge_away(&s));
}

/* Held by a hand that hides most of it: no straight sheet is left. */
static void paper_beside_its_place_is_seen_to_go(void **state)
{
    (void)state;
    struct page_sight s = sight(0);
    s.size = 0.13F;
    s.solid = 0.75F;
    s.is_whole = false;
    s.seen.bright_out = 0.08F;
    assert_true(page_judge_away(&s));
    s.seen.edge_here = 0.05F;
    assert_false(page_judge_away(&s));
    s.seen.edge_here = 0;
    s.seen.bright_out = 0.02F;
    assert_false(page_judge_away(&s));
    s.seen.bright_out = 0.08F;
    s.size = 0.06F; /* a cuff */
    assert_false(page_judge_away(&s));
}

/* Cut off by the zone, and coding left nothing of the table's grain. */
static void paper_where_none_was_and_no_border_in_place_is_lifted(void **state)
{
    (void)state;
    struct page_sight s = sight(0.02F);
    s.is_whole = false;
    s.size = 0.85F;
    s.seen.ring = 0.88F;
    s.seen.ring_unsure = 0.06F;
    s.seen.bright_in = 0.7F;
    s.seen.bright_out = 0.1F;
    assert_int_equal(page_judge(&s), PAGE_LIFTED);
    s.seen.bright_out = 0.02F; /* something of its colour lies on it */
    assert_int_equal(page_judge(&s), PAGE_COVERED);
    s.seen.bright_out = 0.1F;
    s.seen.edge_here = 0.2F;
    assert_int_equal(page_judge(&s), PAGE_COVERED);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sheet_that_trembles_is_lifted_not_moved),
        cmocka_unit_test(sheet_that_is_tilted_is_lifted_not_moved),
        cmocka_unit_test(hand_on_sheet_that_lies_elsewhere_holds_it),
        cmocka_unit_test(bare_table_is_gone_only_after_a_while),
        cmocka_unit_test(
            darker_with_the_page_out_of_sight_is_somebody_before_it),
        cmocka_unit_test(table_without_its_grain_is_somebody_before_it),
        cmocka_unit_test(
            table_whose_structure_went_in_many_looks_is_somebody_before_it),
        cmocka_unit_test(plain_table_seen_by_its_rim_is_somebody_before_it),
        cmocka_unit_test(plain_table_of_another_shade_is_gone_only_after_long),
        cmocka_unit_test(paper_on_its_way_is_seen_to_go),
        cmocka_unit_test(paper_beside_its_place_is_seen_to_go),
        cmocka_unit_test(paper_where_none_was_and_no_border_in_place_is_lifted),
        cmocka_unit_test(page_mostly_in_place_is_covered),
        cmocka_unit_test(
            paper_without_its_print_and_brightness_is_under_a_hand),
        cmocka_unit_test(page_laid_on_top_leaves_edges_and_no_print),
        cmocka_unit_test(
            pushed_sheet_is_like_the_known_and_a_nearer_one_is_not),
        cmocka_unit_test(the_clearest_sheet_holds_until_something_stirs),
        cmocka_unit_test(stillness_ends_with_a_step_of_some_pixels),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
