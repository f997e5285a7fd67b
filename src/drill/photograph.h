/*
 * photograph: a sheet, a setting and a seed give a picture as a telephone
 * would have taken it.
 *
 * Model: print (paper.h) on a bent sheet (view.h) under a lamp (light.h),
 * averaged over each pixel's footprint, blurred by lens and hand (blur.h),
 * caught by a sensor (sensor.h), developed (develop.h) and compressed
 * (jpeg.h). Shares no file with the rooms that read photographs.
 *
 * Threads: any; calls are independent. Same arguments, same bytes.
 */
#ifndef STING_DRILL_PHOTOGRAPH_H
#define STING_DRILL_PHOTOGRAPH_H

#include "base/buffer.h"
#include "drill/light.h"
#include "drill/paper.h"
#include "drill/setting.h"
#include "drill/view.h"

#define STAND_TILE_PX 32.0F

/* Where camera and lamp stand; the seed decides within the setting. */
struct stand {
    struct view view;
    struct light light;
    struct spot low, high; /* part of the sheet that is meant, mm */
    int width_px;
    int height_px;
    double shake_px[2];
    double merge_px; /* tiles of merged frames are off by, rms */
    uint32_t merge;  /* seed of that */
    struct spot tremble_px;
    double tremble, tremble_phase; /* radians a row, radians */
    uint32_t desk;                 /* seed of its texture */
};

/* Set the stand up for a sheet of that size. Fails: E_LIMIT. */
STING_MUST_USE enum sting_status stand_init(struct stand *out,
                                            const struct setting *setting,
                                            double width_mm, double height_mm,
                                            uint64_t seed);

/* Light on the chip, 1 = white paper in the best light. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status stand_project(const struct stand *stand,
                                               const struct paper *paper,
                                               struct colour *out);

/* Append the photograph of page `page` (from 0) of a PDF, as JPEG.
 * Fails: as paper_render, E_NOMEM. */
STING_MUST_USE enum sting_status photograph_take(struct bytes pdf, int page,
                                                 const struct setting *setting,
                                                 uint64_t seed,
                                                 struct buffer *out,
                                                 struct fault *fault);

#endif
