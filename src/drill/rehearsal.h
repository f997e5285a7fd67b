/*
 * rehearsal: somebody comes into the user's own quiet footage; would the
 * detector have told?
 *
 * The footage is decoded, one intruder after another is laid over it with the
 * camera's own noise (plate.h), it is encoded as that camera does (likeness.h),
 * and looked at by the same code as `sting run` does. When the footage is over
 * it begins anew, with others; whoever did not fit in comes then.
 *
 * Before all of them it is played once with nobody put in, the control: at
 * the times of which that tells somebody, nobody comes in, so that no alarm
 * of the footage's own counts for him.
 *
 * Every byte of the footage is hostile: this runs in a drill worker
 * (rehearsal_worker.h). Threads: one at a time.
 */
#ifndef STING_DRILL_REHEARSAL_H
#define STING_DRILL_REHEARSAL_H

#include "base/fault.h"
#include "drill/intruder.h"
#include "watch/looker.h"

#define REHEARSAL_LEAST_US INT64_C(120000000) /* of footage */

/* How the footage is, and how it is encoded anew. */
struct rehearsal_footage {
    int64_t us;
    int64_t frames;
    int width_px, height_px;
    int gop_frames;
    int crf;
    double noise_kept;
};

struct rehearsal_trial {
    struct intruder who;
    double at_s;     /* in the footage */
    int32_t is_told; /* 1: while he was in the picture */
    double delay_s;  /* from a fifth of him in view to the look that told; 0
                        where less than that was in view */
    double spare_s;  /* from that look until he leaves; may be below 0 */
};

struct rehearsal_sum {
    uint32_t false_alarms; /* in the control */
    int64_t quiet_us;      /* of it, once learned */
    uint32_t passes;       /* with somebody put in */
};

struct rehearsal_settings {
    int input;  /* the clip, open; its place moves */
    int people; /* another, of who comes besides figures; -1: none */
    const struct looker_settings *look;
    int light;        /* of TRAIT_LIGHT */
    int64_t quiet_us; /* after which an incident is over */
    uint32_t trials;
    uint64_t seed;
    /* Told once it is known, each second of footage, and after each trial. A
     * status other than OK ends it. */
    enum sting_status (*footage)(void *context,
                                 const struct rehearsal_footage *footage);
    enum sting_status (*at)(void *context, double at_s);
    enum sting_status (*trial)(void *context,
                               const struct rehearsal_trial *trial);
    void *context;
};

/* Fails: E_LIMIT when the footage is too short, E_FORMAT, E_UNSUPPORTED when
 * it is not of one piece, E_NOMEM, E_IO, or what was answered. */
STING_MUST_USE enum sting_status rehearsal_run(
    const struct rehearsal_settings *settings, struct rehearsal_sum *out,
    struct fault *fault);

#endif
