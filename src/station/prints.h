/*
 * prints: what the pages of a bait look like at PRINT_DPI, opened on the
 * machine by `sting unlock --pages` and handed to the workers of cameras that
 * have it in a zone, so that they can tell which page lies there.
 *
 * In memory until the station ends; in no file, since bait is never plain.
 * A worker gets the next one when it has read all before: nothing waits for it.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_PRINTS_H
#define STING_STATION_PRINTS_H

#include "base/buffer.h"
#include "base/fault.h"
#include "operation/config.h"
#include "wire/wire.h"

#define PRINTS_MOST 128 /* pages, of all baits */

struct print {
    char bait[CONFIG_NAME_SIZE];
    int64_t page; /* from 1 */
    int64_t width_px, height_px;
    struct buffer grey; /* owned */
};

/* Zero-initialise. */
struct prints {
    struct print *print; /* owned */
    size_t count;
};

struct camera;

void prints_wipe(struct prints *prints);

/* Take WIRE_CORE_PRINT; one that is here already is taken again. Fails:
 * E_FORMAT when it makes no sense, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status prints_take(struct prints *prints,
                                             const struct wire_head *head,
                                             struct bytes payload,
                                             struct fault *fault);

/* Hand the camera's worker the next that it lacks, if it has read what came
 * before. */
void prints_hand(const struct prints *prints, struct camera *camera);

#endif
