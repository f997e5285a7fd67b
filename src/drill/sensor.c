#include "drill/sensor.h"

#include <math.h>

static const double full_scale = 1.15; /* a little above reference white */

int sensor_filter(int x, int y)
{
    return (x & 1) + (y & 1);
}

/* n photons have a variance of n and read noise adds r^2: with r^2 a share
 * of the whole at white, snr = n / sqrt(n + r^2). */
struct well {
    double electrons; /* at light 1 */
    double read;      /* electrons, rms */
    double step;      /* electrons of one step of the converter */
};

static struct well well_of(const struct sensor *sensor)
{
    double share = sensor->read_share;
    double electrons = sensor->snr * sensor->snr / (1 - share);
    double read = sqrt(electrons * share / (1 - share));
    return (struct well){electrons, read,
                         electrons * full_scale / exp2(sensor->bits)};
}

static float pixel_read(const struct well *well, double light,
                        struct chance *chance)
{
    double electrons = chance_poisson(chance, well->electrons * fmax(0, light));
    electrons += well->read * chance_normal(chance);
    electrons = round(electrons / well->step) * well->step;
    return (float)fmin(electrons / well->electrons, full_scale);
}

enum sting_status sensor_expose(const struct sensor *sensor,
                                const struct colour *light,
                                struct chance *chance, struct plane_f *out)
{
    struct plane_f raw = {0};
    enum sting_status status =
        plane_f_init(&raw, colour_width(light), colour_height(light));
    if (status) {
        return status;
    }
    struct well well = well_of(sensor);
    for (int y = 0; y < raw.height_px; y++) {
        float *row = plane_f_row(&raw, y);
        for (int x = 0; x < raw.width_px; x++) {
            const struct plane_f *seen = &light->channel[sensor_filter(x, y)];
            row[x] = pixel_read(&well, (double)plane_f_row(seen, y)[x], chance);
        }
    }
    *out = raw;
    return STING_OK;
}
