#include "detect/page_face.h"

#include <math.h>
#include <stdlib.h>

#define INNER 0.92 /* of the sheet: edges are no print */
#define OUTSIDE (-1e9F)

struct sums {
    double n, a, b, aa, bb, ab;
};

static void sums_take(struct sums *s, double a, double b)
{
    s->n += 1;
    s->a += a;
    s->b += b;
    s->aa += a * a;
    s->bb += b * b;
    s->ab += a * b;
}

static double correlation(const struct sums *s)
{
    double aa = s->aa - s->a * s->a / s->n, bb = s->bb - s->b * s->b / s->n;
    double ab = s->ab - s->a * s->b / s->n;
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static struct page_sheet inner_of(const struct page_sheet *sheet)
{
    struct page_sheet in = *sheet;
    struct point middle = {0, 0};
    for (int i = 0; i < 4; i++) {
        middle.x += sheet->corner[i].x / 4;
        middle.y += sheet->corner[i].y / 4;
    }
    for (int i = 0; i < 4; i++) {
        in.corner[i].x = middle.x + INNER * (sheet->corner[i].x - middle.x);
        in.corner[i].y = middle.y + INNER * (sheet->corner[i].y - middle.y);
    }
    return in;
}

static float sample(const struct plane_f *plane, struct point p)
{
    double x = p.x - 0.5, y = p.y - 0.5;
    if (!(x >= 0 && y >= 0 && x < plane->width_px - 1 &&
          y < plane->height_px - 1)) {
        return OUTSIDE;
    }
    int i = (int)x, j = (int)y;
    float a = (float)(x - i), b = (float)(y - j);
    const float *p0 = plane_f_row(plane, j) + i;
    const float *p1 = plane_f_row(plane, j + 1) + i;
    return (1 - b) * ((1 - a) * p0[0] + a * p0[1]) +
           b * ((1 - a) * p1[0] + a * p1[1]);
}

/* `now` laid over the known sheet; OUTSIDE where it is not seen. */
static void lay_over(const struct plane_f *now, const struct homography *to,
                     struct plane_f *work)
{
    for (int y = 0; y < work->height_px; y++) {
        float *row = plane_f_row(work, y);
        for (int x = 0; x < work->width_px; x++) {
            row[x] = sample(
                now, homography_apply(to, (struct point){x + 0.5, y + 0.5}));
        }
    }
}

static struct sums compare_at(const struct plane_f *known,
                              const struct page_sheet *inner,
                              const struct plane_f *work, int dx, int dy)
{
    struct sums s = {0};
    int w = known->width_px, h = known->height_px;
    for (int y = FACE_REACH; y < h - FACE_REACH; y += 3) {
        const float *a = plane_f_row(known, y);
        const float *b = plane_f_row(work, y + dy) + dx;
        for (int x = FACE_REACH; x < w - FACE_REACH; x += 3) {
            if (b[x] > OUTSIDE && page_sheet_has(inner, x, y)) {
                sums_take(&s, (double)a[x], (double)b[x]);
            }
        }
    }
    return s;
}

/* The best shift on a lattice of `step` around (x, y). */
struct shift {
    int x, y;
    double same;
    struct sums sums;
};

static void shift_search(const struct plane_f *known,
                         const struct page_sheet *inner,
                         const struct plane_f *work, int reach, int step,
                         struct shift *best)
{
    int x = best->x, y = best->y;
    for (int dy = y - reach; dy <= y + reach; dy += step) {
        for (int dx = x - reach; dx <= x + reach; dx += step) {
            if (abs(dx) > FACE_REACH || abs(dy) > FACE_REACH) {
                continue;
            }
            struct sums s = compare_at(known, inner, work, dx, dy);
            double r = s.n > 50 ? correlation(&s) : -1;
            if (r > best->same) {
                *best = (struct shift){dx, dy, r, s};
            }
        }
    }
}

static double best_of(const struct plane_f *known,
                      const struct page_sheet *inner,
                      const struct plane_f *work, struct sums *at_best)
{
    struct shift best = {.same = -2};
    shift_search(known, inner, work, FACE_REACH, 2, &best);
    shift_search(known, inner, work, 1, 1, &best);
    *at_best = best.sums;
    return best.same;
}

/* How strongly the known print is there: of a sparse page, noise hides more of
 * the correlation than of this. */
static double amplitude(const struct sums *s, double light)
{
    double aa = s->aa - s->a * s->a / s->n, ab = s->ab - s->a * s->b / s->n;
    return aa > 0 ? fmin(1, ab / (aa * light)) : 0;
}

/* Power of the print beside that of the known, and how much of it would be
 * noise had the noise not been taken out. */
static double power_of(const struct sums *s, double noise, double light,
                       double *noise_power)
{
    double known = s->aa / s->n - s->a * s->a / (s->n * s->n);
    double now = s->bb / s->n - s->b * s->b / (s->n * s->n);
    double lit = known * light * light;
    *noise_power = lit > 0 ? noise * noise / lit : 0;
    return lit > 0 ? (now - noise * noise) / lit : 1;
}

static double farthest(const struct page_sheet *a, const struct page_sheet *b,
                       int turns)
{
    double most = 0;
    for (int i = 0; i < 4; i++) {
        const struct point *p = &a->corner[i], *q = &b->corner[(i + turns) % 4];
        most = fmax(most, hypot(p->x - q->x, p->y - q->y));
    }
    return most;
}

double page_face_alike(const struct plane_f *known,
                       const struct page_sheet *sheet,
                       const struct plane_f *laid)
{
    struct page_sheet inner = inner_of(sheet);
    struct sums sums = {0};
    return best_of(known, &inner, laid, &sums);
}

bool page_face_compare(const struct face_side *known,
                       const struct face_side *now, float noise, float light,
                       struct plane_f *work, struct page_face *out)
{
    struct page_sheet inner = inner_of(known->sheet);
    bool any = false;
    for (int turns = 0; turns < 4; turns++) {
        struct pair pair[4];
        struct homography to;
        for (int i = 0; i < 4; i++) {
            pair[i] = (struct pair){known->sheet->corner[i],
                                    now->sheet->corner[(i + turns) % 4]};
        }
        if (homography_fit(pair, NULL, 4, &to)) {
            continue;
        }
        lay_over(now->fine, &to, work);
        struct sums s = {0};
        double same = best_of(known->fine, &inner, work, &s);
        same = fmax(same, amplitude(&s, (double)light));
        if (s.n > 50 && (!any || same > (double)out->same)) {
            double power, noise_power;
            power = power_of(&s, (double)noise, (double)light, &noise_power);
            *out = (struct page_face){
                (float)same, (float)power, (float)noise_power,
                (float)farthest(known->sheet, now->sheet, turns)};
            any = true;
        }
    }
    return any;
}
