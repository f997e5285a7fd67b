#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/oblique.h"
#include "image/page_index.h"
#include "image/sign.h"
#include "image/sign_table.h"
#include "tests/check.h"
#include "tests/unit/image/synthetic.h"

static void layout_make(uint64_t seed, struct layout *out)
{
    struct synthetic page;
    struct plane plane STING_AUTO(plane_release) = {0};
    synthetic_init(&page, seed);
    synthetic_render(&page, NULL, 100, &plane);
    assert_int_equal(layout_of_page(&plane, 100, out), STING_OK);
    synthetic_release(&page);
}

static void record_make(uint64_t seed, struct page_record *out)
{
    struct layout layout STING_AUTO(layout_release) = {0};
    layout_make(seed, &layout);
    page_record_of(&layout, out);
}

/* A quarter turn moves every pixel to a pixel: nothing may change but the
 * directions. */
static void a_page_on_its_side_has_the_same_features(void **state)
{
    struct synthetic page;
    struct plane plane STING_AUTO(plane_release) = {0};
    struct plane side STING_AUTO(plane_release) = {0};
    struct layout upright STING_AUTO(layout_release) = {0};
    struct layout turned STING_AUTO(layout_release) = {0};
    size_t same = 0;
    (void)state;
    synthetic_init(&page, 11);
    synthetic_render(&page, NULL, 50, &plane);
    int height = plane.height_px;
    assert_int_equal(plane_init(&side, height, plane.width_px), STING_OK);
    for (int y = 0; y < plane.height_px; y++) {
        for (int x = 0; x < plane.width_px; x++) {
            plane_row(&side, x)[height - 1 - y] = plane_row(&plane, y)[x];
        }
    }
    assert_int_equal(layout_of_page(&plane, 50, &upright), STING_OK);
    assert_int_equal(layout_of_page(&side, 50, &turned), STING_OK);
    for (size_t i = 0; i < upright.list.count; i++) {
        const struct feature *a = &upright.list.feature[i];
        uint64_t bits = sign_of(a).bits;
        double x = upright.height - (double)a->y;
        for (size_t k = 0; k < turned.list.count; k++) {
            const struct feature *b = &turned.list.feature[k];
            if (hypot((double)b->x - x, (double)(b->y - a->x)) < 0.5 &&
                sign_distance(bits, sign_of(b).bits) <= 4) {
                same++;
                break;
            }
        }
    }
    assert_true(upright.list.count > 200);
    assert_true(same * 100 >= upright.list.count * 90);
    synthetic_release(&page);
}

/* A dark disc on white paper. */
static void disc_draw(double x0, double y0, struct plane *out)
{
    assert_int_equal(plane_init(out, 400, 300), STING_OK);
    for (int y = 0; y < out->height_px; y++) {
        for (int x = 0; x < out->width_px; x++) {
            double away = hypot(x + 0.5 - x0, y + 0.5 - y0);
            plane_row(out, y)[x] = away < 9 ? 40 : 220;
        }
    }
}

static void a_squeezed_layout_leads_back_to_the_photograph(void **state)
{
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    (void)state;
    disc_draw(230, 130, &grey);
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    for (int i = 0; i < 6; i++) {
        const struct oblique oblique = {i * M_PI / 6, 1.7};
        struct layout layout STING_AUTO(layout_release) = {0};
        struct homography back;
        double nearest = INFINITY;
        assert_int_equal(
            layout_of_oblique(&photo, 300, &oblique, &layout, &back), STING_OK);
        for (size_t k = 0; k < layout.list.count; k++) {
            const struct feature *f = &layout.list.feature[k];
            const struct point at = {(double)f->x, (double)f->y};
            struct point p = homography_apply(&back, at);
            nearest = fmin(nearest, hypot(p.x - 230, p.y - 130));
        }
        assert_true(nearest < 1);
    }
}

static void features_of_other_pages_are_far_apart(void **state)
{
    struct layout one STING_AUTO(layout_release) = {0};
    struct layout other STING_AUTO(layout_release) = {0};
    size_t near = 0;
    size_t all = 0;
    (void)state;
    layout_make(21, &one);
    layout_make(22, &other);
    for (size_t i = 0; i < one.list.count; i++) {
        for (size_t k = 0; k < other.list.count; k++) {
            near += sign_distance(sign_of(&one.list.feature[i]).bits,
                                  sign_of(&other.list.feature[k]).bits) <= 16;
            all++;
        }
        i += 16; /* a few are enough */
    }
    assert_true(near * 50 < all);
}

static int64_t cell_distance(const struct feature *f, int cell)
{
    int64_t sum = 0;
    for (int i = 0; i < SIGN_FIRST + SIGN_SECOND; i++) {
        int32_t y = 0;
        for (int j = 0; j < FEATURE_LENGTH; j++) {
            y += sign_weight[i][j] * f->part[j];
        }
        int64_t d =
            (y >> SIGN_SHIFT) -
            (i < SIGN_FIRST ? sign_first[cell / SIGN_CENTRES][i]
                            : sign_second[cell % SIGN_CENTRES][i - SIGN_FIRST]);
        sum += d * d;
    }
    return sum;
}

static void cells_asked_are_the_nearest_of_all(void **state)
{
    struct layout layout STING_AUTO(layout_release) = {0};
    struct sign sign;
    uint16_t cell[SIGN_MOST_PROBES];
    uint8_t is_asked[SIGN_CELLS] = {0};
    int64_t farthest = 0;
    (void)state;
    layout_make(31, &layout);
    const struct feature *f = &layout.list.feature[7];
    assert_int_equal(sign_probe(f, 128, &sign, cell), 128);
    assert_int_equal(sign.bits, sign_of(f).bits);
    assert_int_equal(sign.cell, sign_of(f).cell);
    assert_int_equal(cell[0], sign.cell);
    for (int i = 0; i < 128; i++) {
        int64_t far = cell_distance(f, cell[i]);
        assert_false(is_asked[cell[i]]);
        is_asked[cell[i]] = 1;
        farthest = far > farthest ? far : farthest;
    }
    for (int c = 0; c < SIGN_CELLS; c++) {
        assert_true(is_asked[c] || cell_distance(f, c) >= farthest);
    }
}

static void a_record_reads_back_as_it_was_written(void **state)
{
    struct page_record record;
    struct page_record again;
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    struct buffer twice STING_AUTO(buffer_release) = {0};
    (void)state;
    record_make(41, &record);
    assert_int_equal(page_record_write(&record, &bytes), STING_OK);
    struct bytes from = buffer_bytes(&bytes);
    assert_int_equal(page_record_read(&from, &again), STING_OK);
    assert_int_equal(from.size, 0);
    assert_int_equal(page_record_write(&again, &twice), STING_OK);
    assert_int_equal(bytes.size, twice.size);
    assert_memory_equal(bytes.data, twice.data, bytes.size);
}

static void a_page_takes_at_most_8500_bytes(void **state)
{
    struct page_record record;
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    (void)state;
    record_make(42, &record);
    record.features = PAGE_RECORD_MOST;
    /* Steps of cells cost most where a few are wide. */
    for (int i = 0; i < PAGE_RECORD_MOST; i++) {
        record.cell[i] = (uint16_t)(i < 64 ? 255 * i : 255 * 63);
    }
    assert_int_equal(page_record_write(&record, &bytes), STING_OK);
    assert_true(bytes.size <= 8500);
}

static void places_are_kept_to_a_pixel_of_the_layout(void **state)
{
    struct layout layout STING_AUTO(layout_release) = {0};
    struct page_record record;
    size_t kept = 0;
    (void)state;
    layout_make(43, &layout);
    page_record_of(&layout, &record);
    for (size_t i = 0; i < layout.list.count; i++) {
        const struct feature *f = &layout.list.feature[i];
        for (int k = 0; k < record.features; k++) {
            struct sight p = page_record_place(record.place[k], record.width_pt,
                                               record.height_pt);
            double turn = remainder((double)(p.angle - f->angle), 2 * M_PI);
            if (fabs((double)(p.x - f->x)) < 0.5 &&
                fabs((double)(p.y - f->y)) < 0.5 &&
                fabs(log((double)(p.scale / f->scale))) < 0.09 &&
                fabs(turn) < 0.03) {
                kept++;
                break;
            }
        }
    }
    assert_int_equal(kept, record.features);
}

static void a_cut_record_is_refused_wherever_it_is_cut(void **state)
{
    struct page_record record;
    struct page_record again;
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    (void)state;
    record_make(44, &record);
    record.features = 20;
    assert_int_equal(page_record_write(&record, &bytes), STING_OK);
    for (size_t size = 0; size < bytes.size; size++) {
        struct bytes from = {bytes.data, size};
        assert_int_equal(page_record_read(&from, &again), STING_E_FORMAT);
        assert_int_equal(from.size, size);
    }
}

static void records_out_of_range_are_refused(void **state)
{
    struct page_record record;
    struct page_record again;
    static const float side[] = {0, -1, 1e9F, (float)NAN};
    (void)state;
    record_make(45, &record);
    for (size_t i = 0; i <= sizeof side / sizeof *side; i++) {
        struct buffer bytes STING_AUTO(buffer_release) = {0};
        struct page_record bad = record;
        if (i < sizeof side / sizeof *side) {
            bad.height_pt = side[i];
        } else {
            bad.cell[bad.features - 1] = SIGN_CELLS;
        }
        assert_int_equal(page_record_write(&bad, &bytes), STING_OK);
        struct bytes from = buffer_bytes(&bytes);
        assert_int_equal(page_record_read(&from, &again), STING_E_FORMAT);
    }
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    assert_int_equal(page_record_write(&record, &bytes), STING_OK);
    bytes.data[9] = 0xff; /* more features than a page may have */
    struct bytes from = buffer_bytes(&bytes);
    assert_int_equal(page_record_read(&from, &again), STING_E_FORMAT);
}

static void every_feature_stands_in_its_cell(void **state)
{
    struct page_record record[3];
    struct buffer bytes[2] = {0};
    struct page_index index STING_AUTO(page_index_release) = {0};
    size_t seen = 0;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        record_make(50 + i, &record[i]);
        assert_int_equal(page_record_write(&record[i], &bytes[i / 2]),
                         STING_OK);
    }
    struct page_records part[] = {{buffer_bytes(&bytes[0]), 2},
                                  {buffer_bytes(&bytes[1]), 1}};
    assert_int_equal(page_index_init(&index, part, 2, NULL), STING_OK);
    assert_int_equal(index.pages, 3);
    for (uint32_t c = 0; c < SIGN_CELLS; c++) {
        for (uint32_t e = index.begin[c]; e < index.begin[c + 1]; e++) {
            const struct page_record *r = &record[index.page_of[e]];
            bool is_there = false;
            for (int i = 0; i < r->features; i++) {
                is_there = is_there ||
                           (r->cell[i] == c && r->bits[i] == index.bits[e] &&
                            r->place[i] == index.place[e]);
            }
            assert_true(is_there);
            seen++;
        }
    }
    assert_int_equal(seen, record[0].features + record[1].features +
                               record[2].features);
    buffer_release(&bytes[0]);
    buffer_release(&bytes[1]);
}

static void a_part_that_is_not_its_pages_is_named(void **state)
{
    struct page_record record;
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    struct page_index index = {0};
    size_t bad = 9;
    (void)state;
    record_make(60, &record);
    assert_int_equal(page_record_write(&record, &bytes), STING_OK);
    struct page_records part[] = {{buffer_bytes(&bytes), 1},
                                  {buffer_bytes(&bytes), 2},
                                  {buffer_bytes(&bytes), 1}};
    assert_int_equal(page_index_init(&index, part, 3, &bad), STING_E_FORMAT);
    assert_int_equal(bad, 1);
    part[1].pages = 0; /* bytes are left over */
    assert_int_equal(page_index_init(&index, part, 3, &bad), STING_E_FORMAT);
    assert_int_equal(bad, 1);
    part[0].pages = PAGE_INDEX_MOST_PAGES + 1;
    assert_int_equal(page_index_init(&index, part, 3, &bad), STING_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_page_on_its_side_has_the_same_features),
        cmocka_unit_test(a_squeezed_layout_leads_back_to_the_photograph),
        cmocka_unit_test(features_of_other_pages_are_far_apart),
        cmocka_unit_test(cells_asked_are_the_nearest_of_all),
        cmocka_unit_test(a_record_reads_back_as_it_was_written),
        cmocka_unit_test(a_page_takes_at_most_8500_bytes),
        cmocka_unit_test(places_are_kept_to_a_pixel_of_the_layout),
        cmocka_unit_test(a_cut_record_is_refused_wherever_it_is_cut),
        cmocka_unit_test(records_out_of_range_are_refused),
        cmocka_unit_test(every_feature_stands_in_its_cell),
        cmocka_unit_test(a_part_that_is_not_its_pages_is_named),
    };
    return cmocka_run_group_tests_name("index", test, NULL, NULL);
}
