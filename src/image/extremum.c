#include "image/extremum.h"

#include <math.h>
#include <stdlib.h>

#define DIFFERENCES (SCALE_PLANES - 1)
#define MOVES 5    /* a parabola may send us on, so often */
#define BORDER 2   /* pixels at the edge that show nothing */
#define LIKELY 0.8 /* of the contrast wanted, before refinement */

/* Differences between neighbouring levels of an octave, of three rows. */
struct band {
    const struct octave *octave;
    int width;
    int height;
    float *row[DIFFERENCES][3]; /* row y is at y % 3 */
    float *store;               /* owned */
    uint8_t *likely;            /* owned: places of a row worth a look */
};

static void band_release(struct band *band)
{
    free(band->store);
    free(band->likely);
}

static enum sting_status band_init(struct band *out,
                                   const struct octave *octave)
{
    out->octave = octave;
    out->width = octave->blurred[0].width_px;
    out->height = octave->blurred[0].height_px;
    size_t width = (size_t)out->width;
    out->store = reallocarray(NULL, width, sizeof(float) * 3 * DIFFERENCES);
    out->likely = calloc(width, 1);
    for (size_t i = 0; out->store && i < DIFFERENCES; i++) {
        for (size_t k = 0; k < 3; k++) {
            out->row[i][k] = out->store + (3 * i + k) * width;
        }
    }
    return out->store && out->likely ? STING_OK : STING_E_NOMEM;
}

/* Bring row y in, over row y - 3. */
static void band_fill(struct band *band, int y)
{
    for (int i = 0; i < DIFFERENCES; i++) {
        const float *fine = plane_f_row(&band->octave->blurred[i], y);
        const float *coarse = plane_f_row(&band->octave->blurred[i + 1], y);
        float *restrict to = band->row[i][y % 3];
        for (int x = 0; x < band->width; x++) {
            to[x] = coarse[x] - fine[x];
        }
    }
}

/* Is nothing in three rows of three farther from zero than `value` is? */
static bool is_beyond(float *const row[3], int x, float value, float sign)
{
    for (int k = 0; k < 3; k++) {
        const float *at = row[k] + x;
        if (sign * at[-1] > value || sign * at[0] > value ||
            sign * at[1] > value) {
            return false;
        }
    }
    return true;
}

static bool is_extremum(const struct band *band, int level, int x, float value)
{
    float sign = value > 0 ? 1 : -1;
    value *= sign;
    return is_beyond(band->row[level], x, value, sign) &&
           is_beyond(band->row[level - 1], x, value, sign) &&
           is_beyond(band->row[level + 1], x, value, sign);
}

/* Slopes and curvatures around one place. */
struct bend {
    double x, y, s;
    double xx, yy, ss, xy, xs, ys;
    double value;
};

/* The 27 differences around a place: [level][row][column]. */
struct cube {
    double at[3][3][3];
};

static struct cube cube_of(const struct octave *octave, const int place[3])
{
    struct cube cube;
    for (int l = 0; l < 3; l++) {
        const struct plane_f *fine = &octave->blurred[place[2] - 1 + l];
        const struct plane_f *coarse = fine + 1;
        for (int r = 0; r < 3; r++) {
            const float *a = plane_f_row(fine, place[1] - 1 + r) + place[0];
            const float *b = plane_f_row(coarse, place[1] - 1 + r) + place[0];
            for (int c = 0; c < 3; c++) {
                cube.at[l][r][c] = (double)(b[c - 1] - a[c - 1]);
            }
        }
    }
    return cube;
}

static struct bend bend_at(const struct octave *octave, const int place[3])
{
    struct cube cube = cube_of(octave, place);
    double(*m)[3] = cube.at[1];
    double(*up)[3] = cube.at[2];
    double(*low)[3] = cube.at[0];
    return (struct bend){
        .x = 0.5 * (m[1][2] - m[1][0]),
        .y = 0.5 * (m[2][1] - m[0][1]),
        .s = 0.5 * (up[1][1] - low[1][1]),
        .xx = m[1][2] + m[1][0] - 2 * m[1][1],
        .yy = m[2][1] + m[0][1] - 2 * m[1][1],
        .ss = up[1][1] + low[1][1] - 2 * m[1][1],
        .xy = 0.25 * (m[2][2] - m[2][0] - m[0][2] + m[0][0]),
        .xs = 0.25 * (up[1][2] - up[1][0] - low[1][2] + low[1][0]),
        .ys = 0.25 * (up[2][1] - up[0][1] - low[2][1] + low[0][1]),
        .value = m[1][1],
    };
}

/* Where the parabola has its top: by Cramer's rule. */
static bool top_of(const struct bend *b, double out[3])
{
    double c00 = b->yy * b->ss - b->ys * b->ys;
    double c01 = b->ys * b->xs - b->xy * b->ss;
    double c02 = b->xy * b->ys - b->yy * b->xs;
    double det = b->xx * c00 + b->xy * c01 + b->xs * c02;
    if (!(fabs(det) > 1e-9)) {
        return false;
    }
    double c11 = b->xx * b->ss - b->xs * b->xs;
    double c12 = b->xy * b->xs - b->xx * b->ys;
    double c22 = b->xx * b->yy - b->xy * b->xy;
    out[0] = -(c00 * b->x + c01 * b->y + c02 * b->s) / det;
    out[1] = -(c01 * b->x + c11 * b->y + c12 * b->s) / det;
    out[2] = -(c02 * b->x + c12 * b->y + c22 * b->s) / det;
    return true;
}

static bool is_edge(const struct bend *b, double ratio)
{
    double trace = b->xx + b->yy;
    double det = b->xx * b->yy - b->xy * b->xy;
    return !(det > 0) ||
           trace * trace * ratio >= (ratio + 1) * (ratio + 1) * det;
}

/* Step to the pixel next to the top, where it is not in this one. */
static bool step_to_top(const double off[3], int place[3])
{
    bool is_there = true;
    for (int i = 0; i < 3; i++) {
        int step = (off[i] > 0.6) - (off[i] < -0.6);
        place[i] += step;
        is_there = is_there && step == 0;
    }
    return is_there;
}

static bool is_within(const int place[3], const int least[3], const int most[3])
{
    for (int i = 0; i < 3; i++) {
        if (place[i] < least[i] || place[i] > most[i]) {
            return false;
        }
    }
    return true;
}

/* Follow parabolas from (x, y, level) to a top close to a pixel. */
static bool refine(const struct octave *octave, int place[3], double off[3],
                   struct bend *bend)
{
    const int most[3] = {octave->blurred[0].width_px - BORDER - 1,
                         octave->blurred[0].height_px - BORDER - 1,
                         SCALE_LEVELS};
    const int least[3] = {BORDER, BORDER, 1};
    for (int move = 0; move < MOVES; move++) {
        *bend = bend_at(octave, place);
        if (!top_of(bend, off)) {
            return false;
        }
        bool is_there = step_to_top(off, place);
        if (!is_within(place, least, most)) {
            return false;
        }
        if (is_there) {
            return true;
        }
    }
    return false;
}

static enum sting_status list_add(struct extremum_list *list,
                                  const struct extremum *extremum)
{
    if (list->count == list->capacity) {
        size_t wanted = list->capacity ? list->capacity * 2 : 1024;
        void *grown =
            reallocarray(list->extremum, wanted, sizeof *list->extremum);
        if (!grown) {
            return STING_E_NOMEM;
        }
        list->extremum = grown;
        list->capacity = wanted;
    }
    list->extremum[list->count++] = *extremum;
    return STING_OK;
}

/* What is wanted of an extremum. */
struct demand {
    double contrast;
    double edge;
    int octave;
};

static enum sting_status candidate_add(const struct octave *octave,
                                       const struct demand *demand,
                                       int place[3], struct extremum_list *list)
{
    double off[3];
    struct bend b;
    if (!refine(octave, place, off, &b)) {
        return STING_OK;
    }
    double contrast =
        fabs(b.value + 0.5 * (off[0] * b.x + off[1] * b.y + off[2] * b.s));
    if (contrast < demand->contrast || is_edge(&b, demand->edge)) {
        return STING_OK;
    }
    const struct extremum found = {
        .x = (float)(place[0] + off[0] + 0.5),
        .y = (float)(place[1] + off[1] + 0.5),
        .level = (float)(place[2] + off[2]),
        .contrast = (float)contrast,
        .octave = demand->octave,
    };
    return list_add(list, &found);
}

/* Places of a row that are far enough from zero and beyond their neighbours
 * left, right, above and below: few, and found many at a time. */
static void likely_fill(const struct band *band, int level, int y, float least,
                        uint8_t *restrict likely)
{
    const float *row = band->row[level][y % 3];
    const float *up = band->row[level][(y + 2) % 3];
    const float *low = band->row[level][(y + 1) % 3];
    for (int x = BORDER; x < band->width - BORDER; x++) {
        float v = row[x];
        int top = (v >= least) & (v >= row[x - 1]) & (v >= row[x + 1]) &
                  (v >= up[x]) & (v >= low[x]);
        int bottom = (v <= -least) & (v <= row[x - 1]) & (v <= row[x + 1]) &
                     (v <= up[x]) & (v <= low[x]);
        likely[x] = (uint8_t)(top | bottom);
    }
}

static enum sting_status row_find(const struct band *band, int level, int y,
                                  const struct demand *demand,
                                  struct extremum_list *list)
{
    enum sting_status status = STING_OK;
    const float *row = band->row[level][y % 3];
    likely_fill(band, level, y, (float)(LIKELY * demand->contrast),
                band->likely);
    for (int x = BORDER; !status && x < band->width - BORDER; x++) {
        if (band->likely[x] && is_extremum(band, level, x, row[x])) {
            int place[3] = {x, y, level};
            status = candidate_add(band->octave, demand, place, list);
        }
    }
    return status;
}

static enum sting_status octave_find(const struct octave *octave,
                                     const struct demand *demand,
                                     struct extremum_list *list)
{
    struct band band STING_AUTO(band_release) = {0};
    enum sting_status status = band_init(&band, octave);
    for (int y = 0; !status && y < band.height; y++) {
        band_fill(&band, y);
        for (int level = 1; !status && y > BORDER && level <= SCALE_LEVELS;
             level++) {
            status = row_find(&band, level, y - 1, demand, list);
        }
    }
    return status;
}

enum sting_status extremum_find(const struct scale_space *space,
                                double contrast, double edge,
                                struct extremum_list *out)
{
    struct extremum_list list STING_AUTO(extremum_list_release) = {0};
    enum sting_status status = STING_OK;
    for (int o = 0; !status && o < space->octaves; o++) {
        const struct demand demand = {contrast, edge, o};
        status = octave_find(&space->octave[o], &demand, &list);
    }
    if (!status) {
        *out = list;
        list = (struct extremum_list){0};
    }
    return status;
}

void extremum_list_release(struct extremum_list *list)
{
    free(list->extremum);
    *list = (struct extremum_list){0};
}
