/*
 * read_edge: what printing and light do to the edges of filled areas.
 *
 * Ink spreads, and a camera's tones bend: each edge of what is dark goes
 * outwards or inwards, by the same everywhere in one photograph. The two sides
 * of a letter or a line go opposite ways and keep its place; a cell that shows
 * one side of a bar alone seems displaced, by as much as its mark. How far each
 * cell would follow is known from the original, by Gauss and Newton's weights;
 * how strong both are is what makes all cells of the photograph agree. No key,
 * no code.
 */
#ifndef STING_MARK_READ_EDGE_H
#define STING_MARK_READ_EDGE_H

#include "base/plane.h"
#include "mark/unit.h"

enum edge_effect {
    EDGE_SPREAD, /* along the slope of the edge: ink that grows */
    EDGE_TONE,   /* where grey is between black and white: tones that bend */
    EDGE_EFFECTS
};

/* How far a unit seems to go for one of each effect. */
struct edge_pull {
    double by[EDGE_EFFECTS];
};

struct edges {
    struct edge_pull *unit; /* owned; by unit; NULL on pages without cells */
    double strength[EDGE_EFFECTS];
};

void edges_release(struct edges *edges);

/* `original` is the page rendered at `dpi`, the photograph's blur `blur_px` at
 * that. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status edges_init(struct edges *out,
                                            const struct plane *original,
                                            double dpi, double blur_px,
                                            const struct mark_page *page);

/* What a unit seems to be displaced by, points. */
double edges_pulled_pt(const struct edges *edges, uint32_t unit);

/* A unit's displacement without its mark, and the variance it has then. */
struct edge_sample {
    uint32_t unit;
    double r_pt, variance;
};

/* Set both strengths to what explains the samples best; too few: none. */
void edges_fit(struct edges *edges, const struct edge_sample *sample,
               size_t count);

#endif
