/*
 * tamper_rig: a camera over a drawn room, its detector, and tamper beside it;
 * for tests of tamper.
 */
#ifndef STING_TESTS_TAMPER_RIG_H
#define STING_TESTS_TAMPER_RIG_H

#include "detect/tamper.h"

#define RIG_WIDE 480
#define RIG_HIGH 270
#define SECOND INT64_C(1000000)
#define FRAME_US INT64_C(200000)
#define KEY_FRAMES 5 /* a second, if nothing else is said */
#define RIG_MOST_HELD 40

/* A camera over a drawn room, its detector, and tamper beside it. */
struct rig {
    uint64_t chance;
    double light, sigma;
    int left;        /* it looks so far to the left */
    uint64_t page;   /* which lies on a bare table; 0: a room without one */
    int blur;        /* cells of the lens's blur */
    uint64_t place;  /* another one: another room */
    double masked;   /* a part of the picture, from above, is black */
    bool is_covered; /* something dark and near is before the lens */
    bool has_infrared;
    /* Of each pixel, before grain: the room, unless a test says otherwise. */
    double (*level_at)(const struct rig *rig, int x, int y);
    struct plane shown;
    struct plane kept[RIG_MOST_HELD];
    int held; /* pictures kept ...*/
    int play; /* ... and which is shown next; below 0: the room */
    int key_frames;
    struct detector *detector;
    struct tamper *tamper;
    int frame;
    bool wants_all;
    int begins, ends;
    int repeats; /* how often it was told that its pictures repeat */
    int64_t first_us;
    enum tamper_cause cause;
    int64_t beside_us; /* another stream showed the view then; 0: there is none,
                          ...*/
    bool is_beside;    /* ... or shows it all the time */
    bool is_check;     /* no detector sees it */
};

void rig_begin(struct rig *rig, const struct detect_zone *zone);
void rig_end(struct rig *rig);

/* `keep`: what is seen is kept, to be shown again. */
void rig_pass(struct rig *rig, double seconds, bool keep);

/* Begin, and pass 40 s in which nothing is told. */
void rig_quiet(struct rig *rig);

/* Told within five seconds, as this. */
void rig_told(const struct rig *rig, int64_t from_us, enum tamper_cause cause);

int64_t rig_now_us(const struct rig *rig);

/* From 0 to 1: by chance, and of a place. */
double rig_uniform(struct rig *rig);
double rig_lattice(int x, int y, uint64_t seed);

size_t rig_picture_bytes(const struct rig *rig);

#endif
