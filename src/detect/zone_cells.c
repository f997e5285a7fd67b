#include "detect/zone_cells.h"

#include <stdlib.h>

/* Even-odd rule: count edges that a ray to the left crosses. */
static bool is_inside(const struct detect_zone *zone, float x, float y)
{
    bool inside = false;
    for (int i = 0, j = zone->points - 1; i < zone->points; j = i++) {
        const struct detect_point *a = &zone->point[i], *b = &zone->point[j];
        if ((a->y > y) != (b->y > y) &&
            x < (b->x - a->x) * (y - a->y) / (b->y - a->y) + a->x) {
            inside = !inside;
        }
    }
    return inside;
}

enum sting_status zone_cells_init(struct zone_cells *out,
                                  const struct detect_zone *zone, int zones,
                                  int width, int height)
{
    struct zone_cells z = {.width = width, .height = height, .zones = zones};
    z.member = calloc((size_t)width * (size_t)height, sizeof *z.member);
    if (!z.member) {
        return STING_E_NOMEM;
    }
    for (int i = 0; i < zones; i++) {
        z.baits |= (uint32_t)zone[i].has_bait << i;
        for (int c = 0; c < width * height; c++) {
            float x = ((float)(c % width) + 0.5f) / (float)width;
            int row = c / width;
            float y = ((float)row + 0.5f) / (float)height;
            if (is_inside(&zone[i], x, y)) {
                z.member[c] |= 1u << i;
                z.cells[i]++;
            }
        }
    }
    *out = z;
    return STING_OK;
}

void zone_cells_release(struct zone_cells *zones)
{
    free(zones->member);
    *zones = (struct zone_cells){0};
}

uint32_t zone_cells_touched(const struct zone_cells *zones, const uint8_t *busy)
{
    int count[DETECT_MOST_ZONES] = {0};
    uint32_t touched = 0;
    for (int c = 0; c < zones->width * zones->height; c++) {
        for (int i = 0; busy[c] && i < zones->zones; i++) {
            count[i] += (int)(zones->member[c] >> i & 1);
        }
    }
    for (int i = 0; i < zones->zones; i++) {
        if (count[i] >= 3 && count[i] * 8 >= zones->cells[i]) {
            touched |= 1u << i;
        }
    }
    return touched;
}
