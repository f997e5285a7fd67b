#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mark/code.h"
#include "mark/read.h"
#include "mark/strength.h"
#include "tests/check.h"
#include "tests/unit/image/synthetic.h"
#include "trace/score.h"
#include "trace/search.h"

#define PAGES 3
#define COPIES 20
#define RIGHT_COPY 7
#define MOST_TWINS 10

/* A document of a few synthetic pages, known to the search. */
struct document {
    struct synthetic page[PAGES];
    struct page_index index;
    struct secret key;
    uint32_t copy[COPIES];
};

static struct document document;

static enum sting_status page_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    const struct document *d = context;
    (void)fault;
    synthetic_render(&d->page[number], NULL, dpi, out);
    return STING_OK;
}

static const struct search_source source = {&document, page_render, NULL};

static int document_open(void **state)
{
    const struct synthetic *page[PAGES];
    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        synthetic_init(&document.page[i], 40 + i);
        page[i] = &document.page[i];
    }
    synthetic_index(page, PAGES, &document.index);
    for (uint32_t n = 0; n < COPIES; n++) {
        document.copy[n] = n + 1;
    }
    document.key.byte[0] = 3;
    return 0;
}

static int document_close(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        synthetic_release(&document.page[i]);
    }
    page_index_release(&document.index);
    return 0;
}

static struct score_request request_for(size_t page)
{
    return (struct score_request){&document.key, (uint32_t)page, document.copy,
                                  COPIES};
}

/* A photograph of a page; copy 0 here: the unmarked original. */
static void shoot(const struct synthetic *page, size_t number, uint32_t copy,
                  const struct synthetic_view *view, struct photo *out)
{
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct score_request request = request_for(number);
    uint8_t *bit = calloc(page->page.units, 1);
    assert_non_null(bit);
    assert_int_equal(score_code(&request, copy, page->page.units, bit),
                     STING_OK);
    synthetic_render(page, copy ? bit : NULL, 300, &sheet);
    synthetic_photograph(&sheet, 300, view, &grey);
    assert_int_equal(photo_init(out, &grey), STING_OK);
    free(bit);
}

/* Search and, when a page is found, read and score it. */
static size_t trace_photo(const struct photo *photo, size_t *page,
                          struct score *score)
{
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    size_t hits = 0;
    assert_int_equal(
        search_run(photo, &document.index, &source, hit, &hits, NULL),
        STING_OK);
    if (hits > 0) {
        struct page_reading reading STING_AUTO(page_reading_release) = {0};
        struct score_request request = request_for(hit[0].number);
        *page = hit[0].number;
        assert_int_equal(mark_read(photo, &hit[0].map, &hit[0].original,
                                   &document.page[*page].page, NULL, &reading),
                         STING_OK);
        assert_int_equal(score_page(&request, &reading, score), STING_OK);
    }
    for (size_t i = 0; i < hits; i++) {
        search_hit_release(&hit[i]);
    }
    return hits;
}

static double false_of(const struct score *score)
{
    return strength_log10_false(score->log10_lr, COPIES, 1);
}

static void page_and_copy_are_found_among_all(void **state)
{
    (void)state;
    for (size_t number = 0; number < PAGES; number += 2) {
        struct photo photo STING_AUTO(photo_release) = {0};
        struct synthetic_view view = synthetic_view_of(1.9, number);
        struct score score;
        size_t page = PAGES;
        shoot(&document.page[number], number, RIGHT_COPY, &view, &photo);
        assert_int_equal(trace_photo(&photo, &page, &score), 1);
        assert_int_equal(page, number);
        assert_int_equal(score.copy, RIGHT_COPY);
        assert_true(false_of(&score) < -20);
        assert_true(score.second_log10_lr < 3);
        assert_true(score.control_log10_lr < 3);
        assert_true(score.random_log10_lr < 4);
    }
}

static void a_page_upside_down_is_found_too(void **state)
{
    (void)state;
    struct photo photo STING_AUTO(photo_release) = {0};
    struct synthetic_view view = synthetic_view_of(1.9, 9);
    struct score score;
    size_t page = PAGES;
    for (int i = 0; i < 3; i++) { /* (x, y) -> (w - x, h - y) */
        double w = view.h.m[6 + i];
        view.h.m[i] = view.width_px * w - view.h.m[i];
        view.h.m[3 + i] = view.height_px * w - view.h.m[3 + i];
    }
    shoot(&document.page[1], 1, RIGHT_COPY, &view, &photo);
    assert_int_equal(trace_photo(&photo, &page, &score), 1);
    assert_int_equal(page, 1);
    assert_int_equal(score.copy, RIGHT_COPY);
    assert_true(false_of(&score) < -20);
}

/* The same picture on its side. */
static void plane_turn(const struct plane *from, struct plane *out)
{
    assert_int_equal(plane_init(out, from->height_px, from->width_px),
                     STING_OK);
    for (int y = 0; y < from->height_px; y++) {
        for (int x = 0; x < from->width_px; x++) {
            plane_row(out, x)[from->height_px - 1 - y] = plane_row(from, y)[x];
        }
    }
}

static void plane_mirror(const struct plane *from, struct plane *out)
{
    assert_int_equal(plane_init(out, from->width_px, from->height_px),
                     STING_OK);
    for (int y = 0; y < from->height_px; y++) {
        for (int x = 0; x < from->width_px; x++) {
            plane_row(out, y)[from->width_px - 1 - x] = plane_row(from, y)[x];
        }
    }
}

typedef void plane_change(const struct plane *from, struct plane *out);

static void a_page_on_its_side_or_mirrored_is_found_too(void **state)
{
    static plane_change *const change[] = {plane_turn, plane_mirror};
    (void)state;
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        struct photo straight STING_AUTO(photo_release) = {0};
        struct photo photo STING_AUTO(photo_release) = {0};
        struct plane changed STING_AUTO(plane_release) = {0};
        struct synthetic_view view = synthetic_view_of(1.9, 12 + i);
        struct score score;
        size_t page = PAGES;
        shoot(&document.page[2], 2, RIGHT_COPY, &view, &straight);
        change[i](&straight.level[0], &changed);
        assert_int_equal(photo_init(&photo, &changed), STING_OK);
        assert_int_equal(trace_photo(&photo, &page, &score), 1);
        assert_int_equal(page, 2);
        assert_int_equal(score.copy, RIGHT_COPY);
        assert_true(false_of(&score) < -20);
    }
}

/* Pages 0 and 1, each taken alone. */
static void two_pages_shoot(struct photo photo[2])
{
    for (size_t i = 0; i < 2; i++) {
        struct synthetic_view view = synthetic_view_of(1.9, 20);
        shoot(&document.page[i], i, RIGHT_COPY, &view, &photo[i]);
    }
}

/* Put a picture over what is there already. */
static void lay_over(struct plane *plane, const struct photo *photo, int x,
                     int y)
{
    const struct plane *from = &photo->level[0];
    for (int row = 0; row < from->height_px; row++) {
        memcpy(plane_row(plane, y + row) + x, plane_row(from, row),
               (size_t)from->width_px);
    }
}

static void assert_both_are_found(const struct plane *plane)
{
    struct photo both STING_AUTO(photo_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    size_t hits = 0;
    assert_int_equal(photo_init(&both, plane), STING_OK);
    assert_int_equal(
        search_run(&both, &document.index, &source, hit, &hits, NULL),
        STING_OK);
    assert_int_equal(hits, 2);
    assert_int_equal(hit[0].number + hit[1].number, 1);
    for (size_t i = 0; i < hits; i++) {
        search_hit_release(&hit[i]);
    }
}

static void two_pages_side_by_side_are_both_found(void **state)
{
    struct photo photo[2] = {0};
    struct plane plane STING_AUTO(plane_release) = {0};
    (void)state;
    two_pages_shoot(photo);
    int width = photo[0].level[0].width_px;
    int height = photo[0].level[0].height_px;
    assert_int_equal(plane_init(&plane, 2 * width, height), STING_OK);
    for (int i = 0; i < 2; i++) {
        lay_over(&plane, &photo[i], i * width, 0);
        photo_release(&photo[i]);
    }
    assert_both_are_found(&plane);
}

/* The lower right part of page 1 is under page 0. */
static void a_page_behind_the_corner_of_another_is_found_too(void **state)
{
    struct photo photo[2] = {0};
    struct plane plane STING_AUTO(plane_release) = {0};
    (void)state;
    two_pages_shoot(photo);
    int width = photo[0].level[0].width_px;
    int height = photo[0].level[0].height_px;
    int right = width * 45 / 100;
    int down = height * 40 / 100;
    assert_int_equal(plane_init(&plane, width + right, height + down),
                     STING_OK);
    lay_over(&plane, &photo[1], 0, 0);
    lay_over(&plane, &photo[0], right, down);
    for (int i = 0; i < 2; i++) {
        photo_release(&photo[i]);
    }
    assert_both_are_found(&plane);
}

static void the_unmarked_original_is_our_page_but_no_copy(void **state)
{
    (void)state;
    struct photo photo STING_AUTO(photo_release) = {0};
    struct synthetic_view view = synthetic_view_of(2.0, 3);
    struct score score;
    size_t page = PAGES;
    shoot(&document.page[2], 2, 0, &view, &photo);
    assert_int_equal(trace_photo(&photo, &page, &score), 1);
    assert_int_equal(page, 2);
    assert_true(false_of(&score) > STRENGTH_LEAD);
}

static void a_copy_under_another_key_is_no_copy_of_ours(void **state)
{
    (void)state;
    struct photo photo STING_AUTO(photo_release) = {0};
    struct synthetic_view view = synthetic_view_of(2.0, 4);
    struct score score;
    size_t page = PAGES;
    document.key.byte[0] = 4;
    shoot(&document.page[0], 0, RIGHT_COPY, &view, &photo);
    document.key.byte[0] = 3;
    assert_int_equal(trace_photo(&photo, &page, &score), 1);
    assert_int_equal(page, 0);
    assert_true(false_of(&score) > STRENGTH_LEAD);
}

/* A camera `away` points from a place of the page, `tilt` radians from its
 * normal; the page is nearer on its left. */
static struct synthetic_view view_from_the_side(double tilt, double away,
                                                struct point at, double scale)
{
    struct synthetic_view view = synthetic_view_of(1, 31);
    double c = scale * cos(tilt);
    double w = sin(tilt) / away;
    double w0 = 1 - at.x * w;
    view.width_px = 900;
    view.height_px = 900;
    view.h = (struct homography){{c + 450 * w, 0, -c * at.x + 450 * w0, 450 * w,
                                  scale, -scale * at.y + 450 * w0, w, 0, w0}};
    return view;
}

static void assert_copy_is_named(const struct synthetic_view *view,
                                 size_t number)
{
    struct photo photo STING_AUTO(photo_release) = {0};
    struct score score;
    size_t page = PAGES;
    shoot(&document.page[number], number, RIGHT_COPY, view, &photo);
    assert_int_equal(trace_photo(&photo, &page, &score), 1);
    assert_int_equal(page, number);
    assert_int_equal(score.copy, RIGHT_COPY);
    assert_true(false_of(&score) < -6);
}

static void a_piece_of_a_page_that_reaches_behind_the_camera_is_found(
    void **state)
{
    (void)state;
    const struct point at = {300, 280};
    struct synthetic_view view = view_from_the_side(0.9, 220, at, 2.6);
    assert_false(homography_is_plausible(&view.h, SYNTHETIC_WIDTH_PT,
                                         SYNTHETIC_HEIGHT_PT));
    assert_copy_is_named(&view, 1);
}

static void a_page_from_far_to_the_side_is_found(void **state)
{
    (void)state;
    const struct point at = {210, 280};
    struct synthetic_view view = view_from_the_side(1.2, 3000, at, 3.2);
    assert_copy_is_named(&view, 0);
}

static void foreign_pages_are_not_found(void **state)
{
    (void)state;
    for (uint64_t seed = 900; seed < 901; seed++) {
        struct synthetic foreign;
        struct photo photo STING_AUTO(photo_release) = {0};
        struct synthetic_view view = synthetic_view_of(1.9, seed);
        struct score score;
        size_t page = PAGES;
        synthetic_init(&foreign, seed);
        shoot(&foreign, 0, 0, &view, &photo);
        assert_int_equal(trace_photo(&photo, &page, &score), 0);
        synthetic_release(&foreign);
    }
}

static void a_blank_picture_shows_no_page(void **state)
{
    (void)state;
    struct plane blank STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct score score;
    size_t page = PAGES;
    assert_int_equal(plane_init(&blank, 800, 600), STING_OK);
    assert_int_equal(photo_init(&photo, &blank), STING_OK);
    assert_int_equal(trace_photo(&photo, &page, &score), 0);
}

/* Page 0 so many times, beside page 1. */
static void twins_index(size_t twins, struct page_index *out)
{
    const struct synthetic *page[MOST_TWINS + 1];
    assert_in_range(twins, 1, MOST_TWINS);
    for (size_t i = 0; i <= twins; i++) {
        page[i] = &document.page[i < twins ? 0 : 1];
    }
    synthetic_index(page, twins + 1, out);
}

static enum sting_status twin_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    const size_t *twins = context;
    (void)fault;
    synthetic_render(&document.page[number < *twins ? 0 : 1], NULL, dpi, out);
    return STING_OK;
}

/* The hits of one spot when `twins` pages look like the one photographed. */
static void assert_twins_found(size_t twins, size_t hits_wanted,
                               size_t left_wanted)
{
    struct page_index index STING_AUTO(page_index_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct synthetic_view view = synthetic_view_of(1.9, 31);
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    const struct search_source of_twins = {&twins, twin_render, NULL};
    size_t hits = 0;
    bool seen[SEARCH_MOST_HITS] = {false};
    twins_index(twins, &index);
    shoot(&document.page[0], 0, RIGHT_COPY, &view, &photo);
    assert_int_equal(search_run(&photo, &index, &of_twins, hit, &hits, NULL),
                     STING_OK);
    assert_int_equal(hits, hits_wanted);
    for (size_t i = 0; i < hits; i++) {
        assert_true(hit[i].number < twins);
        assert_false(seen[hit[i].number]);
        seen[hit[i].number] = true;
        assert_int_equal(hit[i].spot, 0);
        assert_int_equal(hit[i].left, left_wanted);
        search_hit_release(&hit[i]);
    }
}

/* Of the twins before this one no unit would be in any picture. */
static size_t first_marked;

static size_t units_in_picture(void *context, size_t number,
                               const struct page_map *map, int width_px,
                               int height_px)
{
    (void)context;
    (void)map;
    (void)width_px;
    (void)height_px;
    return number < first_marked ? 0 : 50;
}

/* The page that a piece of page 0, which has a twin, is found to show. */
static size_t piece_search(const struct photo *photo)
{
    size_t twins = 2;
    size_t hits = 0;
    size_t number;
    struct page_index index STING_AUTO(page_index_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    const struct search_source of_twins = {&twins, twin_render,
                                           units_in_picture};
    twins_index(twins, &index);
    assert_int_equal(search_run(photo, &index, &of_twins, hit, &hits, NULL),
                     STING_OK);
    assert_int_equal(hits, 1);
    number = hit[0].number;
    print_message("%zu inliers\n", hit[0].inliers);
    search_hit_release(&hit[0]);
    return number;
}

static void a_page_of_which_no_unit_is_seen_is_given_only_for_want_of_others(
    void **state)
{
    (void)state;
    struct synthetic_view view = synthetic_view_of(2.6, 33);
    struct photo photo STING_AUTO(photo_release) = {0};
    for (int i = 0; i < 3; i++) {
        view.h.m[i] -= 500 * view.h.m[6 + i];
        view.h.m[3 + i] -= 700 * view.h.m[6 + i];
    }
    view.width_px = 400;
    view.height_px = 600;
    shoot(&document.page[0], 0, RIGHT_COPY, &view, &photo);
    first_marked = 1;
    assert_int_equal(piece_search(&photo), 1);
    first_marked = 3;
    assert_in_range(piece_search(&photo), 0, 1);
}

static void all_pages_that_look_alike_are_hits_of_one_spot(void **state)
{
    (void)state;
    assert_twins_found(1, 1, 0);
    assert_twins_found(3, 3, 0);
}

static void of_many_twins_eight_are_hits_and_the_rest_is_told(void **state)
{
    (void)state;
    assert_twins_found(MOST_TWINS, SEARCH_MOST_ALIKE, 2);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(page_and_copy_are_found_among_all),
        cmocka_unit_test(a_page_upside_down_is_found_too),
        cmocka_unit_test(a_page_on_its_side_or_mirrored_is_found_too),
        cmocka_unit_test(two_pages_side_by_side_are_both_found),
        cmocka_unit_test(a_page_behind_the_corner_of_another_is_found_too),
        cmocka_unit_test(the_unmarked_original_is_our_page_but_no_copy),
        cmocka_unit_test(a_copy_under_another_key_is_no_copy_of_ours),
        cmocka_unit_test(
            a_piece_of_a_page_that_reaches_behind_the_camera_is_found),
        cmocka_unit_test(a_page_from_far_to_the_side_is_found),
        cmocka_unit_test(foreign_pages_are_not_found),
        cmocka_unit_test(a_blank_picture_shows_no_page),
        cmocka_unit_test(
            a_page_of_which_no_unit_is_seen_is_given_only_for_want_of_others),
        cmocka_unit_test(all_pages_that_look_alike_are_hits_of_one_spot),
        cmocka_unit_test(of_many_twins_eight_are_hits_and_the_rest_is_told),
    };
    return cmocka_run_group_tests_name("search", test, document_open,
                                       document_close);
}
