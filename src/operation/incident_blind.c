#include "operation/incident_blind.h"

#include "operation/incident_part.h"

bool incident_blind_begin(struct incident_blind *blind, uint32_t number,
                          const struct observation *seen)
{
    uint32_t bit = UINT32_C(1) << seen->kind;
    if (!incident_kind_blinds(seen->kind)) {
        return false;
    }
    if (blind->camera[seen->camera].number != number) {
        blind->camera[seen->camera].number = number;
        blind->camera[seen->camera].kinds = 0;
    }
    if (blind->camera[seen->camera].kinds & bit) {
        return false;
    }
    blind->camera[seen->camera].kinds |= bit;
    blind->camera[seen->camera].closed.number = 0;
    return true;
}

struct incident incident_blind_of(const struct incident *open,
                                  const struct observation *seen)
{
    struct incident of = incident_at(open, seen);
    of.start = seen->at;
    of.first_look = seen->looked;
    return of;
}

void incident_blind_close(struct incident_blind *blind,
                          const struct incident_ongoing *ongoing,
                          uint64_t there, struct incident *closing)
{
    closing->blind = 0;
    for (int c = 0; c < INCIDENT_MOST_CAMERAS; c++) {
        if ((there >> c & 1) && incident_ongoing_blinds(ongoing, c)) {
            closing->blind |= UINT64_C(1) << c;
        }
    }
    for (int c = 0; c < INCIDENT_MOST_CAMERAS; c++) {
        if (closing->blind >> c & 1) {
            blind->camera[c].closed = *closing;
        }
    }
}

bool incident_blind_end(struct incident_blind *blind,
                        const struct incident_ongoing *ongoing,
                        const struct observation *seen, struct incident *out)
{
    struct incident *closed = &blind->camera[seen->camera].closed;
    if (closed->number == 0 || !incident_kind_blinds(seen->kind) ||
        incident_ongoing_blinds(ongoing, seen->camera)) {
        return false;
    }
    *out = *closed;
    out->kind = seen->kind;
    out->camera = seen->camera;
    out->zone = -1;
    out->end = seen->at;
    out->blind = 0;
    closed->number = 0;
    return true;
}
