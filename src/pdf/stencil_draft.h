/*
 * stencil_draft: one part of a content as a text with seams, ready to be
 * deflated for any copy.
 */
#ifndef STING_PDF_STENCIL_DRAFT_H
#define STING_PDF_STENCIL_DRAFT_H

#include "pdf/content.h"
#include "pdf/edit.h"
#include "pdf/flate.h"

#define STENCIL_STATES 4 /* of a word: right or left, up or down */

/* Two words meet; each is right or left when `states` is 2. */
struct stencil_meeting {
    uint32_t from, to;
    uint8_t states;
};

struct stencil {
    struct flate *flate;             /* owned; NULL: no word of it moves */
    struct stencil_meeting *meeting; /* owned; one a seam */
    uint8_t *way;                    /* owned; scratch, one a seam */
    uint32_t seams;
};

void stencil_release(struct stencil *stencil);

/* What drafts of a page share: an entry a word each, all 0. */
struct stencil_scratch {
    enum flate_effort effort;
    struct pdf_move *move; /* borrowed */
    uint8_t *turn;         /* borrowed; 1 more than whether the word is an odd
                              one of its operator */
};

/* Part i of the content, its words moving as far as `most` says one way or
 * the other. Fails: E_UNSUPPORTED when what is between two words depends on
 * others, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status stencil_draft(
    const struct content *content, const struct pdf_moves *most,
    const struct stencil_scratch *scratch, uint32_t part, struct stencil *out);

#endif
