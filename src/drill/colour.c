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

static void quarter_turn(const struct plane_f *from, struct plane_f *to)
{
    for (int y = 0; y < from->height_px; y++) {
        const float *row = plane_f_row(from, y);
        for (int x = 0; x < from->width_px; x++) {
            plane_f_row(to, x)[from->height_px - 1 - y] = row[x];
        }
    }
}

enum sting_status colour_turn(struct colour *colour, int quarters)
{
    for (int i = 0; i < (quarters & 3); i++) {
        struct colour turned = {0};
        enum sting_status status =
            colour_init(&turned, colour_height(colour), colour_width(colour));
        if (status) {
            return status;
        }
        for (int c = 0; c < 3; c++) {
            quarter_turn(&colour->channel[c], &turned.channel[c]);
        }
        colour_release(colour);
        *colour = turned;
    }
    return STING_OK;
}

void colour_mirror(struct colour *colour)
{
    for (int c = 0; c < 3; c++) {
        for (int y = 0; y < colour_height(colour); y++) {
            float *row = plane_f_row(&colour->channel[c], y);
            for (int x = 0, z = colour_width(colour) - 1; x < z; x++, z--) {
                float kept = row[x];
                row[x] = row[z];
                row[z] = kept;
            }
        }
    }
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
