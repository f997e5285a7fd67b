/*
 * sight: what could be seen now. How faint may somebody be, and how small,
 * and still be found? From the noise that the camera has now and from what
 * chance shows, so that it can be told before anybody comes.
 *
 * A figure of height T in the contrast c against a background of level m adds
 * about T^2/4 cells of c m in units of their noise; evidence adds four looks.
 * It is found when that passes certainty. What a real figure gives of it was
 * found by putting figures in, and is checked so (tests/campaign/watch.py).
 */
#ifndef STING_DETECT_SIGHT_H
#define STING_DETECT_SIGHT_H

#include "detect/detector.h"

#define SIGHT_PLAIN 0.25f /* contrast of somebody in ordinary clothes */
#define SIGHT_TALL 0.3f   /* of the picture, where no length is marked */
#define SIGHT_METRES 1.7  /* a person */
#define SIGHT_BLIND 0.5f  /* who has to be fainter than this is not seen */

/* In a zone (-1: everywhere), of somebody as tall as this part of the
 * picture's height. False while it is still learning, and after somebody moved
 * while it learned, until quiet noise is known. */
bool sight_of(const struct detector *detector, int zone, float tall,
              struct detect_sight *out);

/* How tall a person is there, by a marked length; else SIGHT_TALL. */
float sight_tall(const struct detect_zone *zone, int width_px, int height_px);

/* IEC 62676-4:2014, table 2: what so many pixels a metre are enough for. */
const char *sight_class(double pixels_a_metre);

#endif
