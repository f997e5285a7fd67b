/*
 * page_phase: what is told of a page, from what its looks seem.
 * Only detect/ includes this.
 *
 * One look says little: a state is reached by so many in a row over so long.
 * What is known to lie there, and was only covered in between, lies there
 * since it did before.
 */
#ifndef STING_DETECT_PAGE_PHASE_H
#define STING_DETECT_PAGE_PHASE_H

#include "detect/page_event.h"

struct page_phase {
    enum page_state state;
    int64_t since_us;      /* when it was first seen so */
    int64_t lies_us;       /* since when it lies as it does now */
    enum page_state known; /* what lies there when all is as it is known, ... */
    int64_t known_us;      /* ... and since when; 0: it did not lie since */
    enum page_state next;  /* what the last looks seemed, ... */
    int next_looks;        /* ... so many, 0: the state itself, ... */
    int64_t next_us;       /* ... and since when */
    int64_t stirred_us;    /* when something else was seen first, last */
};

void page_phase_init(struct page_phase *phase);

/* At rest: may become how it lies. */
bool page_state_lies(enum page_state state);

/* It was learned, from since_us on. */
void page_phase_begin(struct page_phase *phase, int64_t since_us,
                      int64_t at_us);

/* One more look. Gives true when the state is a new one. */
bool page_phase_follow(struct page_phase *phase, enum page_state seen,
                       int64_t at_us);

/* As it lies now is how it is known from now on. */
void page_phase_settle(struct page_phase *phase);

/* Does something stir that more looks would tell, this one having seemed
 * `seen`? For a few seconds each time. */
bool page_phase_wants_all(const struct page_phase *phase, enum page_state seen,
                          int64_t at_us);

#endif
