/*
 * chronicle_camera: what was recorded of one camera, and how lively it was.
 */
#ifndef STING_OPERATION_CHRONICLE_CAMERA_H
#define STING_OPERATION_CHRONICLE_CAMERA_H

#include "operation/chronicle.h"

/* A recording of that stretch with that activity, -1: not told, was made.
 * Stretches that touch become one; what is too old goes. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status chronicle_camera_add(
    struct chronicle_camera *camera, struct chronicle_span span, int64_t act);

void chronicle_camera_release(struct chronicle_camera *camera);

#endif
