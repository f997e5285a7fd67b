/*
 * incident_blind: cameras that are covered or gone while an incident goes on.
 *
 * That is told with the incident at the camera's place, once of each kind. Of a
 * camera that is blind still when the incident closes it is told too when it
 * sees again, as the end of what was left open; unless another incident has
 * told of it meanwhile. Only incident.c includes this.
 */
#ifndef STING_OPERATION_INCIDENT_BLIND_H
#define STING_OPERATION_INCIDENT_BLIND_H

#include "operation/incident.h"
#include "operation/incident_ongoing.h"

/* Zero-initialise. */
struct incident_blind {
    struct {
        uint32_t number;        /* of the incident that it was told with */
        uint32_t kinds;         /* bit k: kind k was */
        struct incident closed; /* while it was blind; number 0: none */
    } camera[INCIDENT_MOST_CAMERAS];
};

/* Does that camera go blind by this, and is it to be told with incident
 * `number`? From then on it has been. */
bool incident_blind_begin(struct incident_blind *blind, uint32_t number,
                          const struct observation *seen);

/* The incident that is open, as one of a camera that just went blind. */
struct incident incident_blind_of(const struct incident *open,
                                  const struct observation *seen);

/* The incident closes: which of the cameras `there` are blind still? Its
 * `blind` says so. */
void incident_blind_close(struct incident_blind *blind,
                          const struct incident_ongoing *ongoing,
                          uint64_t there, struct incident *closing);

/* Something ended: is it that a camera sees again of which it was left open?
 * *out is then the incident as it is told with that. */
bool incident_blind_end(struct incident_blind *blind,
                        const struct incident_ongoing *ongoing,
                        const struct observation *seen, struct incident *out);

#endif
