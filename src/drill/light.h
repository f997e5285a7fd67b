/*
 * light: how much of it falls on each point of the desk.
 */
#ifndef STING_DRILL_LIGHT_H
#define STING_DRILL_LIGHT_H

#include "drill/view.h"

struct light {
    struct spot lamp; /* over this point of the sheet, mm */
    double height_mm; /* of the lamp */
    double ambient;   /* share of light that comes from everywhere, 0 to 1 */
    struct spot hand; /* middle of the shadow's edge, mm */
    struct spot away; /* unit direction into the shadow */
    double shadow;    /* share of the lamp that the shadow takes, 0 to 1 */
    double soft_mm;   /* width of the shadow's edge */
};

/* Illumination, 1 right under the lamp, of a point whose surface rises by
 * `slope` along the unit direction `bend`. */
double light_at(const struct light *light, struct spot place, double slope,
                struct spot bend);

#endif
