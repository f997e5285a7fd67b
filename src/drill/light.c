#include "drill/light.h"

#include <math.h>

#include "drill/texture.h"

static double lamp_share(const struct light *light, struct spot place)
{
    double into = (place.x - light->hand.x) * light->away.x +
                  (place.y - light->hand.y) * light->away.y;
    float half = (float)light->soft_mm / 2;
    return 1 - light->shadow * (double)texture_step(-half, half, (float)into);
}

/* Inverse square and Lambert's cosine for a small lamp. */
double light_at(const struct light *light, struct spot place, double slope,
                struct spot bend)
{
    double x = light->lamp.x - place.x;
    double y = light->lamp.y - place.y;
    double h = light->height_mm;
    double square = x * x + y * y + h * h;
    double facing = h - slope * (x * bend.x + y * bend.y);
    facing = fmax(0, facing) / sqrt(1 + slope * slope);
    double lamp = facing * h * h / (square * sqrt(square));
    return light->ambient +
           (1 - light->ambient) * lamp * lamp_share(light, place);
}
