#include "media/stream.h"

#include <libavcodec/codec_par.h>
#include <libavutil/mathematics.h>

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
