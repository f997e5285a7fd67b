/*
 * tamper_acts: what is done to a made camera, and what only looks like it.
 */
#ifndef STING_TESTS_CAMPAIGN_TAMPER_ACTS_H
#define STING_TESTS_CAMPAIGN_TAMPER_ACTS_H

#include "tamper_camera.h"

struct tamper_act {
    const char *name;
    /* Play it: of tampering until it is told, or nobody hopes for it. */
    void (*play)(struct tamper_camera *camera, struct tamper_tape *tape);
};

/* Both end with one without a name. */
extern const struct tamper_act tamper_acts[];
extern const struct tamper_act tamper_innocents[];

#endif
