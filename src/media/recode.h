/*
 * recode: the pictures of any stream as H.264 in fragments, for browsers that
 * cannot show what the camera sends. Times stay what they were.
 *
 * Quick rather than small: made while somebody waits. Pictures of more than
 * RECODE_MOST_PX are halved until they are not. Threads: one at a time.
 */
#ifndef STING_MEDIA_RECODE_H
#define STING_MEDIA_RECODE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "media/fragment.h"
#include "media/packet.h"
#include "media/stream.h"

#define RECODE_MOST_PX ((int64_t)4 << 20)

struct recoder;

/* Fragments go to the sink, at most a second each. Fails: E_NOMEM,
 * E_UNSUPPORTED for what cannot be decoded. */
STING_MUST_USE enum sting_status recoder_new(const struct stream *from, int crf,
                                             fragment_sink sink, void *context,
                                             struct recoder **out,
                                             struct fault *fault);
void recoder_free(struct recoder **recoder);

/* Pictures that are shown before this are decoded and not given. */
void recoder_from(struct recoder *recoder, int64_t from_us);

/* The next packet; its time in ticks of the stream. Fails: E_NOMEM,
 * E_UNSUPPORTED, E_FORMAT for another size than before, or as the sink. */
STING_MUST_USE enum sting_status recoder_add(struct recoder *recoder,
                                             const struct packet *packet);

/* Give what was encoded so far; at the end, also what is inside the decoder.
 * Nothing may follow the end. */
STING_MUST_USE enum sting_status recoder_flush(struct recoder *recoder);
STING_MUST_USE enum sting_status recoder_finish(struct recoder *recoder);

/* Append ftyp + moov of what is given: before the first fragment is. Fails:
 * E_ABSENT while no picture has come, E_NOMEM. */
STING_MUST_USE enum sting_status recoder_head(const struct recoder *recoder,
                                              struct buffer *out);

#endif
