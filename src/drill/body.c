#include "drill/body.h"

#include <stdlib.h>

#define CELL 8   /* px; what is nearer than that hangs together */
#define LEAST 6  /* px of a cell that are covered, so that it counts */
#define HALF 127 /* covered more than not */

/* Cells, each with the part it belongs to: 0 none, -1 not yet known. */
struct cells {
    int width, height;
    int *part;    /* owned, as the next */
    int *waiting; /* those whose neighbours are to be looked at */
};

static void cells_release(struct cells *cells)
{
    free(cells->part);
    free(cells->waiting);
}

static int cell_area(const struct plane *cover, int left, int top)
{
    int area = 0;
    for (int y = top; y < top + CELL && y < cover->height_px; y++) {
        for (int x = left; x < left + CELL && x < cover->width_px; x++) {
            area += plane_row(cover, y)[x] > HALF;
        }
    }
    return area;
}

static bool cells_begin(struct cells *out, const struct plane *cover)
{
    out->width = (cover->width_px + CELL - 1) / CELL;
    out->height = (cover->height_px + CELL - 1) / CELL;
    size_t count = (size_t)out->width * (size_t)out->height;
    out->part = calloc(count, sizeof *out->part);
    out->waiting = calloc(count, sizeof *out->waiting);
    for (int i = 0; out->part && i < (int)count; i++) {
        int area =
            cell_area(cover, i % out->width * CELL, i / out->width * CELL);
        out->part[i] = area >= LEAST ? -1 : 0;
    }
    return out->part && out->waiting;
}

/* Give all that hangs together with a cell that number; how many they are. */
static int part_spread(struct cells *cells, int from, int number)
{
    int waiting = 0;
    int count = 0;
    cells->waiting[waiting++] = from;
    cells->part[from] = number;
    while (waiting > 0) {
        int at = cells->waiting[--waiting];
        count++;
        for (int k = 0; k < 9; k++) {
            int x = at % cells->width + k % 3 - 1;
            int y = at / cells->width + k / 3 - 1;
            if (x < 0 || y < 0 || x >= cells->width || y >= cells->height ||
                cells->part[y * cells->width + x] != -1) {
                continue;
            }
            cells->part[y * cells->width + x] = number;
            cells->waiting[waiting++] = y * cells->width + x;
        }
    }
    return count;
}

static int part_largest(struct cells *cells)
{
    int best = 0;
    int most = 0;
    int number = 0;
    for (int i = 0; i < cells->width * cells->height; i++) {
        if (cells->part[i] == -1) {
            int count = part_spread(cells, i, ++number);
            best = count > most ? number : best;
            most = count > most ? count : most;
        }
    }
    return best;
}

/* Is the cell of the part, or beside one that is? */
static bool is_near(const struct cells *cells, int number, int x, int y)
{
    for (int k = 0; k < 9; k++) {
        int i = x + k % 3 - 1;
        int j = y + k / 3 - 1;
        if (i >= 0 && j >= 0 && i < cells->width && j < cells->height &&
            cells->part[j * cells->width + i] == number) {
            return true;
        }
    }
    return false;
}

static void box_widen(int box[4], int x, int y)
{
    box[0] = x < box[0] ? x : box[0];
    box[1] = y < box[1] ? y : box[1];
    box[2] = x >= box[2] ? x + 1 : box[2];
    box[3] = y >= box[3] ? y + 1 : box[3];
}

double body_keep(struct plane *cover, int box[4])
{
    struct cells cells STING_AUTO(cells_release) = {0};
    int best = cells_begin(&cells, cover) ? part_largest(&cells) : 0;
    double area = 0;
    box[0] = cover->width_px;
    box[1] = cover->height_px;
    box[2] = box[3] = 0;
    for (int y = 0; y < cover->height_px; y++) {
        uint8_t *row = plane_row(cover, y);
        for (int x = 0; x < cover->width_px; x++) {
            if (row[x] == 0) {
                continue;
            }
            if (best == 0 || !is_near(&cells, best, x / CELL, y / CELL)) {
                row[x] = 0;
            } else if (row[x] > HALF) {
                box_widen(box, x, y);
                area++;
            }
        }
    }
    return area;
}
