/*
 * spell: a content's bytes in their shortest spelling that draws the same.
 *
 * Marks cost bytes, and a copy should not outgrow its original: streams that
 * are marked are written leaner than they were. Blanks and zeros that say
 * nothing go, and colours that nothing is painted with (spell_colour.c); places
 * of text (Td, Tm) are rounded to SPELL_PLACE_PT, kerning to SPELL_PT. What
 * rounding takes is owed to the next number, so that it never adds up. On a
 * page where that might tear text (tear.h), numbers stay as they are.
 */
#ifndef STING_PDF_SPELL_H
#define STING_PDF_SPELL_H

#include "pdf/scan.h"

/* A displayed distance, in points, that nothing is rounded by more than about
 * half of. */
#define SPELL_PT 0.02
/* The same of places, by which readers of text put lines in order. */
#define SPELL_PLACE_PT 0.001
/* What readers who take widths otherwise may differ by in where the pen is. */
#define SPELL_DRIFT_PT 0.03

/* A content's text begins. */
void spell_begin(struct scan *scan);

/* Append the operator that was just read, with its operands, to the lean text
 * of the content; it had `shows` operators that show text before. */
STING_MUST_USE enum sting_status spell_operator(struct scan *scan,
                                                struct lexer_token word,
                                                uint32_t shows);

/* The operator `word` was just appended, from `from` on. If it sets a colour
 * that is in force already, it goes again; if it sets one anew that nothing was
 * painted with, the one before goes. */
void spell_colour(struct scan *scan, const char *word, size_t from);

/* What is set so far stays. */
void spell_colours_settle(struct scan *scan);

/* A Td along the line, behind text: it is not written, and waits for what is
 * shown next (spell_pen.c). */
bool spell_pen_takes(struct scan *scan, const char *word);

/* Any other operator comes, which shows `show` or, when that is NULL, nothing
 * that is followed: write what waited, unless it is void or can be *number of
 * its array. */
STING_MUST_USE enum sting_status spell_pen_meets(struct scan *scan,
                                                 const char *word,
                                                 struct content_show *show,
                                                 double *number);
/* It was written. */
void spell_pen_leaves(struct scan *scan, const struct content_show *show);
/* Write what waits, so that what follows may be of any spelling. */
STING_MUST_USE enum sting_status spell_pen_settle(struct scan *scan);

/* Tj or TJ with its one operand; append it with a number before its first
 * glyph, to the operator before where nothing lies between (spell_show.c). */
bool spell_is_show(const struct scan *scan, const struct content_show *show);
STING_MUST_USE enum sting_status spell_show(struct scan *scan,
                                            struct content_show *show,
                                            double number);

/* Append what it shows: a string, which may go on with the last one, or an
 * array. */
STING_MUST_USE enum sting_status spell_string(struct scan *scan,
                                              struct lexer_token token,
                                              bool goes_on);
STING_MUST_USE enum sting_status spell_array(struct scan *scan,
                                             struct lexer_token array);

/* Append what no operator followed, and end the last part. */
STING_MUST_USE enum sting_status spell_end(struct scan *scan);

/* The decimals that a number of `unit_pt` points a one must keep, if nothing is
 * to be lost but what is as fine as `fine_pt`. */
int spell_decimals(double unit_pt, double fine_pt);

/* Append `value` with at most `decimals` decimals, as short as can be. */
STING_MUST_USE enum sting_status spell_number(double value, int decimals,
                                              struct buffer *out);

/* Larger numbers stay as they are. */
#define SPELL_MOST_ROUNDED 1e6

/* [+-]digits[.digits] and no other way to write a number. */
bool spell_is_plain(struct bytes raw);

/* Something beginning with `next` comes: a blank if it would run into the last
 * word. */
STING_MUST_USE enum sting_status spell_gap(struct buffer *out, uint8_t next);
STING_MUST_USE enum sting_status spell_raw(struct buffer *out,
                                           struct bytes raw);

/* Append a number with the value that it has. */
STING_MUST_USE enum sting_status spell_exact(struct bytes raw,
                                             struct buffer *out);

/* Append a number rounded; *owed is what earlier rounding took. With `raw`, as
 * that stands if it is not plain. */
STING_MUST_USE enum sting_status spell_owing(double number, int decimals,
                                             double *owed, struct buffer *out);
STING_MUST_USE enum sting_status spell_rounded(struct bytes raw, double number,
                                               int decimals, double *owed,
                                               struct buffer *out);

#endif
