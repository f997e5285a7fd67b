#include "image/feature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/extremum.h"

#define ANGLES 4 /* of one place, at most */
#define TURN_BINS 36
#define TURN_REACH 1.5F /* sigmas of the blob that its direction is read in */
#define CELLS 4         /* of a description, a side */
#define CELL_TURNS 8
#define CELL_SIGMAS 3.0F /* side of a cell */
#define MOST_PART 0.2F   /* of the length: one edge must not decide */
#define UNIT 512.0F

static const float pi = 3.14159265F;

#define FADE_STEPS 64
#define FADE_MOST 8   /* exp(-8) is nothing */
#define MOST_REACH 64 /* pixels: a description's, at the largest sigma */
#define ROW_PX (2 * MOST_REACH + 1)

/* exp(-x), by straight lines. */
struct fade {
    float at[FADE_MOST * FADE_STEPS + 2];
};

static void fade_fill(struct fade *fade)
{
    for (int i = 0; i < FADE_MOST * FADE_STEPS + 2; i++) {
        fade->at[i] = expf(-(float)i / FADE_STEPS);
    }
}

static float faded(const struct fade *fade, float x)
{
    float at = x * FADE_STEPS;
    int i = (int)at;
    i = i < FADE_MOST * FADE_STEPS ? i : FADE_MOST * FADE_STEPS;
    return fade->at[i] + (at - (float)i) * (fade->at[i + 1] - fade->at[i]);
}

/* atan2 from 0 to 2 pi, good to 0.0004 rad: ten times as fast as the
 * library's, many at a time, and enough for 36 bins. */
static inline float angle_of(float y, float x)
{
    float ax = fabsf(x);
    float ay = fabsf(y);
    float high = ax > ay ? ax : ay;
    float low = ax > ay ? ay : ax;
    float t = low / (high + 1e-20F);
    float s = t * t;
    float a = -0.08513F + s * 0.02084F;
    a = -0.33035F + s * (0.18014F + s * a);
    a = t * (0.99987F + s * a);
    a = ay > ax ? pi / 2 - a : a;
    a = x < 0 ? pi - a : a;
    return y < 0 ? 2 * pi - a : a;
}

/* Slopes of a stretch of a row: how steep and which way. */
struct slopes {
    float size[ROW_PX];
    float angle[ROW_PX];
};

static void slopes_fill(const float *row, ptrdiff_t stride, int count,
                        struct slopes *out)
{
    for (int i = 0; i < count; i++) {
        float gx = row[i + 1] - row[i - 1];
        float gy = row[i + stride] - row[i - stride];
        out->size[i] = sqrtf(gx * gx + gy * gy);
        out->angle[i] = angle_of(gy, gx);
    }
}

/* The blob, in the plane that is blurred as it is. */
struct blob {
    const struct plane_f *plane;
    float x, y;  /* pixels, the first one's centre at 0 */
    float sigma; /* pixels */
};

static struct blob blob_of(const struct scale_space *space,
                           const struct extremum *e)
{
    int level = (int)(e->level + 0.5F);
    return (struct blob){&space->octave[e->octave].blurred[level], e->x - 0.5F,
                         e->y - 0.5F,
                         (float)scale_space_sigma((double)e->level)};
}

/* A window of whole pixels around a blob, one pixel inside the plane. */
struct window {
    int x0, x1, y0, y1;
};

static struct window window_of(const struct blob *blob, float reach)
{
    int r = (int)fminf(reach + 0.5F, MOST_REACH);
    int x = (int)(blob->x + 0.5F);
    int y = (int)(blob->y + 0.5F);
    int right = blob->plane->width_px - 2;
    int low = blob->plane->height_px - 2;
    return (struct window){x - r < 1 ? 1 : x - r, x + r > right ? right : x + r,
                           y - r < 1 ? 1 : y - r, y + r > low ? low : y + r};
}

/* Directions of slopes around the blob, weighted. */
static void turns_fill(const struct blob *blob, const struct fade *fade,
                       float bin[TURN_BINS])
{
    struct slopes slopes = {0};
    float width = TURN_REACH * blob->sigma;
    struct window w = window_of(blob, 3 * width);
    for (int y = w.y0; y <= w.y1; y++) {
        float dy = (float)y - blob->y;
        slopes_fill(plane_f_row(blob->plane, y) + w.x0, blob->plane->stride,
                    w.x1 - w.x0 + 1, &slopes);
        for (int x = w.x0; x <= w.x1; x++) {
            float dx = (float)x - blob->x;
            float at = slopes.angle[x - w.x0] * (TURN_BINS / (2 * pi)) + 0.5F;
            int next = (int)at;
            float part = at - (float)next;
            float size = slopes.size[x - w.x0] *
                         faded(fade, (dx * dx + dy * dy) / (2 * width * width));
            bin[next > 0 ? next - 1 : TURN_BINS - 1] += size * (1 - part);
            bin[next < TURN_BINS ? next : 0] += size * part;
        }
    }
}

static void turns_smooth(float bin[TURN_BINS])
{
    for (int pass = 0; pass < 6; pass++) {
        float first = bin[0];
        float last = bin[TURN_BINS - 1];
        for (int i = 0; i < TURN_BINS; i++) {
            float next = i + 1 < TURN_BINS ? bin[i + 1] : first;
            float now = (last + bin[i] + next) / 3;
            last = bin[i];
            bin[i] = now;
        }
    }
}

/* Directions nearly as strong as the strongest; how many. */
static int turns_find(const struct blob *blob, const struct fade *fade,
                      float angle[ANGLES])
{
    float bin[TURN_BINS] = {0};
    float most = 0;
    int found = 0;
    turns_fill(blob, fade, bin);
    turns_smooth(bin);
    for (int i = 0; i < TURN_BINS; i++) {
        most = bin[i] > most ? bin[i] : most;
    }
    for (int i = 0; i < TURN_BINS && found < ANGLES; i++) {
        float a = bin[(i + TURN_BINS - 1) % TURN_BINS];
        float b = bin[(i + 1) % TURN_BINS];
        if (bin[i] >= 0.8F * most && bin[i] > a && bin[i] > b) {
            float off = 0.5F * (a - b) / (a + b - 2 * bin[i]);
            angle[found++] = ((float)i + off + 0.5F) * (2 * pi / TURN_BINS);
        }
    }
    return found;
}

/* Slopes go to the cells around them, shared out by distance, in a margin
 * of one cell that is dropped afterwards. */
struct cells {
    float bin[CELLS + 2][CELLS + 2][CELL_TURNS];
};

static void cells_add(struct cells *cells, float u, float v, float turn,
                      float size)
{
    int iu = (int)u;
    int iv = (int)v;
    int it = (int)turn;
    float fu = u - (float)iu;
    float fv = v - (float)iv;
    float ft = turn - (float)it;
    int jt = (it + 1) % CELL_TURNS;
    it %= CELL_TURNS;
    for (int i = 0; i < 2; i++) {
        float wv = size * (i ? fv : 1 - fv);
        for (int j = 0; j < 2; j++) {
            float w = wv * (j ? fu : 1 - fu);
            float *bin = cells->bin[iv + i][iu + j];
            bin[it] += w * (1 - ft);
            bin[jt] += w * ft;
        }
    }
}

/* Where |across + along * d| stays below half the cells: cut [*low, *high]
 * to that. */
static void range_cut(float across, float along, float *low, float *high)
{
    float half = (CELLS + 1) / 2.0F;
    if (fabsf(along) < 1e-6F) {
        *high = fabsf(across) < half ? *high : *low - 1;
        return;
    }
    float a = (-half - across) / along;
    float b = (half - across) / along;
    *low = fmaxf(*low, fminf(a, b));
    *high = fminf(*high, fmaxf(a, b));
}

/* One row of the window: slopes from x0 to x1. */
struct stretch {
    int x0, count;
    float u, v; /* in cells from the middle, at x0 */
    float cosine, sine;
};

static struct stretch stretch_of(const struct blob *blob,
                                 const struct window *w, float dy, float cosine,
                                 float sine)
{
    float low = (float)w->x0 - blob->x;
    float high = (float)w->x1 - blob->x;
    range_cut(sine * dy, cosine, &low, &high);
    range_cut(cosine * dy, -sine, &low, &high);
    int x0 = (int)ceilf(low + blob->x);
    int x1 = (int)floorf(high + blob->x);
    float dx = (float)x0 - blob->x;
    return (struct stretch){x0,
                            high < low ? 0 : x1 - x0 + 1,
                            cosine * dx + sine * dy,
                            cosine * dy - sine * dx,
                            cosine,
                            sine};
}

static void stretch_add(const struct stretch *s, const struct slopes *slopes,
                        const struct fade *fade, float angle,
                        struct cells *cells)
{
    const float half = (CELLS + 1) / 2.0F;
    const float most = (float)(CELLS + 1) - 1e-3F;
    for (int i = 0; i < s->count; i++) {
        float u = s->u + (float)i * s->cosine;
        float v = s->v - (float)i * s->sine;
        float far = (u * u + v * v) / (CELLS * CELLS / 2.0F);
        float turn = slopes->angle[i] - angle;
        turn = turn < 0 ? turn + 2 * pi : turn;
        cells_add(cells, fminf(fmaxf(u + half, 0), most),
                  fminf(fmaxf(v + half, 0), most),
                  turn * (CELL_TURNS / (2 * pi)),
                  faded(fade, far) * slopes->size[i]);
    }
}

static void cells_fill(const struct blob *blob, const struct fade *fade,
                       float angle, struct cells *cells)
{
    struct slopes slopes;
    float side = CELL_SIGMAS * blob->sigma;
    float cosine = cosf(angle) / side;
    float sine = sinf(angle) / side;
    struct window w = window_of(blob, side * 1.41421F * (CELLS + 1) / 2);
    for (int y = w.y0; y <= w.y1; y++) {
        struct stretch s =
            stretch_of(blob, &w, (float)y - blob->y, cosine, sine);
        if (s.count > 0) {
            slopes_fill(plane_f_row(blob->plane, y) + s.x0, blob->plane->stride,
                        s.count, &slopes);
            stretch_add(&s, &slopes, fade, angle, cells);
        }
    }
}

static float length_of(const float part[FEATURE_LENGTH])
{
    float sum = 1e-12F;
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        sum += part[i] * part[i];
    }
    return sqrtf(sum);
}

/* Large parts are cut, then the root of each, to unit length. */
static void parts_fill(const struct cells *cells, int16_t out[FEATURE_LENGTH])
{
    float part[FEATURE_LENGTH];
    float sum = 1e-12F;
    for (int i = 0; i < CELLS * CELLS; i++) {
        memcpy(&part[(size_t)i * CELL_TURNS],
               cells->bin[i / CELLS + 1][i % CELLS + 1],
               CELL_TURNS * sizeof *part);
    }
    float most = MOST_PART * length_of(part);
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        part[i] = part[i] < most ? part[i] : most;
        sum += part[i];
    }
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        out[i] = (int16_t)(UNIT * sqrtf(part[i] / sum) + 0.5F);
    }
}

static void describe(const struct scale_space *space, const struct fade *fade,
                     const struct extremum *e, float angle, struct feature *out)
{
    struct cells cells = {0};
    struct blob blob = blob_of(space, e);
    float px = (float)space->octave[e->octave].px;
    cells_fill(&blob, fade, angle, &cells);
    parts_fill(&cells, out->part);
    out->x = e->x * px;
    out->y = e->y * px;
    out->scale = blob.sigma * px;
    out->angle = angle;
    out->strength = e->contrast;
}

/* Strongest first; equal ones by place, so that the order is always one. */
static int stronger(const void *left, const void *right)
{
    const struct extremum *a = left;
    const struct extremum *b = right;
    if (a->contrast < b->contrast || a->contrast > b->contrast) {
        return a->contrast < b->contrast ? 1 : -1;
    }
    if (a->octave != b->octave) {
        return a->octave - b->octave;
    }
    if (a->y < b->y || a->y > b->y) {
        return a->y < b->y ? -1 : 1;
    }
    return (a->x > b->x) - (a->x < b->x);
}

static enum sting_status list_fill(const struct scale_space *space,
                                   const struct extremum_list *from,
                                   size_t most, struct feature_list *list)
{
    struct fade fade;
    list->feature = calloc(most + 1, sizeof *list->feature);
    if (!list->feature) {
        return STING_E_NOMEM;
    }
    fade_fill(&fade);
    for (size_t i = 0; i < from->count && list->count < most; i++) {
        float angle[ANGLES];
        struct blob blob = blob_of(space, &from->extremum[i]);
        int angles = turns_find(&blob, &fade, angle);
        for (int a = 0; a < angles && list->count < most; a++) {
            describe(space, &fade, &from->extremum[i], angle[a],
                     &list->feature[list->count++]);
        }
    }
    return STING_OK;
}

enum sting_status feature_find(const struct plane_f *plane,
                               const struct feature_options *options,
                               struct feature_list *out)
{
    struct scale_space space STING_AUTO(scale_space_release) = {0};
    struct extremum_list found STING_AUTO(extremum_list_release) = {0};
    struct feature_list list STING_AUTO(feature_list_release) = {0};
    enum sting_status status =
        scale_space_init(&space, plane, options->doubled);
    if (!status) {
        status =
            extremum_find(&space, options->contrast, options->edge, &found);
    }
    if (!status && found.count > 1) {
        qsort(found.extremum, found.count, sizeof *found.extremum, stronger);
    }
    if (!status) {
        status = list_fill(&space, &found, options->most, &list);
    }
    if (!status) {
        *out = list;
        list = (struct feature_list){0};
    }
    return status;
}

void feature_list_release(struct feature_list *list)
{
    free(list->feature);
    *list = (struct feature_list){0};
}
