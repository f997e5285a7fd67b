/*
 * looker: packets in, observations out. Decodes what the detector wants to
 * see: keyframes while all is quiet, everything while it makes sure.
 *
 * Used by the camera worker and by `sting replay`, which therefore agree.
 * Threads: one at a time.
 */
#ifndef STING_WATCH_LOOKER_H
#define STING_WATCH_LOOKER_H

#include "base/fault.h"
#include "detect/detector.h"
#include "detect/page_print.h"
#include "media/packet.h"
#include "media/stream.h"
#include "watch/beside.h"
#include "watch/cover.h"

struct looker_settings {
    bool look_at_all;      /* every frame, always */
    bool only_tamper;      /* was something done to it? and nothing else */
    double presence_a_day; /* false alarms allowed; 0: as usual */
    int zones;
    struct detect_zone zone[DETECT_MOST_ZONES];
    struct masks masks; /* black before anything looks at a picture */
    /* With who looks at another stream of the camera; borrowed, NULL: nobody.
     * With only_tamper: asks it; else answers. */
    struct beside *beside;
};

/* Called after each look; at_us is the picture's own time. */
typedef enum sting_status (*looker_sink)(void *context, int64_t at_us,
                                         const struct detect_look *look);

struct looker;

/* Settings are copied. Fails: E_UNSUPPORTED, E_NOMEM. */
STING_MUST_USE enum sting_status looker_new(
    const struct stream *stream, const struct looker_settings *settings,
    looker_sink sink, void *context, struct looker **out, struct fault *fault);
void looker_free(struct looker **looker);

/* What comes from now on is of this stream: the same camera with other headers,
 * whose recorded stream it is. Where it shows what is known, that and who is
 * there stay; else their end is told as not seen, and it learns anew. Not with
 * only_tamper. Fails: as looker_new; nothing is changed then. */
STING_MUST_USE enum sting_status looker_renew(struct looker *looker,
                                              const struct stream *stream,
                                              struct fault *fault);

/* A page that may lie in its zones; borrowed for as long as it looks. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status looker_print(struct looker *looker,
                                              const struct page_print *print);

/* Take the next packet in order of arrival. Fails: E_NOMEM, or what the sink
 * gave. */
STING_MUST_USE enum sting_status looker_add(struct looker *looker,
                                            const struct packet *packet);

/* Whether it decodes every packet; else none between keyframes is in haste. */
bool looker_wants_all(const struct looker *looker);

/* No more packets will come: end what is open. */
STING_MUST_USE enum sting_status looker_finish(struct looker *looker);

#endif
