/*
 * station: the daemon behind `sting run`.
 *
 * One process with one loop that never waits on a camera, a client or the
 * network. It keeps keys and ledger and parses nothing from outside but
 * messages of fixed form; all else is done by workers.
 */
#ifndef STING_STATION_STATION_H
#define STING_STATION_STATION_H

#include "operation/operation.h"

struct station_settings {
    bool json;          /* events as JSON on stdout too */
    const char *listen; /* where the console is served; NULL: nowhere */
};

/* Watch until SIGINT or SIGTERM; everything is sealed on return. The
 * operation is borrowed. Fails: E_BUSY when another writes this operation,
 * else as core_open and camera_init. */
STING_MUST_USE enum sting_status station_run(
    struct operation *operation, const struct station_settings *settings,
    struct fault *fault);

#endif
