/*
 * visible: how much of the lamp, of the doorway and of the open room each
 * place of the picture sees. Traced at half size, since it is smooth, and
 * read back with regard to edges.
 */
#ifndef STING_DRILL_VISIBLE_H
#define STING_DRILL_VISIBLE_H

#include "drill/garage.h"

struct seen {
    float lamp; /* share of the bulb */
    float sky;  /* share of the half-space that is open for a metre */
    float door; /* light from the doorway */
};

struct visible {
    struct seen *seen; /* owned; half size, row by row */
    struct hit *hit;   /* owned; what the picture shows there */
};

STING_MUST_USE enum sting_status visible_init(struct visible *out,
                                              const struct garage *garage);
void visible_release(struct visible *visible);

/* At a place of the whole picture whose surface lies at that distance. */
struct seen visible_at(const struct visible *visible, int x, int y,
                       float distance, struct vec normal);

#endif
