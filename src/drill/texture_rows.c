#include "drill/texture_rows.h"

#include <math.h>
#include <stdlib.h>

#include "drill/texture.h"

void texture_rows_release(struct texture_rows *rows)
{
    free(rows->corner);
    free(rows->share);
    free(rows->upper);
    free(rows->lower);
    free(rows->between);
    free(rows->value);
    *rows = (struct texture_rows){0};
}

enum sting_status texture_rows_init(struct texture_rows *out, float step,
                                    int places, uint32_t seed)
{
    struct texture_rows made STING_AUTO(texture_rows_release) = {
        .places = places,
        .corners = (int)(step * (float)places) + 2,
        .is_fresh = true,
        .seed = seed};
    size_t across = (size_t)places + 1;
    size_t corners = (size_t)made.corners;
    made.corner = calloc(across, sizeof *made.corner);
    made.share = calloc(across, sizeof *made.share);
    made.value = calloc(across, sizeof *made.value);
    made.upper = calloc(corners, sizeof *made.upper);
    made.lower = calloc(corners, sizeof *made.lower);
    made.between = calloc(corners, sizeof *made.between);
    if (!made.corner || !made.share || !made.value || !made.upper ||
        !made.lower || !made.between) {
        return STING_E_NOMEM;
    }
    for (int i = 0; i < places; i++) {
        float x = step * (float)i;
        made.corner[i] = (int)x;
        made.share[i] = texture_ease(x - (float)(int)x);
    }
    *out = made;
    made = (struct texture_rows){0};
    return STING_OK;
}

static void corners_draw(const struct texture_rows *rows, int row, float *out)
{
    for (int i = 0; i < rows->corners; i++) {
        out[i] = texture_corner(i, row, rows->seed);
    }
}

static void lattice_move(struct texture_rows *rows, int row)
{
    if (!rows->is_fresh && row == rows->row) {
        return;
    }
    bool is_next = !rows->is_fresh && row == rows->row + 1;
    float *kept = rows->upper;
    rows->upper = rows->lower;
    rows->lower = kept;
    if (!is_next) {
        corners_draw(rows, row, rows->upper);
    }
    corners_draw(rows, row + 1, rows->lower);
    rows->row = row;
    rows->is_fresh = false;
}

const float *texture_rows_at(struct texture_rows *rows, float y)
{
    float top = floorf(y);
    float v = texture_ease(y - top);
    lattice_move(rows, (int)top);
    for (int i = 0; i < rows->corners; i++) {
        rows->between[i] =
            rows->upper[i] + v * (rows->lower[i] - rows->upper[i]);
    }
    for (int i = 0; i < rows->places; i++) {
        const float *left = rows->between + rows->corner[i];
        rows->value[i] = left[0] + rows->share[i] * (left[1] - left[0]);
    }
    return rows->value;
}
