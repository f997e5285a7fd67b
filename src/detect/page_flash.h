/*
 * page_flash: does a camera's flash fall on a zone? A flash is light, not a
 * person: everything in the zone is brighter at once, and not in the next
 * pictures. Somebody's shadow that goes away is none: before a flash all was as
 * usual.
 *
 * Threads: one at a time.
 */
#ifndef STING_DETECT_PAGE_FLASH_H
#define STING_DETECT_PAGE_FLASH_H

#include "detect/page_patch.h"

#define FLASH_SIDE 12 /* samples across and down */
#define FLASH_LONGEST_US 500000
#define FLASH_SERIES_US INT64_C(30000000) /* later ones begin to count anew */

struct page_flash {
    float usual[FLASH_SIDE * FLASH_SIDE]; /* of each sample */
    int looks;
    int64_t began_us; /* of what may be one; below 0: nothing is */
    int began_looks;
    int64_t first_us; /* of the series */
    int64_t last_us;
    int count;          /* in the series */
    int64_t stirred_us; /* when last something else was going on there */
};

/* Look at every picture there is. True when a flash is over just now; then
 * first_us and count tell of its series. */
bool page_flash_look(struct page_flash *flash, const struct patch_place *place,
                     const struct plane *picture, int64_t at_us);

#endif
