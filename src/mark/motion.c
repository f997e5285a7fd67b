#include "mark/motion.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"
#include "mark/plan.h"

#define SAME_PT 0.01F

void mark_motion_release(struct mark_motion *motion)
{
    free(motion->move);
    free(motion->node);
    *motion = (struct mark_motion){0};
}

enum sting_status mark_motion_make(const struct mark_page *page,
                                   const int8_t *sign, uint32_t words,
                                   struct mark_motion *motion,
                                   struct pdf_moves *out)
{
    *out = (struct pdf_moves){0};
    if (page->units == 0) {
        return STING_OK;
    }
    motion->move = calloc((size_t)words + 1, sizeof *motion->move);
    if (!motion->move) {
        return STING_E_NOMEM;
    }
    mark_moves(page, sign, motion->move, words);
    enum sting_status status =
        mark_field(page, sign, &motion->field, &motion->node);
    *out = (struct pdf_moves){
        .move = motion->move,
        .moves = words,
        .field = motion->node ? &motion->field : NULL,
    };
    return status;
}

static bool same_box(const struct mark_unit *unit, const struct pdf_word *word)
{
    return fabsf(unit->x0_pt - word->x0_pt) < SAME_PT &&
           fabsf(unit->y0_pt - word->y0_pt) < SAME_PT &&
           fabsf(unit->x1_pt - word->x1_pt) < SAME_PT &&
           fabsf(unit->y1_pt - word->y1_pt) < SAME_PT;
}

bool mark_page_fits(const struct mark_page *page, const struct pdf_text *text)
{
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (mark_is_cell(unit)) {
            continue;
        }
        if (unit->word >= text->words ||
            !same_box(unit, &text->word[unit->word])) {
            return false;
        }
    }
    return fabsf(page->width_pt - text->width_pt) < SAME_PT &&
           fabsf(page->height_pt - text->height_pt) < SAME_PT;
}
