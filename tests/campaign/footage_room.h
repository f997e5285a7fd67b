/* footage_room: stills of rooms, rendered by number or made of another. */
#ifndef STING_TESTS_FOOTAGE_ROOM_H
#define STING_TESTS_FOOTAGE_ROOM_H

#include "base/plane.h"

uint64_t mix(uint64_t seed, uint64_t n);
double part_of(uint64_t seed, uint64_t n); /* 0 to 1 */

/* A wall, a floor, shelves, boxes, a table with paper, perhaps a window. */
void room_render(uint64_t seed, struct plane_f *out);

/* Its wall alone, clean: who is as bright as that hides nothing. */
void room_bare(uint64_t seed, struct plane_f *out);

/* A part of the still, mirrored or not, toned. */
void room_vary(const struct plane *still, uint64_t seed, struct plane_f *out);

#endif
