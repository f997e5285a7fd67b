/*
 * people: the figures of one moment, drawn at half size, and what they do to
 * the light around them, at a quarter.
 */
#ifndef STING_DRILL_PEOPLE_H
#define STING_DRILL_PEOPLE_H

#include "drill/backdrop.h"
#include "drill/play.h"

struct people_pixel {
    float depth; /* m along the ray; large where nobody is */
    float rgb[3];
};

struct people {
    struct people_pixel *pixel;      /* owned; half size */
    struct plane_f cover;            /* half size, 1 where somebody is */
    struct plane_f lamp, even, glow; /* quarter size: what is left of light */
    int left, top, right, bottom;    /* half size: where to look at all */
    bool light_is_whole;             /* no shadow since the last time */
};

struct cover {
    float share;
    float rgb[3]; /* times share */
};

STING_MUST_USE enum sting_status people_init(struct people *out);
void people_release(struct people *people);

void people_draw(struct people *people, const struct garage *garage,
                 const struct backdrop *backdrop,
                 const struct moment_seen *seen);

/* Is the place of half size near anybody? */
bool people_near(const struct people *people, int x, int y);

/* What covers a place of the whole picture, smooth at its edges. */
struct cover people_cover(const struct people *people, int x, int y);

#endif
