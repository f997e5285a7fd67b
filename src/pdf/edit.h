/*
 * edit: a content's bytes again, with words displaced.
 *
 * Only operators that show a moved word are written anew; all other bytes
 * are copied. Displacements within an operator add up to nothing, so that
 * what follows it stays where it was.
 */
#ifndef STING_PDF_EDIT_H
#define STING_PDF_EDIT_H

#include "pdf/content.h"
#include "pdf/file.h"

/* Replace *out by the edited text; part_begin[i] is where part i begins in
 * it. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status edit_content(const struct content *content,
                                              const struct pdf_moves *moves,
                                              struct buffer *out,
                                              size_t *part_begin);

/* Some word that the content shows has an entry in moves. */
bool edit_touches(const struct content *content, const struct pdf_moves *moves);

/* Part i of the text that is edited, as it is without moves. */
struct bytes edit_part(const struct content *content, uint32_t part,
                       const struct pdf_moves *moves);

#endif
