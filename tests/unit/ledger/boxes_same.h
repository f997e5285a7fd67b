/*
 * boxes_same: do two readings of a film tell the same?
 */
#ifndef STING_TESTS_UNIT_LEDGER_BOXES_SAME_H
#define STING_TESTS_UNIT_LEDGER_BOXES_SAME_H

#include "ledger/boxes.h"

static inline bool boxes_same(const struct boxes_facts *a,
                              const struct boxes_facts *b)
{
    return a->fragments == b->fragments && a->frames == b->frames &&
           a->track == b->track && a->starts_with_key == b->starts_with_key &&
           a->first_dts == b->first_dts && a->first_pts == b->first_pts &&
           a->last_pts == b->last_pts && a->last_dts == b->last_dts &&
           a->end_dts == b->end_dts && a->least_ahead == b->least_ahead &&
           a->most_ahead == b->most_ahead && a->widest == b->widest;
}

#endif
