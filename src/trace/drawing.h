/*
 * drawing: a traced picture shown again, with what was measured in it.
 */
#ifndef STING_TRACE_DRAWING_H
#define STING_TRACE_DRAWING_H

#include "trace/trace.h"

/* The picture again, from its file, as a grey JPEG without metadata whose
 * longer side is at most most_px. Fails: E_FORGED when the file has changed
 * since, and as the picture worker. */
STING_MUST_USE enum sting_status trace_picture_jpeg(
    struct picture_worker *worker, const struct trace_picture *picture,
    int most_px, struct buffer *out, struct fault *fault);

/* The picture as SVG with all units drawn in; `jpeg` is put inside. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status trace_picture_draw(
    const struct trace_picture *picture, struct bytes jpeg, struct buffer *out);

#endif
