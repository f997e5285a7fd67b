/*
 * backdrop: the empty garage, lit once by ray tracing and kept in layers, so
 * that a frame only adds them up.
 *
 * The lamp and the light that falls through the open door are layers of
 * their own: people take the one away, the door lets in the other.
 */
#ifndef STING_DRILL_BACKDROP_H
#define STING_DRILL_BACKDROP_H

#include "drill/garage.h"

/* What of the picture is kept for the light of telephones and for shadows:
 * one place in 4 x 4 px. */
struct backdrop_place {
    struct vec point;
    struct vec normal;
};

struct backdrop_layers {
    struct plane_f even; /* ambient light and bounce */
    struct plane_f lamp;
    struct plane_f door;   /* with the door wide open */
    struct plane_f albedo; /* reflectance */
};

struct backdrop {
    struct backdrop_layers luma;      /* whole size */
    struct backdrop_layers colour[3]; /* red, green, blue; half size */
    struct plane_f leaf;  /* half size: x of the door's leaf there, or -1 */
    struct plane_f depth; /* half size: distance from the camera, m */
    struct backdrop_place *place; /* owned; quarter size, row by row */
};

/* Light falling on a point that faces `normal` from the bulb, unshadowed. */
float backdrop_lamp(const struct garage *garage, struct vec point,
                    struct vec normal);

/* The light that comes off table and walls again. */
float backdrop_bounce(const struct garage *garage, struct vec point,
                      struct vec normal);

extern const float backdrop_lamp_colour[3];
extern const float backdrop_even_colour[3];
extern const float backdrop_door_colour[3];

/* Trace it: about three seconds of one core. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status backdrop_init(struct backdrop *out,
                                               const struct garage *garage);
void backdrop_release(struct backdrop *backdrop);

#endif
