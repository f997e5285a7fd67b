/*
 * png: a sheet as a grey picture without loss, for looking at.
 */
#ifndef STING_DRILL_PNG_H
#define STING_DRILL_PNG_H

#include "base/buffer.h"
#include "drill/paper.h"

/* Append *paper as an 8-bit PNG in sRGB. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status png_write(const struct paper *paper,
                                           struct buffer *out);

#endif
