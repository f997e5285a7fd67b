#include "alert/storm.h"

static size_t lately(const struct storm *storm, int64_t boot_us)
{
    size_t count = 0;
    size_t kept = storm->told < STORM_TOUCH ? storm->told : STORM_TOUCH;
    for (size_t i = 0; i < kept; i++) {
        count += boot_us - storm->at[i] < STORM_US;
    }
    return count;
}

bool storm_tells(struct storm *storm, const struct incident *incident,
                 int64_t boot_us)
{
    size_t most =
        incident->tier == INCIDENT_TOUCH ? STORM_TOUCH : STORM_PRESENCE;
    if (lately(storm, boot_us) < most) {
        storm->at[storm->told++ % STORM_TOUCH] = boot_us;
        return true;
    }
    storm->folded++;
    storm->last = *incident;
    return false;
}

bool storm_is_due(const struct storm *storm, int64_t boot_us)
{
    return storm->folded > 0 && boot_us >= storm->together_us;
}

unsigned storm_take(struct storm *storm, int64_t boot_us)
{
    unsigned folded = storm->folded;
    if (folded) {
        storm->together_us = boot_us + STORM_US;
    }
    storm->folded = 0;
    return folded;
}
