#include "image/photo.h"

#include <math.h>

#include "image/filter.h"

#define SMALL_SIDE                                                             \
    400.0       /* shorter side of the copy that white is read from            \
                 */
#define REACH 6 /* dilation there: more than a word, less than light */
#define SMOOTH 9.0
#define LEAST_WHITE 8.0 /* darker than this is no paper but night */
#define LEAST_SIDE 32

/* The white of the paper, small: *factor times the size of the picture. */
static enum sting_status white_init(const struct plane *grey,
                                    struct plane_f *out, double *factor)
{
    int side =
        grey->width_px < grey->height_px ? grey->width_px : grey->height_px;
    *factor = fmin(1, SMALL_SIDE / side);
    enum sting_status status = plane_shrink(grey, *factor, out);
    if (!status) {
        status = plane_blur(out, 1);
    }
    if (!status) {
        status = plane_dilate(out, REACH);
    }
    return status ? status : plane_blur(out, SMOOTH);
}

static void flatten_row(const uint8_t *from, uint8_t *to, int width,
                        const struct plane_f *white, const double at[2])
{
    /* White changes slowly: read it every eighth pixel. */
    double scale = 0;
    for (int x = 0; x < width; x++) {
        if (x % 8 == 0) {
            double w = sample_linear(white, (x + 4) * at[0], at[1]);
            scale = PHOTO_PAPER / fmax(w, LEAST_WHITE);
        }
        double v = from[x] * scale + 0.5;
        to[x] = v > 255 ? 255 : (uint8_t)v;
    }
}

enum sting_status photo_flatten(const struct plane *grey, struct plane *out)
{
    struct plane_f white STING_AUTO(plane_f_release) = {0};
    double factor;
    enum sting_status status = white_init(grey, &white, &factor);
    if (!status) {
        status = plane_init(out, grey->width_px, grey->height_px);
    }
    for (int y = 0; !status && y < grey->height_px; y++) {
        const double at[2] = {factor, (y + 0.5) * factor};
        flatten_row(plane_row(grey, y), plane_row(out, y), grey->width_px,
                    &white, at);
    }
    return status;
}

enum sting_status photo_init(struct photo *out, const struct plane *grey)
{
    struct photo photo STING_AUTO(photo_release) = {0};
    if (grey->width_px < LEAST_SIDE || grey->height_px < LEAST_SIDE) {
        return STING_E_ARG;
    }
    enum sting_status status = photo_flatten(grey, &photo.level[0]);
    photo.levels = status ? 0 : 1;
    while (!status && photo.levels < PHOTO_MOST_LEVELS) {
        const struct plane *last = &photo.level[photo.levels - 1];
        if (last->width_px < 2 * LEAST_SIDE ||
            last->height_px < 2 * LEAST_SIDE) {
            break;
        }
        status = plane_halve(last, &photo.level[photo.levels]);
        photo.levels += !status;
    }
    if (!status) {
        *out = photo;
        photo = (struct photo){0};
    }
    return status;
}

void photo_release(struct photo *photo)
{
    for (int i = 0; i < photo->levels; i++) {
        plane_release(&photo->level[i]);
    }
    *photo = (struct photo){0};
}

enum sting_status photo_mirror(const struct photo *photo, struct photo *out)
{
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < photo->levels; i++) {
        const struct plane *from = &photo->level[i];
        struct plane *to = &out->level[i];
        status = plane_init(to, from->width_px, from->height_px);
        out->levels += !status;
        for (int y = 0; !status && y < from->height_px; y++) {
            const uint8_t *row = plane_row(from, y);
            for (int x = 0; x < from->width_px; x++) {
                plane_row(to, y)[from->width_px - 1 - x] = row[x];
            }
        }
    }
    return status;
}
