#include "base/plane.h"

#include <stdlib.h>

static bool size_is_allowed(int width_px, int height_px)
{
    return width_px > 0 && height_px > 0 && width_px <= PLANE_MOST_PX &&
           height_px <= PLANE_MOST_PX;
}

enum sting_status plane_init(struct plane *out, int width_px, int height_px)
{
    if (!size_is_allowed(width_px, height_px)) {
        return STING_E_ARG;
    }
    uint8_t *data = calloc((size_t)width_px, (size_t)height_px);
    if (!data) {
        return STING_E_NOMEM;
    }
    *out = (struct plane){data, width_px, height_px, width_px};
    return STING_OK;
}

enum sting_status plane_f_init(struct plane_f *out, int width_px, int height_px)
{
    if (!size_is_allowed(width_px, height_px)) {
        return STING_E_ARG;
    }
    float *data = calloc((size_t)width_px * (size_t)height_px, sizeof *data);
    if (!data) {
        return STING_E_NOMEM;
    }
    *out = (struct plane_f){data, width_px, height_px, width_px};
    return STING_OK;
}

void plane_release(struct plane *plane)
{
    free(plane->data);
    *plane = (struct plane){0};
}

void plane_f_release(struct plane_f *plane)
{
    free(plane->data);
    *plane = (struct plane_f){0};
}
