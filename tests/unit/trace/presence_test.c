/* Of a picture without a page of ours: would one have been seen? */
#include <math.h>

#include "image/filter.h"
#include "image/seeded.h"
#include "tests/check.h"
#include "tests/unit/image/synthetic.h"
#include "trace/presence.h"

#define PAGES 5
#define OTHER 90

static struct synthetic page[PAGES];
static struct page_index page_index;

static enum sting_status page_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    (void)context;
    (void)fault;
    synthetic_render(&page[number], NULL, dpi, out);
    return STING_OK;
}

static const struct search_source source = {NULL, page_render, NULL};

static int pages_open(void **state)
{
    const struct synthetic *all[PAGES];
    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        synthetic_init(&page[i], 40 + i);
        all[i] = &page[i];
    }
    synthetic_index(all, PAGES, &page_index);
    return 0;
}

static int pages_close(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        synthetic_release(&page[i]);
    }
    page_index_release(&page_index);
    return 0;
}

/* Another document at 100 dots an inch, blurred, darker, and grainy. */
static void other_draw(double blur_px, double light, double noise,
                       struct plane *out)
{
    struct synthetic other;
    struct plane_f grey STING_AUTO(plane_f_release) = {0};
    struct seeded seeded = {7};
    synthetic_init(&other, OTHER);
    synthetic_render(&other, NULL, 100, out);
    synthetic_release(&other);
    assert_int_equal(plane_to_float(out, &grey), 0);
    assert_int_equal(plane_blur(&grey, blur_px), 0);
    for (int y = 0; y < out->height_px; y++) {
        for (int x = 0; x < out->width_px; x++) {
            double value = light * (double)plane_f_row(&grey, y)[x] +
                           noise * seeded_normal(&seeded);
            plane_row(out, y)[x] = (uint8_t)fmin(255, fmax(0, value + 0.5));
        }
    }
}

static struct presence presence_of(const struct plane *picture)
{
    struct presence out;
    assert_int_equal(presence_find(picture, &page_index, &source, &out, NULL),
                     0);
    return out;
}

static void in_a_clear_picture_pages_would_have_been_found(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    other_draw(0.6, 1, 2, &picture);
    struct presence got = presence_of(&picture);
    assert_int_equal(got.put, PRESENCE_PAGES);
    assert_int_equal(got.size[0].found, PRESENCE_PAGES);
    assert_true(got.sizes >= 2);
    /* 800 px over eight pages side by side: nobody could. */
    assert_true(2 * got.size[got.sizes - 1].found < got.put ||
                got.sizes == PRESENCE_SIZES);
    assert_true(got.noise > 1 && got.noise < 3.5);
}

static void in_a_hopeless_one_none_would(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    other_draw(6, 0.05, 8, &picture);
    struct presence got = presence_of(&picture);
    assert_int_equal(got.sizes, 1); /* smaller ones are not tried */
    assert_int_equal(got.size[0].found, 0);
}

static void a_blurred_picture_is_seen_to_be_blurred(void **state)
{
    (void)state;
    static const double blur_px[3] = {0.8, 2, 4};
    double before = 0;
    for (int i = 0; i < 3; i++) {
        struct plane picture STING_AUTO(plane_release) = {0};
        other_draw(blur_px[i], 0.8, 1, &picture);
        struct presence got = presence_of(&picture);
        assert_true(got.blur_px > before);
        assert_true(got.blur_px > 0.5 * blur_px[i] &&
                    got.blur_px < 2 * blur_px[i]);
        before = got.blur_px;
    }
}

static void a_tiny_picture_has_no_room_for_a_page(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    assert_int_equal(plane_init(&picture, 48, 40), 0);
    struct presence got = presence_of(&picture);
    assert_int_equal(got.size[0].found, 0);
    assert_int_equal(got.sizes, 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(in_a_clear_picture_pages_would_have_been_found),
        cmocka_unit_test(in_a_hopeless_one_none_would),
        cmocka_unit_test(a_blurred_picture_is_seen_to_be_blurred),
        cmocka_unit_test(a_tiny_picture_has_no_room_for_a_page),
    };
    return cmocka_run_group_tests(test, pages_open, pages_close);
}
