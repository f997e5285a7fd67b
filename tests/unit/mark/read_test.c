#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/refine.h"
#include "image/seeded.h"
#include "mark/read.h"
#include "mark/read_pool.h"
#include "mark/strength.h"
#include "tests/check.h"
#include "tests/unit/image/synthetic.h"

/* A marked page, its photograph, and what reading it gave. */
struct scene {
    struct synthetic page;
    uint8_t *threshold;
    uint8_t *bit;
    struct synthetic_view view;
    double soft_px; /* blur of the lowest third; 0: that of all */
    int cut_px;     /* by which the original is too small */
    struct page_map map;
    struct refine_report report;
    struct page_reading reading;
};

static void scene_release(struct scene *scene)
{
    page_reading_release(&scene->reading);
    page_map_release(&scene->map);
    synthetic_release(&scene->page);
    free(scene->threshold);
    free(scene->bit);
}

/* A code drawn as ours are. */
static void code_draw(const struct scene *scene, uint64_t seed, uint8_t *bit)
{
    struct seeded seeded = {seed};
    for (uint32_t u = 0; u < scene->page.page.units; u++) {
        bit[u] = (seeded_next(&seeded) >> 56) < scene->threshold[u];
    }
}

static void page_draw(struct scene *scene, uint64_t seed)
{
    struct seeded seeded = {seed * 31};
    synthetic_init(&scene->page, seed);
    scene->threshold = calloc(scene->page.page.units, 1);
    scene->bit = calloc(scene->page.page.units, 1);
    assert_true(scene->threshold && scene->bit);
    for (uint32_t u = 0; u < scene->page.page.units; u++) {
        scene->threshold[u] = seeded_next(&seeded) & 1 ? 202 : 54;
    }
    code_draw(scene, seed, scene->bit);
}

/* The lowest third out of focus. */
static void half_defocus(const struct scene *scene, const struct plane *sheet,
                         struct plane *grey)
{
    struct plane soft STING_AUTO(plane_release) = {0};
    struct synthetic_view view = scene->view;
    view.blur_px = scene->soft_px;
    synthetic_photograph(sheet, 300, &view, &soft);
    for (int y = soft.height_px * 2 / 3; y < soft.height_px; y++) {
        memcpy(plane_row(grey, y), plane_row(&soft, y), (size_t)soft.width_px);
    }
}

/* A page that is rendered smaller than its points say: the plane ends with its
 * memory, so that a sanitizer sees who reads on. */
static void plane_cut(struct plane *plane, int px)
{
    struct plane cut = {0};
    assert_true(!plane_init(&cut, plane->width_px - px, plane->height_px - px));
    for (int y = 0; y < cut.height_px; y++) {
        memcpy(plane_row(&cut, y), plane_row(plane, y), (size_t)cut.width_px);
    }
    plane_release(plane);
    *plane = cut;
}

/* Photograph, begin from a homography some points off, refine, read. */
static void scene_shoot(struct scene *scene, bool is_marked)
{
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct plane original STING_AUTO(plane_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct homography rough = scene->view.h;
    rough.m[2] += 4;
    rough.m[5] -= 3;
    synthetic_render(&scene->page, is_marked ? scene->bit : NULL, 300, &sheet);
    synthetic_render(&scene->page, NULL, MARK_READ_DPI, &original);
    plane_cut(&original, scene->cut_px);
    synthetic_photograph(&sheet, 300, &scene->view, &grey);
    if (scene->soft_px > 0) {
        half_defocus(scene, &sheet, &grey);
    }
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    assert_int_equal(page_map_init(&scene->map, &rough, SYNTHETIC_WIDTH_PT,
                                   SYNTHETIC_HEIGHT_PT),
                     STING_OK);
    assert_int_equal(refine_map(&scene->map, &photo, &original, MARK_READ_DPI,
                                &scene->report),
                     STING_OK);
    assert_int_equal(mark_read(&photo, &scene->map, &original,
                               &scene->page.page, NULL, &scene->reading),
                     STING_OK);
}

static double score_of(const struct scene *scene,
                       const struct page_reading *reading, const uint8_t *bit)
{
    uint32_t units = scene->page.page.units;
    struct strength strength;
    double *a = calloc(units, sizeof *a);
    assert_non_null(a);
    for (uint32_t u = 0; u < units; u++) {
        a[u] = reading->unit[u].a;
    }
    strength_init(&strength);
    strength_add(&strength, a, scene->threshold, units);
    double sum = strength_sum(a, scene->threshold, bit, units);
    free(a);
    return strength_log10_lr(&strength, sum);
}

static double score(const struct scene *scene, const uint8_t *bit)
{
    return score_of(scene, &scene->reading, bit);
}

/* Error of the map at a unit's word, in points along the unit. */
static double map_error(const struct scene *scene, const struct mark_unit *unit)
{
    struct point p = {(double)(unit->x0_pt + unit->x1_pt) / 2,
                      (double)(unit->y0_pt + unit->y1_pt) / 2};
    struct point found = page_map_at(&scene->map, p);
    struct point truth = synthetic_place(&scene->view, p);
    double scale = page_map_scale(&scene->map, p);
    return ((found.x - truth.x) * (double)unit->ux +
            (found.y - truth.y) * (double)unit->uy) /
           scale;
}

/* Share of the mark that the map follows: 0 none, 1 all of it. The smooth
 * error that all words share is no matter and is taken out by the mean of
 * the neighbours in reading order. */
static double share_swallowed(const struct scene *scene)
{
    double cross = 0;
    double square = 0;
    const struct mark_page *page = &scene->page.page;
    for (uint32_t u = 8; u + 8 < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (unit->axis != MARK_ALONG || scene->reading.unit[u].a == 0) {
            continue;
        }
        double around = (map_error(scene, &page->unit[u - 4]) +
                         map_error(scene, &page->unit[u + 4]) +
                         map_error(scene, &page->unit[u - 8]) +
                         map_error(scene, &page->unit[u + 8])) /
                        4;
        double moved = (scene->bit[u] ? 1 : -1) * (double)unit->shift_pt;
        cross += (map_error(scene, unit) - around) * moved;
        square += moved * moved;
    }
    return cross / square;
}

static void a_marked_page_names_its_code(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 4);
    scene.view = synthetic_view_of(1.9, 1); /* about 137 dpi */
    scene_shoot(&scene, true);
    assert_true(scene.reading.seen > scene.page.page.units * 9 / 10);
    assert_true(scene.reading.noise_along_pt < 0.15);
    assert_true(page_reading_fits(&scene.reading));
    double right = score(&scene, scene.bit);
    print_message("%u units, log10 LR %.1f, map swallows %.3f\n",
                  scene.reading.seen, right, share_swallowed(&scene));
    assert_true(right > 30);
    assert_true(scene.reading.strange < 0.1);
    for (uint64_t seed = 100; seed < 400; seed++) {
        uint8_t *other = calloc(scene.page.page.units, 1);
        assert_non_null(other);
        code_draw(&scene, seed, other);
        assert_true(score(&scene, other) < 3);
        free(other);
    }
}

/* Laid over another page, exactly: blocks may agree, words do not. */
static void a_page_that_ends_before_its_map_is_read_to_its_end(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {.cut_px = 40};
    page_draw(&scene, 1);
    scene.view = synthetic_view_of(1.9, 1);
    scene_shoot(&scene, true);
    assert_true(score(&scene, scene.bit) > 10);
}

static void another_page_does_not_fit(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    struct scene other STING_AUTO(scene_release) = {0};
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct plane original STING_AUTO(plane_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    page_draw(&scene, 4);
    page_draw(&other, 5);
    scene.view = synthetic_view_of(1.9, 1);
    synthetic_render(&other.page, other.bit, 300, &sheet);
    synthetic_render(&scene.page, NULL, MARK_READ_DPI, &original);
    synthetic_photograph(&sheet, 300, &scene.view, &grey);
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    assert_int_equal(page_map_init(&scene.map, &scene.view.h,
                                   SYNTHETIC_WIDTH_PT, SYNTHETIC_HEIGHT_PT),
                     STING_OK);
    assert_int_equal(mark_read(&photo, &scene.map, &original, &scene.page.page,
                               NULL, &scene.reading),
                     STING_OK);
    print_message("%u units of another page, noise %.2f pt\n",
                  scene.reading.seen, scene.reading.noise_along_pt);
    assert_true(scene.reading.seen > 0);
    assert_false(page_reading_fits(&scene.reading));
}

/* The mean of three pages from `first` on. */
static double mean_score(uint64_t first, double scale, double blur_px,
                         double noise)
{
    double sum = 0;
    for (uint64_t seed = 0; seed < 3; seed++) {
        struct scene scene STING_AUTO(scene_release) = {0};
        page_draw(&scene, first + seed);
        scene.view = synthetic_view_of(scale, seed);
        scene.view.blur_px = blur_px;
        scene.view.noise = noise;
        scene_shoot(&scene, true);
        sum += score(&scene, scene.bit) / 3;
    }
    print_message("log10 LR %.1f\n", sum);
    return sum;
}

/* 70 dpi and letters that run together: the ends of words tell most. */
static void words_that_blur_runs_together_are_read_by_their_ends(void **state)
{
    (void)state;
    assert_true(mean_score(20, 0.97, 1.1, 22) > 30);
}

/* 100 dpi and grain: the ends of words tell much, sharp or not. */
static void words_in_grain_are_read_by_their_ends_too(void **state)
{
    (void)state;
    assert_true(mean_score(40, 1.39, 0.8, 60) > 63);
}

static void what_is_out_of_focus_is_read_at_its_own_blur(void **state)
{
    struct scene scene STING_AUTO(scene_release) = {.soft_px = 3};
    double error = 0;
    int read = 0;
    (void)state;
    page_draw(&scene, 19);
    scene.view = synthetic_view_of(2.0, 19);
    scene.view.blur_px = 0.5;
    scene.view.noise = 2;
    scene_shoot(&scene, true);
    for (uint32_t u = 0; u < scene.page.page.units; u += 2) {
        const struct mark_unit *unit = &scene.page.page.unit[u];
        const struct unit_reading *r = &scene.reading.unit[u];
        if (r->a != 0 && (double)unit->y0_pt > 0.7 * SYNTHETIC_HEIGHT_PT) {
            double truth = (scene.bit[u] ? 1 : -1) * (double)unit->shift_pt;
            error += fabs((double)r->shift_pt - truth);
            read++;
        }
    }
    assert_true(read > 60 && error / read < 0.046);
}

/* Mean noise of the units from one part of the page's height to another. */
static double noise_between(const struct scene *scene, double from, double to)
{
    double sum = 0;
    int read = 0;
    for (uint32_t u = 0; u < scene->page.page.units; u++) {
        const struct mark_unit *unit = &scene->page.page.unit[u];
        double at = (double)unit->y0_pt / SYNTHETIC_HEIGHT_PT;
        if (unit->axis == MARK_ALONG && scene->reading.unit[u].a != 0 &&
            at >= from && at < to) {
            sum += (double)scene->reading.unit[u].noise_pt;
            read++;
        }
    }
    assert_true(read > 20);
    return sum / read;
}

/* The page leans back: there a pixel is more of it, and so is its grain. */
static void what_is_further_away_has_more_noise(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 31);
    scene.view = synthetic_view_of(1.8, 31);
    scene.view.h.m[7] += 0.0007;
    scene.view.noise = 40;
    scene_shoot(&scene, true);
    double near = noise_between(&scene, 0, 0.3);
    double far = noise_between(&scene, 0.7, 1);
    print_message("noise %.3f pt, far away %.3f pt\n", near, far);
    assert_true(far > 1.3 * near);
}

/* The picture ends within the page: what of the words at its edge shows is
 * read as the whole word would be. */
static void words_that_the_edge_cuts_are_read_by_what_shows(void **state)
{
    struct scene scene STING_AUTO(scene_release) = {0};
    (void)state;
    page_draw(&scene, 17);
    scene.view = synthetic_view_of(2.6, 17);
    scene.view.width_px = 700;
    scene_shoot(&scene, true);
    int cut = 0;
    int read = 0;
    int right = 0;
    for (uint32_t u = 0; u < scene.page.page.units; u += 2) {
        const struct mark_unit *unit = &scene.page.page.unit[u];
        double y = (double)(unit->y0_pt + unit->y1_pt) / 2;
        const struct point end = {(double)unit->x1_pt, y};
        const struct point most = {0.6 * end.x + 0.4 * (double)unit->x0_pt, y};
        if (page_map_at(&scene.map, end).x > 698 &&
            page_map_at(&scene.map, most).x < 694) {
            const struct unit_reading *r = &scene.reading.unit[u];
            cut++;
            read += r->a != 0;
            right += r->a != 0 && (r->a > 0) == scene.bit[u];
        }
    }
    print_message("%d cut, %d read, %d right\n", cut, read, right);
    assert_true(cut >= 8);
    assert_true(read * 10 >= cut * 9);
    assert_true(right * 10 >= read * 8);
}

/* Two photographs of one page are worth more than either; the same one twice
 * is worth no more than once. */
static void photographs_add_up_but_one_twice_does_not(void **state)
{
    (void)state;
    struct scene a STING_AUTO(scene_release) = {0};
    struct scene b STING_AUTO(scene_release) = {0};
    struct page_reading both STING_AUTO(page_reading_release) = {0};
    struct page_reading twice STING_AUTO(page_reading_release) = {0};
    page_draw(&a, 9);
    page_draw(&b, 9);
    a.view = synthetic_view_of(1.2, 11);
    b.view = synthetic_view_of(1.2, 12);
    a.view.noise = b.view.noise = 70;
    scene_shoot(&a, true);
    scene_shoot(&b, true);
    const struct page_reading *const different[] = {&a.reading, &b.reading};
    const struct page_reading *const same[] = {&a.reading, &a.reading};
    assert_int_equal(mark_read_pool(different, 2, &a.page.page, &both),
                     STING_OK);
    assert_int_equal(mark_read_pool(same, 2, &a.page.page, &twice), STING_OK);
    double first = score(&a, a.bit);
    double second = score(&b, a.bit);
    double sum = score_of(&a, &both, a.bit);
    double repeated = score_of(&a, &twice, a.bit);
    print_message("one %.1f, other %.1f, together %.1f; one twice %.1f\n",
                  first, second, sum, repeated);
    assert_true(sum > 1.15 * fmax(first, second));
    assert_true(fabs(repeated - first) < 0.05 * first);
}

static void an_unmarked_page_names_none_of_300_codes(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    uint8_t *other = NULL;
    page_draw(&scene, 5);
    scene.view = synthetic_view_of(1.9, 2);
    scene_shoot(&scene, false);
    other = calloc(scene.page.page.units, 1);
    assert_non_null(other);
    for (uint64_t seed = 0; seed < 300; seed++) {
        code_draw(&scene, seed, other);
        assert_true(score(&scene, other) < 3);
    }
    free(other);
}

static void the_map_does_not_follow_the_code(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 6);
    scene.view = synthetic_view_of(2.0, 3);
    scene.view.noise = 2;
    scene_shoot(&scene, true);
    assert_true(fabs(share_swallowed(&scene)) < 0.12);
}

static void the_map_of_a_sparse_crop_does_not_follow_the_code(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 7);
    scene.view = synthetic_view_of(2.4, 4);
    scene.view.noise = 2;
    scene.view.curl_pt = 1;
    /* A quarter of the page fills the picture. */
    scene.view.h.m[2] -= 300;
    scene.view.h.m[5] -= 400;
    scene.view.width_px = 560;
    scene.view.height_px = 700;
    scene_shoot(&scene, true);
    assert_in_range(scene.reading.seen, 60, scene.page.page.units * 6 / 10);
    print_message("%u units, swallowed %.3f, log10 LR %.1f\n",
                  scene.reading.seen, share_swallowed(&scene),
                  score(&scene, scene.bit));
    assert_true(fabs(share_swallowed(&scene)) < 0.2);
    assert_true(score(&scene, scene.bit) > 10);
}

/* So small that fewer blocks fit than a surface needs a coefficient. */
static void a_piece_of_a_few_lines_is_laid_flat_and_read(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 23);
    scene.view = synthetic_view_of(2.4, 23);
    scene.view.noise = 2;
    for (int i = 0; i < 3; i++) {
        scene.view.h.m[i] -= 420 * scene.view.h.m[6 + i];
        scene.view.h.m[3 + i] -= 500 * scene.view.h.m[6 + i];
    }
    scene.view.width_px = 250;
    scene.view.height_px = 380;
    scene_shoot(&scene, true);
    print_message("%u units, %zu of %zu blocks, log10 LR %.1f\n",
                  scene.reading.seen, scene.report.found, scene.report.looked,
                  score(&scene, scene.bit));
    assert_true(scene.report.found * 10 >= scene.report.looked * 9);
    assert_in_range(scene.reading.seen, 20, 120);
    assert_true(score(&scene, scene.bit) > 3);
}

static void a_curled_page_is_laid_flat_to_a_third_of_a_point(void **state)
{
    (void)state;
    struct scene scene STING_AUTO(scene_release) = {0};
    page_draw(&scene, 8);
    scene.view = synthetic_view_of(1.6, 5);
    scene.view.curl_pt = 6;
    scene_shoot(&scene, true);
    double worst = 0;
    for (uint32_t u = 0; u < scene.page.page.units; u++) {
        worst = fmax(worst, fabs(map_error(&scene, &scene.page.page.unit[u])));
    }
    assert_true(worst < 0.35);
    assert_true(scene.report.likeness > 0.6);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_marked_page_names_its_code),
        cmocka_unit_test(a_page_that_ends_before_its_map_is_read_to_its_end),
        cmocka_unit_test(another_page_does_not_fit),
        cmocka_unit_test(words_that_blur_runs_together_are_read_by_their_ends),
        cmocka_unit_test(words_in_grain_are_read_by_their_ends_too),
        cmocka_unit_test(what_is_out_of_focus_is_read_at_its_own_blur),
        cmocka_unit_test(what_is_further_away_has_more_noise),
        cmocka_unit_test(words_that_the_edge_cuts_are_read_by_what_shows),
        cmocka_unit_test(photographs_add_up_but_one_twice_does_not),
        cmocka_unit_test(an_unmarked_page_names_none_of_300_codes),
        cmocka_unit_test(the_map_does_not_follow_the_code),
        cmocka_unit_test(the_map_of_a_sparse_crop_does_not_follow_the_code),
        cmocka_unit_test(a_piece_of_a_few_lines_is_laid_flat_and_read),
        cmocka_unit_test(a_curled_page_is_laid_flat_to_a_third_of_a_point),
    };
    return cmocka_run_group_tests_name("read", test, NULL, NULL);
}
