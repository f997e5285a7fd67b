/*
 * incident_part: what one camera has to do with the incident at its place.
 *
 * An incident is told as the gravest that any camera there sees; a camera's
 * part is the gravest that it saw itself. Only incident*.c include this.
 */
#ifndef STING_OPERATION_INCIDENT_PART_H
#define STING_OPERATION_INCIDENT_PART_H

#include "operation/incident.h"

/* Zero-initialise. */
struct incident_part {
    uint32_t number; /* 0: nothing yet */
    int zone;
    enum incident_kind kind;
    enum incident_tier tier;
    struct moment start;
    struct moment first_look;
    double score;
    int persons;
};

/* Page watch alone is presence, whatever it saw. */
enum incident_tier incident_tier_of(const struct observation *seen);

/* Of people and their hands, not of the camera itself. */
bool incident_is_act(const struct observation *seen);

/* The camera's bit when it tells of somebody, not only of itself or a page. */
uint64_t incident_witness(const struct observation *seen);

/* What was this zone is another now, or gone: -1. */
void incident_zone_move(int *zone, const int zone_now[], size_t zones);

/* What a camera tells of incident `number` is of its part too. */
void incident_part_take(struct incident_part *part, uint32_t number,
                        const struct observation *seen);

/* The open incident as the camera of this part saw it; false: it saw none. */
bool incident_part_of(const struct incident_part *part,
                      const struct incident *open, int camera,
                      struct incident *out);

/* The open incident as one of where, and what, was just seen. */
struct incident incident_at(const struct incident *open,
                            const struct observation *seen);

#endif
