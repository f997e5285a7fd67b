/* What the things in the garage look like from near. */
#include "drill/garage.h"
#include "drill/texture.h"

struct look {
    float red, green, blue;
};

static const struct look look[] = {
    [MATERIAL_FLOOR] = {0.30F, 0.29F, 0.27F},
    [MATERIAL_WALL] = {0.42F, 0.40F, 0.36F},
    [MATERIAL_CEILING] = {0.30F, 0.29F, 0.28F},
    [MATERIAL_WOOD] = {0.26F, 0.17F, 0.09F},
    [MATERIAL_BOARD] = {0.36F, 0.25F, 0.14F},
    [MATERIAL_CARTON] = {0.38F, 0.26F, 0.15F},
    [MATERIAL_STEEL] = {0.24F, 0.25F, 0.27F},
    [MATERIAL_DARK] = {0.035F, 0.035F, 0.037F},
    [MATERIAL_PAINT] = {0.16F, 0.24F, 0.22F},
    [MATERIAL_RED] = {0.24F, 0.06F, 0.045F},
    [MATERIAL_SHADE] = {0.07F, 0.10F, 0.08F},
    [MATERIAL_BULB] = {1, 0.9F, 0.7F},
    [MATERIAL_DOOR] = {0.20F, 0.22F, 0.25F},
    [MATERIAL_PAGE] = {0.84F, 0.83F, 0.80F},
    [MATERIAL_PAGE + 1] = {0.84F, 0.83F, 0.80F},
    [MATERIAL_PAGE + 2] = {0.84F, 0.83F, 0.80F},
    [MATERIAL_PAGE + 3] = {0.84F, 0.83F, 0.80F},
};

/* Stains, wear, and a joint every 1.8 m. */
static float floor_tone(struct vec p, uint32_t seed)
{
    float tone = 1 + 0.22F * texture_cloud(p.x * 1.3F, p.z * 1.3F, 4, seed) +
                 0.16F * texture_cloud(p.x * 14, p.z * 14, 3, seed + 5);
    float stain = texture_cloud(p.x * 0.8F + 3, p.z * 0.8F, 3, seed + 11);
    tone *= 1 - 0.55F * texture_step(0.18F, 0.42F, stain);
    float joint = fabsf(fmodf(p.z + 0.4F, 1.8F) - 0.9F);
    return tone * (1 - 0.6F * texture_step(0.012F, 0.004F, joint));
}

/* Painted blocks of 40 by 20 cm, darker towards the floor. */
static float wall_tone(struct vec p, float along, uint32_t seed)
{
    float row = floorf(p.y / 0.2F);
    float shift = fmodf(row, 2) * 0.2F;
    float u = fabsf(fmodf(along + shift + 8, 0.4F) - 0.2F);
    float v = fabsf(fmodf(p.y, 0.2F) - 0.1F);
    float joint =
        texture_step(0.190F, 0.197F, u) + texture_step(0.090F, 0.097F, v);
    float tone = 1 + 0.14F * texture_cloud(along * 2, p.y * 2, 4, seed) +
                 0.08F * texture_cloud(along * 30, p.y * 30, 2, seed + 3);
    tone *= 1 - 0.22F * (joint > 1 ? 1 : joint);
    return tone * (1 - 0.35F * texture_step(0.5F, 0.0F, p.y));
}

static float wood_tone(struct vec q, uint32_t seed)
{
    float grain = texture_cloud(q.x * 3, (q.z + q.y) * 45, 3, seed);
    float wear = texture_cloud(q.x * 5, q.z * 5, 3, seed + 2);
    return 1 + 0.28F * grain + 0.25F * wear;
}

static float carton_tone(struct vec q, struct vec half, uint32_t seed)
{
    float tape = fabsf(q.x) < 0.025F ? 1.25F : 1;
    float fold = fabsf(q.y - half.y) < 0.006F ? 0.7F : 1;
    return tape * fold *
           (1 + 0.15F * texture_cloud(q.x * 9, q.y * 9 + q.z * 9, 3, seed));
}

/* What is printed, or lines of grey where nothing was given. */
static float page_tone(const struct plane_f *print, struct vec q)
{
    float u = 0.5F + q.x / 0.21F;
    float v = 0.5F - q.z / 0.297F; /* the page's head points away */
    if (print->data) {
        int x = (int)(u * (float)print->width_px);
        int y = (int)(v * (float)print->height_px);
        x = x < 0 ? 0 : x >= print->width_px ? print->width_px - 1 : x;
        y = y < 0 ? 0 : y >= print->height_px ? print->height_px - 1 : y;
        return plane_f_row(print, y)[x];
    }
    bool text = u > 0.13F && u < 0.87F && v > 0.1F && v < 0.9F;
    return text && fmodf(v * 40, 1) < 0.45F ? 0.45F : 1;
}

void garage_albedo(const struct garage *garage, const struct hit *hit,
                   struct vec p, float out[3])
{
    const struct solid *solid = &garage->solid[hit->index];
    int material = solid->material;
    uint32_t seed = garage->pattern + (uint32_t)hit->index * 31U;
    struct vec q = solid_local(solid, p);
    float tone = 1;
    if (material == MATERIAL_FLOOR) {
        tone = floor_tone(p, garage->pattern);
    } else if (material == MATERIAL_WALL) {
        tone = wall_tone(p, fabsf(hit->normal.x) > 0.5F ? p.z : p.x,
                         garage->pattern);
    } else if (material == MATERIAL_WOOD || material == MATERIAL_BOARD) {
        tone = wood_tone(q, seed);
    } else if (material == MATERIAL_CARTON) {
        tone = carton_tone(q, solid->b, seed);
    } else if (material == MATERIAL_DOOR) {
        tone = 0.8F + 0.2F * cosf(p.x * 55);
    } else if (material >= MATERIAL_PAGE && material <= MATERIAL_PAGE_LAST) {
        tone = page_tone(&garage->print[material - MATERIAL_PAGE], q);
    } else {
        tone = 1 + 0.15F * texture_cloud(p.x * 8 + p.z * 8, p.y * 8, 3, seed);
    }
    tone = tone < 0.05F ? 0.05F : tone;
    out[0] = look[material].red * tone;
    out[1] = look[material].green * tone;
    out[2] = look[material].blue * tone;
}
