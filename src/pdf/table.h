/*
 * table: the table of objects at the end of a file, and its trailer, of the
 * kind that the original has.
 */
#ifndef STING_PDF_TABLE_H
#define STING_PDF_TABLE_H

#include "pdf/layout.h"

/* Append it to *out, in which the file begins at `base` and object i at
 * base + place[i] (0: there is none). Fails: E_NOMEM. */
STING_MUST_USE enum sting_status table_write(const struct layout *layout,
                                             struct bytes source, size_t *place,
                                             size_t base, struct buffer *out);

#endif
