/*
 * tamper: was something done to the camera, or to what it sends? Beside the
 * detector: pictures and what it said of them in, DETECT_TAMPER out.
 *
 * Covered is what the detector calls so, unless the view is in its place all
 * the same; or a large part of the view that is flat: tamper_paint. Turned, out
 * of focus and another picture: tamper_view. Held and played again:
 * tamper_print; played again coded anew: tamper_echo. One cause after another
 * is one event.
 *
 * Within 5 s where keyframes are up to 2 s apart: the first that shows it
 * comes, then 2.8 to 3 s pass in which somebody may stand there (to 4 s where
 * they are closer than 1.5 s). Held and played need three keyframes, or two
 * where these are that far apart and equal to the last bit. So where they are
 * 4 s apart what is hidden is told within 7 s, what comes again in 8 or 12 s;
 * and what is coded anew, 2 s apart, in 6 s; a loop coded anew as its noise
 * shows: in half a minute where light is bad (docs/results/tamper.md).
 *
 * Limits: a view without structure shows nothing but repetition; what lasts
 * for TAMPER_NEW_US is the new view; of a camera with keyframes so far apart, a
 * still that comes twice by itself, first after 16 that did not, is told once.
 * Threads: one at a time.
 */
#ifndef STING_DETECT_TAMPER_H
#define STING_DETECT_TAMPER_H

#include "detect/detector.h"

#define TAMPER_NEW_US INT64_C(300000000)

enum tamper_cause {
    TAMPER_NONE,
    TAMPER_COVERED, /* covered, painted */
    TAMPER_TURNED,  /* turned, or shown another picture */
    TAMPER_BLURRED,
    TAMPER_HELD,    /* the same picture again and again */
    TAMPER_PLAYED,  /* what was there before is played again */
    TAMPER_BLANK,   /* one grey: the lens is shut, or there is no light */
    TAMPER_REPEATS, /* no tampering: what is held or played is not told here */
    TAMPER_CAUSES
};

/* What is to be said of it. */
const char *tamper_sentence(enum tamper_cause cause);

struct tamper;

/* For pictures of this size. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status tamper_new(int width_px, int height_px,
                                            const struct detect_zone *zone,
                                            int zones, struct tamper **out);
void tamper_free(struct tamper **tamper);

/* Look at the picture that the detector has just looked at: what it said of
 * tampering is replaced in look->event, and look->cause tells of what; once,
 * without an event, that TAMPER_REPEATS. */
void tamper_look(struct tamper *tamper, const struct plane *picture,
                 int64_t at_us, bool key, struct detect_look *look);

/* When its view was seen in its place last, if that was clear at the last look;
 * else INT64_MIN. */
int64_t tamper_own_us(const struct tamper *tamper);

/* Another stream of the same camera showed the view in its place at own_us:
 * what this one has shown since before that and is not the view, nobody hides.
 */
void tamper_beside(struct tamper *tamper, int64_t own_us);

/* End what is open. */
void tamper_finish(struct tamper *tamper, int64_t at_us,
                   struct detect_look *look);

#endif
