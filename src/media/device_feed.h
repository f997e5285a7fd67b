/*
 * device_feed: a device's pictures as encoded ones, for access_unit: as they
 * come where the device encodes them, else encoded here as H.264, a keyframe a
 * second, DEVICE_MOST_FRAMES a second at most.
 *
 * Only media/ includes this.
 * Times are the device's, in microseconds; where it tells none, by now_us.
 */
#ifndef STING_MEDIA_DEVICE_FEED_H
#define STING_MEDIA_DEVICE_FEED_H

#include <libavcodec/avcodec.h>

#include "base/fault.h"
#include "media/device.h"
#include "media/source.h"

struct device_feed;

/* `fd` and the settings are borrowed. Fails: as device_open, and
 * E_UNSUPPORTED without an encoder. */
STING_MUST_USE enum sting_status device_feed_new(
    int fd, const struct source_settings *settings, struct device_feed **out,
    struct fault *fault);
void device_feed_free(struct device_feed **feed);

/* Of what device_feed_read gives. */
enum AVCodecID device_feed_codec(const struct device_feed *feed);
const struct device_format *device_feed_format(const struct device_feed *feed);
const char *device_feed_encodes(const struct device_feed *feed);

/* The next picture in an empty packet, or an error of FFmpeg's kind, of which
 * device_feed_fault then tells more; NULL when it knows nothing. */
int device_feed_read(struct device_feed *feed, AVPacket *out);
const struct fault *device_feed_fault(const struct device_feed *feed);

#endif
