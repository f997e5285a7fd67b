/*
 * camera_source: a camera that is a file of this machine: a clip, or a device.
 */
#ifndef STING_STATION_CAMERA_SOURCE_H
#define STING_STATION_CAMERA_SOURCE_H

#include "base/fault.h"
#include "station/camera_url.h"

/* Open it; a clip's path starts at the folder `dir`. Fails: E_ABSENT, E_IO,
 * E_UNSUPPORTED when it is something else. */
STING_MUST_USE enum sting_status camera_source_open(
    const struct camera_url *url, int dir, int *out, struct fault *fault);

/* Could it be opened? Looked at alone: opening can make a device act. Fails
 * as camera_source_open. */
STING_MUST_USE enum sting_status camera_source_check(
    const struct camera_url *url, int dir, struct fault *fault);

#endif
