#include "media/frame_420.h"

#include <libavutil/pixdesc.h>

#define MOST_DEPTH 12
#define MOST_ACROSS 2 /* log2 of how much wider than chroma luma may be */

void frame_420_release(struct frame_420 *room)
{
    plane_release(&room->y);
    plane_release(&room->u);
    plane_release(&room->v);
}

/* One plane of a frame as it lies there. */
struct part {
    const uint8_t *data;
    ptrdiff_t stride;
    int width, height; /* samples */
    int depth;         /* more than 8: two bytes a sample */
    /* log2 of how many samples of twice the plane that is made lie in one of
     * it, across and down: 1 as it is, 0 twice as fine, 2 half as fine. */
    int across, down;
};

static struct part part_of(const AVFrame *frame, const AVPixFmtDescriptor *desc,
                           int index)
{
    int across = index ? desc->log2_chroma_w : 0;
    int down = index ? desc->log2_chroma_h : 0;
    return (struct part){.data = frame->data[index],
                         .stride = frame->linesize[index],
                         .width = AV_CEIL_RSHIFT(frame->width, across),
                         .height = AV_CEIL_RSHIFT(frame->height, down),
                         .depth = desc->comp[index].depth,
                         .across = index ? across : 1,
                         .down = index ? down : 1};
}

static inline unsigned sample(const uint8_t *row, int x, int shift)
{
    if (!shift) {
        return row[x];
    }
    const uint8_t *two = row + (ptrdiff_t)2 * x;
    return (two[0] | (unsigned)two[1] << 8) >> shift & 0xff;
}

/* Each as the mean of the four samples that it covers, or of those that there
 * are of them. */
static void row_fill(const struct part *from, int y, struct plane *to)
{
    int shift = from->depth - 8;
    int top = 2 * y >> from->down;
    bool has_below = from->down == 0 && top + 1 < from->height;
    const uint8_t *above = from->data + from->stride * top;
    const uint8_t *below = above + (has_below ? from->stride : 0);
    uint8_t *row = plane_row(to, y);
    for (int x = 0; x < to->width_px; x++) {
        int left = 2 * x >> from->across;
        int right = left + (from->across == 0 && left + 1 < from->width);
        unsigned sum = sample(above, left, shift) +
                       sample(above, right, shift) +
                       sample(below, left, shift) + sample(below, right, shift);
        row[x] = (uint8_t)((sum + 2) / 4);
    }
}

/* The part as a plane of that size: borrowed where it is one. */
static enum sting_status plane_of(const struct part *from, int width,
                                  int height, struct plane *room,
                                  struct plane *out)
{
    enum sting_status status = STING_OK;
    if (from->depth == 8 && from->width == width && from->height == height) {
        *out = (struct plane){(uint8_t *)(uintptr_t)from->data, width, height,
                              (int)from->stride};
        return STING_OK;
    }
    if (room->width_px != width || room->height_px != height) {
        plane_release(room);
        status = plane_init(room, width, height);
    }
    for (int y = 0; y < height && !status; y++) {
        row_fill(from, y, room);
    }
    *out = *room;
    return status;
}

static bool is_known(const AVPixFmtDescriptor *desc)
{
    const uint64_t other = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL |
                           AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_BE |
                           AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_HWACCEL |
                           AV_PIX_FMT_FLAG_BITSTREAM;
    if (!desc || desc->flags & other || desc->log2_chroma_w > MOST_ACROSS ||
        desc->log2_chroma_h > 1 ||
        (desc->nb_components != 1 && desc->nb_components != 3)) {
        return false;
    }
    for (int i = 0; i < desc->nb_components; i++) {
        const AVComponentDescriptor *part = &desc->comp[i];
        if (part->plane != i || part->shift != 0 || part->depth < 8 ||
            part->depth > MOST_DEPTH ||
            part->step != (part->depth > 8 ? 2 : 1)) {
            return false;
        }
    }
    return true;
}

enum sting_status frame_420_of(const AVFrame *frame, struct frame_420 *room,
                               struct video_frame *out)
{
    const AVPixFmtDescriptor *desc =
        av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    struct plane *const made[] = {&room->y, &room->u, &room->v};
    struct plane *const given[] = {&out->y, &out->u, &out->v};
    enum sting_status status = is_known(desc) ? STING_OK : STING_E_UNSUPPORTED;
    for (int i = 0; !status && i < desc->nb_components; i++) {
        const struct part part = part_of(frame, desc, i);
        status = plane_of(&part, i ? (frame->width + 1) / 2 : frame->width,
                          i ? (frame->height + 1) / 2 : frame->height, made[i],
                          given[i]);
    }
    return status;
}
