/*
 * trial: copies of a file that nobody gets, to see what they cost.
 */
#ifndef STING_MARK_TRIAL_H
#define STING_MARK_TRIAL_H

#include "mark/plan.h"
#include "mark/unit.h"
#include "pdf/file.h"

/* One trial copy of a file. */
struct trial {
    struct pdf_file *file;
    int pages;
    enum mark_reach reach;
    struct mark_page *page;  /* borrowed; `units` changes */
    struct mark_page *all;   /* owned; every unit, and in what order to keep */
    uint32_t **rank;         /* owned; [page][unit]: units kept before it */
    struct pdf_moves *moves; /* owned */
    struct pdf_move **move;  /* owned */
    double growth;           /* of the last one, or the mean of the last ones */
};
void trial_release(struct trial *trial);

/* For the moves of page p. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trial_make_room(struct trial *trial, int p,
                                                 uint32_t words);

/* All of a page's words go the same way. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trial_push(struct trial *trial, int p,
                                            int8_t way);

/* Does a copy fit, packed as the file is set to? Of small files, in which
 * copies differ by much of what they may grow, the mean of some: one that fits
 * would be one that happens to. Fails: as pdf_file_write. */
STING_MUST_USE enum sting_status trial_try_copy(struct trial *trial, bool *fits,
                                                struct fault *fault);

/* The same when all that copies have in common is made once before. */
STING_MUST_USE enum sting_status trial_try_prepared(struct trial *trial,
                                                    bool *fits,
                                                    struct fault *fault);

/* The same with what they share as small as can be: the mean of some copies,
 * and five deviations of theirs, are to be within MARK_GROWTH. */
STING_MUST_USE enum sting_status trial_try_tight(struct trial *trial,
                                                 bool *fits,
                                                 struct fault *fault);

/* The same as quickly as fits, or as tight as can be. */
STING_MUST_USE enum sting_status trial_try_packs(struct trial *trial,
                                                 bool *fits,
                                                 struct fault *fault);

#endif
