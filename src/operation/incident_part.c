#include "operation/incident_part.h"

enum incident_tier incident_tier_of(const struct observation *seen)
{
    return seen->is_alone ? INCIDENT_PRESENCE
                          : incident_kind_tier((int)seen->kind);
}

bool incident_is_act(const struct observation *seen)
{
    return seen->kind == INCIDENT_PERSON || seen->kind == INCIDENT_PAGE;
}

uint64_t incident_witness(const struct observation *seen)
{
    return incident_is_act(seen) && !seen->by_page_watch
               ? UINT64_C(1) << seen->camera
               : 0;
}

void incident_zone_move(int *zone, const int zone_now[], size_t zones)
{
    if (*zone >= 0) {
        *zone = (size_t)*zone < zones ? zone_now[*zone] : -1;
    }
}

void incident_part_take(struct incident_part *part, uint32_t number,
                        const struct observation *seen)
{
    bool is_new = part->number != number;
    if (is_new) {
        *part = (struct incident_part){
            .number = number, .start = seen->at, .first_look = seen->looked};
    }
    if (is_new || incident_tier_of(seen) > part->tier ||
        incident_kind_is_graver(seen->kind, part->kind)) {
        part->kind = seen->kind;
        part->tier = incident_tier_of(seen);
        part->zone = seen->zone;
        part->score = seen->score;
    }
}

bool incident_part_of(const struct incident_part *part,
                      const struct incident *open, int camera,
                      struct incident *out)
{
    if (part->number != open->number) {
        return false;
    }
    *out = *open;
    out->camera = camera;
    out->zone = part->zone;
    out->kind = part->kind;
    out->tier = part->tier;
    out->start = part->start;
    out->first_look = part->first_look;
    out->score = part->score;
    out->persons = part->persons;
    out->cameras = UINT64_C(1) << camera;
    out->seen_by &= out->cameras;
    return true;
}

struct incident incident_at(const struct incident *open,
                            const struct observation *seen)
{
    struct incident of = *open;
    of.camera = seen->camera;
    of.zone = seen->zone;
    of.kind = seen->kind;
    of.score = seen->score;
    return of;
}
