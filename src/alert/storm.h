/*
 * storm: a channel is not told of one thing after another for ever.
 *
 * Within ten minutes so many incidents are told one by one, of touches more
 * than of presence; what comes beyond that is counted, and told together: as
 * soon as such a storm begins, then every ten minutes. The ledger has each.
 *
 * Reads no clock.
 */
#ifndef STING_ALERT_STORM_H
#define STING_ALERT_STORM_H

#include "operation/incident.h"

#define STORM_PRESENCE 5
#define STORM_TOUCH 20
#define STORM_US (INT64_C(600) * 1000000)

/* Zero-initialise. */
struct storm {
    int64_t at[STORM_TOUCH]; /* when it was told, boot time; a ring */
    size_t told;             /* ever */
    unsigned folded;         /* not told since */
    int64_t together_us;     /* boot time before which they are not told */
    struct incident last;    /* of them */
};

/* Is this one told by itself? Else it is counted. */
bool storm_tells(struct storm *storm, const struct incident *incident,
                 int64_t boot_us);

/* Is it time to tell of those that were counted? */
bool storm_is_due(const struct storm *storm, int64_t boot_us);
/* How many there are, which are being told at `boot_us`. */
unsigned storm_take(struct storm *storm, int64_t boot_us);

#endif
