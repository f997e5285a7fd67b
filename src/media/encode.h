/*
 * encode: frames in, H.264 out, as a camera does it: no B-frames, a keyframe
 * at a steady distance, each packet given as soon as its frame is in.
 *
 * Packets are Annex B; every keyframe carries SPS and PPS. No packet names
 * the encoder (its SEI is removed).
 *
 * Threads: one at a time for each encoder.
 */
#ifndef STING_MEDIA_ENCODE_H
#define STING_MEDIA_ENCODE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "media/video_frame.h"

struct encode_settings {
    int width_px; /* even */
    int height_px;
    int frames_per_s; /* 1 to 240; nominal, frames carry their own times */
    int gop_frames;   /* a keyframe every so many frames */
    int crf;          /* 0 best to 51 worst; a camera is about 28 */
    bool thorough;    /* take longer for a better picture: for releases */
};

struct encode_packet {
    struct bytes data; /* borrowed */
    int64_t pts_us;
    bool key;
};

/* Called once for each packet; a status other than STING_OK ends it. */
typedef enum sting_status (*encode_sink)(void *context,
                                         const struct encode_packet *packet);

struct encoder; /* owns the codec */

/* Fails: E_ARG, E_NOMEM, E_UNSUPPORTED when libavcodec lacks libx264. */
STING_MUST_USE enum sting_status encoder_new(
    const struct encode_settings *settings, encode_sink sink, void *context,
    struct encoder **out, struct fault *fault);
void encoder_free(struct encoder **encoder);

/* Also have a keyframe wherever so much time went by since the last that was
 * due by time: for frames that come at no steady pace. 0: no. */
void encoder_key_every(struct encoder *encoder, int64_t apart_us);

/* Encode one frame of the settings' size; pts_us must grow from frame to
 * frame. Fails: E_ARG, E_NOMEM, E_IO, or what the sink gave. */
STING_MUST_USE enum sting_status encoder_frame(struct encoder *encoder,
                                               const struct video_frame *frame);

/* Give what is still inside. Nothing may follow. */
STING_MUST_USE enum sting_status encoder_finish(struct encoder *encoder);

#endif
