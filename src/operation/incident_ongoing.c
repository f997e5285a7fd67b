#include "operation/incident_ongoing.h"

static uint32_t zone_bit(int zone)
{
    return zone < 0 ? 1 : UINT32_C(2) << zone;
}

void incident_ongoing_forget(struct incident_ongoing *ongoing, int camera)
{
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        if (k != INCIDENT_LOSS) {
            ongoing->zones[camera][k] = 0;
        }
    }
}

bool incident_ongoing_mark(struct incident_ongoing *ongoing, int camera,
                           enum incident_kind kind, int zone, bool begins)
{
    uint32_t *zones = &ongoing->zones[camera][kind];
    uint32_t before = *zones;
    if (begins) {
        *zones |= zone_bit(zone);
    } else {
        *zones &= ~zone_bit(zone);
    }
    if (begins && kind == INCIDENT_LOSS) {
        incident_ongoing_forget(ongoing, camera);
    }
    return *zones != before;
}

bool incident_ongoing_holds(const struct incident_ongoing *ongoing, int camera,
                            enum incident_kind *kind, int *zone)
{
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        uint32_t zones = ongoing->zones[camera][k];
        if (zones && incident_kind_holds((enum incident_kind)k)) {
            *kind = (enum incident_kind)k;
            *zone = __builtin_ctz(zones) - 1;
            return true;
        }
    }
    return false;
}

bool incident_ongoing_blinds(const struct incident_ongoing *ongoing, int camera)
{
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        if (ongoing->zones[camera][k] &&
            incident_kind_blinds((enum incident_kind)k)) {
            return true;
        }
    }
    return false;
}
