/* What moves a cell beside its own unit. */
#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "mark/cell.h"
#include "mark/read_field.h"
#include "tests/check.h"

#define SIDE 5 /* cells of the page, each way */
#define CELLS ((size_t)SIDE * SIDE)
#define CENTRE 12  /* the cell in the middle */
#define CELL_PX 60 /* at 200 dots an inch */
#define DPI 200.0

static void cells_make(struct mark_unit unit[CELLS], enum mark_axis axis)
{
    for (int i = 0; i < SIDE * SIDE; i++) {
        int column = i % SIDE, row = i / SIDE;
        float x = (float)column * MARK_CELL_PT;
        float y = (float)row * MARK_CELL_PT;
        unit[i] = (struct mark_unit){.x0_pt = x,
                                     .y0_pt = y,
                                     .x1_pt = x + MARK_CELL_PT,
                                     .y1_pt = y + MARK_CELL_PT,
                                     .ux = axis == MARK_CELL_X ? 1.0F : 0.0F,
                                     .uy = axis == MARK_CELL_Y ? 1.0F : 0.0F,
                                     .shift_pt = 0.2F,
                                     .word = (uint16_t)i,
                                     .line = UINT16_MAX,
                                     .axis = (uint8_t)axis};
    }
}

static struct mark_page page_of(struct mark_unit *unit, uint32_t units)
{
    float side = SIDE * MARK_CELL_PT;
    return (struct mark_page){side, side, MARK_PAGE_OK, units, unit};
}

static void sheet_make(struct plane *out)
{
    assert_int_equal(plane_init(out, SIDE * CELL_PX, SIDE * CELL_PX), 0);
    for (int y = 0; y < out->height_px; y++) {
        for (int x = 0; x < out->width_px; x++) {
            plane_row(out, y)[x] = 255;
        }
    }
}

/* Grey at random, from (x0, y0) to before (x1, y1). */
static void sheet_fill(struct plane *sheet, int x0, int y0, int x1, int y1)
{
    struct seeded seeded = {5};
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            plane_row(sheet, y)[x] = (uint8_t)(seeded_next(&seeded) >> 56);
        }
    }
}

static double pull_of(const struct field_cell *cell, uint32_t unit)
{
    double part = 0;
    for (uint32_t i = 0; i < cell->pulls; i++) {
        part += cell->pull[i].unit == unit ? (double)cell->pull[i].part : 0;
    }
    return part;
}

static void a_cell_full_of_grey_moves_by_the_mean_of_the_field(void **state)
{
    (void)state;
    struct mark_unit unit[CELLS];
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct field_cells cells STING_AUTO(field_cells_release) = {0};
    cells_make(unit, MARK_CELL_X);
    const struct mark_page page = page_of(unit, SIDE * SIDE);
    sheet_make(&sheet);
    sheet_fill(&sheet, 0, 0, sheet.width_px, sheet.height_px);
    assert_int_equal(field_cells_init(&cells, &sheet, DPI, &page), 0);
    const struct field_cell *cell = &cells.cell[CENTRE];
    assert_true(fabs(cell->own - 0.66) < 0.03);
    assert_true(fabs(pull_of(cell, CENTRE - 1) - 0.076) < 0.02);
    assert_true(fabs(pull_of(cell, CENTRE + SIDE) - 0.076) < 0.02);
    assert_true(fabs(field_mark_pt(&cells, &page, CENTRE) - 0.2 * cell->own) <
                1e-6);
    double guess[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
        guess[i] = 1; /* all the same way: then the whole field is one */
    }
    double all =
        0.2 * cell->own + field_pulled_pt(&cells, &page, guess, CENTRE);
    assert_true(fabs(all - 0.2) < 0.2 * 0.06);
}

static void small_cells_on_half_the_page_are_as_these(void **state)
{
    (void)state;
    struct mark_unit unit[CELLS], small[CELLS];
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct field_cells cells STING_AUTO(field_cells_release) = {0};
    struct field_cells halved STING_AUTO(field_cells_release) = {0};
    cells_make(unit, MARK_CELL_Y);
    cells_make(small, MARK_CELL_Y);
    for (size_t i = 0; i < CELLS; i++) {
        small[i].x0_pt /= 2;
        small[i].y0_pt /= 2;
        small[i].x1_pt /= 2;
        small[i].y1_pt /= 2;
    }
    const struct mark_page page = page_of(unit, SIDE * SIDE);
    struct mark_page half = page_of(small, SIDE * SIDE);
    half.width_pt /= 2;
    half.height_pt /= 2;
    sheet_make(&sheet);
    sheet_fill(&sheet, 40, 70, 260, 200);
    assert_int_equal(field_cells_init(&cells, &sheet, DPI, &page), 0);
    assert_int_equal(field_cells_init(&halved, &sheet, 2 * DPI, &half), 0);
    for (uint32_t i = 0; i < CELLS; i++) {
        assert_true(fabs(cells.cell[i].own - halved.cell[i].own) < 1e-6);
        for (uint32_t k = 0; k < CELLS; k++) {
            assert_true(fabs(pull_of(&cells.cell[i], k) -
                             pull_of(&halved.cell[i], k)) < 1e-6);
        }
    }
    assert_true(pull_of(&cells.cell[CENTRE], CENTRE - SIDE) > 0.01);
}

static void a_line_at_the_edge_of_a_cell_is_half_its_neighbour_s(void **state)
{
    (void)state;
    struct mark_unit unit[CELLS];
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct field_cells cells STING_AUTO(field_cells_release) = {0};
    cells_make(unit, MARK_CELL_Y);
    const struct mark_page page = page_of(unit, SIDE * SIDE);
    sheet_make(&sheet);
    for (int x = 0; x < sheet.width_px; x++) {
        plane_row(&sheet, 3 * CELL_PX - 3)[x] = 0;
    }
    assert_int_equal(field_cells_init(&cells, &sheet, DPI, &page), 0);
    const struct field_cell *cell = &cells.cell[CENTRE];
    assert_true(fabs(cell->own - 0.45) < 0.06);
    assert_true(fabs(pull_of(cell, CENTRE + SIDE) - 0.36) < 0.06);
    assert_true(fabs(pull_of(cell, CENTRE - SIDE)) < 0.02);
}

static void a_word_in_a_cell_goes_its_own_way(void **state)
{
    (void)state;
    struct mark_unit unit[SIDE * SIDE + 1];
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct field_cells cells STING_AUTO(field_cells_release) = {0};
    cells_make(unit, MARK_CELL_X);
    unit[CELLS] = unit[CENTRE];
    unit[CELLS].axis = MARK_ALONG;
    unit[CELLS].ux = -1; /* written from right to left */
    unit[CELLS].y1_pt = unit[CENTRE].y0_pt + MARK_CELL_PT / 2;
    const struct mark_page page = page_of(unit, SIDE * SIDE + 1);
    sheet_make(&sheet);
    sheet_fill(&sheet, 0, 0, sheet.width_px, sheet.height_px);
    assert_int_equal(field_cells_init(&cells, &sheet, DPI, &page), 0);
    const struct field_cell *cell = &cells.cell[CENTRE];
    double word = pull_of(cell, CELLS);
    assert_true(word < -0.45 && word > -0.6);
    assert_true(cell->own < 0.4);
    assert_true(cells.cell[CELLS].own > 0.99);
    assert_int_equal(cells.cell[CELLS].pulls, 0);
}

static void a_page_of_words_alone_has_nothing_to_part(void **state)
{
    (void)state;
    struct mark_unit unit[1];
    struct field_cells cells STING_AUTO(field_cells_release) = {0};
    struct plane sheet STING_AUTO(plane_release) = {0};
    unit[0] =
        (struct mark_unit){.x1_pt = 9, .y1_pt = 9, .ux = 1, .shift_pt = 0.15F};
    const struct mark_page page = page_of(unit, 1);
    const double guess[1] = {1};
    sheet_make(&sheet);
    assert_int_equal(field_cells_init(&cells, &sheet, DPI, &page), 0);
    assert_null(cells.cell);
    assert_true(fabs(field_mark_pt(&cells, &page, 0) - 0.15) < 1e-6);
    assert_true(fabs(field_pulled_pt(&cells, &page, guess, 0)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_cell_full_of_grey_moves_by_the_mean_of_the_field),
        cmocka_unit_test(small_cells_on_half_the_page_are_as_these),
        cmocka_unit_test(a_line_at_the_edge_of_a_cell_is_half_its_neighbour_s),
        cmocka_unit_test(a_word_in_a_cell_goes_its_own_way),
        cmocka_unit_test(a_page_of_words_alone_has_nothing_to_part),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
