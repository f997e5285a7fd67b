/*
 * passerby: who walks through the pictures of tests/campaign/footage: rendered
 * figures, and people cut out of a clip. Shares no code with the detector.
 */
#ifndef STING_TESTS_PASSERBY_H
#define STING_TESTS_PASSERBY_H

#include "base/plane.h"
#include "cutout.h"

struct passerby {
    uint64_t seed;
    double height_px;
    double speed;   /* own heights a second */
    double stay_s;  /* stands between coming and going */
    double foot_px; /* row on which the feet stand */
    double aim_px;  /* column at which they stop */
    bool from_left;
    double contrast; /* of what they wear, as a part of `behind` */
    double behind;   /* level of the wall behind them */
    double level[4]; /* hair, face, coat, trousers; filled by _dress */
};

/* Choose clothes of that contrast, light or dark against the wall. */
void passerby_dress(struct passerby *who);

/* How long from the first edge in the picture to the last. */
double passerby_lasts_s(const struct passerby *who, int width_px);

/* Draw the figure `into_s` after it began: what of it is in the picture.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status passerby_draw(const struct passerby *who,
                                               double into_s, int width_px,
                                               int height_px,
                                               struct cutout *out);

/* ---- people of a clip ---- */

struct extras; /* one of six people, cut out of every frame */

STING_MUST_USE enum sting_status extras_load(const char *clip, int person,
                                             struct extras **out);
void extras_free(struct extras **extras);
double extras_lasts_s(const struct extras *extras);

/* Where they are. */
struct extras_place {
    double scale;   /* times as large as the clip */
    double left_px; /* column of its left edge */
    double foot_px; /* row of its lower edge */
    bool mirrored;
};

/* Draw them `into_s` after they began: what of them is in the picture.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status extras_draw(const struct extras *extras,
                                             const struct extras_place *place,
                                             double into_s, int width_px,
                                             int height_px, struct cutout *out);

/* The empty scene of the clip. */
const struct plane *extras_empty(const struct extras *extras);

#endif
