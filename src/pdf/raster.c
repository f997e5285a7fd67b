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
#define TAPS 3             /* pixels beyond a place that are mixed */
#define HALF 128           /* from here on a pixel of two levels is 255 */

/* Displacement in pixels of the raster. */
struct offset {
    float x, y;
};

struct raster_warp {
    enum raster_kind kind;
    struct raster_place place;
    struct place_map back; /* a displacement on the page in pixels */
    int columns;           /* of the grid below */
    int width;
    struct offset *upper; /* owned; the grid's line above the pixels at hand */
    struct offset *lower; /* owned; the one below */
    int16_t weight[FINE][4];
};

void raster_warp_free(struct raster_warp **warp)
{
    if (*warp) {
        free((*warp)->upper);
        free((*warp)->lower);
    }
    free(*warp);
    *warp = NULL;
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

static void fill_weights(struct raster_warp *warp)
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

static void fill_line(const struct raster_warp *warp, int y,
                      struct offset *line)
{
    const struct raster_place *place = &warp->place;
    for (int i = 0; i < warp->columns; i++) {
        struct place on_page = place_mapped(
            place->map, i * STEP_PX / place->width, 1 - y / place->height);
        struct place by = pdf_field_at(place->field, on_page.x, on_page.y);
        struct place px = place_mapped(warp->back, by.x, by.y);
        line[i] = (struct offset){(float)fmax(-MOST_PX, fmin(px.x, MOST_PX)),
                                  (float)fmax(-MOST_PX, fmin(px.y, MOST_PX))};
    }
}

static int held(int v, int from, int to)
{
    return v < from ? from : v >= to ? to - 1 : v;
}

static uint8_t clipped(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static const uint8_t *pixel_at(const struct raster_view *from, int x, int y)
{
    x = held(x, from->x0, from->x1) - from->x0;
    y = held(y, from->y0, from->y1) - from->y0;
    return from->sample + (size_t)y * from->stride +
           (size_t)x * (size_t)from->components;
}

/* Four by four samples around a place; (column, row) is the second of each. */
static int mixed(const struct raster_view *from, int column, int row,
                 int component, const int16_t *across, const int16_t *down)
{
    int sum = 0;
    size_t n = (size_t)from->components;
    bool inside = column - 1 >= from->x0 && column + 2 < from->x1;
    for (int j = 0; j < 4; j++) {
        int value = 0;
        if (inside) {
            const uint8_t *at =
                pixel_at(from, column - 1, row - 1 + j) + (size_t)component;
            value = across[0] * at[0] + across[1] * at[n] +
                    across[2] * at[2 * n] + across[3] * at[3 * n];
        } else {
            for (int i = 0; i < 4; i++) {
                value += across[i] *
                         pixel_at(from, column - 1 + i, row - 1 + j)[component];
            }
        }
        sum += down[j] * value;
    }
    return (sum + UNIT * UNIT / 2) >> 16;
}

static void fill_pixel(const struct raster_warp *warp,
                       const struct raster_view *from, int x, int y,
                       struct offset by, uint8_t *to)
{
    size_t n = (size_t)from->components;
    int at_x = (int)lrintf(((float)x - by.x) * FINE);
    int at_y = (int)lrintf(((float)y - by.y) * FINE);
    if (warp->kind == RASTER_NEAREST) {
        memcpy(to,
               pixel_at(from, (at_x + FINE / 2) >> 6, (at_y + FINE / 2) >> 6),
               n);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        int value = mixed(from, at_x >> 6, at_y >> 6, (int)c,
                          warp->weight[at_x & (FINE - 1)],
                          warp->weight[at_y & (FINE - 1)]);
        to[c] = warp->kind == RASTER_SMOOTH ? clipped(value)
                : value >= HALF             ? 255
                                            : 0;
    }
}

/* Row y, `part` of the way from the upper line of the grid to the lower. */
static void fill_row(const struct raster_warp *warp,
                     const struct raster_view *from, int y, float part,
                     uint8_t *to)
{
    for (int x = 0; x < warp->width; x++, to += from->components) {
        const struct offset *a = warp->upper + x / STEP_PX;
        const struct offset *b = warp->lower + x / STEP_PX;
        float along = (float)(x % STEP_PX) / STEP_PX;
        float left = a[0].x + part * (b[0].x - a[0].x);
        float right = a[1].x + part * (b[1].x - a[1].x);
        float top = a[0].y + part * (b[0].y - a[0].y);
        float low = a[1].y + part * (b[1].y - a[1].y);
        struct offset by = {left + along * (right - left),
                            top + along * (low - top)};
        fill_pixel(warp, from, x, y, by, to);
    }
}

/* Nothing moves further than the furthest of the field's nodes. */
int raster_warp_reach(const struct raster_warp *warp)
{
    const struct pdf_field *field = warp->place.field;
    double most = 0;
    for (int i = 0; i < field->columns * field->rows; i++) {
        struct place px = place_mapped(warp->back, (double)field->node[i].x_pt,
                                       (double)field->node[i].y_pt);
        most = fmax(most, fmax(fabs(px.x), fabs(px.y)));
    }
    return (int)fmin(most, MOST_PX) + TAPS;
}

enum sting_status raster_warp_new(const struct raster_place *place,
                                  enum raster_kind kind, int columns,
                                  struct raster_warp **out)
{
    struct raster_warp *warp STING_AUTO(raster_warp_free) =
        calloc(1, sizeof *warp);
    if (!warp) {
        return STING_E_NOMEM;
    }
    warp->kind = kind;
    warp->place = *place;
    warp->width = columns;
    warp->columns = columns / STEP_PX + 2;
    if (!find_back(place, &warp->back)) {
        return STING_E_UNSUPPORTED;
    }
    warp->upper = calloc((size_t)warp->columns, sizeof *warp->upper);
    warp->lower = calloc((size_t)warp->columns, sizeof *warp->lower);
    if (!warp->upper || !warp->lower) {
        return STING_E_NOMEM;
    }
    fill_weights(warp);
    fill_line(warp, 0, warp->lower);
    *out = warp;
    warp = NULL;
    return STING_OK;
}

void raster_warp_row(struct raster_warp *warp, const struct raster_view *from,
                     int y, uint8_t *to)
{
    if (y % STEP_PX == 0) {
        struct offset *line = warp->upper;
        warp->upper = warp->lower;
        warp->lower = line;
        fill_line(warp, y + STEP_PX, warp->lower);
    }
    fill_row(warp, from, y, (float)(y % STEP_PX) / STEP_PX, to);
}

enum sting_status raster_displace(const struct raster *from,
                                  const struct raster_place *place,
                                  enum raster_kind kind, struct raster *to)
{
    const struct raster_view view = {
        .sample = from->sample,
        .x1 = from->width,
        .y1 = from->height,
        .components = from->components,
        .stride = from->stride,
    };
    struct raster_warp *warp STING_AUTO(raster_warp_free) = NULL;
    enum sting_status status = raster_warp_new(place, kind, from->width, &warp);
    for (int y = 0; !status && y < from->height; y++) {
        raster_warp_row(warp, &view, y, to->sample + (size_t)y * to->stride);
    }
    return status;
}
