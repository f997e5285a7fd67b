/* Which page lies there, among those that are known. */
#include <stdlib.h>
#include <string.h>

#include "detect/page_watch.h"
#include "tests/campaign/page_scene.h"
#include "tests/check.h"

#define DPI 25
#define WIDTH (DPI * 83 / 10) /* A4 */
#define HEIGHT (DPI * 117 / 10)
#define PAGES 4
#define LIES 2
#define OVER 3
#define HALF_LIGHT 0.16
#define GRAIN 12.0
#define BEGIN_S 9.0
#define FROM_ABOVE 3 /* a seed of the scene */

/* A page at twice the dots an inch, as the scene takes it, and small. The
 * scene shows a sheet as a mirror does. */
static void page_make(int page, struct plane *sheet, struct page_print *print)
{
    *print = (struct page_print){.zones = 1, .page = page};
    assert_int_equal(plane_init(sheet, 2 * WIDTH, 2 * HEIGHT), STING_OK);
    assert_int_equal(plane_init(&print->grey, WIDTH, HEIGHT), STING_OK);
    page_scene_print(sheet, (uint64_t)page + 40);
    for (int y = 0; y < HEIGHT; y++) {
        const uint8_t *one = plane_row(sheet, 2 * (HEIGHT - 1 - y));
        const uint8_t *two = plane_row(sheet, 2 * (HEIGHT - 1 - y) + 1);
        uint8_t *row = plane_row(&print->grey, y);
        for (size_t x = 0; x < WIDTH; x++) {
            row[x] = (uint8_t)((one[2 * x] + one[2 * x + 1] + two[2 * x] +
                                two[2 * x + 1]) /
                               4);
        }
    }
}

struct reading {
    int read[8]; /* pages that were told, one after the other */
    int count;
    bool was_lifted; /* before the last */
};

static struct page_watch *watch_begin(struct page_scene *scene)
{
    float corner[4][2];
    struct page_watch *w = NULL;
    struct detect_zone zone = {.has_bait = true, .points = 4};
    const struct plane *picture = page_scene_draw(scene, 0);
    page_scene_zone(scene, corner);
    for (int i = 0; i < 4; i++) {
        zone.point[i] = (struct detect_point){corner[i][0], corner[i][1]};
    }
    assert_int_equal(
        page_watch_new(picture->width_px, picture->height_px, &zone, &w),
        STING_OK);
    return w;
}

static void look(struct page_watch *w, struct page_scene *scene, double end_s,
                 struct reading *out)
{
    bool is_lifted = false;
    for (int i = 0; 0.25 * i < end_s; i++) {
        double at_s = 0.25 * i;
        struct page_look now;
        page_watch_look(w, page_scene_draw(scene, at_s), (int64_t)(at_s * 1e6),
                        false, &now);
        is_lifted = is_lifted || now.state == PAGE_LIFTED;
        if (now.page && out->count < 8) {
            out->read[out->count++] = now.page;
            out->was_lifted = is_lifted;
        }
    }
}

/* `lies` is on the table; `first` to `last` are known, the last once more as
 * page `twin`. */
static struct reading reading_of_seed(uint64_t seed, enum scene_act act,
                                      int lies, int first, int last, int twin)
{
    struct plane sheet[PAGES + 1] = {0};
    struct page_print print[PAGES + 2] = {0};
    struct reading out = {.count = 0};
    for (int page = 1; page <= PAGES; page++) {
        page_make(page, &sheet[page], &print[page]);
    }
    print[PAGES + 1] = print[last];
    print[PAGES + 1].page = twin;
    const struct page_scene_settings settings = {.seed = seed,
                                                 .dpi = DPI,
                                                 .light = HALF_LIGHT,
                                                 .grain = GRAIN,
                                                 .act = act,
                                                 .begin_s = BEGIN_S,
                                                 .front = &sheet[lies],
                                                 .other = &sheet[OVER]};
    struct page_scene *scene = page_scene_new(&settings);
    struct page_watch *w = watch_begin(scene);
    for (int page = first; page <= last; page++) {
        assert_int_equal(page_watch_print(w, &print[page]), STING_OK);
    }
    if (twin) {
        assert_int_equal(page_watch_print(w, &print[PAGES + 1]), STING_OK);
    }
    look(w, scene, act == ACT_NONE ? 20 : 40, &out);
    page_watch_free(&w);
    page_scene_free(&scene);
    for (int page = 1; page <= PAGES; page++) {
        plane_release(&sheet[page]);
        plane_release(&print[page].grey);
    }
    return out;
}

static struct reading reading_of(enum scene_act act, int lies, int first,
                                 int last, int twin)
{
    return reading_of_seed(FROM_ABOVE, act, lies, first, last, twin);
}

static void the_page_that_lies_there_is_told_once(void **state)
{
    (void)state;
    for (int page = 1; page <= PAGES; page++) {
        struct reading got = reading_of(ACT_NONE, page, 1, PAGES, 0);
        assert_int_equal(got.count, 1);
        assert_int_equal(got.read[0], page);
    }
}

/* As wide as long, or wider. */
static void a_page_is_told_that_is_seen_from_the_side(void **state)
{
    (void)state;
    static const uint64_t seed[] = {52, 114}; /* by some 40 degrees */
    for (size_t i = 0; i < sizeof seed / sizeof *seed; i++) {
        struct reading got =
            reading_of_seed(seed[i], ACT_NONE, LIES, 1, PAGES, 0);
        assert_int_equal(got.count, 1);
        assert_int_equal(got.read[0], LIES);
    }
}

static void a_page_that_is_not_known_is_not_told(void **state)
{
    (void)state;
    assert_int_equal(reading_of(ACT_NONE, 1, 2, PAGES, 0).count, 0);
}

static void the_only_page_of_a_document_is_told(void **state)
{
    (void)state;
    struct reading got = reading_of(ACT_NONE, LIES, LIES, LIES, 0);
    assert_int_equal(got.count, 1);
    assert_int_equal(got.read[0], LIES);
}

static void of_pages_that_look_alike_none_is_told(void **state)
{
    (void)state;
    assert_int_equal(reading_of(ACT_NONE, LIES, 1, LIES, 9).count, 0);
}

static void a_page_that_was_lifted_is_told_again(void **state)
{
    (void)state;
    struct reading got = reading_of(ACT_LIFT, LIES, 1, PAGES, 0);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.read[0], LIES);
    assert_int_equal(got.read[1], LIES);
    assert_true(got.was_lifted);
}

/* Its corners are not those that are seen: two sheets lie there. */
static void a_page_that_is_laid_over_it_is_told(void **state)
{
    (void)state;
    struct reading got = reading_of(ACT_SWAP, LIES, 1, PAGES, 0);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.read[0], LIES);
    assert_int_equal(got.read[1], OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_that_lies_there_is_told_once),
        cmocka_unit_test(a_page_is_told_that_is_seen_from_the_side),
        cmocka_unit_test(a_page_that_is_not_known_is_not_told),
        cmocka_unit_test(the_only_page_of_a_document_is_told),
        cmocka_unit_test(of_pages_that_look_alike_none_is_told),
        cmocka_unit_test(a_page_that_was_lifted_is_told_again),
        cmocka_unit_test(a_page_that_is_laid_over_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
