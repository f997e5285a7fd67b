/*
 * play: who does what when. Two figures come in, photograph the pages and
 * leave; later two more burst in. The seed decides times, ways and people.
 */
#ifndef STING_DRILL_PLAY_H
#define STING_DRILL_PLAY_H

#include "drill/figure.h"

#define PLAY_FIGURES 4
#define PLAY_MOST_EVENTS 24
#define PLAY_MOST_SHOTS 8

enum play_kind {
    PLAY_ENTER,
    PLAY_PHOTOGRAPH,
    PLAY_LEAVE,
    PLAY_GONE, /* the door is shut again */
    PLAY_TEAM,
    PLAY_END,
};

struct play_event {
    enum play_kind kind;
    double at_s;
};

struct actor {
    struct vec way[5]; /* from outside to the table */
    int ways;
    float enter_s, leave_s;
    float speed; /* m/s, coming; going */
    float speed_back;
    float face; /* heading at the table */
    struct clothes clothes;
    bool photographs;
};

struct play {
    struct actor actor[PLAY_FIGURES];
    int actors;
    double shot_s[PLAY_MOST_SHOTS];
    int shots;
    double door_open_s[4], door_shut_s[4]; /* in and out, twice */
    struct play_event event[PLAY_MOST_EVENTS];
    int events;
    struct vec page[GARAGE_MOST_PAGES];
    int pages;
};

struct glow {
    struct vec at;
    float power; /* light at 1 m, as the lamp's */
    float colour[3];
};

/* What there is to see at one moment. */
struct moment_seen {
    struct figure figure[PLAY_FIGURES];
    const struct clothes *clothes[PLAY_FIGURES]; /* borrowed from the play */
    int figures;
    float door; /* 0 shut, 1 open */
    struct glow glow[4];
    int glows;
};

/* `quiet_s` before anybody comes; `alone` leaves the second pair out. */
void play_init(struct play *out, const struct garage *garage, double quiet_s,
               bool alone, uint64_t seed);

void play_look(const struct play *play, double at_s, struct moment_seen *out);

const char *play_word(enum play_kind kind); /* "enter", "photograph" ... */

#endif
