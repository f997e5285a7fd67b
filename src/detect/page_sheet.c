#include "detect/page_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIDDLE 0.15 /* of the patch, at each side: no middle */
#define REACH 7     /* pixels around a border */
#define SIDE_PLACES 40

enum sting_status sheet_work_init(struct sheet_work *work, int width,
                                  int height)
{
    size_t pixels = (size_t)width * (size_t)height;
    size_t both = (size_t)width + (size_t)height;
    struct sheet_work w = {.width = width, .height = height};
    w.mask = calloc(pixels, 1);
    w.queue = calloc(pixels, sizeof *w.queue);
    w.edge = calloc(4 * both, sizeof *w.edge);
    w.run = calloc(both, sizeof *w.run);
    if (!w.mask || !w.queue || !w.edge || !w.run) {
        sheet_work_release(&w);
        return STING_E_NOMEM;
    }
    *work = w;
    return STING_OK;
}

void sheet_work_release(struct sheet_work *work)
{
    free(work->mask);
    free(work->queue);
    free(work->edge);
    free(work->run);
    *work = (struct sheet_work){0};
}

static void mask_fill(struct sheet_work *work, const struct plane_f *flat,
                      const struct sheet_light *light, float gain)
{
    float middle = gain * (light->table + light->paper) / 2;
    for (int y = 0; y < work->height; y++) {
        const float *row = plane_f_row(flat, y);
        uint8_t *mask = work->mask + (ptrdiff_t)y * work->width;
        for (int x = 0; x < work->width; x++) {
            float bound = middle * sheet_light_at(light, flat, x, y);
            mask[x] = row[x] - SHEET_BLACK > bound;
        }
    }
}

/* Of `count` pixels so far apart, from the first on, those stay that have
 * `neck` set on either side; what is outside the patch counts as set. */
static void line_shrink(struct sheet_work *w, uint8_t *first, int count,
                        ptrdiff_t apart, int neck)
{
    int run = neck;
    for (int i = 0; i < count + neck; i++) {
        run = i >= count || first[i * apart] ? run + 1 : 0;
        if (i >= neck) {
            w->run[i - neck] = run > 2 * neck;
        }
    }
    for (int i = 0; i < count; i++) {
        first[i * apart] = (uint8_t)w->run[i];
    }
}

/* Take `neck` pixels from all that is set, so that what only touches falls
 * apart. */
static void mask_shrink(struct sheet_work *w, int neck)
{
    for (int y = 0; y < w->height; y++) {
        line_shrink(w, w->mask + (ptrdiff_t)y * w->width, w->width, 1, neck);
    }
    for (int x = 0; x < w->width; x++) {
        line_shrink(w, w->mask + x, w->height, w->width, neck);
    }
}

static bool is_middle(const struct sheet_work *w, int x, int y)
{
    int mx = (int)(MIDDLE * w->width), my = (int)(MIDDLE * w->height);
    return x >= mx && x < w->width - mx && y >= my && y < w->height - my;
}

/* Mark the piece at `seed` with `name`; gives how much of it lies in the
 * middle of the patch. */
static int piece_mark(struct sheet_work *w, int seed, uint8_t name)
{
    int head = 0, tail = 0, in = 0;
    w->queue[tail++] = seed;
    w->mask[seed] = name;
    while (head < tail) {
        int at = w->queue[head++], x = at % w->width, y = at / w->width;
        in += is_middle(w, x, y);
        const int next[4] = {
            x > 0 ? at - 1 : -1, x + 1 < w->width ? at + 1 : -1,
            y > 0 ? at - w->width : -1, y + 1 < w->height ? at + w->width : -1};
        for (int k = 0; k < 4; k++) {
            if (next[k] >= 0 && w->mask[next[k]] == 1) {
                w->mask[next[k]] = name;
                w->queue[tail++] = next[k];
            }
        }
    }
    return in;
}

/* The piece that fills most of the middle becomes 2, all else is not it. */
static int piece_choose(struct sheet_work *w)
{
    int best = 0, best_at = -1, pixels = w->width * w->height;
    for (int i = 0; i < pixels; i++) {
        if (w->mask[i] == 1) {
            int in = piece_mark(w, i, 3);
            if (in > best) {
                best = in;
                best_at = i;
            }
        }
    }
    if (best_at >= 0) {
        for (int i = 0; i < pixels; i++) {
            w->mask[i] = w->mask[i] == 3;
        }
        piece_mark(w, best_at, 2);
    }
    return best;
}

/* Left and right ends of each row of the piece. */
static int ends_list(struct sheet_work *w, bool *is_whole)
{
    int count = 0;
    *is_whole = true;
    for (int y = 0; y < w->height; y++) {
        const uint8_t *mask = w->mask + (ptrdiff_t)y * w->width;
        int low = -1, high = -1;
        for (int x = 0; x < w->width; x++) {
            if (mask[x] == 2) {
                low = low < 0 ? x : low;
                high = x;
            }
        }
        if (low >= 0) {
            w->edge[count++] = (struct point){low, y};
            w->edge[count++] = (struct point){high + 1, y};
            w->edge[count++] = (struct point){low, y + 1};
            w->edge[count++] = (struct point){high + 1, y + 1};
            *is_whole = *is_whole && low > 0 && high < w->width - 1 && y > 0 &&
                        y < w->height - 1;
        }
    }
    return count;
}

static int by_place(const void *a, const void *b)
{
    const struct point *p = a, *q = b;
    double d = p->x - q->x != 0 ? p->x - q->x : p->y - q->y;
    return (d > 0) - (d < 0);
}

static double turn(struct point a, struct point b, struct point c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Andrew's monotone chain; the hull replaces the points. Room for twice as
 * many is there. */
static int hull_make(struct point *p, int count)
{
    qsort(p, (size_t)count, sizeof *p, by_place);
    struct point *hull = p + count;
    int n = 0;
    for (int i = 0; i < count; i++) {
        while (n >= 2 && turn(hull[n - 2], hull[n - 1], p[i]) <= 0) {
            n--;
        }
        hull[n++] = p[i];
    }
    for (int i = count - 2, low = n + 1; i >= 0; i--) {
        while (n >= low && turn(hull[n - 2], hull[n - 1], p[i]) <= 0) {
            n--;
        }
        hull[n++] = p[i];
    }
    n -= n > 1;
    memmove(p, hull, (size_t)n * sizeof *p);
    return n;
}

static double area_of(const struct point *p, int n)
{
    double area = 0;
    for (int i = 1; i + 1 < n; i++) {
        area += turn(p[0], p[i], p[i + 1]) / 2;
    }
    return fabs(area);
}

/* Take away the corner that costs least, until four are left. */
static int hull_reduce(struct point *p, int n)
{
    while (n > 4) {
        int worst = 0;
        double least = INFINITY;
        for (int i = 0; i < n; i++) {
            double cost = fabs(turn(p[(i + n - 1) % n], p[i], p[(i + 1) % n]));
            if (cost < least) {
                least = cost;
                worst = i;
            }
        }
        memmove(p + worst, p + worst + 1, (size_t)(n - worst - 1) * sizeof *p);
        n--;
    }
    return n;
}

static void corners_order(const struct point *p, struct point out[4])
{
    int first = 0;
    for (int i = 1; i < 4; i++) {
        first = p[i].x + p[i].y < p[first].x + p[first].y ? i : first;
    }
    for (int i = 0; i < 4; i++) {
        out[i] = p[(first + i) % 4];
    }
}

/* Is the patch at (x, y) as bright as paper? Bilinear, over the level between
 * paper and table: above 0 is paper. */
static double over_middle(const struct plane_f *flat,
                          const struct sheet_light *light, float gain, double x,
                          double y)
{
    int i = (int)(x - 0.5), j = (int)(y - 0.5);
    if (x < 1 || y < 1 || i + 1 >= flat->width_px || j + 1 >= flat->height_px) {
        return -1;
    }
    double a = x - 0.5 - i, b = y - 0.5 - j;
    const float *p = plane_f_row(flat, j) + i,
                *q = plane_f_row(flat, j + 1) + i;
    double v = (1 - b) * ((1 - a) * (double)p[0] + a * (double)p[1]) +
               b * ((1 - a) * (double)q[0] + a * (double)q[1]);
    float middle = gain * (light->table + light->paper) / 2;
    return v -
           (double)(SHEET_BLACK + middle * sheet_light_at(light, flat, i, j));
}

/* How far outside the line through `at` the sheet ends, along the normal. */
static bool border_offset(const struct plane_f *flat,
                          const struct sheet_light *light, float gain,
                          struct point at, struct point normal, double *out)
{
    double before = over_middle(flat, light, gain, at.x - REACH * normal.x,
                                at.y - REACH * normal.y);
    for (int d = -REACH + 1; d <= REACH; d++) {
        double now = over_middle(flat, light, gain, at.x + d * normal.x,
                                 at.y + d * normal.y);
        if (before > 0 && now <= 0) {
            *out = d - 1 + before / (before - now);
            return true;
        }
        before = now;
    }
    return false;
}

/* A straight border through the places where the sheet ends: offsets at both
 * ends of the side, thrice, each time with less of what lies far off. Gives how
 * many places agree with it; 0: no border. */
static int side_fit(const double *t, const double *offset, int count,
                    double *first, double *last)
{
    double a = 0, b = 0;
    int n = 0;
    for (int pass = 0; pass < 3; pass++) {
        double st = 0, so = 0, stt = 0, sto = 0;
        n = 0;
        for (int i = 0; i < count; i++) {
            double far = fabs(offset[i] - a - b * t[i]);
            if (pass > 0 && far > (pass == 1 ? 2.5 : 1.2)) {
                continue;
            }
            n++;
            st += t[i];
            so += offset[i];
            stt += t[i] * t[i];
            sto += t[i] * offset[i];
        }
        double det = n * stt - st * st;
        if (n < 6 || det < 1e-9) {
            return 0;
        }
        b = (n * sto - st * so) / det;
        a = (so - b * st) / n;
    }
    *first = a;
    *last = a + b;
    return n;
}

static struct point crossing(struct point a, struct point b, struct point c,
                             struct point d)
{
    double det = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
    if (fabs(det) < 1e-9) {
        return b;
    }
    double k = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / det;
    return (struct point){a.x + k * (b.x - a.x), a.y + k * (b.y - a.y)};
}

/* Of the side from a to b, outwards. */
static struct point normal_of(struct point a, struct point b)
{
    double length = hypot(b.x - a.x, b.y - a.y) + 1e-9;
    return (struct point){(b.y - a.y) / length, -(b.x - a.x) / length};
}

static struct point moved(struct point p, struct point normal, double way)
{
    return (struct point){p.x + way * normal.x, p.y + way * normal.y};
}

/* Where a side meets the one before it. */
static struct point corner_at(struct point side[4][2], int i)
{
    const struct point *before = side[(i + 3) % 4];
    return crossing(before[0], before[1], side[i][0], side[i][1]);
}

/* Corners from straight borders, to parts of a pixel; those of a side that is
 * hidden stay as they were. How much of the sides is seen so is told too. */
static void corners_refine(const struct plane_f *flat,
                           const struct sheet_light *light, float gain,
                           struct page_sheet *sheet)
{
    struct point side[4][2];
    int least = SIDE_PLACES;
    for (int i = 0; i < 4; i++) {
        struct point a = sheet->corner[i], b = sheet->corner[(i + 1) % 4];
        struct point normal = normal_of(a, b);
        double t[SIDE_PLACES], offset[SIDE_PLACES], first = 0, last = 0;
        int count = 0;
        for (int k = 0; k < SIDE_PLACES; k++) {
            t[count] = 0.06 + 0.88 * k / (SIDE_PLACES - 1);
            struct point at = {a.x + t[count] * (b.x - a.x),
                               a.y + t[count] * (b.y - a.y)};
            count +=
                border_offset(flat, light, gain, at, normal, &offset[count]);
        }
        int agree = side_fit(t, offset, count, &first, &last);
        least = agree < least ? agree : least;
        side[i][0] = moved(a, normal, first);
        side[i][1] = moved(b, normal, last);
    }
    for (int i = 0; i < 4; i++) {
        struct point corner = corner_at(side, i);
        bool near = hypot(corner.x - sheet->corner[i].x,
                          corner.y - sheet->corner[i].y) < 2 * REACH;
        sheet->corner[i] = near ? corner : sheet->corner[i];
    }
    sheet->bordered = (float)least / SIDE_PLACES;
}

/* What was taken from all sides is given back: `neck` across and down. */
static void corners_grow(struct point corner[4], int neck)
{
    struct point side[4][2];
    for (int i = 0; i < 4; i++) {
        struct point a = corner[i], b = corner[(i + 1) % 4];
        struct point normal = normal_of(a, b);
        double way = neck * (fabs(normal.x) + fabs(normal.y));
        side[i][0] = moved(a, normal, way);
        side[i][1] = moved(b, normal, way);
    }
    for (int i = 0; i < 4; i++) {
        corner[i] = corner_at(side, i);
    }
}

bool page_sheet_find(struct sheet_work *work, const struct plane_f *flat,
                     const struct sheet_light *light, float gain, int neck_px,
                     struct page_sheet *out)
{
    mask_fill(work, flat, light, gain);
    if (neck_px > 0) {
        mask_shrink(work, neck_px);
    }
    if (piece_choose(work) * 100 < work->width * work->height) {
        return false;
    }
    struct page_sheet sheet = {.is_apart = neck_px > 0};
    int count = ends_list(work, &sheet.is_whole);
    count = hull_make(work->edge, count);
    double whole = area_of(work->edge, count);
    if (hull_reduce(work->edge, count) != 4) {
        return false;
    }
    corners_order(work->edge, sheet.corner);
    double four = area_of(sheet.corner, 4);
    if (neck_px > 0) {
        corners_grow(sheet.corner, neck_px);
    }
    corners_refine(flat, light, gain, &sheet);
    sheet.area_px = area_of(sheet.corner, 4);
    sheet.solid = (float)((neck_px > 0 ? four : sheet.area_px) / whole);
    *out = sheet;
    return true;
}

bool page_sheet_has(const struct page_sheet *sheet, double x, double y)
{
    for (int i = 0; i < 4; i++) {
        if (turn(sheet->corner[i], sheet->corner[(i + 1) % 4],
                 (struct point){x, y}) < 0) {
            return false;
        }
    }
    return true;
}
