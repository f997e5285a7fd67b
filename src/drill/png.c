#include "drill/png.h"

#include <cairo.h>
#include <math.h>

static cairo_status_t keep(void *context, const unsigned char *data,
                           unsigned int size)
{
    struct buffer *out = context;
    return buffer_append(out, (struct bytes){data, size})
               ? CAIRO_STATUS_NO_MEMORY
               : CAIRO_STATUS_SUCCESS;
}

static void rows_fill(const struct paper *paper, cairo_surface_t *surface)
{
    int stride = cairo_image_surface_get_stride(surface);
    uint8_t *data = cairo_image_surface_get_data(surface);
    for (int y = 0; y < colour_height(&paper->ink); y++) {
        uint8_t *pixel = data + (ptrdiff_t)y * stride;
        for (int x = 0; x < colour_width(&paper->ink); x++, pixel += 4) {
            for (int c = 0; c < 3; c++) { /* cairo: blue first in memory */
                float light = plane_f_row(&paper->ink.channel[c], y)[x];
                pixel[2 - c] = (uint8_t)lrintf(255 * colour_srgb(light));
            }
            pixel[3] = 255;
        }
    }
}

enum sting_status png_write(const struct paper *paper, struct buffer *out)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, colour_width(&paper->ink),
        colour_height(&paper->ink));
    cairo_status_t status = cairo_surface_status(surface);
    if (!status) {
        rows_fill(paper, surface);
        cairo_surface_mark_dirty(surface);
        status = cairo_surface_write_to_png_stream(surface, keep, out);
    }
    cairo_surface_destroy(surface);
    return status ? STING_E_NOMEM : STING_OK;
}
