#include "mark/cell.h"
#include "mark/read_ink.h"
#include "tests/check.h"

#define DPI 72.0 /* pixels are points */

/* A white page with some black boxes. */
static void page_ink(struct plane *plane, const struct ink *box, size_t boxes)
{
    assert_int_equal(plane_init(plane, 300, 200), STING_OK);
    for (int y = 0; y < plane->height_px; y++) {
        for (int x = 0; x < plane->width_px; x++) {
            plane_row(plane, y)[x] = 255;
        }
    }
    for (size_t i = 0; i < boxes; i++) {
        for (int y = (int)box[i].y0_pt; y < (int)box[i].y1_pt; y++) {
            for (int x = (int)box[i].x0_pt; x < (int)box[i].x1_pt; x++) {
                plane_row(plane, y)[x] = 0;
            }
        }
    }
}

static void ink_of_no_unit_is_found(void **state)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct inks inks STING_AUTO(inks_release) = {0};
    /* A unit's word; three letters of a word that is none; beside the unit's
     * word something that may be part of it; a speck; a rule. */
    const struct ink box[] = {{20, 20, 60, 32},   {100, 20, 108, 32},
                              {111, 20, 119, 32}, {122, 20, 130, 32},
                              {61, 20, 70, 32},   {200, 20, 203, 23},
                              {2, 100, 298, 102}};
    struct mark_unit unit = {20, 20, 60, 32, 1, 0, 0.2F, 0, 0, MARK_ALONG, 0, 0};
    const struct mark_page page = {300, 200, MARK_PAGE_OK, 1, &unit};
    (void)state;
    page_ink(&plane, box, sizeof box / sizeof *box);
    assert_int_equal(inks_find(&plane, DPI, &page, &inks), STING_OK);
    assert_int_equal(inks.inks, 1);
    assert_true(inks.ink[0].x0_pt == 100 && inks.ink[0].x1_pt == 130 &&
                inks.ink[0].y0_pt == 20 && inks.ink[0].y1_pt == 32);
}

/* Two strokes that meet at the foot alone are one piece. */
static void strokes_that_meet_are_one(void **state)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct inks inks STING_AUTO(inks_release) = {0};
    const struct ink box[] = {{100, 20, 108, 40},
                              {130, 20, 138, 40},
                              {160, 20, 168, 40},
                              {100, 38, 168, 42}};
    const struct mark_page page = {300, 200, MARK_PAGE_OK, 0, NULL};
    (void)state;
    page_ink(&plane, box, sizeof box / sizeof *box);
    assert_int_equal(inks_find(&plane, DPI, &page, &inks), STING_OK);
    assert_int_equal(inks.inks, 1);
    assert_true(inks.ink[0].x0_pt == 100 && inks.ink[0].x1_pt == 168);
}

static void where_everything_may_move_no_ink_is_loose(void **state)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct inks inks STING_AUTO(inks_release) = {0};
    const struct ink box = {100, 20, 130, 32};
    struct mark_unit cell = {20, 20, 60, 32, 1, 0, 0.2F, 0, 0, MARK_CELL_X, 0, 0};
    const struct mark_page page = {300, 200, MARK_PAGE_OK, 1, &cell};
    (void)state;
    page_ink(&plane, &box, 1);
    assert_int_equal(inks_find(&plane, DPI, &page, &inks), STING_OK);
    assert_int_equal(inks.inks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ink_of_no_unit_is_found),
        cmocka_unit_test(strokes_that_meet_are_one),
        cmocka_unit_test(where_everything_may_move_no_ink_is_loose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
