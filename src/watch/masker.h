/*
 * masker: what may not be stored is not: packets in, packets of another
 * stream out, in which the masked areas are black. Every picture is decoded,
 * filled and encoded anew before anything of it leaves this process.
 *
 * Every pixel that a mask touches is black (cover), and those of the chroma
 * that it shares. What it gives is H.264 with a keyframe a second.
 *
 * Threads: one at a time.
 */
#ifndef STING_WATCH_MASKER_H
#define STING_WATCH_MASKER_H

#include "base/fault.h"
#include "media/packet.h"
#include "media/stream.h"
#include "watch/cover.h"
#include "watch/mend.h"

/* Called for each packet, borrowed; *stream changes only with *is_new. */
typedef enum sting_status (*masker_sink)(void *context,
                                         const struct stream *stream,
                                         struct packet *packet, bool is_new);

struct masker;

/* For packets of `from` (borrowed); masks, at least one, are copied. Fails:
 * E_ARG, E_UNSUPPORTED, E_NOMEM. */
STING_MUST_USE enum sting_status masker_new(const struct stream *from,
                                            const struct masks *masks,
                                            masker_sink sink, void *context,
                                            struct masker **out,
                                            struct fault *fault);
void masker_free(struct masker **masker);

/* Take the next packet, which has come now; its time is put right where the
 * camera's clock jumped. Every picture in it is given, one that would lie
 * before the last just after it. Fails: E_FORMAT when a picture cannot be
 * masked, and is not given; E_NOMEM; or what the sink gave. */
STING_MUST_USE enum sting_status masker_add(struct masker *masker,
                                            struct packet *packet,
                                            struct moment now);

/* What became of the packets' times; lives as long as the masker. */
const struct mend *masker_mend(const struct masker *masker);

#endif
