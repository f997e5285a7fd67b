/*
 * page_side: which side of which page is it that lies there at rest?
 * Only detect/ includes this.
 *
 * What lies there is laid over the page as it was laid out first and compared.
 * Of a page with little print one look tells little: looks are averaged as
 * long as it lies.
 */
#ifndef STING_DETECT_PAGE_SIDE_H
#define STING_DETECT_PAGE_SIDE_H

#include "detect/page_event.h"
#include "detect/page_face.h"

struct page_side {
    struct plane_f fine;     /* of the page's own face */
    struct page_sheet sheet; /* and where that lay */
    bool is_known;
    struct plane_f work;
    float same, power; /* of what lies there, so many looks: */
    int looks;
    bool has_corners; /* its own, then */
};

/* For patches of this size. Fails: E_NOMEM, with what there is to be
 * released. */
STING_MUST_USE enum sting_status page_side_init(struct page_side *side,
                                                int width, int height);
void page_side_release(struct page_side *side);

/* The page as it was laid out: the first that is told of is kept. */
void page_side_learn(struct page_side *side, const struct face_side *face);

/* What lay there does no more. */
void page_side_forget(struct page_side *side);

/* A look at what lies there: with corners of its own, or by those that are
 * known? Looks of the other kind are forgotten. */
void page_side_follow(struct page_side *side, bool has_corners);

/* That look, of noise `noise` and `light` times as light. What went less than
 * little_px did not move. Gives IN_VIEW, MOVED, TURNED or CHANGED; LIFTED when
 * no sheet can lie so. */
enum page_state page_side_judge(struct page_side *side,
                                const struct face_side *now, float noise,
                                float light, double little_px);

#endif
