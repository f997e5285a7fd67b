/* A camera at this machine itself, whose device somebody opened for us. */
#include <stdlib.h>

#include "media/source_parts.h"

/* Its video as FFmpeg would tell of a network's, in microseconds. */
static enum sting_status track_describe(struct source *source)
{
    const struct device_format *format = device_feed_format(source->feed);
    AVStream *track =
        source->format ? avformat_new_stream(source->format, NULL) : NULL;
    if (!track) {
        return STING_E_NOMEM;
    }
    track->time_base = (AVRational){1, 1000000};
    track->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    track->codecpar->codec_id = device_feed_codec(source->feed);
    track->codecpar->width = format->width_px;
    track->codecpar->height = format->height_px;
    int per_s = format->frames_per_s;
    if (source_encodes(source) && per_s > DEVICE_MOST_FRAMES) {
        per_s = DEVICE_MOST_FRAMES;
    }
    if (per_s > 0) {
        track->avg_frame_rate = (AVRational){per_s, 1};
    }
    return STING_OK;
}

enum sting_status source_device_open(struct source *source, struct fault *fault)
{
    int fd = (int)strtol(source->settings->url + 4, NULL, 10);
    enum sting_status status =
        device_feed_new(fd, source->settings, &source->feed, fault);
    if (status) {
        return status;
    }
    source->format = avformat_alloc_context();
    return track_describe(source);
}
