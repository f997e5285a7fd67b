/*
 * room: a made-up room with grain and light, and one camera's detector that
 * watches it. The same calls give the same pictures.
 */
#ifndef STING_TESTS_DETECT_ROOM_H
#define STING_TESTS_DETECT_ROOM_H

#include "detect/detector.h"

#define ROOM_WIDTH 320
#define ROOM_HEIGHT 180
#define SECOND INT64_C(1000000)

/* A room: a wall, shelves, a table; `light` on it and grain of `sigma`. */
struct room {
    struct plane still; /* without light and grain */
    struct plane shown;
    double light, sigma;
    double lamp;     /* a further light on the left side, 0 to 1 */
    double person_x; /* -1: nobody; a figure 26 x 70 pixels */
    double second_x; /* -1: nobody beside, else another figure */
    double contrast; /* of these figures */
    double tall;     /* of them, pixels */
    double feet_y;   /* where they stand */
    double near; /* part of the height that somebody before the lens hides */
    bool page_moved;
    bool covered;
    double shade;    /* at the left edge, a part of the light */
    int clock;       /* seconds shown in a corner, 0: none */
    double rest;     /* darkness that coding left in a small place */
    bool window;     /* white, before a dark wall */
    double fringe;   /* grey levels that coding adds along it */
    double blotch;   /* grey levels that coding adds to blocks of 16 pixels */
    double insect_x; /* -1: none; a bright blur */
    double insect_y;
};

struct heard {
    int begins[DETECT_KINDS], ends[DETECT_KINDS];
    int64_t first_us[DETECT_KINDS]; /* the look that told first, -1 */
    int zone;                       /* of the last event that has one */
    int looks, looks_at_all;
    int persons;               /* told apart, at most */
    int cuts;                  /* looks with ends that were not seen */
    struct detect_sight sight; /* of the last zone, as told last */
    int sights;
};

/* One camera with a keyframe a second and ten frames, and who watches it. */
struct watch {
    struct room room;
    struct detector *detector;
    struct heard heard;
    int64_t now_us;
    int frame;
    bool all;
};

/* Learning begins; the zone is NULL or one. */
void watch_begin(struct watch *watch, double light, double sigma,
                 const struct detect_zone *zone);
void watch_end(struct watch *watch);

/* Another grain from here on, by its number. */
void watch_grain(uint64_t number);

/* Let the next frame come; it is looked at as a looker would. */
void watch_frame(struct watch *watch);
void watch_pass(struct watch *watch, double seconds);

/* The next frame is another coder's: is the scene known in it? */
bool watch_renew(struct watch *watch);

/* Somebody walks in from the left, stays a little unstill, and goes. */
void watch_visit(struct watch *watch, double seconds);

#endif
