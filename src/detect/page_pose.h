/*
 * page_pose: how does a sheet lie that was found: flat on the table, and
 * still? Only detect/ includes this.
 *
 * Laid over the known sheet's plane by the known corners, a sheet on the same
 * table keeps its sides and diagonals, wherever it was pushed; one that is
 * held nearer to the lens, or tilted, does not. The paper's proportions are
 * not known: those of A4 and Letter, upright or across, are tried, and the
 * kindest counts. Hands tremble by a millimetre; a table does not.
 */
#ifndef STING_DETECT_PAGE_POSE_H
#define STING_DETECT_PAGE_POSE_H

#include "detect/page_sheet.h"

/* By what part the sides differ most from those of the known sheet; INFINITY
 * when no flat sheet looks so. */
double page_pose_unlike(const struct page_sheet *known,
                        const struct page_sheet *now);

/* How far the corner went that went farthest, in pixels. */
double page_pose_moved(const struct page_sheet *a, const struct page_sheet *b);

/* What a sheet that touches something bright seems to be differs from look to
 * look: as long as nothing stirs the clearest that was found holds. */
struct page_rest {
    bool is_known;
    struct page_sheet sheet;
};
void page_rest_follow(struct page_rest *rest, bool is_calm,
                      struct page_sheet *sheet);

struct page_still {
    bool is_known;
    struct page_sheet sheet; /* where it was when it came to rest */
    int64_t since_us;
};

/* A look at a sheet: for how long it has been still. */
int64_t page_still_follow(struct page_still *still,
                          const struct page_sheet *now, int64_t at_us);

#endif
