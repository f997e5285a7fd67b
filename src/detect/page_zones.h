/*
 * page_zones: the pages in all bait zones of one picture, beside the detector.
 *
 * Threads: one at a time.
 */
#ifndef STING_DETECT_PAGE_ZONES_H
#define STING_DETECT_PAGE_ZONES_H

#include "detect/page_watch.h"

struct page_zones;

/* For pictures of this size; zones without bait, or too small to see a page
 * in, are passed over. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_zones_new(int width_px, int height_px,
                                                const struct detect_zone *zone,
                                                int zones,
                                                struct page_zones **out);
void page_zones_free(struct page_zones **zones);

/* A page of the documents in its zones; borrowed for as long as they are
 * watched. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_zones_print(
    struct page_zones *zones, const struct page_print *print);

/* Look at the picture that the detector has just looked at: adds to look->page
 * and to look->wants_all. While tampering is told of, no page is judged, and
 * while the light changes none is learned. */
void page_zones_look(struct page_zones *zones, const struct plane *picture,
                     int64_t at_us, struct detect_look *look);

#endif
