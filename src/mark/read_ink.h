/*
 * read_ink: ink of a page that belongs to no unit's word.
 *
 * Words that stay are in every copy where the original has them. What curl,
 * lens and merged frames did to places shows in them without a guess of which
 * way they went.
 */
#ifndef STING_MARK_READ_INK_H
#define STING_MARK_READ_INK_H

#include "base/plane.h"
#include "mark/unit.h"

/* A box around ink that hangs together along its row. */
struct ink {
    float x0_pt, y0_pt, x1_pt, y1_pt;
};

struct inks {
    struct ink *ink; /* owned */
    size_t inks;
};

void inks_release(struct inks *inks);

/* `original` is the page rendered at `dpi`. None on a page with cells, where
 * everything may move. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status inks_find(const struct plane *original,
                                           double dpi,
                                           const struct mark_page *page,
                                           struct inks *out);

#endif
