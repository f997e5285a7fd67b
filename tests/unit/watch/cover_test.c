#include "watch/cover.h"

#include "tests/check.h"

/* The middle of the picture, and a corner. */
static const struct masks drawn = {
    .count = 2,
    .mask = {{4, {{0.25F, 0.5F}, {0.5F, 0.5F}, {0.5F, 0.75F}, {0.25F, 0.75F}}},
             {3, {{0.9F, 0}, {1, 0}, {1, 0.2F}}}},
    .width_px = 1920,
    .height_px = 1080};

static void in_a_smaller_picture_masks_lie_where_they_did(void **state)
{
    (void)state;
    struct plane cover STING_AUTO(plane_release) = {0};
    assert_int_equal(cover_off_px(640, 360, &drawn), 0);
    assert_int_equal(cover_of(&drawn, 640, 360, 0, &cover), 0);
    for (int y = 180; y < 270; y++) {
        for (int x = 160; x < 320; x++) {
            assert_int_equal(plane_row(&cover, y)[x], 255);
        }
    }
    assert_int_equal(plane_row(&cover, 0)[639], 255);
    assert_int_equal(plane_row(&cover, 177)[200], 0);
    assert_int_equal(plane_row(&cover, 273)[200], 0);
    assert_int_equal(plane_row(&cover, 200)[156], 0);
    assert_int_equal(plane_row(&cover, 200)[324], 0);
    assert_int_equal(plane_row(&cover, 350)[600], 0);
}

/* 640 x 352 is 640 x 360 without some of its rows: nobody knows which. */
static void where_the_shape_is_off_masks_grow_by_as_much(void **state)
{
    (void)state;
    struct plane cover STING_AUTO(plane_release) = {0};
    int off_px = cover_off_px(640, 352, &drawn);
    assert_int_equal(off_px, 15);
    assert_int_equal(cover_of(&drawn, 640, 352, off_px, &cover), 0);
    assert_int_equal(plane_row(&cover, 176 - 15)[200], 255);
    assert_int_equal(plane_row(&cover, 264 + 15)[200], 255);
    assert_int_equal(plane_row(&cover, 200)[160 - 15], 255);
    assert_int_equal(plane_row(&cover, 200)[320 + 15], 255);
    assert_int_equal(plane_row(&cover, 176 - 20)[200], 0);
    assert_int_equal(plane_row(&cover, 200)[320 + 20], 0);
}

static void in_another_shape_all_is_covered(void **state)
{
    (void)state;
    struct plane cover STING_AUTO(plane_release) = {0};
    assert_int_equal(cover_off_px(640, 480, &drawn), COVER_UNKNOWN);
    assert_int_equal(cover_off_px(704, 576, &drawn), COVER_UNKNOWN);
    assert_int_equal(cover_off_px(360, 640, &drawn), COVER_UNKNOWN);
    assert_int_equal(cover_of(&drawn, 640, 480, COVER_UNKNOWN, &cover), 0);
    for (int y = 0; y < 480; y++) {
        for (int x = 0; x < 640; x++) {
            assert_int_equal(plane_row(&cover, y)[x], 255);
        }
    }
}

static void masks_of_any_picture_fit_each(void **state)
{
    (void)state;
    const struct masks any = {.count = 1};
    assert_int_equal(cover_off_px(640, 480, &any), 0);
    assert_int_equal(cover_off_px(1, 65535, &any), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_smaller_picture_masks_lie_where_they_did),
        cmocka_unit_test(where_the_shape_is_off_masks_grow_by_as_much),
        cmocka_unit_test(in_another_shape_all_is_covered),
        cmocka_unit_test(masks_of_any_picture_fit_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
