/*
 * footage: what a camera makes of a room, one picture after another, fresh
 * noise in each. Shares no code with the detector that it is to test.
 *
 * Light falls on a still (a rendered room, or the empty scene of a clip cut,
 * mirrored and toned), wanders as 1/f noise does, and is pumped by an
 * automatic gain; grain is Poisson and Gauss, blurred as an image processor
 * leaves it, or smoothed in time; tubes beat, insects cross the lens, rain
 * runs over a window, a clock is burned in.
 */
#ifndef STING_TESTS_FOOTAGE_H
#define STING_TESTS_FOOTAGE_H

#include "passerby.h"

struct footage_settings {
    int width_px, height_px;
    uint64_t seed;
    double light;   /* of full daylight: 1, 0.28, 0.12 */
    double noise;   /* of a pixel at mid grey, in grey levels */
    bool white;     /* noise of neighbours is independent */
    double drift;   /* of the light, rms, over minutes */
    double agc;     /* a saw tooth of gain, peak to peak */
    double flicker; /* bands of beating tubes */
    double smooth;  /* in time: 0 none, 0.7 much */
    bool insects, rain, clock;
};

struct footage;

/* Fails: E_ARG (no size, or wider than 4096), E_NOMEM; *out kept. */
STING_MUST_USE enum sting_status footage_new(
    const struct footage_settings *settings, struct footage **out);
void footage_free(struct footage **footage);

/* Furnish a room by `seed`, or from a still of a clip. */
void footage_room(struct footage *footage, uint64_t seed);
void footage_bare(struct footage *footage, uint64_t seed);
void footage_still(struct footage *footage, const struct plane *still,
                   uint64_t seed);

/* Mean level of the room in full light, in a part of the picture. */
double footage_level(const struct footage *footage, int x, int y, int width,
                     int height);

/* The room in full light. */
const struct plane_f *footage_world(const struct footage *footage);

/* Changes of light, each from now on: of the whole, and of a lamp. */
void footage_light(struct footage *footage, double times);
void footage_lamp(struct footage *footage, double strength);
void footage_infrared(struct footage *footage, bool on);

/* Draw the picture of that moment, somebody in it or nobody (NULL). */
void footage_draw(struct footage *footage, double at_s,
                  const struct cutout *who, struct plane *out);

#endif
