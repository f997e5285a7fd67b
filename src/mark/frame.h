/*
 * frame: what is around a word, and whether something there holds it.
 */
#ifndef STING_MARK_FRAME_H
#define STING_MARK_FRAME_H

#include "pdf/file.h"

/* A word in the frame of its writing: s along, t across (down). */
struct frame {
    float s0, s1, t0, t1, baseline;
    float left, right;  /* gaps to the next ink; INFINITY when none */
    float blank;        /* least distance of a gap beside it from a blank */
    float above, below; /* the same across */
    uint16_t line;
    uint8_t in_column; /* how much says that it stands in a column, from 2 on */
    bool stays;
    bool is_ruled; /* a drawn line is near */
};

/* Of every word of the page, into frame[0 .. words - 1]. */
void frames_make(const struct pdf_text *text, struct frame *frame);

#endif
