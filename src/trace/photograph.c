/* A picture that was examined, once more from its file, to be shown. */
#include <fcntl.h>

#include "base/file.h"
#include "image/filter.h"
#include "media/still.h"
#include "trace/drawing.h"

#define MOST_FILE ((size_t)256 << 20)
#define QUALITY 88

static enum sting_status plane_take(struct picture_worker *worker,
                                    const struct trace_picture *picture,
                                    struct plane *out, struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct picture_file opened;
    struct digest now;
    enum sting_status status =
        file_read(AT_FDCWD, picture->path ? picture->path : picture->name,
                  MOST_FILE, &file, fault);
    if (status) {
        return status;
    }
    now = digest_of(buffer_bytes(&file));
    if (!digest_equal(now, picture->digest)) {
        return fault_set(fault, STING_E_FORGED, "trace it again",
                         "the picture changed while it was examined");
    }
    status = picture_open(worker, buffer_bytes(&file), &opened, fault);
    return status ? status
                  : picture_sheet(worker, picture->sheet, out, NULL, fault);
}

static uint8_t grey_of(float v)
{
    return (uint8_t)(v < 0 ? 0 : v > 254.5F ? 255 : v + 0.5F);
}

static enum sting_status plane_fit(const struct plane *from, int most_px,
                                   struct video_frame *out)
{
    int longer =
        from->width_px > from->height_px ? from->width_px : from->height_px;
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    enum sting_status status = plane_shrink(
        from, longer > most_px ? (double)most_px / longer : 1, &small);
    if (!status) {
        status = video_frame_init(out, small.width_px, small.height_px, false);
    }
    for (int y = 0; !status && y < small.height_px; y++) {
        for (int x = 0; x < small.width_px; x++) {
            plane_row(&out->y, y)[x] = grey_of(plane_f_row(&small, y)[x]);
        }
    }
    return status;
}

enum sting_status trace_picture_jpeg(struct picture_worker *worker,
                                     const struct trace_picture *picture,
                                     int most_px, struct buffer *out,
                                     struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct video_frame frame STING_AUTO(video_frame_release) = {.full_range =
                                                                    true};
    enum sting_status status = plane_take(worker, picture, &plane, fault);
    if (!status) {
        status = plane_fit(&plane, most_px, &frame);
    }
    if (!status) {
        frame.full_range = true;
        status = still_jpeg(&frame, QUALITY, out);
    }
    return status;
}
