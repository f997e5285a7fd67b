/* Cells are the means of their pixels, whatever the picture's size, and windows
 * the means of their cells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"
#include "tests/check.h"

static struct plane picture_of(int width_px, int height_px)
{
    struct plane made = {0};
    uint32_t seed = (uint32_t)width_px << 16 | (uint32_t)height_px;
    assert_int_equal(plane_init(&made, width_px, height_px), STING_OK);
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            seed = seed * 1664525u + 1013904223u;
            plane_row(&made, y)[x] = seed >> 31 ? 255 : (uint8_t)(seed >> 24);
        }
    }
    return made;
}

static float mean_of(const struct plane *picture, int x0, int x1, int y0,
                     int y1)
{
    int step = y1 - y0 >= 8 ? 2 : 1;
    uint64_t sum = 0, count = 0;
    for (int y = y0; y < y1; y += step) {
        for (int x = x0; x < x1; x++, count++) {
            sum += plane_row(picture, y)[x];
        }
    }
    return (float)sum / (float)count;
}

static void cells_check(int width_px, int height_px)
{
    struct plane picture STING_AUTO(plane_release) =
        picture_of(width_px, height_px);
    struct plane_f cells STING_AUTO(plane_f_release) = {0};
    int rows = grid_height(width_px, height_px);
    assert_int_equal(plane_f_init(&cells, GRID_WIDTH, rows), STING_OK);
    grid_fill(&picture, &cells);
    for (int j = 0; j < rows; j++) {
        int y0 = j * height_px / rows, y1 = (j + 1) * height_px / rows;
        for (int i = 0; i < GRID_WIDTH; i++) {
            int x0 = i * width_px / GRID_WIDTH;
            int x1 = (i + 1) * width_px / GRID_WIDTH;
            float mean = mean_of(&picture, x0, x1 > x0 ? x1 : x0 + 1, y0,
                                 y1 > y0 ? y1 : y0 + 1);
            assert_true(plane_f_row(&cells, j)[i] == mean);
        }
    }
}

static void a_cell_is_the_mean_of_its_pixels(void **state)
{
    (void)state;
    static const int size[][2] = {{16, 16},     {17, 999},    {159, 90},
                                  {163, 91},    {640, 360},   {1919, 1079},
                                  {3840, 2160}, {16, 65535},  {65535, 16},
                                  {65535, 512}, {10007, 300}, {320, 2}};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        cells_check(size[i][0], size[i][1]);
    }
}

/* A sum of so many lines does not run over. */
static void a_cell_of_many_lines_is_white_where_all_is(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    struct plane_f cells STING_AUTO(plane_f_release) = {0};
    assert_int_equal(plane_init(&picture, 65535, 612), STING_OK);
    assert_int_equal(grid_height(65535, 612), 1);
    memset(picture.data, 255, (size_t)picture.stride * 612);
    assert_int_equal(plane_f_init(&cells, GRID_WIDTH, 1), STING_OK);
    grid_fill(&picture, &cells);
    for (int i = 0; i < GRID_WIDTH; i++) {
        assert_true(cells.data[i] == 255);
    }
}

static double window_of(const struct plane_f *cells, int x, int y, int w, int h)
{
    double sum = 0;
    int count = 0;
    for (int j = y - h / 2 < 0 ? 0 : y - h / 2, n = 0; n < h; n++, j++) {
        for (int i = x - w / 2 < 0 ? 0 : x - w / 2, m = 0; m < w; m++, i++) {
            bool is_in = i < cells->width_px && j < cells->height_px;
            sum += is_in ? (double)plane_f_row(cells, j)[i] : 0;
            count += is_in;
        }
    }
    return sum / count;
}

static void a_window_is_the_mean_of_its_cells_cut_at_the_border(void **state)
{
    (void)state;
    static const int window[][2] = {{1, 1}, {3, 3}, {4, 6}, {13, 39}, {81, 81}};
    struct plane picture STING_AUTO(plane_release) = picture_of(640, 360);
    struct plane_f cells STING_AUTO(plane_f_release) = {0};
    struct plane_f mean STING_AUTO(plane_f_release) = {0};
    double *sum = calloc((size_t)161 * 91, sizeof *sum);
    assert_non_null(sum);
    assert_int_equal(plane_f_init(&cells, GRID_WIDTH, 90), STING_OK);
    assert_int_equal(plane_f_init(&mean, GRID_WIDTH, 90), STING_OK);
    grid_fill(&picture, &cells);
    for (size_t k = 0; k < sizeof window / sizeof *window; k++) {
        grid_mean(&cells, window[k][0], window[k][1], sum, &mean);
        for (int y = 0; y < 90; y += 7) {
            for (int x = 0; x < GRID_WIDTH; x++) {
                double is = (double)plane_f_row(&mean, y)[x];
                assert_true(fabs(is - window_of(&cells, x, y, window[k][0],
                                                window[k][1])) < 1e-4);
            }
        }
    }
    free(sum);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_cell_is_the_mean_of_its_pixels),
        cmocka_unit_test(a_cell_of_many_lines_is_white_where_all_is),
        cmocka_unit_test(a_window_is_the_mean_of_its_cells_cut_at_the_border),
    };
    return cmocka_run_group_tests_name("grid", test, NULL, NULL);
}
