/*
 * reload: operation.yaml is read again while the station runs (SIGHUP).
 *
 * What is wrong, or cannot be changed while it runs, changes nothing: the old
 * settings stay in force and it is told why. Cameras whose own settings are
 * as they were do not notice; one whose settings changed is started anew, and
 * the seconds that it misses are a gap line.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_RELOAD_H
#define STING_STATION_RELOAD_H

#include "station/camera.h"

struct reload {
    struct operation *operation; /* borrowed: its configuration is replaced */
    struct desk *desk;
    struct camera *camera; /* room for CONFIG_MOST_CAMERAS */
    size_t *cameras;
};

/* True when the new settings are in force. */
bool reload_run(const struct reload *reload, struct moment now);

#endif
