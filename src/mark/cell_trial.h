/*
 * cell_trial: which cells of a page follow its copies.
 *
 * Whole cells in which enough is drawn to be seen to move are displaced in two
 * trial copies, by signs as good as random, the same each time; the copies are
 * rendered, and each cell is measured against the page as it was. Those that
 * moved as they were to are the page's units, if they are enough to tell copies
 * apart.
 */
#ifndef STING_MARK_CELL_TRIAL_H
#define STING_MARK_CELL_TRIAL_H

#include "base/plane.h"
#include "mark/unit.h"
#include "pdf/file.h"

/* A page before and after the trial. Set the first six, {0} the others. */
struct cell_trial {
    struct mark_page *page; /* borrowed: words, then cells as they are found */
    uint32_t words;         /* units that are not cells */
    bool is_sparse;         /* these and cells count together */
    bool is_picture;        /* moved whole, grain and all: nothing is faint */
    float cell_pt;          /* side of a cell */
    double least_pt;        /* shift */
    int cell_px;            /* side in the renderings */
    int8_t *sign;           /* owned; of all units */
    double *moved;          /* owned; of all units, the part of its shift that
                               each moved as its sign says */
    struct plane before;    /* owned, both */
    struct plane after;
};

/* Add to the page the cells that follow, behind its words, or none. `word` is
 * the number of the first cell; *growth what a copy gains by them, in bytes.
 * Fails: E_FORGED, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status cell_trial_find(struct cell_trial *trial,
                                                 struct pdf_file *file,
                                                 int number, uint32_t word,
                                                 double *growth,
                                                 struct fault *fault);

/* After that: the page's first `words` words as far one way as they go, then
 * the other, read by a reader of text. Fails: E_FORGED when it minds. */
STING_MUST_USE enum sting_status cell_trial_check_words(
    struct cell_trial *trial, struct pdf_file *file, int number, uint32_t words,
    struct fault *fault);

void cell_trial_release(struct cell_trial *trial);

#endif
