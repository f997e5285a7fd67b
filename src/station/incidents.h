/*
 * incidents: what operation/incident.h makes of the observations becomes
 * lines of the ledger, words on the terminal, and alerts.
 */
#ifndef STING_STATION_INCIDENTS_H
#define STING_STATION_INCIDENTS_H

#include "station/camera.h"

/* Take all events that wait. An incident that opens or rises has the
 * recordings of its cameras cut and sealed at once, and alerts queued.
 * True when there were any. */
bool incidents_drain(struct desk *desk, struct camera *camera, size_t cameras,
                     struct moment now);

/* Which camera is where, by the configuration's `place`. */
void incidents_places(struct incidents *incidents, const struct config *config);

/* The number for the next incident, counted from the ledger's lines. */
STING_MUST_USE enum sting_status incidents_first_number(
    const struct operation *operation, uint32_t *out, struct fault *fault);

#endif
