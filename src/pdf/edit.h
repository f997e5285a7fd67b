/*
 * edit: a content's bytes again, with words displaced.
 *
 * Only operators that show a moved word are written anew; all other bytes
 * are copied. Displacements within an operator add up to nothing where text
 * follows that is not placed anew, so that it stays where it was.
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

/* Where glyphs of another word begin in an operator that was written, and
 * where its last word ends: what stands between depends on the moves of these
 * two words alone (WORD_NONE: of one). The rest is the same whatever moves. */
struct edit_seam {
    uint32_t from, to;
    size_t begin, end; /* in what was written */
};
struct edit_seams {
    struct edit_seam *seam; /* owned */
    uint32_t seams, room;
};
void edit_seams_release(struct edit_seams *seams);

/* How many operators from `show` on are written as one, since the pen goes on
 * from each to the next; of a null edit each is written by itself. */
uint32_t edit_run(const struct content *content,
                  const struct content_show *show,
                  const struct pdf_moves *moves);

/* Append such operators, and what is between them, with their words displaced;
 * seams to *seams, unless that is NULL. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status edit_show(const struct content *content,
                                           const struct content_show *show,
                                           const struct pdf_moves *moves,
                                           struct buffer *out,
                                           struct edit_seams *seams);
bool edit_touches_show(const struct content *content,
                       const struct content_show *show,
                       const struct pdf_moves *moves);

/* Some word that the content shows has an entry in moves. */
bool edit_touches(const struct content *content, const struct pdf_moves *moves);

/* Part i of the text that is edited, as it is without moves. */
struct bytes edit_part(const struct content *content, uint32_t part,
                       const struct pdf_moves *moves);

#endif
