/*
 * enhance: less grain and more light, so that eyes can see what happened.
 *
 * The tone curve is set by the first picture and stays; grain is averaged
 * over time where nothing moves. Nothing is invented: each pixel is a
 * weighted mean of what was recorded there, made brighter by one curve.
 *
 * Threads: one at a time.
 */
#ifndef STING_MEDIA_ENHANCE_H
#define STING_MEDIA_ENHANCE_H

#include "media/video_frame.h"

struct enhancer;

/* For frames of this size. Fails: E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status enhancer_new(int width_px, int height_px,
                                              struct enhancer **out);
void enhancer_free(struct enhancer **enhancer);

/* Change the next frame, in order, in place; it must have the size given. */
void enhancer_frame(struct enhancer *enhancer, struct video_frame *frame);

#endif
