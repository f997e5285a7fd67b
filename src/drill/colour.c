#include "drill/colour.h"

#include <math.h>

enum sting_status colour_init(struct colour *out, int width_px, int height_px)
{
    struct colour made = {0};
    for (int i = 0; i < 3; i++) {
        enum sting_status status =
            plane_f_init(&made.channel[i], width_px, height_px);
        if (status) {
            colour_release(&made);
            return status;
        }
    }
    *out = made;
    return STING_OK;
}

void colour_release(struct colour *colour)
{
    for (int i = 0; i < 3; i++) {
        plane_f_release(&colour->channel[i]);
    }
}

int colour_width(const struct colour *colour)
{
    return colour->channel[0].width_px;
}

int colour_height(const struct colour *colour)
{
    return colour->channel[0].height_px;
}

float colour_linear(uint8_t srgb)
{
    float value = (float)srgb / 255.0F;
    return value <= 0.04045F ? value / 12.92F
                             : powf((value + 0.055F) / 1.055F, 2.4F);
}

float colour_srgb(float linear)
{
    if (linear <= 0) {
        return 0;
    }
    if (linear >= 1) {
        return 1;
    }
    return linear <= 0.0031308F ? linear * 12.92F
                                : 1.055F * powf(linear, 1.0F / 2.4F) - 0.055F;
}
