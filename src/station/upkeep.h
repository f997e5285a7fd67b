/*
 * upkeep: what the station looks after each second beside its cameras: the
 * disk's room, the operation's end, what retention lets go, the epoch's key,
 * and a record that the disk refused.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_UPKEEP_H
#define STING_STATION_UPKEEP_H

#include "station/cameras.h"
#include "station/keeper.h"
#include "station/outbound.h"

struct upkeep { /* zero: nothing was found yet */
    struct keeper keeper;
    int64_t reopen_us; /* boot time of the next try after a refusal */
    bool is_past;      /* the operation's `until`, and that was told */
};

/* Call each second. Pauses or stops cameras where they may not record. */
void upkeep_tick(struct upkeep *upkeep, struct desk *desk,
                 struct cameras *cameras, struct moment now);

/* Where the ledger refused: let go of it and open it anew, which also recovers
 * what was half done; not more often than every five seconds. */
void upkeep_reopen(struct upkeep *upkeep, struct desk *desk,
                   struct cameras *cameras, struct outbound *outbound,
                   struct moment now);

#endif
