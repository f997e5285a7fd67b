/*
 * page_known: a patch as it looks when the page lies in it, and what of that
 * a look has. Only detect/ includes this.
 *
 * Looks are averaged; from their mean the levels of light, the sheet's corners
 * and the blocks that can tell are learned. A sheet that cannot be told from
 * the table is taken for the middle of the patch: then only print tells.
 */
#ifndef STING_DETECT_PAGE_KNOWN_H
#define STING_DETECT_PAGE_KNOWN_H

#include "detect/page_blocks.h"

struct page_known {
    struct plane_f mean; /* owned: the patch, averaged; */
    int looks;           /* over so many */
    float noise;         /* of a look: deviation of its fine structure */
    float gain_in_view;  /* of the light, when the page was last seen whole */
    /* As it was learned last: */
    struct plane_f flat, fine; /* owned */
    struct sheet_light light;
    struct page_sheet sheet;
    bool has_sheet;            /* else only print tells */
    struct page_blocks blocks; /* owned */
    struct sheet_work sheets;  /* owned */
};

/* For patches of this size. Fails: E_NOMEM, with what there is to be
 * released. */
STING_MUST_USE enum sting_status page_known_init(struct page_known *known,
                                                 int width, int height);
void page_known_release(struct page_known *known);

/* A first look, and one more. */
void page_known_begin(struct page_known *known, const struct plane_f *now);
void page_known_add(struct page_known *known, const struct plane_f *now);

/* Learn from the mean; `sum` is work as of patch_fine. False when there is
 * nothing to tell a page by. */
bool page_known_learn(struct page_known *known, double *sum);

/* A look at the page in its place, `gain` times as light, so long after the
 * one before: its table and paper may age. */
void page_known_follow(struct page_known *known, const struct plane_f *now,
                       float gain, int64_t passed_us);

/* Where a sheet lies now. Something bright, a cup, may touch it when
 * `may_touch`. False when none is found. */
bool page_known_sheet(struct page_known *known, const struct plane_f *flat,
                      float gain, bool may_touch, struct page_sheet *out);

/* What of the known is there in a look, `gain` times as light as far as is
 * known. */
void page_known_look(struct page_known *known, const struct plane_f *flat,
                     const struct plane_f *fine, float gain,
                     struct page_evidence *out);

#endif
