#include "media/video_frame.h"

#include <string.h>

enum sting_status video_frame_init(struct video_frame *out, int width_px,
                                   int height_px, bool colour)
{
    struct video_frame frame = {.full_range = true};
    enum sting_status status = plane_init(&frame.y, width_px, height_px);
    int w = (width_px + 1) / 2, h = (height_px + 1) / 2;
    if (!status && colour) {
        status = plane_init(&frame.u, w, h);
    }
    if (!status && colour) {
        status = plane_init(&frame.v, w, h);
    }
    if (status) {
        video_frame_release(&frame);
        return status;
    }
    if (colour) {
        memset(frame.u.data, 128, (size_t)w * (size_t)h);
        memset(frame.v.data, 128, (size_t)w * (size_t)h);
    }
    *out = frame;
    return STING_OK;
}

static void rows_copy(const struct plane *to, const struct plane *from)
{
    for (int y = 0; to->data && from->data && y < to->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(from, y), (size_t)to->width_px);
    }
}

void video_frame_copy(struct video_frame *to, const struct video_frame *from)
{
    rows_copy(&to->y, &from->y);
    rows_copy(&to->u, &from->u);
    rows_copy(&to->v, &from->v);
    to->pts_us = from->pts_us;
    to->key = from->key;
    to->full_range = from->full_range;
}

void video_frame_release(struct video_frame *frame)
{
    plane_release(&frame->y);
    plane_release(&frame->u);
    plane_release(&frame->v);
}
