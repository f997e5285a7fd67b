/* Pages that differ in one word: the one that is photographed comes first. What
 * differs beyond either's flat picture tells nothing. */
#include <string.h>

#include "tests/check.h"
#include "tests/unit/image/synthetic.h"
#include "trace/search_state.h"

#define EDITIONS 3
#define LOST_WORDS 2 /* in a row, of each edition others */

static struct synthetic edition[EDITIONS];
static struct page_index known;

static enum sting_status edition_render(void *context, size_t number,
                                        double dpi, struct plane *out,
                                        struct fault *fault)
{
    (void)context;
    (void)fault;
    synthetic_render(&edition[number], NULL, dpi, out);
    return STING_OK;
}

static const struct search_source source = {NULL, edition_render, NULL};

static void words_lose(struct synthetic *page, uint32_t first)
{
    for (size_t i = 0; i < page->bars; i++) {
        struct bar *bar = &page->bar[i];
        if (bar->word >= first && bar->word < first + LOST_WORDS) {
            bar->x1 = bar->x0;
            bar->y1 = bar->y0;
        }
    }
}

static int editions_open(void **state)
{
    const struct synthetic *page[EDITIONS];
    (void)state;
    for (size_t i = 0; i < EDITIONS; i++) {
        synthetic_init(&edition[i], 40);
        words_lose(&edition[i], 30 + 25 * (uint32_t)i);
        page[i] = &edition[i];
    }
    synthetic_index(page, EDITIONS, &known);
    return 0;
}

static int editions_close(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDITIONS; i++) {
        synthetic_release(&edition[i]);
    }
    page_index_release(&known);
    return 0;
}

/* The number of the first hit, of so many that look like it. */
static size_t first_of(size_t number, const struct synthetic_view *view)
{
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    size_t hits = 0;
    synthetic_render(&edition[number], NULL, 300, &sheet);
    synthetic_photograph(&sheet, 300, view, &grey);
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    assert_int_equal(search_run(&photo, &known, &source, hit, &hits, NULL),
                     STING_OK);
    assert_int_equal(hits, EDITIONS);
    size_t first = hit[0].number;
    for (size_t i = 0; i < hits; i++) {
        assert_int_equal(hit[i].spot, 0);
        search_hit_release(&hit[i]);
    }
    return first;
}

static void of_pages_that_differ_in_a_word_the_one_shown_comes_first(
    void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct synthetic_view view = synthetic_view_of(1.5, 60 + seed);
        for (size_t number = 0; number < EDITIONS; number++) {
            assert_int_equal(first_of(number, &view), number);
        }
    }
}

/* ---- pages as large, a part of a point apart ---- */

#define SHEET_PX 200 /* a side, where pages are compared: 100 an inch */
#define SHEET_PT 144.0
#define LESS_PT 0.5 /* laid flat, it is a pixel less */
#define AROUND_PX 20
#define AT_LAST (SHEET_PX - 3) /* what is around it goes on to the edge */
#define WITHIN (AT_LAST - 1)   /* it ends before that of the smaller one */

/* A dark line across white paper, `thick` pixels; none where at is 0. */
static void line_draw(struct plane *out, int at, int thick, bool is_upright)
{
    memset(out->data, 255, (size_t)out->stride * (size_t)out->height_px);
    for (int y = 0; at > 0 && y < out->height_px; y++) {
        for (int x = 0; x < out->width_px; x++) {
            int place = is_upright ? x : y;
            bool is_dark = place >= at && place < at + thick;
            plane_row(out, y)[x] = is_dark ? 20 : 255;
        }
    }
}

static struct search_hit sheet_hit(size_t number, int line, bool is_upright,
                                   double less_pt)
{
    const double scale = SHEET_PX / SHEET_PT;
    const struct homography h = {
        {scale, 0, AROUND_PX, 0, scale, AROUND_PX, 0, 0, 1}};
    struct search_hit hit = {.number = number};
    assert_int_equal(page_map_init(&hit.map, &h,
                                   SHEET_PT - (is_upright ? less_pt : 0),
                                   SHEET_PT - (is_upright ? 0 : less_pt)),
                     STING_OK);
    assert_int_equal(plane_init(&hit.original, 2 * SHEET_PX, 2 * SHEET_PX),
                     STING_OK);
    line_draw(&hit.original, 2 * line, 2, is_upright);
    return hit;
}

/* The picture shows a line that only page 1 has. Which page comes first, of
 * which number `smaller` is by a part of a point? */
static size_t first_of_sheets(int line, bool is_upright, size_t smaller)
{
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    const int side = SHEET_PX + 2 * AROUND_PX;
    struct search_hit hit[2] = {
        sheet_hit(0, 0, is_upright, smaller == 0 ? LESS_PT : 0),
        sheet_hit(1, line, is_upright, smaller == 1 ? LESS_PT : 0)};
    assert_int_equal(plane_init(&grey, side, side), STING_OK);
    line_draw(&grey, line + AROUND_PX, 1, is_upright);
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    assert_int_equal(search_tell_apart(&photo, hit, 2), STING_OK);
    size_t first = hit[0].number;
    assert_int_equal(hit[0].number + hit[1].number, 1);
    for (size_t i = 0; i < 2; i++) {
        search_hit_release(&hit[i]);
    }
    return first;
}

static void what_differs_beyond_the_smaller_flat_picture_tells_nothing(
    void **state)
{
    (void)state;
    for (size_t smaller = 0; smaller < 2; smaller++) {
        for (int upright = 0; upright < 2; upright++) {
            assert_int_equal(first_of_sheets(WITHIN, upright, smaller), 1);
            assert_int_equal(first_of_sheets(AT_LAST, upright, smaller), 0);
        }
    }
    assert_int_equal(first_of_sheets(AT_LAST, true, 2), 1);
    assert_int_equal(first_of_sheets(AT_LAST, false, 2), 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            what_differs_beyond_the_smaller_flat_picture_tells_nothing),
        cmocka_unit_test(
            of_pages_that_differ_in_a_word_the_one_shown_comes_first),
    };
    return cmocka_run_group_tests_name("apart", test, editions_open,
                                       editions_close);
}
