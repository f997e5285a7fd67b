/*
 * zone_cells: which cells of the grid lie in which zone.
 * Only detect/ includes this.
 */
#ifndef STING_DETECT_ZONE_CELLS_H
#define STING_DETECT_ZONE_CELLS_H

#include "detect/detector.h"

struct zone_cells {
    int width, height;
    int zones;
    uint32_t baits;               /* bit of each zone that holds a bait */
    uint32_t *member;             /* owned; bits of the zones of each cell */
    int cells[DETECT_MOST_ZONES]; /* of each zone */
};

STING_MUST_USE enum sting_status zone_cells_init(struct zone_cells *out,
                                                 const struct detect_zone *zone,
                                                 int zones, int width,
                                                 int height);
void zone_cells_release(struct zone_cells *zones);

/* Bits of the zones in which an eighth of the cells, at least 3, is busy. */
uint32_t zone_cells_touched(const struct zone_cells *zones,
                            const uint8_t *busy);

#endif
