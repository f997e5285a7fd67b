#include "pdf/tear.h"

#include <math.h>

#include "pdf/spell.h"

#define BLANK_EM 0.15  /* a reader sees a blank from here on, */
#define PART_EM 0.1    /* the end of a word, */
#define BACK_EM (-0.2) /* and the end of a line further back than this */
#define LINE_EM 0.5    /* from baseline to baseline within a line */
#define TIE_PT 0.001   /* nearer, what is lost of any number decides */
#define SAME_PT 1e-6

/* A gap, and how it is measured. */
struct gap {
    double along_pt, aside_pt;
    double em_pt[2]; /* sizes that readers go by */
};

static struct gap gap_before(const struct word_list *list,
                             const struct word_glyph *glyph)
{
    const struct pdf_word *word = &list->word[list->words - 1];
    double dx = glyph->map.e - list->end.x, dy = glyph->map.f - list->end.y;
    double ux = (double)word->ux, uy = (double)word->uy;
    return (struct gap){
        .along_pt = dx * ux + dy * uy,
        .aside_pt = fabs(dy * ux - dx * uy),
        .em_pt = {(double)word->em_pt, (double)word->last_em_pt},
    };
}

/* How near the gap is to one that is taken for something else. */
static double edge_distance(const struct gap *gap)
{
    static const double edge[] = {BLANK_EM, PART_EM, BACK_EM};
    double nearest = INFINITY;
    for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
        for (int k = 0; k < 2; k++) {
            double distance = fabs(gap->along_pt - edge[i] * gap->em_pt[k]);
            nearest = fmin(nearest, distance);
        }
    }
    return nearest;
}

static bool is_same(double a_pt, double b_pt)
{
    return fabs(a_pt - b_pt) < SAME_PT;
}

/* What a shift in steps of `whole_pt` loses in numbers that move by `step_pt`
 * each (edit.c). */
static double lost_pt(double whole_pt, double step_pt)
{
    int decimals = spell_decimals(step_pt, SPELL_PT);
    return is_same(whole_pt, step_pt) ? 0 : step_pt / pow(10, decimals) / 2;
}

struct tear tear_before(const struct word_list *list,
                        const struct word_glyph *glyph)
{
    bool is_turned =
        list->words > 0 && !is_same(glyph->step_pt, list->end_step_pt);
    if (list->words == 0 || (!is_turned && !glyph->may_follow)) {
        return (struct tear){false, false};
    }
    const struct gap gap = gap_before(list, glyph);
    if (gap.aside_pt > LINE_EM * fmax(gap.em_pt[0], gap.em_pt[1])) {
        return (struct tear){false, false};
    }
    double whole_pt = (double)list->word[list->words - 1].step_pt;
    double lost = lost_pt(whole_pt, list->end_step_pt) +
                  lost_pt(whole_pt, glyph->step_pt);
    double near = edge_distance(&gap);
    double drift = glyph->may_follow ? SPELL_DRIFT_PT : 0;
    return (struct tear){is_turned && near < lost + TIE_PT,
                         near < drift + TIE_PT};
}
