#include "image/negative.h"

#define BLOCK_PX 16
#define LEAST_CONTRAST 24 /* grey levels: less is no ink, but noise */
#define GREYS 256
#define STRAY_SHARE 200 /* one pixel in so many may be darker, or lighter */

/* 1: what is in the block is lighter than its ground; -1: darker; 0: nothing
 * is in it. */
static int block_says(const struct plane *grey, int x0, int y0)
{
    int least = GREYS;
    int most = -1;
    int sum = 0;
    for (int y = y0; y < y0 + BLOCK_PX; y++) {
        const uint8_t *row = plane_row(grey, y);
        for (int x = x0; x < x0 + BLOCK_PX; x++) {
            least = row[x] < least ? row[x] : least;
            most = row[x] > most ? row[x] : most;
            sum += row[x];
        }
    }
    int middle = (least + most) * BLOCK_PX * BLOCK_PX / 2;
    return most - least < LEAST_CONTRAST ? 0 : (sum < middle) - (sum > middle);
}

bool negative_is(const struct plane *grey)
{
    int64_t lighter = 0;
    for (int y = 0; y + BLOCK_PX <= grey->height_px; y += BLOCK_PX) {
        for (int x = 0; x + BLOCK_PX <= grey->width_px; x += BLOCK_PX) {
            lighter += block_says(grey, x, y);
        }
    }
    return lighter > 0;
}

/* The darkest and the lightest grey, but for a few pixels. */
static void ends_of(const struct plane *grey, int *dark, int *light)
{
    int64_t count[GREYS] = {0};
    int64_t stray = (int64_t)grey->width_px * grey->height_px / STRAY_SHARE;
    for (int y = 0; y < grey->height_px; y++) {
        const uint8_t *row = plane_row(grey, y);
        for (int x = 0; x < grey->width_px; x++) {
            count[row[x]]++;
        }
    }
    *dark = 0;
    *light = GREYS - 1;
    for (int64_t seen = count[0]; seen <= stray && *dark < GREYS - 1;) {
        seen += count[++*dark];
    }
    for (int64_t seen = count[GREYS - 1]; seen <= stray && *light > 0;) {
        seen += count[--*light];
    }
}

enum sting_status negative_turn(const struct plane *grey, struct plane *out)
{
    int dark;
    int light;
    uint8_t turned[GREYS];
    ends_of(grey, &dark, &light);
    for (int i = 0; i < GREYS; i++) {
        int over = i < dark ? 0 : i > light ? light - dark : i - dark;
        turned[i] =
            (uint8_t)(light > dark ? 255 - 255 * over / (light - dark) : 255);
    }
    enum sting_status status = plane_init(out, grey->width_px, grey->height_px);
    for (int y = 0; !status && y < grey->height_px; y++) {
        const uint8_t *from = plane_row(grey, y);
        for (int x = 0; x < grey->width_px; x++) {
            plane_row(out, y)[x] = turned[from[x]];
        }
    }
    return status;
}
