/*
 * calm: quiet noise, learned anew if somebody moved while the scene was
 * learned.
 *
 * What was learned beside somebody takes his stir for noise, and what could be
 * seen is not known. Once all is quiet for 5 s by keyframes, the laws of the
 * noise are learned from all frames and taken in the place of those.
 */
#ifndef STING_DETECT_CALM_H
#define STING_DETECT_CALM_H

#include "detect/detector_state.h"

/* Learning begins. */
void calm_begin(struct detector *d);

/* Learning is over: was it spoilt? */
void calm_doubt(struct detector *d);

/* Something is there. */
void calm_break(struct detector *d);

/* Is it quiet for so long that its noise is learned, from all frames? */
bool calm_learns(const struct detector *d);

/* The look was quiet: once there are enough, their laws are taken. */
void calm_look(struct detector *d, int64_t at_us, enum scene_mode mode);

#endif
