#include "detect/page_sheet.h"

#include <math.h>

#include "tests/check.h"

#define WIDTH 400
#define HEIGHT 420
#define PAPER 90
#define TABLE 50

static const struct sheet_light light = {PAPER, TABLE, 0, 0};

/* A sheet of 200 x 280 pixels, a little askew, its first corner at (x, y), and
 * a cup as white: a disc around (cup_x, cup_y), radius 0 for none. */
static struct point corner_of(int i, double x, double y)
{
    double u = i == 1 || i == 2 ? 200 : 0, v = i >= 2 ? 280 : 0;
    return (struct point){x + 0.98 * u - 0.17 * v, y + 0.17 * u + 0.98 * v};
}

static void draw(struct plane_f *flat, double x, double y, double cup_x,
                 double cup_y, double radius)
{
    for (int j = 0; j < HEIGHT; j++) {
        for (int i = 0; i < WIDTH; i++) {
            double a = i + 0.5 - x, b = j + 0.5 - y;
            double u = 0.98 * a + 0.17 * b, v = 0.98 * b - 0.17 * a;
            bool sheet = u > 0 && v > 0 && u < 198 && v < 277;
            bool cup = hypot(i + 0.5 - cup_x, j + 0.5 - cup_y) < radius;
            plane_f_row(flat, j)[i] =
                SHEET_BLACK + (float)(sheet || cup ? PAPER : TABLE);
        }
    }
}

static double furthest(const struct page_sheet *sheet, double x, double y)
{
    double most = 0;
    for (int i = 0; i < 4; i++) {
        struct point is = corner_of(i, x, y);
        most = fmax(
            most, hypot(sheet->corner[i].x - is.x, sheet->corner[i].y - is.y));
    }
    return most;
}

struct bench {
    struct plane_f flat;
    struct sheet_work work;
};

static void bench_begin(struct bench *bench)
{
    assert_int_equal(plane_f_init(&bench->flat, WIDTH, HEIGHT), 0);
    assert_int_equal(sheet_work_init(&bench->work, WIDTH, HEIGHT), 0);
}

static void bench_end(struct bench *bench)
{
    plane_f_release(&bench->flat);
    sheet_work_release(&bench->work);
}

static void a_sheet_alone_is_found_either_way(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    draw(&b.flat, 100, 40, 0, 0, 0);
    for (int neck_px = 0; neck_px <= 25; neck_px += 5) {
        struct page_sheet sheet;
        assert_true(
            page_sheet_find(&b.work, &b.flat, &light, 1, neck_px, &sheet));
        assert_true(sheet.is_whole && sheet.solid > 0.97F);
        assert_true(furthest(&sheet, 100, 40) < 4);
    }
    bench_end(&b);
}

/* At the third corner: over it by 8 pixels, and beside it. */
static void a_cup_that_touches_a_sheet_is_parted_from_it(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    for (int way = 30; way <= 40; way += 2) {
        struct page_sheet sheet;
        draw(&b.flat, 100, 40, 250 + 0.6 * way, 345 + 0.8 * way, 38);
        assert_true(page_sheet_find(&b.work, &b.flat, &light, 1, 0, &sheet));
        assert_true(sheet.solid < 0.97F || way > 38);
        assert_true(page_sheet_find(&b.work, &b.flat, &light, 1, 10, &sheet));
        assert_true(sheet.is_apart && sheet.is_whole && sheet.solid > 0.9F);
        assert_true(furthest(&sheet, 100, 40) < 5);
    }
    bench_end(&b);
}

/* The deeper it stands in the corner, the more they share. */
static void a_cup_that_covers_a_corner_is_parted_by_more(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    for (int way = 12; way <= 20; way += 2) {
        struct page_sheet sheet;
        draw(&b.flat, 100, 40, 250 + 0.6 * way, 345 + 0.8 * way, 38);
        assert_true(page_sheet_find(&b.work, &b.flat, &light, 1, 10, &sheet));
        assert_true(furthest(&sheet, 100, 40) > 10);
        assert_true(page_sheet_find(&b.work, &b.flat, &light, 1, 25, &sheet));
        assert_true(sheet.is_whole && sheet.solid > 0.97F);
        assert_true(furthest(&sheet, 100, 40) < 2);
    }
    bench_end(&b);
}

/* What is outside the patch may be more of the sheet. */
static void a_sheet_cut_by_the_border_is_not_whole(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    draw(&b.flat, 230, 40, 0, 0, 0);
    for (int neck_px = 0; neck_px <= 25; neck_px += 5) {
        struct page_sheet sheet = {.is_whole = true};
        if (page_sheet_find(&b.work, &b.flat, &light, 1, neck_px, &sheet)) {
            assert_false(sheet.is_whole);
        }
    }
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_sheet_alone_is_found_either_way),
        cmocka_unit_test(a_cup_that_touches_a_sheet_is_parted_from_it),
        cmocka_unit_test(a_cup_that_covers_a_corner_is_parted_by_more),
        cmocka_unit_test(a_sheet_cut_by_the_border_is_not_whole),
    };
    return cmocka_run_group_tests_name("page_sheet", test, NULL, NULL);
}
