/*
 * scene: frames of the garage as its camera gives them.
 *
 * A frame costs about 20 ms of one core; most of that is noise and sums.
 * Same seed, same frames, on every machine with the same arithmetic.
 *
 * Threads: one at a time.
 */
#ifndef STING_DRILL_SCENE_H
#define STING_DRILL_SCENE_H

#include "base/fault.h"
#include "drill/play.h"
#include "media/video_frame.h"

struct scene_settings {
    uint64_t seed;
    double quiet_s;   /* before anybody comes */
    bool alone;       /* without the team that bursts in */
    double light;     /* of everything; 1 is half-light, 0.4 is dark */
    double grain;     /* sd of the noise at mid grey, in grey values */
    struct bytes pdf; /* its pages lie on the table; empty: grey lines */
};

struct scene;

/* Furnish and light the garage: some seconds. Fails: E_FORMAT when the PDF
 * cannot be drawn, E_NOMEM. */
STING_MUST_USE enum sting_status scene_new(
    const struct scene_settings *settings, struct scene **out,
    struct fault *fault);
void scene_free(struct scene **scene);

/* Another play in the same garage: everything of the settings but the PDF
 * may differ, and nothing has to be traced again. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status scene_restage(
    struct scene *scene, const struct scene_settings *settings);

/* Draw what is seen `at_s` seconds after the beginning into *frame, which
 * has the garage's size and colour. */
void scene_draw(struct scene *scene, double at_s, struct video_frame *frame);

const struct play *scene_play(const struct scene *scene);
const struct garage *scene_garage(const struct scene *scene);

#endif
