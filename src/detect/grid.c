#include "detect/grid.h"

#include <string.h>

#define AT_ONCE 16 /* cells: their sums stay near */

int grid_height(int width_px, int height_px)
{
    int rows = (GRID_WIDTH * height_px + width_px / 2) / width_px;
    rows = rows < 1 ? 1 : rows;
    return rows > GRID_MOST_HEIGHT ? GRID_MOST_HEIGHT : rows;
}

/* The pixels of a cell, across. */
struct span {
    int from, to;
};

static struct span span_of(const struct plane *picture, int cell)
{
    struct span span = {cell * picture->width_px / GRID_WIDTH,
                        (cell + 1) * picture->width_px / GRID_WIDTH};
    span.to = span.to > span.from ? span.to : span.from + 1;
    return span;
}

void grid_columns(const struct plane *picture, int x0, int x1,
                  const struct grid_lines *lines, uint16_t *sum)
{
    int width = x1 - x0;
    memset(sum, 0, (size_t)width * sizeof *sum);
    for (int y = lines->from; y < lines->to; y += lines->step) {
        const uint8_t *row = plane_row(picture, y) + x0;
        for (int x = 0; x < width; x++) {
            sum[x] = (uint16_t)(sum[x] + row[x]);
        }
    }
}

/* Some cells of a row. A picture of fewer pixels has them more than once. */
static void cells_fill(const struct plane *picture,
                       const struct grid_lines *lines, int first, float *out)
{
    uint16_t column[GRID_MOST_COLUMNS];
    int count = (lines->to - lines->from + lines->step - 1) / lines->step;
    int last = first + AT_ONCE - 1;
    struct span all = span_of(picture, first);
    all.to = span_of(picture, last).to;
    grid_columns(picture, all.from, all.to, lines, column);
    for (int i = first; i <= last; i++) {
        struct span cell = span_of(picture, i);
        uint32_t sum = 0;
        for (int x = cell.from; x < cell.to; x++) {
            sum += column[x - all.from];
        }
        out[i] = (float)sum / (float)(count * (cell.to - cell.from));
    }
}

void grid_fill(const struct plane *picture, struct plane_f *cells)
{
    int rows = cells->height_px;
    for (int j = 0; j < rows; j++) {
        int y0 = j * picture->height_px / rows;
        int y1 = (j + 1) * picture->height_px / rows;
        y1 = y1 > y0 ? y1 : y0 + 1;
        int step = y1 - y0 >= 8 ? 2 : 1;
        step = y1 - y0 > 2 * GRID_MOST_LINES ? 4 : step;
        for (int i = 0; i < GRID_WIDTH; i += AT_ONCE) {
            cells_fill(picture, &(struct grid_lines){y0, y1, step}, i,
                       plane_f_row(cells, j));
        }
    }
}

void grid_sums(const struct plane_f *cells, double *sum)
{
    int w = cells->width_px, stride = w + 1;
    for (int x = 0; x <= w; x++) {
        sum[x] = 0;
    }
    for (int y = 0; y < cells->height_px; y++) {
        const float *row = plane_f_row(cells, y);
        double *above = sum + (ptrdiff_t)y * stride, *here = above + stride;
        double line = 0;
        here[0] = 0;
        for (int x = 0; x < w; x++) {
            line += (double)row[x];
            here[x + 1] = above[x + 1] + line;
        }
    }
}

/* Means of w x h cells in one row. */
struct row_means {
    const double *top, *bottom; /* of the sums: lines begin and end there */
    int w, lines, width;
    float *to;
};

/* From first to last, where none is cut. */
static void whole_means(const struct row_means *row, int first, int last)
{
    const double *top = row->top, *bottom = row->bottom;
    int w = row->w, left = w / 2;
    double area = w * row->lines;
    float *to = row->to;
    for (int x = first; x < last; x++) {
        double all = bottom[x - left + w] - bottom[x - left] -
                     top[x - left + w] + top[x - left];
        to[x] = (float)(all / area);
    }
}

/* The same at the border. */
static void cut_means(const struct row_means *row, int first, int last)
{
    int w = row->w;
    for (int x = first; x < last; x++) {
        int x0 = x - w / 2 < 0 ? 0 : x - w / 2;
        int x1 = x0 + w > row->width ? row->width : x0 + w;
        double all =
            row->bottom[x1] - row->bottom[x0] - row->top[x1] + row->top[x0];
        row->to[x] = (float)(all / ((x1 - x0) * row->lines));
    }
}

void grid_mean_of(const double *sum, int w, int h, struct plane_f *out)
{
    int width = out->width_px, height = out->height_px, stride = width + 1;
    int first = w / 2 < width ? w / 2 : width;
    int last = width - (w - w / 2) + 1;
    last = last > first ? last : first;
    for (int y = 0; y < height; y++) {
        int y0 = y - h / 2 < 0 ? 0 : y - h / 2;
        int y1 = y0 + h > height ? height : y0 + h;
        const struct row_means row = {.top = sum + (ptrdiff_t)y0 * stride,
                                      .bottom = sum + (ptrdiff_t)y1 * stride,
                                      .w = w,
                                      .lines = y1 - y0,
                                      .width = width,
                                      .to = plane_f_row(out, y)};
        cut_means(&row, 0, first);
        whole_means(&row, first, last);
        cut_means(&row, last, width);
    }
}

void grid_mean(const struct plane_f *cells, int w, int h, double *sum,
               struct plane_f *out)
{
    grid_sums(cells, sum);
    grid_mean_of(sum, w, h, out);
}
