/* What ink that spreads does to cells that show one side of a bar. */
#include <math.h>

#include "image/align.h"
#include "image/filter.h"
#include "image/seeded.h"
#include "mark/cell.h"
#include "mark/read_edge.h"
#include "tests/check.h"

#define SIDE 8 /* cells of the page, each way */
#define CELL_PX 60
#define SHEET_PX (SIDE * CELL_PX)
#define DPI 200.0
#define BLUR_PX 1.6
#define ROUNDS 6
#define REACH_PX 3.9

static struct mark_page page_make(struct mark_unit *unit)
{
    uint32_t units = 0;
    for (int i = 0; i < 2 * SIDE * SIDE; i++) {
        int column = i / 2 % SIDE, row = i / 2 / SIDE;
        bool is_right = i % 2 == 0;
        float x = (float)column * MARK_CELL_PT;
        float y = (float)row * MARK_CELL_PT;
        unit[units++] =
            (struct mark_unit){.x0_pt = x,
                               .y0_pt = y,
                               .x1_pt = x + MARK_CELL_PT,
                               .y1_pt = y + MARK_CELL_PT,
                               .ux = is_right ? 1.0F : 0.0F,
                               .uy = is_right ? 0.0F : 1.0F,
                               .shift_pt = 0.2F,
                               .word = (uint16_t)(i / 2),
                               .line = UINT16_MAX,
                               .axis = is_right ? MARK_CELL_X : MARK_CELL_Y};
    }
    float side = SIDE * MARK_CELL_PT;
    return (struct mark_page){side, side, MARK_PAGE_OK, units, unit};
}

static void fill(struct plane *sheet, int x0, int y0, int x1, int y1, int grey)
{
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            plane_row(sheet, y)[x] = (uint8_t)grey;
        }
    }
}

static void white_make(struct plane *sheet)
{
    assert_int_equal(plane_init(sheet, SHEET_PX, SHEET_PX), STING_OK);
    fill(sheet, 0, 0, SHEET_PX, SHEET_PX, 255);
}

/* Bars of greys at random, whose sides lie in many cells. */
static void bars_make(struct plane *sheet)
{
    struct seeded seeded = {7};
    white_make(sheet);
    for (int i = 0; i < 24; i++) {
        int x0 = (int)(seeded_next(&seeded) % (SHEET_PX - 90)) + 5;
        int y0 = (int)(seeded_next(&seeded) % (SHEET_PX - 90)) + 5;
        int x1 = x0 + 30 + (int)(seeded_next(&seeded) % 50);
        int y1 = y0 + 30 + (int)(seeded_next(&seeded) % 50);
        fill(sheet, x0, y0, x1, y1, (int)(seeded_next(&seeded) % 160));
    }
}

/* Lines of three pixels, of which cells show both sides. */
static void lines_make(struct plane *sheet)
{
    white_make(sheet);
    for (int at = 20; at < SHEET_PX; at += CELL_PX) {
        fill(sheet, at, 0, at + 3, SHEET_PX, 0);
        fill(sheet, 0, at, SHEET_PX, at + 3, 0);
    }
}

/* The sheet as printed: what is dark grows by a pixel to all sides. */
static void print(const struct plane *sheet, struct plane_f *out)
{
    assert_int_equal(plane_to_float(sheet, out), STING_OK);
    for (int y = 0; y < SHEET_PX; y++) {
        for (int x = 0; x < SHEET_PX; x++) {
            plane_f_row(out, y)[x] = 255 - plane_f_row(out, y)[x];
        }
    }
    assert_int_equal(plane_dilate(out, 1), STING_OK);
    for (int y = 0; y < SHEET_PX; y++) {
        for (int x = 0; x < SHEET_PX; x++) {
            plane_f_row(out, y)[x] = 255 - plane_f_row(out, y)[x];
        }
    }
    assert_int_equal(plane_blur(out, BLUR_PX), STING_OK);
}

/* How far the reader takes each cell to be displaced, that it can measure. */
static size_t samples_measure(const struct plane *sheet,
                              const struct mark_page *page,
                              struct edge_sample *sample)
{
    struct plane_f value STING_AUTO(plane_f_release) = {0};
    struct plane_f printed STING_AUTO(plane_f_release) = {0};
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    size_t count = 0;
    assert_int_equal(plane_to_float(sheet, &value), STING_OK);
    assert_int_equal(align_reference_init(&reference, &value, BLUR_PX),
                     STING_OK);
    print(sheet, &printed);
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        int x = (int)lround((double)unit->x0_pt * DPI / 72);
        int y = (int)lround((double)unit->y0_pt * DPI / 72);
        struct box box = {x - 2, y - 2, x + CELL_PX + 2, y + CELL_PX + 2};
        struct alignment found = {0};
        if (align_box(&reference, &printed, box, ROUNDS, REACH_PX, &found) &&
            found.fit > 0.5 && found.var_x < 1 && found.var_y < 1) {
            double moved = unit->axis == MARK_CELL_X ? found.x : found.y;
            sample[count++] = (struct edge_sample){u, moved * 72 / DPI, 0.01};
        }
    }
    return count;
}

static double squares(const struct edges *edges,
                      const struct edge_sample *sample, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double left = sample[i].r_pt - edges_pulled_pt(edges, sample[i].unit);
        sum += left * left;
    }
    return sum;
}

static void the_sides_of_bars_are_found_to_have_spread(void **state)
{
    (void)state;
    struct mark_unit unit[2 * SIDE * SIDE];
    struct mark_page page = page_make(unit);
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct edges edges STING_AUTO(edges_release) = {0};
    struct edge_sample sample[2 * SIDE * SIDE];
    bars_make(&sheet);
    size_t count = samples_measure(&sheet, &page, sample);
    assert_true(count > 60);
    assert_int_equal(edges_init(&edges, &sheet, DPI, BLUR_PX, &page), STING_OK);
    double before = squares(&edges, sample, count);
    edges_fit(&edges, sample, count);
    double after = squares(&edges, sample, count);
    /* a pixel is 0.36 pt, and cells seem displaced by a third of it */
    assert_true(before / (double)count > 0.1 * 0.1);
    if (!(after < 0.25 * before)) {
        fail_msg("%.4f before, %.4f after, %zu cells", before, after, count);
    }
}

static void both_sides_of_a_line_keep_its_place(void **state)
{
    (void)state;
    struct mark_unit unit[2 * SIDE * SIDE];
    struct mark_page page = page_make(unit);
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct edges edges STING_AUTO(edges_release) = {0};
    lines_make(&sheet);
    assert_int_equal(edges_init(&edges, &sheet, DPI, BLUR_PX, &page), STING_OK);
    for (uint32_t u = 0; u < page.units; u++) {
        assert_true(fabs(edges.unit[u].by[EDGE_SPREAD]) < 0.02);
        assert_true(fabs(edges.unit[u].by[EDGE_TONE]) < 0.02);
    }
}

static void few_cells_and_pages_without_any_change_nothing(void **state)
{
    (void)state;
    struct mark_unit unit[2 * SIDE * SIDE];
    struct mark_page page = page_make(unit);
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct edges edges STING_AUTO(edges_release) = {0};
    struct edges none STING_AUTO(edges_release) = {0};
    struct edge_sample sample[19];
    bars_make(&sheet);
    for (uint32_t i = 0; i < 19; i++) {
        sample[i] = (struct edge_sample){i, 0.3, 0.01};
    }
    assert_int_equal(edges_init(&edges, &sheet, DPI, BLUR_PX, &page), STING_OK);
    edges.strength[EDGE_SPREAD] = 1;
    edges_fit(&edges, sample, 19);
    assert_true(edges_pulled_pt(&edges, 0) == 0);
    for (uint32_t u = 0; u < page.units; u++) {
        unit[u].axis = MARK_ALONG;
    }
    assert_int_equal(edges_init(&none, &sheet, DPI, BLUR_PX, &page), STING_OK);
    edges_fit(&none, sample, 19);
    assert_true(edges_pulled_pt(&none, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sides_of_bars_are_found_to_have_spread),
        cmocka_unit_test(both_sides_of_a_line_keep_its_place),
        cmocka_unit_test(few_cells_and_pages_without_any_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
