/*
 * body: the largest thing in a picture of what is covered, and nothing else.
 */
#ifndef STING_DRILL_BODY_H
#define STING_DRILL_BODY_H

#include "base/plane.h"

/* Clear all of *cover but the largest part that hangs together, gaps of some
 * pixels aside. Gives its area in pixels, and the box around it (left, top,
 * right, bottom); 0 when nothing is covered, or without memory. */
double body_keep(struct plane *cover, int box[4]);

#endif
