#include "mark/cell.h"

#include <math.h>
#include <stdlib.h>

/* The mean over a cell of the field's weight for its own middle: 0.8125 along
 * each side. */
#define MEAN_PART 0.66

bool mark_is_cell(const struct mark_unit *unit)
{
    return unit->axis == MARK_CELL_X || unit->axis == MARK_CELL_Y;
}

double mark_unit_shift_pt(const struct mark_unit *unit)
{
    return (double)unit->shift_pt * (mark_is_cell(unit) ? MEAN_PART : 1);
}

bool mark_has_cells(const struct mark_page *page)
{
    for (uint32_t u = 0; u < page->units; u++) {
        if (mark_is_cell(&page->unit[u])) {
            return true;
        }
    }
    return false;
}

float mark_cell_pt(const struct mark_page *page)
{
    const float halfway = (MARK_CELL_PT + MARK_SMALL_CELL_PT) / 2;
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (mark_is_cell(unit) && unit->x1_pt - unit->x0_pt < halfway) {
            return MARK_SMALL_CELL_PT;
        }
        if (mark_is_cell(unit)) {
            break;
        }
    }
    return MARK_CELL_PT;
}

enum sting_status mark_field(const struct mark_page *page, const int8_t *sign,
                             struct pdf_field *out, struct pdf_node **node)
{
    float side = mark_cell_pt(page);
    int columns = (int)ceilf(page->width_pt / side);
    int rows = (int)ceilf(page->height_pt / side);
    if (!mark_has_cells(page) || columns < 1 || rows < 1) {
        return STING_OK;
    }
    *node = calloc((size_t)columns * (size_t)rows, sizeof **node);
    if (!*node) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        int column = (int)((unit->x0_pt + unit->x1_pt) / 2 / side);
        int row = (int)((unit->y0_pt + unit->y1_pt) / 2 / side);
        if (!mark_is_cell(unit) || column < 0 || row < 0 || column >= columns ||
            row >= rows) {
            continue;
        }
        struct pdf_node *at = &(*node)[row * columns + column];
        float shift = (float)sign[u] * unit->shift_pt;
        *(unit->axis == MARK_CELL_X ? &at->x_pt : &at->y_pt) = shift;
    }
    *out = (struct pdf_field){(double)side, columns, rows, *node};
    return STING_OK;
}
