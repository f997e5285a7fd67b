#include "tests/campaign/page_scene.h"

#include <stdlib.h>
#include <string.h>

#include "tests/campaign/page_scene_state.h"

static const char *const act_name[SCENE_ACTS] = {
    "none", "pass", "rest", "lean",   "lift",  "turn",   "take",
    "move", "swap", "lamp", "shadow", "flash", "beside", "screen"};

const char *scene_act_name(enum scene_act act)
{
    return act_name[act];
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

void page_scene_next(struct page_scene *s, enum scene_act act, double begin_s)
{
    s->s.act = act;
    s->s.begin_s = begin_s;
    scene_hands_choose(s);
    scene_story_choose(s);
}

struct page_scene *page_scene_new(const struct page_scene_settings *settings)
{
    struct page_scene *s = calloc(1, sizeof *s);
    s->s = *settings;
    s->chance = settings->seed * 0x9e3779b97f4a7c15U + 12345;
    view_choose(s);
    s->lying = pose_of(0, 0, 0.01, s->yaw);
    scene_hands_choose(s);
    scene_story_choose(s);
    if (plane_f_init(&s->table, s->width, s->height) ||
        plane_f_init(&s->light, s->width, s->height) ||
        plane_f_init(&s->idle, s->width, s->height) ||
        plane_f_init(&s->grain, s->width, s->height) ||
        plane_init(&s->shown, s->width, s->height)) {
        exit(2);
    }
    table_paint(s);
    s->gaussian = malloc(SCENE_GAUSSIANS * sizeof *s->gaussian);
    for (int i = 0; i < SCENE_GAUSSIANS; i += 2) {
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
    struct paper_size size = paper_size_of(s->s.front);
    for (int i = 0; i < 4; i++) {
        double p[2];
        struct v3 c = add(s->lying.at, s->lying.u, at[i][0] * size.w * 0.58);
        project(s, add(c, s->lying.v, at[i][1] * size.h * 0.56), p);
        corner[i][0] = (float)fmin(1, fmax(0, p[0] / s->width));
        corner[i][1] = (float)fmin(1, fmax(0, p[1] / s->height));
    }
}

struct page_truth page_scene_truth(const struct page_scene *scene)
{
    return scene->truth;
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
