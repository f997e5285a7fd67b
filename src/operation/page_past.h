/*
 * page_past: what was told last of the pages under a camera: did a sheet lie
 * there? From the ledger when a station starts, kept up while it runs. Who
 * begins to look compares with it.
 *
 * It is kept by the zone's name, and is of the copy that lay there then.
 */
#ifndef STING_OPERATION_PAGE_PAST_H
#define STING_OPERATION_PAGE_PAST_H

#include "base/fault.h"
#include "detect/page_event.h"
#include "ledger/line.h"
#include "operation/config.h"

struct page_past {
    char zone[CONFIG_NAME_SIZE]; /* "": none */
    char bait[CONFIG_NAME_SIZE];
    uint32_t copy; /* 0: not known */
    int64_t at_us; /* when it was told */
    float dpi;     /* of the sheet, about; 0: not known */
    bool lies;     /* a sheet was there, wherever somebody had put it */
};

/* Of one camera. */
struct pages_past {
    struct page_past zone[CONFIG_MOST_ZONES];
};

/* It is told that the page of this zone is in that state. */
void pages_past_put(struct pages_past *past, const struct config_camera *camera,
                    const struct config_zone *zone,
                    const struct page_event *event, int64_t at_us);

/* What was told last of the copy that lies there; NULL: nothing. */
const struct page_past *pages_past_of(const struct pages_past *past,
                                      const struct config_zone *zone);

/* Read the ledger once for all cameras, past[i] being of the i-th. `operation`:
 * its folder. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status pages_past_read(int operation,
                                                 const struct config *config,
                                                 struct pages_past *past,
                                                 struct fault *fault);

#endif
