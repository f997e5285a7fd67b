#include "mark/motion.h"

#include <stdlib.h>

#include "mark/cell.h"
#include "mark/plan.h"

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
