#include "drill/garage.h"

#include <stddef.h>

static const float page_half_x = 0.105F;
static const float page_half_z = 0.1485F;

static void put(struct garage *garage, struct solid solid)
{
    if (garage->solids < GARAGE_MOST_SOLIDS) {
        garage->solid[garage->solids++] = solid;
    }
}

static void put_box(struct garage *garage, struct vec low, struct vec high,
                    int material)
{
    put(garage, solid_box(vec_scaled(vec_add(low, high), 0.5F),
                          vec_scaled(vec_sub(high, low), 0.5F), 0, material));
}

static void walls_put(struct garage *garage)
{
    put_box(garage, (struct vec){-0.5F, -0.2F, -0.5F}, (struct vec){6, 0, 7},
            MATERIAL_FLOOR);
    put_box(garage, (struct vec){-0.5F, 2.7F, -0.5F}, (struct vec){6, 2.9F, 7},
            MATERIAL_CEILING);
    put_box(garage, (struct vec){5.3F, 0, -0.5F}, (struct vec){5.5F, 2.7F, 7},
            MATERIAL_WALL);
    put_box(garage, (struct vec){-0.7F, 0, -0.5F}, (struct vec){-0.5F, 2.7F, 7},
            MATERIAL_WALL);
    /* The back wall, open for the door from 0.5 to 1.6 m. */
    put_box(garage, (struct vec){-0.5F, 0, 6.2F},
            (struct vec){0.5F, 2.7F, 6.5F}, MATERIAL_WALL);
    put_box(garage, (struct vec){1.6F, 0, 6.2F}, (struct vec){5.4F, 2.7F, 6.5F},
            MATERIAL_WALL);
    put_box(garage, (struct vec){0.5F, 2.08F, 6.2F},
            (struct vec){1.6F, 2.7F, 6.5F}, MATERIAL_WALL);
    put_box(garage, (struct vec){0.5F, 0, 6.32F},
            (struct vec){1.6F, 2.08F, 6.4F}, MATERIAL_DOOR);
    put_box(garage, (struct vec){0.3F, 2.08F, 6.15F},
            (struct vec){2.9F, 2.14F, 6.2F}, MATERIAL_STEEL);
}

static void table_put(struct garage *garage)
{
    const float yaw = 0.12F;
    struct vec t = garage->table;
    put(garage,
        solid_box((struct vec){t.x, t.y - 0.02F, t.z},
                  (struct vec){0.75F, 0.02F, 0.42F}, yaw, MATERIAL_BOARD));
    put(garage,
        solid_box((struct vec){t.x, t.y - 0.08F, t.z},
                  (struct vec){0.68F, 0.04F, 0.36F}, yaw, MATERIAL_WOOD));
    for (int i = 0; i < 4; i++) {
        float x = i % 2 ? 0.66F : -0.66F;
        float z = i / 2 ? 0.34F : -0.34F;
        struct vec foot = {t.x + x * cosf(yaw) + z * sinf(yaw), t.y / 2 - 0.02F,
                           t.z - x * sinf(yaw) + z * cosf(yaw)};
        put(garage, solid_box(foot, (struct vec){0.03F, t.y / 2 - 0.02F, 0.03F},
                              yaw, MATERIAL_WOOD));
    }
}

static void pages_put(struct garage *garage, struct chance *chance)
{
    static const float place[GARAGE_MOST_PAGES][2] = {
        {-0.05F, -0.1F}, {0.22F, -0.06F}, {-0.3F, -0.04F}, {0.1F, 0.17F}};
    garage->pages = 3;
    for (int i = 0; i < garage->pages; i++) {
        struct vec at = garage->table;
        at.x += place[i][0] + 0.02F * (float)chance_normal(chance);
        at.z += place[i][1] + 0.02F * (float)chance_normal(chance);
        at.y += 0.001F + 0.0008F * (float)i;
        garage->page[i] = at;
        garage->page_yaw[i] = 0.12F + 0.14F * (float)chance_normal(chance);
        put(garage,
            solid_box(at, (struct vec){page_half_x, 0.0006F, page_half_z},
                      garage->page_yaw[i], MATERIAL_PAGE + i));
    }
}

/* An enamel shade on its wire, the bulb below it. */
static void lamp_put(struct garage *garage)
{
    struct vec l = garage->lamp;
    put(garage, solid_cone((struct vec){l.x, l.y + 0.26F, l.z},
                           (struct vec){l.x, 2.7F, l.z}, 0.006F, 0.006F,
                           MATERIAL_DARK));
    put(garage, solid_cone((struct vec){l.x, l.y + 0.2F, l.z},
                           (struct vec){l.x, l.y + 0.27F, l.z}, 0.05F, 0.03F,
                           MATERIAL_SHADE));
    for (int i = 0; i < 3; i++) { /* rings stand for the flared brim */
        float y = l.y + 0.06F + 0.05F * (float)i;
        float r = 0.17F - 0.05F * (float)i;
        put(garage,
            solid_box((struct vec){l.x, y, l.z},
                      (struct vec){r, 0.025F, r * 0.9F}, 0.4F, MATERIAL_SHADE));
    }
    put(garage, solid_cone((struct vec){l.x, l.y + 0.01F, l.z},
                           (struct vec){l.x, l.y + 0.03F, l.z}, 0.045F, 0.04F,
                           MATERIAL_BULB));
}

/* Cartons side by side on one board at height y. */
static void cartons_put(struct garage *garage, struct vec low, struct vec high,
                        float y, struct chance *chance)
{
    bool along_x = high.x - low.x > high.z - low.z;
    float room = along_x ? high.x - low.x : high.z - low.z;
    float at = 0.1F;
    while (at < room - 0.3F) {
        float wide = (float)chance_between(chance, 0.12, 0.36);
        float tall = (float)chance_between(chance, 0.12, 0.36);
        float deep = (float)chance_between(chance, 0.2, 0.34);
        int material = MATERIAL_CARTON + chance_below(chance, 5);
        material = material == MATERIAL_DARK ? MATERIAL_CARTON : material;
        struct vec from =
            along_x ? (struct vec){low.x + at, y + 0.03F, high.z - deep}
                    : (struct vec){high.x - deep, y + 0.03F, low.z + at};
        struct vec size = along_x ? (struct vec){wide, tall, deep - 0.04F}
                                  : (struct vec){deep - 0.04F, tall, wide};
        if (chance_uniform(chance) < 0.75) {
            put_box(garage, from, vec_add(from, size), material);
        }
        at += wide + (float)chance_between(chance, 0.02, 0.14);
    }
}

static void shelf_put(struct garage *garage, struct vec low, struct vec high,
                      struct chance *chance)
{
    for (int i = 0; i < 4; i++) {
        float y = low.y + 0.12F + 0.5F * (float)i;
        put_box(garage, (struct vec){low.x, y, low.z},
                (struct vec){high.x, y + 0.03F, high.z}, MATERIAL_WOOD);
        cartons_put(garage, low, high, y, chance);
    }
    for (int i = 0; i < 4; i++) { /* the uprights */
        float x = i % 2 ? high.x - 0.04F : low.x;
        float z = i / 2 ? high.z - 0.04F : low.z;
        put_box(garage, (struct vec){x, 0, z},
                (struct vec){x + 0.04F, 1.9F, z + 0.04F}, MATERIAL_STEEL);
    }
}

/* A ring of eight round pieces. */
static void tyre_put(struct garage *garage, struct vec middle)
{
    struct vec before = {middle.x + 0.22F, middle.y, middle.z};
    for (int i = 1; i <= 8; i++) {
        float angle = 0.78539816F * (float)i;
        struct vec next = {middle.x + 0.22F * cosf(angle), middle.y,
                           middle.z + 0.22F * sinf(angle)};
        put(garage, solid_cone(before, next, 0.095F, 0.095F, MATERIAL_DARK));
        before = next;
    }
}

static void clutter_put(struct garage *garage, struct chance *chance)
{
    float dx = (float)chance_between(chance, -0.15, 0.15);
    for (int i = 0; i < 3; i++) {
        float wander = 0.02F * (float)i;
        tyre_put(garage, (struct vec){2.42F + dx + wander,
                                      0.1F + 0.19F * (float)i, 5.72F});
    }
    for (int i = 0; i < 2; i++) { /* a ladder against the back wall */
        float x = 1.85F + 0.36F * (float)i;
        put(garage, solid_cone((struct vec){x, 0.02F, 5.6F},
                               (struct vec){x, 2.35F, 6.15F}, 0.025F, 0.025F,
                               MATERIAL_WOOD));
    }
    for (int i = 0; i < 7; i++) {
        float t = 0.1F + 0.12F * (float)i;
        float y = 0.02F + 2.33F * t;
        float z = 5.6F + 0.55F * t;
        put(garage,
            solid_cone((struct vec){1.85F, y, z}, (struct vec){2.21F, y, z},
                       0.016F, 0.016F, MATERIAL_WOOD));
    }
    put(garage,
        solid_box((struct vec){0.95F + dx, 0.16F, 3.1F},
                  (struct vec){0.24F, 0.16F, 0.18F}, 0.5F, MATERIAL_CARTON));
    put(garage,
        solid_box((struct vec){0.92F + dx, 0.43F, 3.12F},
                  (struct vec){0.17F, 0.11F, 0.14F}, 0.2F, MATERIAL_CARTON));
    put(garage,
        solid_cone((struct vec){3.6F, 0.14F, 5.75F},
                   (struct vec){3.6F, 0.62F, 5.75F}, 0.2F, 0.2F, MATERIAL_RED));
    put(garage, solid_cone((struct vec){-0.35F, 2.45F, 6.1F},
                           (struct vec){5.2F, 2.45F, 6.1F}, 0.03F, 0.03F,
                           MATERIAL_STEEL));
}

static void camera_init(struct garage *garage)
{
    const float yaw = 0.50F;
    const float pitch = -0.285F;
    garage->eye = (struct vec){0.3F, 2.42F, 0.3F};
    garage->ahead = (struct vec){sinf(yaw) * cosf(pitch), sinf(pitch),
                                 cosf(yaw) * cosf(pitch)};
    garage->right = (struct vec){cosf(yaw), 0, -sinf(yaw)};
    garage->up = vec_cross(garage->ahead, garage->right);
    garage->focal_px = 1080;
}

void garage_init(struct garage *out, uint64_t seed,
                 struct plane_f print[GARAGE_MOST_PAGES])
{
    struct chance chance = chance_of(seed, 11);
    *out = (struct garage){.pattern = (uint32_t)chance_bits(&chance)};
    out->table = (struct vec){2.95F, 0.76F, 3.6F};
    out->lamp = (struct vec){2.98F, 1.93F, 3.66F};
    out->door = (struct vec){1.05F, 0, 6.3F};
    for (int i = 0; i < GARAGE_MOST_PAGES; i++) {
        out->print[i] = print[i];
        print[i] = (struct plane_f){0};
    }
    camera_init(out);
    walls_put(out);
    table_put(out);
    pages_put(out, &chance);
    lamp_put(out);
    shelf_put(out, (struct vec){2.85F, 0, 5.8F}, (struct vec){5.2F, 1.9F, 6.2F},
              &chance);
    shelf_put(out, (struct vec){4.9F, 0, 2.4F}, (struct vec){5.3F, 1.9F, 5.6F},
              &chance);
    clutter_put(out, &chance);
}

void garage_release(struct garage *garage)
{
    for (int i = 0; i < GARAGE_MOST_PAGES; i++) {
        plane_f_release(&garage->print[i]);
    }
}

struct ray garage_ray(const struct garage *garage, float x, float y)
{
    float u = (x - (float)GARAGE_WIDTH / 2) / garage->focal_px;
    float v = ((float)GARAGE_HEIGHT / 2 - y) / garage->focal_px;
    struct vec way =
        vec_add(garage->ahead, vec_add(vec_scaled(garage->right, u),
                                       vec_scaled(garage->up, v)));
    return (struct ray){garage->eye, vec_unit(way)};
}

bool garage_place(const struct garage *garage, struct vec point, float *x,
                  float *y)
{
    struct vec out = vec_sub(point, garage->eye);
    float depth = vec_dot(out, garage->ahead);
    if (depth < 0.05F) {
        return false;
    }
    float scale = garage->focal_px / depth;
    *x = (float)GARAGE_WIDTH / 2 + vec_dot(out, garage->right) * scale;
    *y = (float)GARAGE_HEIGHT / 2 - vec_dot(out, garage->up) * scale;
    return true;
}

static void page_outline(const struct garage *garage, int i, float corner[4][2])
{
    struct solid box = solid_box(garage->page[i], (struct vec){0, 0, 0},
                                 garage->page_yaw[i], 0);
    for (int k = 0; k < 4; k++) {
        float x = k == 0 || k == 3 ? -page_half_x : page_half_x;
        float z = k < 2 ? page_half_z : -page_half_z;
        struct vec at = {box.a.x + box.cos_yaw * x + box.sin_yaw * z, box.a.y,
                         box.a.z - box.sin_yaw * x + box.cos_yaw * z};
        garage_place(garage, at, &corner[k][0], &corner[k][1]);
        corner[k][0] /= GARAGE_WIDTH;
        corner[k][1] /= GARAGE_HEIGHT;
    }
}

/* Twice the area of the triangle a, b, c; positive when it turns right. */
static float turn(const float a[2], const float b[2], const float c[2])
{
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/* The convex hull of all corners, by gift wrapping. */
int garage_zone(const struct garage *garage,
                float corner[GARAGE_MOST_CORNERS][2])
{
    float all[GARAGE_MOST_CORNERS][2] = {{0}};
    int count = 4 * garage->pages;
    int first = 0;
    for (int i = 0; i < garage->pages; i++) {
        page_outline(garage, i, all + (ptrdiff_t)4 * i);
    }
    for (int i = 1; i < count; i++) {
        first = all[i][0] < all[first][0] ? i : first;
    }
    int corners = 0;
    int at = first;
    do {
        corner[corners][0] = all[at][0];
        corner[corners++][1] = all[at][1];
        int next = at ? 0 : 1;
        for (int i = 0; i < count; i++) {
            if (turn(all[at], all[next], all[i]) < 0) {
                next = i;
            }
        }
        at = next;
    } while (at != first && corners < count);
    return corners;
}
