/*
 * texture: smooth random fields over the plane: paper, wood, concrete, dust.
 */
#ifndef STING_DRILL_TEXTURE_H
#define STING_DRILL_TEXTURE_H

#include "base/base.h"

/* Value noise in [-1, 1], smooth over one unit of x and y. */
float texture_noise(float x, float y, uint32_t seed);

/* Sum of `octaves` noises, each of half the size and half the weight; about
 * [-1, 1]. */
float texture_cloud(float x, float y, int octaves, uint32_t seed);

/* 0 below low, 1 above high (high may be the smaller), smooth between. */
float texture_step(float low, float high, float value);

#endif
