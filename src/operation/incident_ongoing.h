/*
 * incident_ongoing: which kinds go on in which zones of which camera.
 * Only incident.c and incident_blind include this.
 */
#ifndef STING_OPERATION_INCIDENT_ONGOING_H
#define STING_OPERATION_INCIDENT_ONGOING_H

#include "operation/incident_kind.h"

#define INCIDENT_MOST_CAMERAS 64
#define INCIDENT_MOST_ZONES 31 /* of one camera */

struct incident_ongoing {
    /* A bit for each zone; bit 0 is zone -1, the whole picture. */
    uint32_t zones[INCIDENT_MOST_CAMERAS][INCIDENT_KINDS];
};

/* It begins or ends in a zone; false when that is no news. A camera that is
 * gone sees nothing any more. */
bool incident_ongoing_mark(struct incident_ongoing *ongoing, int camera,
                           enum incident_kind kind, int zone, bool begins);

/* What the camera tells from now on it tells anew; that it is gone stays. */
void incident_ongoing_forget(struct incident_ongoing *ongoing, int camera);

/* Does anything go on at the camera that keeps an incident open? The first
 * kind, and its first zone. */
bool incident_ongoing_holds(const struct incident_ongoing *ongoing, int camera,
                            enum incident_kind *kind, int *zone);

/* Is the camera covered, or gone? */
bool incident_ongoing_blinds(const struct incident_ongoing *ongoing,
                             int camera);

#endif
