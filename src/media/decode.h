/*
 * decode: packets in, pictures out. While nothing happens only keyframes are
 * decoded; for a closer look, everything.
 *
 * Threads: one at a time for each decoder.
 */
#ifndef STING_MEDIA_DECODE_H
#define STING_MEDIA_DECODE_H

#include "base/fault.h"
#include "media/packet.h"
#include "media/stream.h"
#include "media/video_frame.h"

/* DECODE_HEALING: every packet, also before the first keyframe, and pictures
 * that are damaged yet: for streams that renew themselves bit by bit. */
enum decode_what { DECODE_KEYFRAMES, DECODE_ALL, DECODE_HEALING };

/* Called with each picture; planes are borrowed for the call, without
 * chroma where the picture is grey, pts_us counts from the stream's own zero.
 */
typedef enum sting_status (*decode_sink)(void *context,
                                         const struct video_frame *frame);

struct decoder;

/* Fails: E_UNSUPPORTED, E_NOMEM. */
STING_MUST_USE enum sting_status decoder_new(const struct stream *stream,
                                             decode_sink sink, void *context,
                                             struct decoder **out,
                                             struct fault *fault);
void decoder_free(struct decoder **decoder);

/* Change what is decoded; takes effect at the next keyframe given. */
void decoder_set(struct decoder *decoder, enum decode_what what);

/* For who looks seldom: what only a viewer would notice is left out, and
 * between two keyframes, while only these are decoded, it holds no memory. */
void decoder_seldom(struct decoder *decoder);

/* Decode a packet. When only keyframes are wanted, others cost nothing and
 * a keyframe is given at once; else pictures come in order of presentation.
 * The keyframe that was the last, given again since all are wanted, is gone on
 * from: where that can be it is not decoded again, and gives no picture.
 * A damaged packet gives no picture and no failure: the next keyframe mends
 * it. Fails: E_NOMEM, or what the sink gave. */
STING_MUST_USE enum sting_status decoder_add(struct decoder *decoder,
                                             const struct packet *packet);

/* Give the pictures still inside; then the decoder is as new. */
STING_MUST_USE enum sting_status decoder_finish(struct decoder *decoder);

#endif
