#include "drill/figure.h"

struct body {
    const struct pose *pose;
    struct vec ahead, right, up;
    float scale; /* of all lengths; they are for 1.76 m */
    float broad;
    struct figure *figure;
};

static void put(struct body *body, struct vec a, struct vec b, float ra,
                float rb, int material)
{
    struct figure *figure = body->figure;
    figure->solid[figure->solids++] =
        solid_cone(a, b, ra * body->scale, rb * body->scale, material);
}

/* A direction in the body's plane of symmetry: 0 is up, pi / 2 ahead. */
static struct vec inclined(const struct body *body, float angle)
{
    return vec_add(vec_scaled(body->up, cosf(angle)),
                   vec_scaled(body->ahead, sinf(angle)));
}

static struct vec along(const struct body *body, struct vec from,
                        struct vec way, float length)
{
    return vec_add(from, vec_scaled(way, length * body->scale));
}

struct leg {
    float thigh, shin; /* angles from straight down, ahead positive */
};

/* The knee bends while its leg swings forward. */
static struct leg leg_of(const struct pose *pose, int side)
{
    float phase = pose->phase + (side ? 3.14159265F : 0);
    float thigh =
        pose->stride * sinf(phase) + 0.04F - 0.35F * pose->bend * 0.3F;
    float lift = fmaxf(0, cosf(phase));
    float knee = 0.06F + 2.1F * pose->stride * lift * lift;
    return (struct leg){thigh, thigh - knee};
}

static float leg_drop(struct leg leg)
{
    return 0.44F * (cosf(leg.thigh) + cosf(leg.shin)) + 0.075F;
}

static void leg_put(struct body *body, struct vec hip, struct leg leg)
{
    const float pi = 3.14159265F;
    struct vec knee = along(body, hip, inclined(body, pi - leg.thigh), 0.44F);
    struct vec ankle = along(body, knee, inclined(body, pi - leg.shin), 0.44F);
    struct vec toe = along(
        body, ankle, inclined(body, pi / 2 + 0.25F - 0.5F * leg.shin), 0.17F);
    put(body, hip, knee, 0.092F * body->broad, 0.066F, MATERIAL_TROUSERS);
    put(body, knee, ankle, 0.064F, 0.054F, MATERIAL_TROUSERS);
    put(body, ankle, toe, 0.055F, 0.042F, MATERIAL_SHOES);
}

/* Two bones of given lengths from shoulder to hand; the elbow points out
 * and back. */
static struct vec elbow_of(const struct body *body, struct vec shoulder,
                           struct vec *hand, float side)
{
    float upper = 0.30F * body->scale;
    float lower = 0.27F * body->scale;
    struct vec way = vec_sub(*hand, shoulder);
    float length = vec_length(way);
    if (length > 0.98F * (upper + lower)) {
        *hand = vec_add(shoulder,
                        vec_scaled(way, 0.98F * (upper + lower) / length));
        way = vec_sub(*hand, shoulder);
        length = vec_length(way);
    }
    float foot =
        (upper * upper - lower * lower + length * length) / (2 * length);
    float rise = sqrtf(fmaxf(0, upper * upper - foot * foot));
    struct vec pole = vec_add(vec_scaled(body->ahead, -0.7F),
                              vec_add(vec_scaled(body->right, 0.6F * side),
                                      vec_scaled(body->up, -0.5F)));
    struct vec unit = vec_scaled(way, 1 / length);
    pole = vec_sub(pole, vec_scaled(unit, vec_dot(pole, unit)));
    return vec_add(vec_add(shoulder, vec_scaled(unit, foot)),
                   vec_scaled(vec_unit(pole), rise));
}

static struct vec arm_put(struct body *body, struct vec shoulder, int side)
{
    const struct pose *pose = body->pose;
    float out = side ? 1 : -1;
    float swing = pose->stride * sinf(pose->phase + (side ? 0 : 3.14159265F));
    struct vec hand = along(body, shoulder, body->up, -0.52F);
    hand = along(body, hand, body->ahead, 0.1F + 0.75F * swing);
    hand = along(body, hand, body->right, 0.05F * out);
    hand = vec_mix(hand, pose->hand[side], pose->reach);
    struct vec elbow = elbow_of(body, shoulder, &hand, out);
    struct vec wrist = vec_mix(elbow, hand, 0.86F);
    put(body, shoulder, elbow, 0.062F * body->broad, 0.05F, MATERIAL_JACKET);
    put(body, elbow, wrist, 0.05F, 0.04F, MATERIAL_JACKET);
    put(body, vec_mix(elbow, hand, 0.93F),
        along(body, hand, body->ahead, 0.04F), 0.036F, 0.03F, MATERIAL_SKIN);
    return hand;
}

static void head_put(struct body *body, struct vec neck)
{
    float bow = 0.10F + 1.15F * body->pose->bend;
    struct vec up = inclined(body, bow);
    struct vec face = inclined(body, bow + 1.5707963F);
    struct vec skull = along(body, neck, up, 0.19F);
    struct vec chin = along(body, along(body, neck, up, 0.115F), face, 0.045F);
    struct vec crown =
        along(body, along(body, skull, up, 0.022F), face, -0.022F);
    put(body, neck, along(body, neck, up, 0.1F), 0.055F, 0.052F, MATERIAL_SKIN);
    put(body, skull, chin, 0.092F, 0.064F, MATERIAL_SKIN);
    put(body, crown, along(body, along(body, crown, face, -0.02F), up, -0.05F),
        0.096F, 0.085F, MATERIAL_HAIR);
}

static void trunk_put(struct body *body, struct vec hip)
{
    float lean = 0.05F + 0.25F * body->pose->stride * 0.4F + body->pose->bend;
    struct vec way = inclined(body, lean);
    struct vec waist = along(body, hip, way, 0.12F);
    struct vec chest = along(body, hip, way, 0.38F);
    struct vec neck = along(body, hip, way, 0.52F);
    float wide = 0.115F * body->broad;
    put(body, along(body, hip, body->up, -0.05F), waist, 0.155F * body->broad,
        0.15F * body->broad, MATERIAL_JACKET);
    for (int side = 0; side < 2; side++) { /* a chest is wider than deep */
        float out = side ? wide * 0.55F : -wide * 0.55F;
        put(body, along(body, waist, body->right, out * 0.7F),
            along(body, chest, body->right, out), 0.128F * body->broad,
            0.13F * body->broad, MATERIAL_JACKET);
    }
    struct vec left = along(body, along(body, neck, way, -0.05F), body->right,
                            -0.163F * body->broad);
    struct vec right = along(body, along(body, neck, way, -0.05F), body->right,
                             0.163F * body->broad);
    put(body, left, right, 0.075F, 0.075F, MATERIAL_JACKET);
    struct vec hand[2] = {arm_put(body, left, 0), arm_put(body, right, 1)};
    head_put(body, neck);
    if (body->pose->phone) {
        struct vec held = vec_mix(hand[0], hand[1], 0.5F);
        body->figure->solid[body->figure->solids++] =
            solid_box(held, (struct vec){0.075F, 0.006F, 0.038F},
                      body->pose->heading, MATERIAL_PHONE);
    }
}

static void box_around(struct figure *figure)
{
    figure->low = figure->high = figure->solid[0].a;
    for (int i = 0; i < figure->solids; i++) {
        const struct solid *s = &figure->solid[i];
        bool box = s->kind == SOLID_BOX;
        struct vec end[2] = {s->a, box ? s->a : s->b};
        float r = box ? 0.1F : fmaxf(s->ra, s->rb);
        for (int k = 0; k < 2; k++) {
            figure->low.x = fminf(figure->low.x, end[k].x - r);
            figure->low.y = fminf(figure->low.y, end[k].y - r);
            figure->low.z = fminf(figure->low.z, end[k].z - r);
            figure->high.x = fmaxf(figure->high.x, end[k].x + r);
            figure->high.y = fmaxf(figure->high.y, end[k].y + r);
            figure->high.z = fmaxf(figure->high.z, end[k].z + r);
        }
    }
}

void figure_stand(struct figure *out, const struct pose *pose,
                  const struct clothes *clothes)
{
    struct body body = {.pose = pose,
                        .ahead = {sinf(pose->heading), 0, cosf(pose->heading)},
                        .right = {cosf(pose->heading), 0, -sinf(pose->heading)},
                        .up = {0, 1, 0},
                        .scale = clothes->tall_m / 1.76F,
                        .broad = clothes->broad,
                        .figure = out};
    out->solids = 0;
    struct leg leg[2] = {leg_of(pose, 0), leg_of(pose, 1)};
    float drop = fmaxf(leg_drop(leg[0]), leg_drop(leg[1]));
    struct vec hip = along(&body, pose->at, body.up, drop);
    hip = along(&body, hip, body.ahead, -0.18F * sinf(pose->bend));
    for (int side = 0; side < 2; side++) {
        float out_by = side ? 0.088F : -0.088F;
        leg_put(&body, along(&body, hip, body.right, out_by), leg[side]);
    }
    trunk_put(&body, hip);
    box_around(out);
}

struct clothes clothes_choose(struct chance *chance)
{
    float grey = (float)chance_between(chance, 0.025, 0.11);
    float warm = (float)chance_between(chance, 0.75, 1.25);
    float blue = (float)chance_between(chance, 0.02, 0.06);
    float hair = (float)chance_between(chance, 0.015, 0.07);
    float skin = (float)chance_between(chance, 0.6, 1.1);
    return (struct clothes){.tall_m = (float)chance_between(chance, 1.64, 1.88),
                            .broad = (float)chance_between(chance, 0.92, 1.12),
                            .jacket = {grey * warm, grey, grey / warm},
                            .trousers = {blue * 0.9F, blue, blue * 1.3F},
                            .hair = {hair, hair * 0.8F, hair * 0.6F},
                            .skin = {0.42F * skin, 0.28F * skin, 0.21F * skin}};
}

const float *clothes_colour(const struct clothes *clothes, int material)
{
    static const float dark[3] = {0.03F, 0.03F, 0.035F};
    switch (material) {
    case MATERIAL_SKIN:
        return clothes->skin;
    case MATERIAL_HAIR:
        return clothes->hair;
    case MATERIAL_JACKET:
        return clothes->jacket;
    case MATERIAL_TROUSERS:
        return clothes->trousers;
    default:
        return dark;
    }
}
