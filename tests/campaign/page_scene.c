#include "tests/campaign/page_scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHEET_W 8.27 /* inches */
#define SHEET_H 11.69
#define GAUSSIANS (1 << 20)
#define PAPER 0.86F

struct v3 {
    double x, y, z;
};

/* A sheet in space: its middle and its own directions. */
struct pose {
    struct v3 at, u, v; /* u along its width, v down its height */
};

struct page_scene {
    struct page_scene_settings s;
    struct page_truth truth;
    uint64_t chance;
    int width, height;
    struct v3 eye, right, down, ahead;
    double focal;
    double yaw; /* of the sheet as it lies */
    struct pose lying;
    struct pose rest;     /* where it lies in the end */
    double lift_in, tilt; /* how it is held */
    double side;          /* the hand comes from here: angle */
    double reach;         /* how far the hand goes over the sheet */
    float skin, sleeve;
    struct plane_f table; /* reflectance */
    struct plane_f light; /* linear light */
    struct plane_f idle;  /* the same, of nobody there */
    bool has_idle;
    struct plane_f grain;
    struct plane shown;
    float *gaussian; /* GAUSSIANS of them */
    double lean_w;
};

static double uniform(struct page_scene *s)
{
    s->chance += 0x9e3779b97f4a7c15U;
    uint64_t z = s->chance;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double between(struct page_scene *s, double low, double high)
{
    return low + (high - low) * uniform(s);
}

static struct v3 v3(double x, double y, double z)
{
    return (struct v3){x, y, z};
}

static struct v3 add(struct v3 a, struct v3 b, double k)
{
    return v3(a.x + k * b.x, a.y + k * b.y, a.z + k * b.z);
}

static double dot(struct v3 a, struct v3 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct v3 cross(struct v3 a, struct v3 b)
{
    return v3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
              a.x * b.y - a.y * b.x);
}

static struct v3 unit(struct v3 a)
{
    return add(v3(0, 0, 0), a, 1 / sqrt(dot(a, a)));
}

static const char *const act_name[SCENE_ACTS] = {
    "none", "pass", "rest", "lean",   "lift",  "turn",   "take",
    "move", "swap", "lamp", "shadow", "flash", "beside", "screen"};

const char *scene_act_name(enum scene_act act)
{
    return act_name[act];
}

static double smooth(double t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

/* Noise between lattice points. */
static double lattice(int x, int y, uint64_t seed)
{
    uint64_t z = seed + (uint64_t)(uint32_t)x * 0x9e3779b97f4a7c15U +
                 (uint64_t)(uint32_t)y * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 29)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 32)) & 0xffff) / 65535;
}

static double field(double x, double y, uint64_t seed)
{
    int i = (int)floor(x), j = (int)floor(y);
    double a = smooth(x - i), b = smooth(y - j);
    return (1 - b) *
               ((1 - a) * lattice(i, j, seed) + a * lattice(i + 1, j, seed)) +
           b * ((1 - a) * lattice(i, j + 1, seed) +
                a * lattice(i + 1, j + 1, seed));
}

static struct v3 ray_of(const struct page_scene *s, double px, double py)
{
    struct v3 r = add(s->ahead, s->right, (px - s->width / 2.0) / s->focal);
    return add(r, s->down, (py - s->height / 2.0) / s->focal);
}

static void project(const struct page_scene *s, struct v3 p, double out[2])
{
    struct v3 d = add(p, s->eye, -1);
    double z = dot(d, s->ahead);
    out[0] = s->width / 2.0 + s->focal * dot(d, s->right) / z;
    out[1] = s->height / 2.0 + s->focal * dot(d, s->down) / z;
}

static void table_paint(struct page_scene *s)
{
    double base = between(s, 0.12, 0.42), wood = between(s, 0, 0.12);
    double turn = between(s, 0, 3.14159);
    double things_x = between(s, -9, 9), things_y = between(s, 8, 11);
    uint64_t seed = s->chance;
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            struct v3 r = ray_of(s, x + 0.5, y + 0.5);
            double k = -s->eye.z / r.z;
            struct v3 p = add(s->eye, r, k);
            double along = p.x * cos(turn) + p.y * sin(turn);
            double across = p.y * cos(turn) - p.x * sin(turn);
            double v = base +
                       wood * (field(along / 6, across / 0.5, seed) - 0.5) +
                       0.03 * (field(p.x / 2, p.y / 2, seed + 7) - 0.5);
            double dx = p.x - things_x, dy = p.y - things_y;
            if (dx * dx + dy * dy < 2.2) {
                v = 0.6; /* a cup */
            }
            plane_f_row(&s->table, y)[x] = (float)v;
        }
    }
}

static struct pose pose_of(double x, double y, double z, double yaw)
{
    return (struct pose){v3(x, y, z), v3(cos(yaw), sin(yaw), 0),
                         v3(-sin(yaw), cos(yaw), 0)};
}

/* Turn a pose around an axis through its middle. */
static struct v3 turned(struct v3 a, struct v3 axis, double angle)
{
    struct v3 c = cross(axis, a);
    double k = dot(axis, a) * (1 - cos(angle));
    struct v3 out = add(v3(0, 0, 0), a, cos(angle));
    return add(add(out, c, sin(angle)), axis, k);
}

static struct pose tilted(struct pose p, struct v3 axis, double angle)
{
    return (struct pose){p.at, turned(p.u, axis, angle),
                         turned(p.v, axis, angle)};
}

static void view_choose(struct page_scene *s)
{
    double steep = between(s, 0.7, 1.45), from = between(s, 0, 6.283);
    double far = between(s, 60, 140); /* inches */
    s->eye = v3(far * cos(steep) * cos(from), far * cos(steep) * sin(from),
                far * sin(steep));
    s->ahead = unit(add(v3(0, 0, 0), s->eye, -1));
    s->right = unit(cross(v3(0, 0, 1), s->ahead));
    s->right = add(v3(0, 0, 0), s->right, -1);
    s->down = unit(cross(s->ahead, s->right));
    /* dpi is that of the picture's area on the page. */
    s->focal = s->s.dpi * far / sqrt(sin(steep));
    s->width = (int)(19 * s->s.dpi) & ~7;
    s->height = (int)(17 * s->s.dpi) & ~7;
    s->yaw = from + 1.5708 + between(s, -0.35, 0.35);
}

/* How it ends, and when what happens. */
static void story_choose(struct page_scene *s)
{
    double b = s->s.begin_s;
    s->rest = s->lying;
    double dx = between(s, 0.05, 0.25), dy = between(s, -0.25, 0.25);
    double back = between(s, -0.06, 0.06);
    switch (s->s.act) {
    case ACT_LIFT:
        s->rest = pose_of(dx, dy, 0.01, s->yaw + back);
        s->truth = (struct page_truth){b + 1.0, b + 5.8, b + 6};
        break;
    case ACT_TURN:
        s->rest = pose_of(dx * 3, dy * 3, 0.01, s->yaw + 2 * back);
        s->truth = (struct page_truth){b + 1.0, b + 3.4, b + 6};
        break;
    case ACT_TAKE:
        s->truth = (struct page_truth){b + 1.0, b + 2.6, b + 6};
        break;
    case ACT_MOVE: {
        double far = between(s, 1.0, 2.5), way = between(s, 0, 6.283);
        s->rest = pose_of(far * cos(way), far * sin(way), 0.01,
                          s->yaw + between(s, -0.5, 0.5));
        s->truth = (struct page_truth){b + 1.0, b + 3.0, b + 6};
        break;
    }
    case ACT_SWAP:
        s->rest = pose_of(dx * 2, dy * 2, 0.02, s->yaw + 2 * back);
        s->truth = (struct page_truth){b + 1.0, b + 3.0, b + 6};
        break;
    case ACT_REST:
        s->truth = (struct page_truth){-1, b + 6.0, b + 6};
        break;
    default:
        s->truth = (struct page_truth){-1, b + 4.0, b + 6};
    }
}

static void hands_choose(struct page_scene *s)
{
    s->lift_in = between(s, 3, 11);
    s->tilt = between(s, 0.3, 1.1);
    s->side = between(s, 0, 6.283);
    s->reach = between(s, -2.5, 1.5);
    s->skin = (float)between(s, 0.18, 0.42);
    s->sleeve = (float)between(s, 0.04, 0.45);
    s->lean_w = between(s, 7, 13);
}

void page_scene_next(struct page_scene *s, enum scene_act act, double begin_s)
{
    s->s.act = act;
    s->s.begin_s = begin_s;
    hands_choose(s);
    story_choose(s);
}

struct page_scene *page_scene_new(const struct page_scene_settings *settings)
{
    struct page_scene *s = calloc(1, sizeof *s);
    s->s = *settings;
    s->chance = settings->seed * 0x9e3779b97f4a7c15U + 12345;
    view_choose(s);
    s->lying = pose_of(0, 0, 0.01, s->yaw);
    hands_choose(s);
    story_choose(s);
    if (plane_f_init(&s->table, s->width, s->height) ||
        plane_f_init(&s->light, s->width, s->height) ||
        plane_f_init(&s->idle, s->width, s->height) ||
        plane_f_init(&s->grain, s->width, s->height) ||
        plane_init(&s->shown, s->width, s->height)) {
        exit(2);
    }
    table_paint(s);
    s->gaussian = malloc(GAUSSIANS * sizeof *s->gaussian);
    for (int i = 0; i < GAUSSIANS; i += 2) {
        double r = sqrt(-2 * log(1 - uniform(s))), a = 6.283185 * uniform(s);
        s->gaussian[i] = (float)(r * cos(a));
        s->gaussian[i + 1] = (float)(r * sin(a));
    }
    return s;
}

void page_scene_free(struct page_scene **scene)
{
    struct page_scene *s = *scene;
    if (s) {
        plane_f_release(&s->table);
        plane_f_release(&s->light);
        plane_f_release(&s->idle);
        plane_f_release(&s->grain);
        plane_release(&s->shown);
        free(s->gaussian);
        free(s);
    }
    *scene = NULL;
}

void page_scene_zone(const struct page_scene *s, float corner[4][2])
{
    static const double at[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (int i = 0; i < 4; i++) {
        double p[2];
        struct v3 c = add(s->lying.at, s->lying.u, at[i][0] * SHEET_W * 0.58);
        project(s, add(c, s->lying.v, at[i][1] * SHEET_H * 0.56), p);
        corner[i][0] = (float)fmin(1, fmax(0, p[0] / s->width));
        corner[i][1] = (float)fmin(1, fmax(0, p[1] / s->height));
    }
}

struct page_truth page_scene_truth(const struct page_scene *scene)
{
    return scene->truth;
}

static float page_value(const struct plane *page, double u, double v)
{
    if (!page) {
        return PAPER;
    }
    double x = u * page->width_px - 0.5, y = v * page->height_px - 0.5;
    x = fmin(page->width_px - 1.001, fmax(0, x));
    y = fmin(page->height_px - 1.001, fmax(0, y));
    int i = (int)x, j = (int)y;
    double a = x - i, b = y - j;
    const uint8_t *p = plane_row(page, j) + i, *q = plane_row(page, j + 1) + i;
    double t =
        (1 - b) * ((1 - a) * p[0] + a * p[1]) + b * ((1 - a) * q[0] + a * q[1]);
    return PAPER * (float)(0.06 + 0.94 * t / 255);
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
    double eye_n, eye_u, eye_v; /* the camera from its middle */
    const struct plane *front, *back;
};

/* What one ray meets; false when that is not the sheet. */
static bool ray_meets(const struct seen_sheet *p, double x, double y,
                      float *value)
{
    double m = ramp_at(&p->n, x, y), t = -p->eye_n / m;
    double u = (p->eye_u + t * ramp_at(&p->u, x, y)) / SHEET_W + 0.5;
    double v = (p->eye_v + t * ramp_at(&p->v, x, y)) / SHEET_H + 0.5;
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

static struct box sheet_box(const struct page_scene *s, struct pose p)
{
    double low[2] = {1e9, 1e9}, high[2] = {-1e9, -1e9};
    for (int i = 0; i < 4; i++) {
        double q[2];
        struct v3 c = add(p.at, p.u, (i & 1 ? 0.5 : -0.5) * SHEET_W);
        project(s, add(c, p.v, (i & 2 ? 0.5 : -0.5) * SHEET_H), q);
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
    const struct seen_sheet seen = {
        ramp_of(s, n), ramp_of(s, p.u), ramp_of(s, p.v), dot(eye, n),
        dot(eye, p.u), dot(eye, p.v),   front,           back};
    double shade = 0.35 + 0.65 * fabs(dot(n, lamp)) / fabs(lamp.z);
    struct box box = sheet_box(s, p);
    for (int y = box.y0; y < box.y1; y++) {
        float *row = plane_f_row(&s->light, y);
        for (int x = box.x0; x < box.x1; x++) {
            row[x] = pixel_of(&seen, x, y, (float)shade, row[x]);
        }
    }
}

struct act_now {
    bool has_sheet;
    struct pose sheet;
    bool has_other;
    struct pose other;
    double hand; /* 0 away, 1 at the page */
    struct v3 hand_at;
    double lean; /* 0 to 1 */
    double gain; /* of the light */
    double flash;
    double shadow; /* place of it, below 0: none */
    double beside; /* the same of somebody at the edge; 0: nobody */
    bool screen;
};

/* Between two poses, held up in between by `held` 0 to 1. */
static struct pose carried(const struct page_scene *s, struct pose from,
                           struct pose to, double t, double held, double wobble)
{
    struct pose p;
    p.at = add(add(v3(0, 0, 0), from.at, 1 - t), to.at, t);
    p.u = unit(add(add(v3(0, 0, 0), from.u, 1 - t), to.u, t));
    p.v = unit(cross(v3(0, 0, 1), p.u));
    p.at.z += held * (s->lift_in + 0.3 * wobble);
    struct v3 axis = unit(v3(cos(s->side + 1.57), sin(s->side + 1.57), 0));
    return tilted(p, axis, held * (s->tilt + 0.04 * wobble));
}

static void hand_follow(const struct page_scene *s, struct act_now *a)
{
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    double far = 3.2 - s->reach * 0.4; /* grips near the edge */
    a->hand_at = add(a->sheet.at, way, far);
}

static void lift_act(const struct page_scene *s, double t, struct act_now *a)
{
    double held = smooth((t - 1) / 0.7) * (1 - smooth((t - 4) / 0.7));
    double there = smooth(t / 0.9) * (1 - smooth((t - 4.9) / 0.8));
    a->sheet = carried(s, s->lying, s->rest, smooth((t - 2) / 2), held,
                       sin(5 * t) + sin(8.3 * t));
    a->hand = there;
    hand_follow(s, a);
}

static void turn_act(const struct page_scene *s, double t, struct act_now *a)
{
    double w = smooth((t - 1) / 1.5);
    a->sheet = carried(s, s->lying, s->rest, w, 0, 0);
    struct v3 axis = uniform((struct page_scene *)(uintptr_t)s) < 2
                         ? a->sheet.v
                         : a->sheet.u;
    a->sheet = tilted(a->sheet, axis, 3.14159 * w);
    a->sheet.at.z += 0.5 * SHEET_W * sin(3.14159 * w);
    a->hand = smooth(t / 0.9) * (1 - smooth((t - 2.5) / 0.8));
    hand_follow(s, a);
}

static void take_act(const struct page_scene *s, double t, struct act_now *a)
{
    double w = smooth((t - 1) / 1.4);
    struct pose gone = s->lying;
    gone.at = add(gone.at, v3(cos(s->side), sin(s->side), 0), 34);
    a->sheet = carried(s, s->lying, gone, w * w, smooth((t - 1) / 0.6), 0);
    a->has_sheet = t < 2.5;
    a->hand = smooth(t / 0.9) * (t < 2.5);
    hand_follow(s, a);
}

static void move_act(const struct page_scene *s, double t, struct act_now *a)
{
    a->sheet = carried(s, s->lying, s->rest, smooth((t - 1) / 1.0), 0, 0);
    a->hand = smooth(t / 0.9) * (1 - smooth((t - 2.1) / 0.8));
    hand_follow(s, a);
}

static void swap_act(const struct page_scene *s, double t, struct act_now *a)
{
    struct pose from = s->rest;
    from.at = add(from.at, v3(cos(s->side), sin(s->side), 0), 30);
    double w = smooth((t - 0.2) / 1.6);
    a->has_other = t > 0.2;
    a->other = carried(s, from, s->rest, w, 0.4 * (1 - w), 0);
    struct act_now held = *a;
    held.sheet = a->other;
    a->hand = t > 0.2 ? 1 - smooth((t - 2.1) / 0.8) : 0;
    hand_follow(s, &held);
    a->hand_at = held.hand_at;
}

static struct act_now act_at(const struct page_scene *s, double at_s)
{
    struct act_now a = {
        .has_sheet = true, .sheet = s->lying, .gain = 1, .shadow = -1};
    double t = at_s - s->s.begin_s;
    struct v3 way = v3(cos(s->side), sin(s->side), 0);
    if (t < 0) {
        return a;
    }
    switch (s->s.act) {
    case ACT_PASS:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 1.8) / 0.8));
        a.hand_at = add(v3(0, 0, 2), way, s->reach + 2 * sin(1.5 * t));
        break;
    case ACT_REST:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 5) / 0.8));
        a.hand_at = add(v3(0, 0, 0.6), way, s->reach);
        break;
    case ACT_LEAN:
        a.lean = smooth(t / 1.0) * (1 - smooth((t - 3) / 0.9));
        break;
    case ACT_BESIDE:
        a.beside = t / 3;
        break;
    case ACT_LIFT:
        lift_act(s, t, &a);
        break;
    case ACT_TURN:
        turn_act(s, t, &a);
        break;
    case ACT_TAKE:
        take_act(s, t, &a);
        break;
    case ACT_MOVE:
        move_act(s, t, &a);
        break;
    case ACT_SWAP:
        swap_act(s, t, &a);
        break;
    case ACT_LAMP:
        a.gain = s->chance & 1 ? 2.6 : 0.45;
        break;
    case ACT_SHADOW:
        a.shadow = t / 4;
        break;
    case ACT_FLASH:
        a.flash = fmod(t, 3) < 0.1 && t < 8 ? 3 : 0;
        break;
    case ACT_SCREEN:
        a.hand = smooth(t / 0.8) * (1 - smooth((t - 4) / 0.8));
        a.hand_at = add(v3(0, 0, 7), way, 1 + sin(2 * t));
        a.screen = true;
        break;
    default:
        break;
    }
    return a;
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

static void hand_draw(struct page_scene *s, const struct act_now *a)
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

static void lean_draw(struct page_scene *s, const struct act_now *a)
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
        int at = (int)(uniform(s) * (GAUSSIANS - w - 4));
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

static void things_draw(struct page_scene *s, const struct act_now *a)
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
    struct act_now a = act_at(s, at_s);
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
                   (double)PAPER);
    return &s->shown;
}

static void word_print(struct plane *page, int x, int y, int wide, int high)
{
    for (int j = y; j < y + high; j++) {
        memset(plane_row(page, j) + x, 110, (size_t)wide);
    }
}

void page_scene_print(struct plane *page, uint64_t seed)
{
    struct page_scene chance = {.chance = seed};
    memset(page->data, 255, (size_t)page->stride * (size_t)page->height_px);
    int line = page->height_px / 70, left = page->width_px / 9;
    for (int y = 5 * line; y < page->height_px - 6 * line; y += line) {
        int end = page->width_px - left;
        if (uniform(&chance) < 0.12) {
            continue; /* between paragraphs */
        }
        if (uniform(&chance) < 0.2) {
            end = left + (int)(uniform(&chance) * (end - left));
        }
        for (int x = left; x < end;) {
            int word =
                (int)(page->width_px * (0.015 + 0.08 * uniform(&chance)));
            word_print(page, x, y, word < end - x ? word : end - x, line / 2);
            x += word + page->width_px / 60;
        }
    }
}
