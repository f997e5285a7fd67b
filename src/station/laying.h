/*
 * laying: which copy lies where is a line of the ledger when operation.yaml
 * says it otherwise than before. Threads: the station's.
 */
#ifndef STING_STATION_LAYING_H
#define STING_STATION_LAYING_H

#include "operation/laid.h"
#include "station/desk.h"

/* Call when a configuration is in force, new or at the start. `laid`: what the
 * ledger says so far. */
void laying_tell(struct laid *laid, struct desk *desk, struct moment now);

#endif
