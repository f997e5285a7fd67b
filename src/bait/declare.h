/*
 * declare: facts to be planted in a bait, out of a small text file.
 *
 * One fact a line: words as they stand in the document, with the place that
 * differs from copy to copy in brackets:
 *   The tank holds [4,2##] litres       each copy has its own digits
 *   painted [grey|gray] in spring       each copy has one of these; the
 *                                       first is what the document says
 *   set to 3.17 bar                     the same in all copies
 * Empty lines and lines that begin with # and a blank are left out.
 */
#ifndef STING_BAIT_DECLARE_H
#define STING_BAIT_DECLARE_H

#include "bait/bait.h"
#include "operation/facts.h"

#define DECLARE_MOST_BYTES ((size_t)64 * 1024)

/* Read the text into facts without a place; *facts of them. Mistakes are
 * told with their line. Takes hostile bytes. The caller frees *out.
 * Fails: E_ARG, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status declare_parse(struct bytes text,
                                               struct fact **out,
                                               uint32_t *facts,
                                               struct fault *fault);

/* Find each fact of the file in the document, try all its values there, and
 * store the sheet. Refused once a copy was issued, where a fact is not found
 * or found twice, and where a value cannot stand (pdf/replace.h).
 * The caller releases *out. */
STING_MUST_USE enum sting_status bait_declare(const struct bait_order *order,
                                              struct bytes text,
                                              struct moment (*now)(void),
                                              struct fact_sheet *out,
                                              struct fault *fault);

#endif
