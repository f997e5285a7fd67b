/*
 * intrusion: somebody comes in; does the detector say so, and in time?
 *
 * A scene is rendered, encoded as a camera would, decoded and looked at by
 * the same code as `sting run` and `sting replay`, and judged by the same
 * rules of incidents.
 */
#ifndef STING_DRILL_INTRUSION_H
#define STING_DRILL_INTRUSION_H

#include "drill/scene.h"

struct intrusion {
    bool caught;      /* an incident before they left */
    double delay_s;   /* from the first figure to the look that told */
    double spare_s;   /* from that look until they turn to go */
    int false_alarms; /* incidents before anybody came */
};

/* Play the scene as it is staged to its end. Fails: E_NOMEM, E_IO,
 * E_UNSUPPORTED without an encoder. */
STING_MUST_USE enum sting_status intrusion_run(struct scene *scene,
                                               struct intrusion *out,
                                               struct fault *fault);

#endif
