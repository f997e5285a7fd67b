#include "pdf/raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_PX 8          /* the field is taken at every eighth pixel */
#define FINE 64            /* parts of a pixel that are told apart */
#define UNIT 256           /* the sum of four weights */
#define SHARPNESS 0.75     /* of the cubic: Keys' a, negative */
#define SHARPNESS_TWO 0.25 /* of two levels: their edges stay as smooth */
#define MOST_PX 256.0      /* of displacement: an image of more is none */
#define HALF 128           /* from here on a pixel of two levels is 255 */

/* Displacement in pixels of the raster. */
struct offset {
    float x, y;
};

struct warp {
    const struct raster *from;
    struct raster *to;
    enum raster_kind kind;
    struct place_map back; /* a displacement on the page in pixels */
    int columns;           /* of the grid below */
    struct offset *upper;  /* owned; the grid's line above the pixels at hand */
    struct offset *lower;  /* owned; the one below */
    int16_t weight[FINE][4];
};

static void warp_release(struct warp *warp)
{
    free(warp->upper);
    free(warp->lower);
}

/* Keys' cubic: interpolates, and is level where the samples are. */
static double cubic(double x, double sharpness)
{
    double d = fabs(x), a = -sharpness;
    if (d >= 2) {
        return 0;
    }
    return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1
                  : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
}

static void fill_weights(struct warp *warp)
{
    double sharpness = warp->kind == RASTER_TWO ? SHARPNESS_TWO : SHARPNESS;
    for (int i = 0; i < FINE; i++) {
        int sum = 0;
        for (int k = 0; k < 4; k++) {
            double at = k - 1 - i / (double)FINE;
            warp->weight[i][k] = (int16_t)lround(cubic(at, sharpness) * UNIT);
            sum += warp->weight[i][k];
        }
        warp->weight[i][i < FINE / 2 ? 1 : 2] =
            (int16_t)(warp->weight[i][i < FINE / 2 ? 1 : 2] + UNIT - sum);
    }
}

/* The linear part of the map from the page to pixels. */
static bool find_back(const struct raster_place *place, struct place_map *back)
{
    const struct place_map *m = &place->map;
    double area = m->a * m->d - m->b * m->c;
    if (!(fabs(area) > 1e-6) || !(place->width > 0) || !(place->height > 0)) {
        return false;
    }
    *back = (struct place_map){
        .a = m->d / area * place->width,
        .c = -m->c / area * place->width,
        .b = m->b / area * place->height, /* rows count downwards */
        .d = -m->a / area * place->height,
    };
    return true;
}

static void fill_line(const struct warp *warp, const struct raster_place *place,
                      int y, struct offset *line)
{
    for (int i = 0; i < warp->columns; i++) {
        struct place on_page = place_mapped(
            place->map, i * STEP_PX / place->width, 1 - y / place->height);
        struct place by = pdf_field_at(place->field, on_page.x, on_page.y);
        struct place px = place_mapped(warp->back, by.x, by.y);
        line[i] = (struct offset){(float)fmax(-MOST_PX, fmin(px.x, MOST_PX)),
                                  (float)fmax(-MOST_PX, fmin(px.y, MOST_PX))};
    }
}

static int held(int v, int size)
{
    return v < 0 ? 0 : v >= size ? size - 1 : v;
}

static uint8_t clipped(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Four by four samples around a place; (column, row) is the second of each. */
static int mixed(const struct warp *warp, int column, int row, int component,
                 const int16_t *across, const int16_t *down)
{
    const struct raster *from = warp->from;
    int n = from->components, sum = 0;
    bool inside = column >= 1 && row >= 1 && column + 2 < from->width &&
                  row + 2 < from->height;
    for (int j = 0; j < 4; j++) {
        int y = inside ? row - 1 + j : held(row - 1 + j, from->height);
        const uint8_t *line = from->sample + (size_t)y * from->stride;
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int x = inside ? column - 1 + i : held(column - 1 + i, from->width);
            value +=
                across[i] * line[(size_t)x * (size_t)n + (size_t)component];
        }
        sum += down[j] * value;
    }
    return (sum + UNIT * UNIT / 2) >> 16;
}

static void fill_pixel(const struct warp *warp, int x, int y, struct offset by)
{
    const struct raster *from = warp->from;
    size_t n = (size_t)from->components;
    uint8_t *to =
        warp->to->sample + (size_t)y * warp->to->stride + (size_t)x * n;
    int at_x = (int)lrintf(((float)x - by.x) * FINE);
    int at_y = (int)lrintf(((float)y - by.y) * FINE);
    if (warp->kind == RASTER_NEAREST) {
        int column = held((at_x + FINE / 2) >> 6, from->width);
        int row = held((at_y + FINE / 2) >> 6, from->height);
        memcpy(to,
               from->sample + (size_t)row * from->stride + (size_t)column * n,
               n);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        int value = mixed(warp, at_x >> 6, at_y >> 6, (int)c,
                          warp->weight[at_x & (FINE - 1)],
                          warp->weight[at_y & (FINE - 1)]);
        to[c] = warp->kind == RASTER_SMOOTH ? clipped(value)
                : value >= HALF             ? 255
                                            : 0;
    }
}

/* Row y, `part` of the way from the upper line of the grid to the lower. */
static void fill_row(const struct warp *warp, int y, float part)
{
    for (int x = 0; x < warp->to->width; x++) {
        const struct offset *a = warp->upper + x / STEP_PX;
        const struct offset *b = warp->lower + x / STEP_PX;
        float along = (float)(x % STEP_PX) / STEP_PX;
        float left = a[0].x + part * (b[0].x - a[0].x);
        float right = a[1].x + part * (b[1].x - a[1].x);
        float top = a[0].y + part * (b[0].y - a[0].y);
        float low = a[1].y + part * (b[1].y - a[1].y);
        fill_pixel(warp, x, y,
                   (struct offset){left + along * (right - left),
                                   top + along * (low - top)});
    }
}

enum sting_status raster_displace(const struct raster *from,
                                  const struct raster_place *place,
                                  enum raster_kind kind, struct raster *to)
{
    struct warp warp STING_AUTO(warp_release) = {
        .from = from,
        .to = to,
        .kind = kind,
        .columns = from->width / STEP_PX + 2,
    };
    if (!find_back(place, &warp.back)) {
        return STING_E_UNSUPPORTED;
    }
    warp.upper = calloc((size_t)warp.columns, sizeof *warp.upper);
    warp.lower = calloc((size_t)warp.columns, sizeof *warp.lower);
    if (!warp.upper || !warp.lower) {
        return STING_E_NOMEM;
    }
    fill_weights(&warp);
    fill_line(&warp, place, 0, warp.lower);
    for (int y = 0; y < from->height; y++) {
        if (y % STEP_PX == 0) {
            struct offset *line = warp.upper;
            warp.upper = warp.lower;
            warp.lower = line;
            fill_line(&warp, place, y + STEP_PX, warp.lower);
        }
        fill_row(&warp, y, (float)(y % STEP_PX) / STEP_PX);
    }
    return STING_OK;
}
