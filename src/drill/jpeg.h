/*
 * jpeg: a developed picture as a JPEG file in memory, 4:2:0 as telephones
 * write it, without any metadata.
 */
#ifndef STING_DRILL_JPEG_H
#define STING_DRILL_JPEG_H

#include "base/buffer.h"
#include "drill/colour.h"

/* Append *colour (sRGB, 0 to 1) at `quality` of 1 to 100.
 * Fails: E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status jpeg_write(const struct colour *colour,
                                            int quality, struct buffer *out);

#endif
