/*
 * outbound: what goes out of the station by itself: alerts to people, and the
 * newest checkpoint to outsiders who vouch for it (anchors).
 *
 * What became of either is told; a ledger that refuses its line marks the desk
 * broken. Nothing goes out while there is no core.
 * Threads: the station's.
 */
#ifndef STING_STATION_OUTBOUND_H
#define STING_STATION_OUTBOUND_H

#include <poll.h>

#include "anchor/anchors.h"
#include "station/desk.h"

#define OUTBOUND_FDS (1 + ANCHORS_FDS)

struct outbound {                  /* alerts themselves are the desk's */
    struct anchors *anchors;       /* owned; NULL while there is no core */
    size_t alerts_waiting;         /* as last told */
    bool nobody;                   /* no channel works, as last told */
    struct alerts_settled settled; /* as none was waiting */
    bool rests;                    /* no alerts go out, as last told */
};

/* Begin with the desk's core; let go of it, in that order, before the core
 * goes. Fails: as alerts_new and anchors_new. */
STING_MUST_USE enum sting_status outbound_open(struct outbound *out,
                                               struct desk *desk,
                                               struct moment now,
                                               struct fault *fault);
void outbound_close(struct outbound *out, struct desk *desk);

/* Outsiders are as operation.yaml says now. */
void outbound_anchors_anew(struct outbound *out, struct desk *desk,
                           struct moment now);

/* What poll() is to wait for, OUTBOUND_FDS rows, and what it told. */
void outbound_wait(const struct outbound *out, const struct desk *desk,
                   struct pollfd *ready);
void outbound_serve(struct outbound *out, struct desk *desk,
                    const struct pollfd *ready);

/* Send what is due; ask outsiders when it is time. */
void outbound_alerts(struct outbound *out, struct desk *desk,
                     struct moment now);
void outbound_anchors(struct outbound *out, struct desk *desk,
                      struct moment now);

/* Every channel is told, of the station itself, that recording has stopped or
 * goes on. */
void outbound_say(struct desk *desk, struct moment now, const char *words);

/* All was recorded: what is on its way gets half a second each, and all that
 * was recorded is signed for the outsiders. Closed afterwards. */
void outbound_end(struct outbound *out, struct desk *desk);

#endif
