/*
 * bait_handover: what hand-overs have shown of printer and telephone.
 */
#ifndef STING_CLI_BAIT_HANDOVER_H
#define STING_CLI_BAIT_HANDOVER_H

#include "cli/bait_desk.h"
#include "mark/predict.h"
#include "operation/handover.h"

/* The noise of the last hand-over of these copies that was confirmed by a
 * photograph; all zero when there is none. Fails: as the ledger; a blob that
 * is gone is no failure. */
STING_MUST_USE enum sting_status bait_noise_measured(
    const struct bait_desk *desk, const struct register_list *list,
    struct mark_noise *out, struct fault *fault);

#endif
