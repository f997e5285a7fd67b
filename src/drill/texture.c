#include "drill/texture.h"

#include <math.h>

float texture_noise(float x, float y, uint32_t seed)
{
    float left = floorf(x);
    float top = floorf(y);
    int i = (int)left;
    int j = (int)top;
    float u = texture_ease(x - left);
    float v = texture_ease(y - top);
    float upper = texture_corner(i, j, seed) * (1.0F - u) +
                  texture_corner(i + 1, j, seed) * u;
    float lower = texture_corner(i, j + 1, seed) * (1.0F - u) +
                  texture_corner(i + 1, j + 1, seed) * u;
    return upper * (1.0F - v) + lower * v;
}

float texture_cloud(float x, float y, int octaves, uint32_t seed)
{
    float sum = 0;
    float weight = 0.5F;
    for (int i = 0; i < octaves; i++) {
        sum += weight * texture_noise(x, y, seed + (uint32_t)i);
        weight *= 0.5F;
        x *= 2.0F;
        y *= 2.0F;
    }
    return sum;
}

float texture_step(float low, float high, float value)
{
    float t = (value - low) / (high - low);
    if (t <= 0) {
        return 0;
    }
    return t >= 1 ? 1 : texture_ease(t);
}
