/*
 * grid: a picture as the means of 160 cells across. Averaging does most of
 * the work against grain: noise of 6 grey levels a pixel is 0.4 a cell.
 */
#ifndef STING_DETECT_GRID_H
#define STING_DETECT_GRID_H

#include "base/plane.h"

#define GRID_WIDTH 160
#define GRID_MOST_HEIGHT 320

/* Rows of cells for a picture of this size: cells about square. */
int grid_height(int width_px, int height_px);

/* Fill `cells`, GRID_WIDTH x grid_height, from a picture at least as large
 * as that. Reads every second line of large cells. */
void grid_fill(const struct plane *picture, struct plane_f *cells);

/* Lines of a picture: `from`, and each step after it below `to`. */
struct grid_lines {
    int from, to, step;
};

#define GRID_MOST_LINES 257    /* that fit into a sum; */
#define GRID_MOST_COLUMNS 6600 /* and so many at once, of a tenth of any */

/* The sums of columns x0 to x1 over these lines. */
void grid_columns(const struct plane *picture, int x0, int x1,
                  const struct grid_lines *lines, uint16_t *sum);

/* sum[y][x], of (width + 1) x (height + 1): all cells above and left of
 * (x, y). */
void grid_sums(const struct plane_f *cells, double *sum);

/* The mean over windows of w x h cells around each cell, cut at the border.
 * `sum` is room for (width + 1) x (height + 1) doubles. */
void grid_mean(const struct plane_f *cells, int w, int h, double *sum,
               struct plane_f *out);

/* The same of what has its sums already, as large as `out`. */
void grid_mean_of(const double *sum, int w, int h, struct plane_f *out);

#endif
