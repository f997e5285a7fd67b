/*
 * face: what a font says about a string: where each code ends, how wide its
 * glyph is, what it shows.
 */
#ifndef STING_PDF_FACE_H
#define STING_PDF_FACE_H

#include "base/base.h"

struct face;

struct face_glyph {
    int bytes;     /* of the code in the string, >= 1 */
    bool is_shown; /* false: the font has no such code, nothing moves */
    bool is_space; /* the code 32 of one byte: word spacing applies */
    bool has_ink;  /* false for blanks */
    bool is_digit; /* by its Unicode value, as below */
    double width;  /* advance along the line, in text space at size 1 */
    double height; /* advance of a vertical font, else 0 */
    float box[4];  /* of its ink, in text space at size 1: x0 y0 x1 y1 */
    int unicode;   /* 0 when unknown */
    double drift;  /* by which its width is more where it is not rounded */
};

bool face_is_vertical(const struct face *face);
bool face_is_fixed_pitch(const struct face *face);

/* A font of type 3: browsers write such where letters have signs around them.
 */
bool face_is_type3(const struct face *face);

/* How large readers of text take the font for, at size 1. One of type 3 says
 * nothing of it: Poppler's TextOutputDev goes by the width of its `m`, of its
 * first letter, or of its first sign. 1 for all others. */
double face_reader_size(const struct face *face);

/* What words of this script are like: PDF_WORD_GRID, PDF_WORD_BACKWARD or 0. */
uint8_t face_script(int unicode);

/* It is set over or under letters. */
bool face_is_sign(int unicode);

/* The glyph whose code begins string.data; string.size is at least 1. */
struct face_glyph face_glyph(struct face *face, struct bytes string);

/* A code of the font that shows this character, for texts to be written in
 * it; of one byte or two. False when the font has none, or only an empty
 * glyph. */
struct face_code {
    uint8_t byte[2];
    int bytes;
    double width; /* advance at size 1 */
};
bool face_encode(struct face *face, int unicode, struct face_code *out);

#endif
