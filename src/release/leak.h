/*
 * leak: does a finished cut carry anything but its pictures?
 *
 * A second opinion on what the transcoder made, by code that shares nothing
 * with it. Every byte of the file must be accounted for: only boxes from one
 * table, no edit list, no second track, no text, no dates, no free space,
 * and in the data nothing but H.264 slices and the parameter sets of the head.
 *
 * Source: ISO/IEC 14496-12 and -15; ITU-T H.264, table 7-1.
 * Limits: progressive MP4 with one H.264 track. No allocation.
 */
#ifndef STING_RELEASE_LEAK_H
#define STING_RELEASE_LEAK_H

#include "base/base.h"
#include "base/fault.h"

struct leak_summary {
    uint32_t frames; /* samples of the one track */
    uint32_t slices; /* NAL units of kind 1 or 5 */
    uint32_t width_px;
    uint32_t height_px;
};

/* Say whether the file holds only pictures. Fails: E_FORMAT when a box is
 * broken, E_UNSUPPORTED when something is there that should not be: the
 * fault names it. *out is filled on success only. */
STING_MUST_USE enum sting_status leak_check(struct bytes mp4,
                                            struct leak_summary *out,
                                            struct fault *fault);

#endif
