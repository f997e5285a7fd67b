#include "media/device_feed.h"

#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/av.h"
#include "media/encode.h"
#include "media/raw_picture.h"

#define CRF 23
#define SECOND_US INT64_C(1000000)
#define APART_US (SECOND_US / DEVICE_MOST_FRAMES)
#define EARLY_US (APART_US / 4) /* that a picture may be, and is taken */

struct device_feed {
    const struct source_settings *settings; /* borrowed */
    struct device *device;
    struct encoder *encoder; /* NULL where the device encodes */
    struct video_frame frame;
    AVPacket *out;   /* borrowed while a picture is encoded */
    int64_t due_us;  /* of the next picture that is encoded */
    int64_t last_us; /* of the last one; -1: none was */
    char encodes[100];
    struct fault fault;
};

static enum sting_status packet_fill(AVPacket *out, struct bytes data,
                                     int64_t pts)
{
    if (data.size > INT32_MAX / 2 || av_new_packet(out, (int)data.size) < 0) {
        return STING_E_NOMEM;
    }
    memcpy(out->data, data.data, data.size);
    out->pts = pts;
    return STING_OK;
}

static enum sting_status packet_give(void *context,
                                     const struct encode_packet *encoded)
{
    struct device_feed *feed = context;
    av_packet_unref(feed->out);
    return packet_fill(feed->out, encoded->data, encoded->pts_us);
}

static enum sting_status encoder_begin(struct device_feed *feed,
                                       struct fault *fault)
{
    const struct device_format *format = device_format(feed->device);
    int per_s = format->frames_per_s;
    struct encode_settings settings = {
        .width_px = format->width_px & ~1,
        .height_px = format->height_px & ~1,
        .frames_per_s = per_s < 1 || per_s > DEVICE_MOST_FRAMES
                            ? DEVICE_MOST_FRAMES
                            : per_s,
        .gop_frames = 4 * DEVICE_MOST_FRAMES,
        .crf = CRF};
    enum sting_status status = video_frame_init(&feed->frame, settings.width_px,
                                                settings.height_px, true);
    snprintf(
        feed->encodes, sizeof feed->encodes,
        "it gives raw pictures, encoded here as H.264, at most %d a second",
        DEVICE_MOST_FRAMES);
    if (!status) {
        status =
            encoder_new(&settings, packet_give, feed, &feed->encoder, fault);
    }
    if (!status) {
        encoder_key_every(feed->encoder, SECOND_US - EARLY_US);
    }
    return status;
}

enum sting_status device_feed_new(int fd,
                                  const struct source_settings *settings,
                                  struct device_feed **out, struct fault *fault)
{
    struct device_feed *feed STING_AUTO(device_feed_free) =
        calloc(1, sizeof *feed);
    if (!feed) {
        return STING_E_NOMEM;
    }
    feed->settings = settings;
    feed->last_us = -1;
    enum sting_status status = device_open(fd, &feed->device, fault);
    if (!status && raw_picture_is(device_format(feed->device))) {
        status = encoder_begin(feed, fault);
    }
    if (status) {
        return status;
    }
    *out = feed;
    feed = NULL;
    return STING_OK;
}

void device_feed_free(struct device_feed **feed)
{
    if (*feed) {
        encoder_free(&(*feed)->encoder);
        video_frame_release(&(*feed)->frame);
        device_free(&(*feed)->device);
    }
    free(*feed);
    *feed = NULL;
}

enum AVCodecID device_feed_codec(const struct device_feed *feed)
{
    bool is_jpeg = !feed->encoder &&
                   device_format(feed->device)->pixels != V4L2_PIX_FMT_H264;
    return is_jpeg ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_H264;
}

const struct device_format *device_feed_format(const struct device_feed *feed)
{
    return device_format(feed->device);
}

const char *device_feed_encodes(const struct device_feed *feed)
{
    return feed->encoder ? feed->encodes : NULL;
}

const struct fault *device_feed_fault(const struct device_feed *feed)
{
    return feed->fault.why[0] ? &feed->fault : NULL;
}

static int64_t time_of(const struct device_feed *feed,
                       const struct device_picture *picture)
{
    const struct source_settings *s = feed->settings;
    if (picture->taken_us >= 0) {
        return picture->taken_us;
    }
    return s->now_us ? s->now_us(s->context) : feed->last_us + APART_US;
}

/* Whether it is time for another picture; that goes by an even beat, so that
 * 30 a second become 15 and not 10. Of a clock that runs backwards none is:
 * then the camera counts as silent. */
static bool is_due(struct device_feed *feed, int64_t at_us)
{
    if (at_us <= feed->last_us || at_us < feed->due_us - EARLY_US) {
        return false;
    }
    bool is_late = at_us - feed->due_us > APART_US;
    feed->due_us = (is_late ? at_us : feed->due_us) + APART_US;
    return true;
}

/* A picture of too few bytes is left out, as one is that is not due. */
static enum sting_status picture_encode(struct device_feed *feed,
                                        const struct device_picture *picture)
{
    int64_t at_us = time_of(feed, picture);
    if (!is_due(feed, at_us) || raw_picture_read(device_format(feed->device),
                                                 picture->data, &feed->frame)) {
        return STING_OK;
    }
    feed->frame.pts_us = feed->last_us = at_us;
    return encoder_frame(feed->encoder, &feed->frame);
}

static enum sting_status picture_take(struct device_feed *feed,
                                      const struct device_picture *picture)
{
    if (feed->encoder) {
        return picture_encode(feed, picture);
    }
    return packet_fill(feed->out, picture->data, time_of(feed, picture));
}

static int error_of(enum sting_status status)
{
    return status == STING_E_BUSY    ? AVERROR_EXIT
           : status == STING_E_NOMEM ? AVERROR(ENOMEM)
                                     : AVERROR(EIO);
}

int device_feed_read(struct device_feed *feed, AVPacket *out)
{
    const struct source_settings *s = feed->settings;
    feed->out = out;
    while (out->size == 0) {
        struct device_picture picture;
        struct fault fault = {"", ""};
        enum sting_status status =
            device_next(feed->device, s->give_up, s->context, &picture, &fault);
        if (status && status != STING_E_BUSY) {
            feed->fault = fault;
        }
        if (!status) {
            status = picture_take(feed, &picture);
        }
        if (status) {
            return error_of(status);
        }
    }
    return 0;
}
