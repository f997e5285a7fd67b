/*
 * shelf: small pictures of the pages that may lie in the camera's zones, as the
 * core hands them over one by one.
 *
 * Threads: one fills it; others may use what they were handed, which stays
 * where it is until the shelf is released.
 */
#ifndef STING_WATCH_SHELF_H
#define STING_WATCH_SHELF_H

#include "detect/page_print.h"
#include "wire/wire.h"

/* Zero-initialise. */
struct shelf {
    int prints;
    struct page_print *print[PAGE_PRINTS_MOST]; /* owned */
};

/* Take WIRE_CAMERA_PRINT. NULL: it makes no sense, or there is no room. */
const struct page_print *shelf_take(struct shelf *shelf,
                                    const struct wire_head *head,
                                    struct bytes grey);
void shelf_release(struct shelf *shelf);

#endif
