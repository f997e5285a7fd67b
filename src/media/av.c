#include "media/av.h"

#include <assert.h>
#include <libavutil/imgutils.h>
#include <libavutil/random_seed.h>
#include <string.h>
#include <sys/random.h>

void av_silence(void)
{
    av_log_set_level(AV_LOG_QUIET);
}

/* FFmpeg's own opens /dev/urandom, and a worker that opens a file dies. The
 * loader takes ours for all of its libraries, since it comes first. */
uint32_t av_get_random_seed(void)
{
    uint32_t seed = 0;
    ssize_t got = getrandom(&seed, sizeof seed, 0);
    assert(got == (ssize_t)sizeof seed); /* small reads are never cut */
    return seed;
}

static enum sting_status status_of(int error)
{
    switch (error) {
    case AVERROR(ENOMEM):
        return STING_E_NOMEM;
    case AVERROR_EOF:
        return STING_E_ABSENT;
    case AVERROR_INVALIDDATA:
        return STING_E_FORMAT;
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
    case AVERROR(ENOSYS):
        return STING_E_UNSUPPORTED;
    default:
        return STING_E_IO;
    }
}

enum sting_status av_fault(struct fault *fault, int error, const char *todo,
                           const char *why)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, text, sizeof text);
    return fault_set(fault, status_of(error), todo, "%s: %s", why, text);
}

enum sting_status av_frame_new(AVFrame **out, int format, int width_px,
                               int height_px)
{
    AVFrame *frame STING_AUTO(av_frame_free) = av_frame_alloc();
    if (!frame) {
        return STING_E_NOMEM;
    }
    frame->format = format;
    frame->width = width_px;
    frame->height = height_px;
    if (av_frame_get_buffer(frame, 0) < 0) {
        return STING_E_NOMEM;
    }
    *out = frame;
    frame = NULL;
    return STING_OK;
}

static void plane_copy(uint8_t *to, int to_stride, const struct plane *from)
{
    for (int y = 0; y < from->height_px; y++) {
        memcpy(to + (ptrdiff_t)y * to_stride, plane_row(from, y),
               (size_t)from->width_px);
    }
}

static void plane_grey(uint8_t *to, int to_stride, int width_px, int height_px)
{
    for (int y = 0; y < height_px; y++) {
        memset(to + (ptrdiff_t)y * to_stride, 128, (size_t)width_px);
    }
}

void av_frame_fill(AVFrame *to, const struct video_frame *from)
{
    plane_copy(to->data[0], to->linesize[0], &from->y);
    const struct plane *chroma[2] = {&from->u, &from->v};
    for (int i = 0; i < 2; i++) {
        uint8_t *data = to->data[i + 1];
        if (data && chroma[i]->data) {
            plane_copy(data, to->linesize[i + 1], chroma[i]);
        } else if (data) {
            plane_grey(data, to->linesize[i + 1], (to->width + 1) / 2,
                       (to->height + 1) / 2);
        }
    }
}
