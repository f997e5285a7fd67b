/*
 * clip_settings: what a worker is told of the camera whose clip it looks at.
 */
#ifndef STING_CLI_CLIP_SETTINGS_H
#define STING_CLI_CLIP_SETTINGS_H

#include "base/buffer.h"
#include "operation/config.h"

/* A worker's settings for a clip that is its input: the operation's budget of
 * false alarms; zones, masks and way of looking of `camera`, which may be NULL.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status clip_settings_write(
    const struct config *config, const struct config_camera *camera,
    struct buffer *out);

#endif
