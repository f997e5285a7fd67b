/*
 * page_held: a camera above a page that nobody touches, which from a moment on
 * sends one picture for ever, encoded anew each time; and what is told of it.
 */
#ifndef STING_TESTS_CAMPAIGN_PAGE_HELD_H
#define STING_TESTS_CAMPAIGN_PAGE_HELD_H

#include <stdint.h>

#define HELD_NEVER 1e9

struct page_held {
    uint64_t seed;
    double light, grain; /* as of page_scene_settings */
    double hold_s;       /* HELD_NEVER: never */
    double end_s;
};

struct page_held_told {
    int tampers;
    double first_s; /* when the first of them was told */
    int cause;      /* and what, an enum tamper_cause */
};

/* At 25 dots an inch and a keyframe a second, on a page of printed lines. */
struct page_held_told page_held_run(const struct page_held *held);

#endif
