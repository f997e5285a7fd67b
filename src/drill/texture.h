/*
 * texture: smooth random fields over the plane: paper, wood, concrete, dust.
 */
#ifndef STING_DRILL_TEXTURE_H
#define STING_DRILL_TEXTURE_H

#include "drill/chance.h"

/* Value noise in [-1, 1], smooth over one unit of x and y. */
float texture_noise(float x, float y, uint32_t seed);

/* What it is made of: its value at whole x and y, and how it goes over from
 * one to the next, t from 0 to 1. */
static inline float texture_corner(int x, int y, uint32_t seed)
{
    uint32_t bits = chance_hash((uint32_t)x, (uint32_t)y, seed);
    return (float)(bits >> 8) * (2.0F / 16777216.0F) - 1.0F;
}

static inline float texture_ease(float t)
{
    return t * t * (3.0F - 2.0F * t);
}

/* Sum of `octaves` noises, each of half the size and half the weight; about
 * [-1, 1]. */
float texture_cloud(float x, float y, int octaves, uint32_t seed);

/* 0 below low, 1 above high (high may be the smaller), smooth between. */
float texture_step(float low, float high, float value);

#endif
