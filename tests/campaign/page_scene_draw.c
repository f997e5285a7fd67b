/* The scene as a picture: sheets by rays, hands as strokes, light and grain. */
#include <string.h>

#include "tests/campaign/page_scene_state.h"

static float page_value(const struct plane *page, double u, double v)
{
    if (!page) {
        return SCENE_PAPER;
    }
    double x = u * page->width_px - 0.5, y = v * page->height_px - 0.5;
    x = fmin(page->width_px - 1.001, fmax(0, x));
    y = fmin(page->height_px - 1.001, fmax(0, y));
    int i = (int)x, j = (int)y;
    double a = x - i, b = y - j;
    const uint8_t *p = plane_row(page, j) + i, *q = plane_row(page, j + 1) + i;
    double t =
        (1 - b) * ((1 - a) * p[0] + a * p[1]) + b * ((1 - a) * q[0] + a * q[1]);
    return SCENE_PAPER * (float)(0.06 + 0.94 * t / 255);
}

/* What is linear in a pixel's place: of its ray, along one direction. */
struct ramp {
    double at, across, down;
};

static struct ramp ramp_of(const struct page_scene *s, struct v3 direction)
{
    return (struct ramp){dot(ray_of(s, 0, 0), direction),
                         dot(s->right, direction) / s->focal,
                         dot(s->down, direction) / s->focal};
}

static double ramp_at(const struct ramp *r, double x, double y)
{
    return r->at + r->across * x + r->down * y;
}

/* A sheet as the camera meets it: where a ray falls on it. */
struct seen_sheet {
    struct ramp n, u, v;
    struct paper_size size;
    double eye_n, eye_u, eye_v; /* the camera from its middle */
    const struct plane *front, *back;
};

/* What one ray meets; false when that is not the sheet. */
static bool ray_meets(const struct seen_sheet *p, double x, double y,
                      float *value)
{
    double m = ramp_at(&p->n, x, y), t = -p->eye_n / m;
    double u = (p->eye_u + t * ramp_at(&p->u, x, y)) / p->size.w + 0.5;
    double v = (p->eye_v + t * ramp_at(&p->v, x, y)) / p->size.h + 0.5;
    bool meets = t > 0 && u >= 0 && u < 1 && v >= 0 && v < 1;
    if (meets) {
        *value =
            m < 0 ? page_value(p->front, u, v) : page_value(p->back, 1 - u, v);
    }
    return meets;
}

struct box {
    int x0, y0, x1, y1; /* ends excluded */
};

static struct box sheet_box(const struct page_scene *s, struct pose p,
                            struct paper_size size)
{
    double low[2] = {1e9, 1e9}, high[2] = {-1e9, -1e9};
    for (int i = 0; i < 4; i++) {
        double q[2];
        struct v3 c = add(p.at, p.u, (i & 1 ? 0.5 : -0.5) * size.w);
        project(s, add(c, p.v, (i & 2 ? 0.5 : -0.5) * size.h), q);
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], q[k]);
            high[k] = fmax(high[k], q[k]);
        }
    }
    return (struct box){(int)fmax(0, low[0] - 1), (int)fmax(0, low[1] - 1),
                        (int)fmin(s->width, high[0] + 2),
                        (int)fmin(s->height, high[1] + 2)};
}

/* A pixel by four rays; `behind` is what is seen beside the sheet. */
static float pixel_of(const struct seen_sheet *seen, int x, int y, float shade,
                      float behind)
{
    float sum = 0, value = 0;
    int hits = 0;
    for (int k = 0; k < 4; k++) {
        if (ray_meets(seen, x + 0.25 + 0.5 * (k & 1), y + 0.25 + 0.5 * (k >> 1),
                      &value)) {
            sum += value;
            hits++;
        }
    }
    return ((float)(4 - hits) * behind + shade * sum) / 4;
}

/* Draw a sheet; `front` and `back` are its sides. */
static void sheet_draw(struct page_scene *s, struct pose p,
                       const struct plane *front, const struct plane *back)
{
    struct v3 n = cross(p.u, p.v); /* down when it lies face up... */
    struct v3 eye = add(s->eye, p.at, -1), lamp = unit(v3(0.3, 0.2, 1));
    struct paper_size size = paper_size_of(front);
    const struct seen_sheet seen = {
        ramp_of(s, n), ramp_of(s, p.u), ramp_of(s, p.v), size, dot(eye, n),
        dot(eye, p.u), dot(eye, p.v),   front,           back};
    double shade = 0.35 + 0.65 * fabs(dot(n, lamp)) / fabs(lamp.z);
    struct box box = sheet_box(s, p, size);
    for (int y = box.y0; y < box.y1; y++) {
        float *row = plane_f_row(&s->light, y);
        for (int x = box.x0; x < box.x1; x++) {
            row[x] = pixel_of(&seen, x, y, (float)shade, row[x]);
        }
    }
}

/* A round-ended stroke of `reflect`, with a soft shadow beside it. */
static void stroke(struct page_scene *s, const double from[2],
                   const double to[2], double radius, float reflect,
                   float shadow)
{
    double dx = to[0] - from[0], dy = to[1] - from[1];
    double length = dx * dx + dy * dy + 1e-9, wide = 1.9 * radius + 2;
    int x0 = (int)fmax(0, fmin(from[0], to[0]) - wide);
    int y0 = (int)fmax(0, fmin(from[1], to[1]) - wide);
    int x1 = (int)fmin(s->width, fmax(from[0], to[0]) + wide);
    int y1 = (int)fmin(s->height, fmax(from[1], to[1]) + wide);
    for (int y = y0; y < y1; y++) {
        float *row = plane_f_row(&s->light, y);
        for (int x = x0; x < x1; x++) {
            double k = ((x - from[0]) * dx + (y - from[1]) * dy) / length;
            k = fmin(1, fmax(0, k));
            double ex = x - from[0] - k * dx, ey = y - from[1] - k * dy;
            double d = sqrt(ex * ex + ey * ey);
            if (shadow > 0) {
                double m = 1 - smooth((d - radius) / (radius * 0.9));
                row[x] *= (float)(1 - shadow * m);
            } else {
                double m = 1 - smooth((d - radius + 1) / 2);
                double form =
                    0.85 + 0.3 * sqrt(fmax(0, 1 - d * d / (radius * radius))) -
                    0.15;
                row[x] += (float)(m * (reflect * form - row[x]));
            }
        }
    }
}

static void hand_draw(struct page_scene *s, const struct scene_now *a)
{
    if (a->hand <= 0) {
        return;
    }
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    double out = 26 * (1 - a->hand), p[2], wrist[2], far[2], shade[2],
           shade2[2];
    struct v3 hand = add(a->hand_at, way, out);
    project(s, hand, p);
    project(s, add(hand, way, 4.5), wrist);
    project(s, add(add(hand, way, 30), v3(0, 0, 1), 6), far);
    struct v3 below = v3(hand.x + 0.4 * hand.z + 0.5, hand.y + 0.4, 0);
    project(s, below, shade);
    project(s, add(below, way, 26), shade2);
    double d = s->s.dpi;
    stroke(s, shade, shade2, 2.0 * d, 0, 0.3F);
    stroke(s, wrist, far, 1.7 * d, s->sleeve, 0);
    stroke(s, p, wrist, 1.6 * d, s->skin, 0);
    if (a->screen) {
        double q[2];
        project(s, add(hand, way, -3), q);
        stroke(s, p, q, 1.6 * d, 2.5F, 0);
    }
}

/* Somebody who walks by, seen from above at one side of the table, with a
 * shadow that falls farther in. */
static void beside_draw(struct page_scene *s, double at)
{
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    struct v3 along = v3(-way.y, way.x, 0);
    struct v3 body =
        add(add(v3(0, 0, 10), way, 15 + s->lean_w / 2), along, 60 * at - 30);
    double p[2], q[2];
    project(s, body, p);
    project(s, add(body, way, 40), q);
    stroke(s, p, q, s->lean_w * s->s.dpi, 0, 0.35F);
    stroke(s, p, q, s->lean_w * s->s.dpi * 0.5, s->sleeve, 0);
}

static void lean_draw(struct page_scene *s, const struct scene_now *a)
{
    if (a->beside > 0 && a->beside < 1) {
        beside_draw(s, a->beside);
    }
    if (a->lean > 0) {
        struct v3 way = v3(cos(s->side), sin(s->side), 0);
        double from[2], to[2];
        struct v3 head = add(v3(0, 0, 12), way, 30 - 28 * a->lean);
        project(s, head, to);
        project(s, add(head, way, 40), from);
        stroke(s, from, to, s->lean_w * s->s.dpi * 1.3, 0, 0.4F);
        stroke(s, from, to, s->lean_w * s->s.dpi * 0.8, s->sleeve, 0);
    }
    if (a->shadow >= 0 && a->shadow < 1) {
        double from[2] = {s->width * (2.4 * a->shadow - 0.7), -100};
        double to[2] = {from[0] + 80, s->height + 100.0};
        stroke(s, from, to, 3.5 * s->s.dpi, 0, 0.45F);
    }
}

/* A sensor's grain, smeared by 1 2 1 both ways. */
static void grain_draw(struct page_scene *s)
{
    int w = s->width, h = s->height;
    float sigma = (float)s->s.grain;
    for (int y = 0; y < h; y++) {
        int at = (int)(uniform(s) * (SCENE_GAUSSIANS - w - 4));
        float *row = plane_f_row(&s->grain, y);
        for (int x = 0; x < w; x++) {
            row[x] = sigma * (0.25F * s->gaussian[at + x] +
                              0.5F * s->gaussian[at + x + 1] +
                              0.25F * s->gaussian[at + x + 2]);
        }
    }
}

static void develop(struct page_scene *s, double gain)
{
    int w = s->width, h = s->height;
    grain_draw(s);
    for (int y = 0; y < h; y++) {
        const float *above = plane_f_row(&s->grain, y > 0 ? y - 1 : y);
        const float *here = plane_f_row(&s->grain, y);
        const float *below = plane_f_row(&s->grain, y + 1 < h ? y + 1 : y);
        const float *light = plane_f_row(&s->light, y);
        uint8_t *row = plane_row(&s->shown, y);
        for (int x = 0; x < w; x++) {
            float fall = 1.15F - 0.3F * (float)x / (float)w;
            float v = 16 + 219 * sqrtf((float)gain * fall * light[x]);
            v += 0.25F * above[x] + 0.5F * here[x] + 0.25F * below[x];
            row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v + 0.5F);
        }
    }
}

static void plane_copy(struct plane_f *to, const struct plane_f *from)
{
    for (int y = 0; y < to->height_px; y++) {
        memcpy(plane_f_row(to, y), plane_f_row(from, y),
               (size_t)to->width_px * sizeof(float));
    }
}

static void things_draw(struct page_scene *s, const struct scene_now *a)
{
    plane_copy(&s->light, &s->table);
    if (a->has_sheet) {
        sheet_draw(s, a->sheet, s->s.front, s->s.behind);
    }
    if (a->has_other) {
        sheet_draw(s, a->other, s->s.other, s->s.behind);
    }
    hand_draw(s, a);
    lean_draw(s, a);
}

const struct plane *page_scene_draw(struct page_scene *s, double at_s)
{
    struct scene_now a = scene_at(s, at_s);
    if (at_s < s->s.begin_s && s->has_idle) {
        plane_copy(&s->light, &s->idle);
    } else {
        things_draw(s, &a);
    }
    if (at_s < s->s.begin_s && !s->has_idle) {
        plane_copy(&s->idle, &s->light);
        s->has_idle = true;
    }
    double drift = 1 + 0.03 * sin(at_s / 7.0 + (double)(s->s.seed % 7));
    develop(s, s->s.light * drift * (a.gain + a.flash) * (1 - 0.25 * a.lean) /
                   (double)SCENE_PAPER);
    return &s->shown;
}
