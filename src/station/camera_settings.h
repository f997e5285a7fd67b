/*
 * camera_settings: what a camera worker is told first, as lines key=value
 * (WIRE_CAMERA_START). The password stays out of every command line.
 */
#ifndef STING_STATION_CAMERA_SETTINGS_H
#define STING_STATION_CAMERA_SETTINGS_H

#include "operation/operation.h"

/* Append the settings of a camera; `url`, and `second` of the stream that is
 * looked at ("" for none), as the worker can reach them. Fails: E_ABSENT, E_IO
 * without the password file, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status camera_settings_write(
    const struct operation *operation, const struct config_camera *camera,
    const char *url, const char *second, struct buffer *out,
    struct fault *fault);

#endif
