#include "media/stream.h"

#include <libavcodec/codec_par.h>
#include <libavcodec/defs.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#include <string.h>

#include "media/codec.h"

enum sting_status stream_of_h264(int width_px, int height_px,
                                 struct bytes keyframe, struct stream *out)
{
    const struct codec *codec = codec_find(AV_CODEC_ID_H264);
    struct buffer headers STING_AUTO(buffer_release) = {0};
    AVCodecParameters *p = avcodec_parameters_alloc();
    enum sting_status status = codec->headers(keyframe, &headers);
    uint8_t *extradata =
        av_mallocz(headers.size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (status || !p || !extradata) {
        av_freep(&extradata);
        avcodec_parameters_free(&p);
        return STING_E_NOMEM;
    }
    memcpy(extradata, headers.data, headers.size);
    p->codec_type = AVMEDIA_TYPE_VIDEO;
    p->codec_id = AV_CODEC_ID_H264;
    p->width = width_px;
    p->height = height_px;
    p->extradata = extradata;
    p->extradata_size = (int)headers.size;
    *out = (struct stream){.codec = codec->kind,
                           .width_px = width_px,
                           .height_px = height_px,
                           .ticks_per_s = 1000000,
                           .tag = codec->tag,
                           .parameters = p};
    return STING_OK;
}

enum sting_status stream_copy(const struct stream *stream, struct stream *out)
{
    AVCodecParameters *copy = avcodec_parameters_alloc();
    if (!copy || avcodec_parameters_copy(copy, stream->parameters) < 0) {
        avcodec_parameters_free(&copy);
        return STING_E_NOMEM;
    }
    *out = *stream;
    out->parameters = copy;
    return STING_OK;
}

void stream_release(struct stream *stream)
{
    AVCodecParameters *parameters = stream->parameters;
    avcodec_parameters_free(&parameters);
    *stream = (struct stream){0};
}

int64_t stream_us(const struct stream *stream, int64_t ticks)
{
    return av_rescale(ticks, 1000000, stream->ticks_per_s);
}

int64_t stream_ticks(const struct stream *stream, int64_t us)
{
    return av_rescale(us, stream->ticks_per_s, 1000000);
}
