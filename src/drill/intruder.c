#include "drill/intruder.h"

#include <stdlib.h>

#define PI 3.14159265F
#define REACH 0.3F /* of his height: half as wide as he ever is */

static const struct {
    const char *name;
    const char *word[INTRUDER_VALUES];
    const char *words[INTRUDER_VALUES];
    double low[INTRUDER_VALUES], high[INTRUDER_VALUES];
} trait_row[TRAITS] = {
    {"light",
     {"as-filmed", "half", "quarter"},
     {"the light as filmed", "half of that light", "a quarter of that light"},
     {0},
     {0}},
    {"size",
     {"small", "middling", "large"},
     {"a seventh to a quarter of the picture's height", "a quarter to a half",
      "a half to three quarters"},
     {0.15, 0.25, 0.5},
     {0.25, 0.5, 0.75}},
    {"path",
     {"across", "bait", "edge"},
     {"through the picture", "to the bait and back", "at the edge and back"},
     {0},
     {0}},
    {"speed",
     {"slow", "walking", "running"},
     {"slowly", "walking", "running"},
     {0.2, 0.4, 0.9},
     {0.4, 0.9, 2}}, /* own heights a second */
    {"who",
     {"figure", "clip", NULL},
     {"drawn figures", "people of the clip", NULL},
     {0},
     {0}},
};

const char *trait_name(int trait)
{
    return trait_row[trait].name;
}

const char *trait_word(int trait, int value)
{
    return value < INTRUDER_VALUES ? trait_row[trait].word[value] : NULL;
}

const char *trait_words(int trait, int value)
{
    return value < INTRUDER_VALUES ? trait_row[trait].words[value] : NULL;
}

int trait_size(float height_px, int picture_px)
{
    double part = (double)height_px / picture_px;
    int value = 0;
    while (value + 1 < INTRUDER_VALUES &&
           part >= trait_row[TRAIT_SIZE].high[value]) {
        value++;
    }
    return value;
}

/* ---- who ---- */

/* Three in a row have three values, in an order that chance has. */
static int value_choose(uint64_t seed, uint32_t number, int trait)
{
    int order[INTRUDER_VALUES] = {0, 1, 2};
    struct chance chance =
        chance_of(seed, UINT64_C(100000) * ((uint64_t)trait + 1) +
                            number / INTRUDER_VALUES);
    for (int i = INTRUDER_VALUES - 1; i > 0; i--) {
        int other = chance_below(&chance, i + 1);
        int kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    return order[number % INTRUDER_VALUES];
}

static float trait_choose(struct chance *chance, int trait, int value)
{
    return (float)chance_between(chance, trait_row[trait].low[value],
                                 trait_row[trait].high[value]);
}

/* Darker more often than lighter. */
static void clothes_contrast(struct chance *chance, float contrast[4])
{
    float strength = (float)chance_between(chance, INTRUDER_STRENGTH_LEAST,
                                           INTRUDER_STRENGTH_MOST);
    for (int i = 0; i < 4; i++) {
        float side = chance_uniform(chance) < 0.65 ? -1 : 1;
        side = i == 0 ? -1 : i == 1 ? 1 : side;
        contrast[i] = side * strength * (float)chance_between(chance, 0.7, 1.3);
    }
}

static void way_choose(struct chance *chance,
                       const struct intruder_stage *stage, struct intruder *out)
{
    float width = (float)stage->width_px;
    float height = (float)stage->height_px;
    bool is_right = chance_uniform(chance) < 0.5;
    float in = width * (float)chance_between(chance, 0.25, 0.75);
    float low = height * (float)chance_between(chance, 0.55, 0.95) +
                0.2F * out->height_px;
    out->stay_s = (float)chance_between(chance, INTRUDER_STAY_LEAST_S,
                                        INTRUDER_STAY_MOST_S);
    if (out->trait[TRAIT_PATH] == PATH_ACROSS) {
        in = width + REACH * out->height_px;
        out->stay_s = 0;
    } else if (out->trait[TRAIT_PATH] == PATH_EDGE) {
        in = width * (float)chance_between(chance, 0.06, 0.14);
    } else if (stage->bait_x >= 0) { /* he stands at the table, bent over it */
        in = is_right ? width - stage->bait_x : stage->bait_x;
        low = fminf(stage->bait_y + 0.45F * out->height_px, 1.2F * height);
    }
    out->foot_px = low;
    out->from_px = -REACH * out->height_px;
    out->to_px = in;
    if (is_right) {
        out->from_px = width - out->from_px;
        out->to_px = width - out->to_px;
    }
}

struct intruder intruder_choose(uint64_t seed, uint32_t number, uint32_t draw,
                                int light, const struct intruder_stage *stage)
{
    struct chance chance =
        chance_of(seed, UINT64_C(9000000) + number + ((uint64_t)draw << 32));
    struct intruder out = {.trait[TRAIT_LIGHT] = (uint8_t)light};
    for (int trait = TRAIT_SIZE; trait <= TRAIT_SPEED; trait++) {
        out.trait[trait] = (uint8_t)value_choose(seed, number, trait);
    }
    out.height_px = trait_choose(&chance, TRAIT_SIZE, out.trait[TRAIT_SIZE]) *
                    (float)stage->height_px;
    out.speed = trait_choose(&chance, TRAIT_SPEED, out.trait[TRAIT_SPEED]);
    out.down = (float)chance_between(&chance, 0.1, 0.6);
    clothes_contrast(&chance, out.contrast);
    way_choose(&chance, stage, &out);
    out.clothes = clothes_choose(&chance);
    out.behind = 128;
    return out;
}

void intruder_way(const struct intruder *intruder, int box[4])
{
    float reach = REACH * intruder->height_px;
    float left = fminf(intruder->from_px, intruder->to_px) - reach;
    float right = fmaxf(intruder->from_px, intruder->to_px) + reach;
    box[0] = (int)floorf(left);
    box[1] = (int)floorf(intruder->foot_px - intruder->height_px);
    box[2] = (int)ceilf(right - left);
    box[3] = (int)ceilf(intruder->height_px);
}

static double way_s(const struct intruder *i)
{
    return fabs((double)(i->to_px - i->from_px)) /
           (double)(i->speed * i->height_px);
}

double intruder_leaves_s(const struct intruder *intruder)
{
    return way_s(intruder) + (double)intruder->stay_s;
}

double intruder_lasts_s(const struct intruder *intruder)
{
    bool is_across = intruder->trait[TRAIT_PATH] == PATH_ACROSS;
    return is_across ? way_s(intruder)
                     : 2 * way_s(intruder) + (double)intruder->stay_s;
}

/* ---- what he does ---- */

/* In his own metres: he stands where x and z are 0. */
static struct pose pose_at(const struct intruder *i, double into_s, float *foot)
{
    const double way = way_s(i);
    const double leaves = way + (double)i->stay_s;
    float side = i->to_px > i->from_px ? 1 : -1;
    bool is_back = into_s > leaves;
    double gone_s = into_s < way ? into_s : way;
    gone_s = is_back ? fmax(0, way - (into_s - leaves)) : gone_s;
    *foot = i->from_px + side * i->speed * i->height_px * (float)gone_s;
    float tall = i->clothes.tall_m;
    float pace = i->speed * tall; /* m/s */
    struct pose pose = {.heading = side * (is_back ? -PI / 2 : PI / 2)};
    if (into_s >= way && !is_back) {
        float in = (float)fmin(1, (into_s - way) / 0.8);
        float out = (float)fmin(1, (leaves - into_s) / 0.8);
        pose.bend = 0.5F * fminf(in, out) * (i->stay_s > 0 ? 1.0F : 0.0F) +
                    0.02F * sinf(2.1F * (float)into_s);
        pose.heading = side * (PI / 2) * (1 - 0.9F * fminf(in, out));
    } else {
        float stride = 0.85F + 0.33F * pace; /* metres of a double step */
        pose.phase =
            2 * PI * pace * (float)gone_s / stride * (is_back ? -1.0F : 1.0F);
        pose.stride = fminf(0.62F, 0.22F + 0.14F * pace);
    }
    return pose;
}

/* ---- how he looks ---- */

/* The figure, drawn small: `scale` px a metre, its feet at foot_x, foot_y. */
struct canvas {
    int width, height;
    float scale, foot_x, foot_y;
    float *depth;
    struct matte_pixel *pixel;
    struct vec right, up, ahead;
};

static void canvas_place(const struct canvas *c, struct vec at, float *x,
                         float *y)
{
    *x = c->foot_x + c->scale * vec_dot(at, c->right);
    *y = c->foot_y - c->scale * vec_dot(at, c->up);
}

static struct ray canvas_ray(const struct canvas *c, int x, int y)
{
    float along = ((float)x + 0.5F - c->foot_x) / c->scale;
    float above = (c->foot_y - (float)y - 0.5F) / c->scale;
    struct vec from =
        vec_add(vec_scaled(c->right, along), vec_scaled(c->up, above));
    return (struct ray){vec_add(from, vec_scaled(c->ahead, -10)), c->ahead};
}

/* Hair, skin, jacket, trousers, in the order of `contrast`. */
static int wears(int material)
{
    return material == MATERIAL_HAIR     ? 0
           : material == MATERIAL_SKIN   ? 1
           : material == MATERIAL_JACKET ? 2
                                         : 3;
}

/* Light from above; the folds go with the limb. */
static void pixel_paint(const struct intruder *i, const struct solid *solid,
                        const struct hit *hit, float along,
                        struct matte_pixel *out)
{
    const float *rgb = clothes_colour(&i->clothes, solid->material);
    float mean = (rgb[0] + rgb[1] + rgb[2]) / 3 + 1e-3F;
    float level = i->behind * (1 + i->contrast[wears(solid->material)]);
    float shade = 1 + 0.12F * hit->normal.y + 0.05F * sinf(31 * along);
    level = fmaxf(3, fminf(250, level * shade));
    *out = (struct matte_pixel){1,
                                level,
                                {0.1F * level * (rgb[2] - mean) / mean,
                                 0.1F * level * (rgb[0] - mean) / mean}};
}

static int within(float value, int most)
{
    return value < 0 ? 0 : value > (float)most ? most : (int)value;
}

/* The canvas' pixels that may show it. */
static void solid_extent(const struct canvas *c, const struct solid *s,
                         int out[4])
{
    float x[2];
    float y[2];
    float r = c->scale * fmaxf(s->ra, s->rb) + 1;
    canvas_place(c, s->a, &x[0], &y[0]);
    canvas_place(c, s->b, &x[1], &y[1]);
    out[0] = within(fminf(x[0], x[1]) - r, c->width);
    out[1] = within(fminf(y[0], y[1]) - r, c->height);
    out[2] = within(fmaxf(x[0], x[1]) + r + 1, c->width);
    out[3] = within(fmaxf(y[0], y[1]) + r + 1, c->height);
}

static void solid_draw(const struct intruder *i, const struct solid *solid,
                       struct canvas *c)
{
    int box[4];
    solid_extent(c, solid, box);
    for (int y = box[1]; y < box[3]; y++) {
        for (int x = box[0]; x < box[2]; x++) {
            size_t at = (size_t)y * (size_t)c->width + (size_t)x;
            struct ray ray = canvas_ray(c, x, y);
            struct hit hit = {c->depth[at], {0, 1, 0}, -1};
            if (solid_trace(solid, 1, ray, &hit)) {
                struct vec point =
                    vec_add(ray.from, vec_scaled(ray.way, hit.distance));
                c->depth[at] = hit.distance;
                pixel_paint(i, solid, &hit,
                            vec_length(vec_sub(point, solid->a)),
                            &c->pixel[at]);
            }
        }
    }
}

static void canvas_release(struct canvas *canvas)
{
    free(canvas->depth);
    free(canvas->pixel);
}

#define CANVAS_TALL 200 /* px; larger figures are drawn at this and spread */

static enum sting_status canvas_begin(const struct intruder *i,
                                      struct canvas *out)
{
    float tall = fminf(i->height_px, CANVAS_TALL);
    *out = (struct canvas){.width = (int)(2 * REACH * tall) + 6,
                           .height = (int)(1.25F * tall) + 6,
                           .scale = tall / (i->clothes.tall_m * cosf(i->down)),
                           .right = {1, 0, 0},
                           .up = {0, cosf(i->down), sinf(i->down)},
                           .ahead = {0, -sinf(i->down), cosf(i->down)}};
    size_t pixels = (size_t)out->width * (size_t)out->height;
    out->foot_x = (float)out->width / 2;
    out->foot_y = 1.1F * tall;
    out->depth = malloc(pixels * sizeof *out->depth);
    out->pixel = calloc(pixels, sizeof *out->pixel);
    for (size_t k = 0; out->depth && k < pixels; k++) {
        out->depth[k] = 1e6F;
    }
    return out->depth && out->pixel ? STING_OK : STING_E_NOMEM;
}

/* Between the four nearest of the canvas: soft by a pixel, as lenses are. */
static struct matte_pixel canvas_between(const struct canvas *c, float x,
                                         float y)
{
    struct matte_pixel out = {0};
    int left = (int)floorf(x - 0.5F);
    int top = (int)floorf(y - 0.5F);
    for (int k = 0; k < 4; k++) {
        int i = left + k % 2;
        int j = top + k / 2;
        if (i < 0 || j < 0 || i >= c->width || j >= c->height) {
            continue;
        }
        const struct matte_pixel *p =
            &c->pixel[(size_t)j * (size_t)c->width + (size_t)i];
        float weight = p->cover * (1 - fabsf(x - 0.5F - (float)i)) *
                       (1 - fabsf(y - 0.5F - (float)j));
        out.cover += weight;
        out.luma += weight * p->luma;
        out.tint[0] += weight * p->tint[0];
        out.tint[1] += weight * p->tint[1];
    }
    float whole = out.cover > 0 ? 1 / out.cover : 0;
    out.luma *= whole;
    out.tint[0] *= whole;
    out.tint[1] *= whole;
    return out;
}

static enum sting_status canvas_spread(const struct canvas *c, float times,
                                       float foot_x, float foot_y,
                                       struct matte *out)
{
    float left = foot_x - c->foot_x * times;
    float top = foot_y - c->foot_y * times;
    int first_x = (int)floorf(left) - 1;
    int first_y = (int)floorf(top) - 1;
    enum sting_status status =
        matte_begin(out, first_x, first_y, (int)((float)c->width * times) + 3,
                    (int)((float)c->height * times) + 3);
    for (int y = 0; !status && y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            float u = ((float)(first_x + x) + 0.5F - left) / times;
            float v = ((float)(first_y + y) + 0.5F - top) / times;
            out->pixel[(size_t)y * (size_t)out->width + (size_t)x] =
                canvas_between(c, u, v);
        }
    }
    return status;
}

enum sting_status intruder_draw(const struct intruder *intruder, double into_s,
                                struct matte *out)
{
    float foot;
    struct figure figure;
    struct canvas canvas STING_AUTO(canvas_release);
    struct pose pose = pose_at(intruder, into_s, &foot);
    enum sting_status status = canvas_begin(intruder, &canvas);
    if (status) {
        return status;
    }
    figure_stand(&figure, &pose, &intruder->clothes);
    for (int k = 0; k < figure.solids; k++) {
        solid_draw(intruder, &figure.solid[k], &canvas);
    }
    return canvas_spread(
        &canvas, intruder->height_px / fminf(intruder->height_px, CANVAS_TALL),
        foot, intruder->foot_px, out);
}
