/*
 * clocks: how far the own clock of each camera was off, as the ledger has it,
 * while it is read for a dossier.
 */
#ifndef STING_DOSSIER_CLOCKS_H
#define STING_DOSSIER_CLOCKS_H

#include "dossier/dossier.h"
#include "operation/clock_seen.h"

struct camera_clocks {
    char camera[DOSSIER_NAME_SIZE];
    struct clocks_seen seen;
};

/* Zero-initialise. */
struct all_clocks {
    struct camera_clocks *camera; /* owned */
    size_t cameras;
};
void all_clocks_release(struct all_clocks *clocks);

/* Take a `seg` line. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status all_clocks_take(struct all_clocks *clocks,
                                                 const struct line *line);

/* Tell it of an incident, when it began and by its camera. */
void all_clocks_tell(const struct all_clocks *clocks,
                     struct dossier_incident *incident);

#endif
