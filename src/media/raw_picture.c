#include "media/raw_picture.h"

#include <linux/videodev2.h>
#include <string.h>

/* Rows of samples that lie somewhere in a picture. */
struct rows {
    const uint8_t *at;
    size_t apart;
};

static const uint8_t *row_of(struct rows rows, int y)
{
    return rows.at + (size_t)y * rows.apart;
}

static void luma_copy(struct plane *to, struct rows from)
{
    for (int y = 0; y < to->height_px; y++) {
        memcpy(plane_row(to, y), row_of(from, y), (size_t)to->width_px);
    }
}

/* Y U Y V: colour of two rows becomes one, their mean. */
static void yuyv_read(struct rows all, size_t lines, struct video_frame *out)
{
    (void)lines;
    for (int y = 0; y < out->y.height_px; y++) {
        const uint8_t *from = row_of(all, y);
        uint8_t *to = plane_row(&out->y, y);
        for (int x = 0; x < out->y.width_px; x++) {
            to[x] = from[(ptrdiff_t)2 * x];
        }
    }
    for (int y = 0; y < out->u.height_px; y++) {
        const uint8_t *above = row_of(all, 2 * y);
        const uint8_t *below = row_of(all, 2 * y + 1);
        uint8_t *u = plane_row(&out->u, y), *v = plane_row(&out->v, y);
        for (int x = 0; x < out->u.width_px; x++) {
            const uint8_t *a = above + (ptrdiff_t)4 * x;
            const uint8_t *b = below + (ptrdiff_t)4 * x;
            u[x] = (uint8_t)((a[1] + b[1] + 1) / 2);
            v[x] = (uint8_t)((a[3] + b[3] + 1) / 2);
        }
    }
}

/* Luma, then U and V by turns in rows as long. */
static void nv12_read(struct rows all, size_t lines, struct video_frame *out)
{
    struct rows colour = {all.at + lines * all.apart, all.apart};
    luma_copy(&out->y, all);
    for (int y = 0; y < out->u.height_px; y++) {
        const uint8_t *from = row_of(colour, y);
        uint8_t *u = plane_row(&out->u, y), *v = plane_row(&out->v, y);
        for (int x = 0; x < out->u.width_px; x++) {
            const uint8_t *pair = from + (ptrdiff_t)2 * x;
            u[x] = pair[0];
            v[x] = pair[1];
        }
    }
}

/* Luma, all of U, all of V, the latter in rows half as long. */
static void yu12_read(struct rows all, size_t lines, struct video_frame *out)
{
    size_t half = all.apart / 2;
    struct rows u = {all.at + lines * all.apart, half};
    struct rows v = {u.at + (lines + 1) / 2 * half, half};
    luma_copy(&out->y, all);
    luma_copy(&out->u, u);
    luma_copy(&out->v, v);
}

static const struct raw_kind {
    uint32_t pixels;
    int pixel_bytes; /* of the first rows */
    bool has_colour_behind;
    void (*read)(struct rows all, size_t lines, struct video_frame *out);
} kinds[] = {
    {V4L2_PIX_FMT_YUYV, 2, false, yuyv_read},
    {V4L2_PIX_FMT_NV12, 1, true, nv12_read},
    {V4L2_PIX_FMT_YUV420, 1, true, yu12_read},
};

static const struct raw_kind *kind_find(uint32_t pixels)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].pixels == pixels) {
            return &kinds[i];
        }
    }
    return NULL;
}

bool raw_picture_is(const struct device_format *format)
{
    return kind_find(format->pixels) != NULL;
}

enum sting_status raw_picture_read(const struct device_format *format,
                                   struct bytes data, struct video_frame *out)
{
    const struct raw_kind *kind = kind_find(format->pixels);
    if (!kind || out->y.width_px != (format->width_px & ~1) ||
        out->y.height_px != (format->height_px & ~1)) {
        return STING_E_ARG;
    }
    int least = format->width_px * kind->pixel_bytes;
    int line = format->line_bytes > 0 ? format->line_bytes : least;
    size_t lines = (size_t)format->height_px, apart = (size_t)line;
    size_t colour = kind->has_colour_behind ? (lines + 1) / 2 * apart : 0;
    if (line < least || data.size < lines * apart + colour) {
        return STING_E_FORMAT;
    }
    kind->read((struct rows){data.data, apart}, lines, out);
    out->full_range = format->is_full_range;
    return STING_OK;
}
