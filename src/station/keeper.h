/*
 * keeper: recordings that retention lets go, deleted beside the station.
 *
 * A process of its own (sting erase) reads the ledger and deletes files, so
 * that recording never waits for it; its lines come over core.sock.
 */
#ifndef STING_STATION_KEEPER_H
#define STING_STATION_KEEPER_H

#include "base/clock.h"
#include "operation/operation.h"

struct keeper {
    int64_t next_us; /* of boot time; 0: at once */
};

/* Call each second. Starts one when it is time and operation.yaml has a
 * retention; nobody waits for it. */
void keeper_tick(struct keeper *keeper, const struct operation *operation,
                 struct moment now);

#endif
