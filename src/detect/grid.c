#include "detect/grid.h"

int grid_height(int width_px, int height_px)
{
    int rows = (GRID_WIDTH * height_px + width_px / 2) / width_px;
    rows = rows < 1 ? 1 : rows;
    return rows > GRID_MOST_HEIGHT ? GRID_MOST_HEIGHT : rows;
}

static uint32_t row_sum(const uint8_t *row, int from, int to)
{
    uint32_t sum = 0;
    for (int x = from; x < to; x++) {
        sum += row[x];
    }
    return sum;
}

static void cells_fill_row(const struct plane *picture, int y0, int y1,
                           float *out)
{
    int step = y1 - y0 >= 8 ? 2 : 1;
    int lines = (y1 - y0 + step - 1) / step;
    for (int i = 0; i < GRID_WIDTH; i++) {
        int x0 = i * picture->width_px / GRID_WIDTH;
        int x1 = (i + 1) * picture->width_px / GRID_WIDTH;
        x1 = x1 > x0 ? x1 : x0 + 1;
        uint32_t sum = 0;
        for (int y = y0; y < y1; y += step) {
            sum += row_sum(plane_row(picture, y), x0, x1);
        }
        out[i] = (float)sum / (float)(lines * (x1 - x0));
    }
}

void grid_fill(const struct plane *picture, struct plane_f *cells)
{
    int rows = cells->height_px;
    for (int j = 0; j < rows; j++) {
        int y0 = j * picture->height_px / rows;
        int y1 = (j + 1) * picture->height_px / rows;
        y1 = y1 > y0 ? y1 : y0 + 1;
        cells_fill_row(picture, y0, y1, plane_f_row(cells, j));
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

void grid_mean(const struct plane_f *cells, int w, int h, double *sum,
               struct plane_f *out)
{
    int width = cells->width_px, height = cells->height_px, stride = width + 1;
    grid_sums(cells, sum);
    for (int y = 0; y < height; y++) {
        int y0 = y - h / 2 < 0 ? 0 : y - h / 2;
        int y1 = y0 + h > height ? height : y0 + h;
        const double *top = sum + (ptrdiff_t)y0 * stride;
        const double *bottom = sum + (ptrdiff_t)y1 * stride;
        float *to = plane_f_row(out, y);
        for (int x = 0; x < width; x++) {
            int x0 = x - w / 2 < 0 ? 0 : x - w / 2;
            int x1 = x0 + w > width ? width : x0 + w;
            double all = bottom[x1] - bottom[x0] - top[x1] + top[x0];
            to[x] = (float)(all / ((x1 - x0) * (y1 - y0)));
        }
    }
}
