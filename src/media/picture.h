/*
 * picture: a photograph's file as grey pixels, upright.
 *
 * JPEG (baseline, progressive) and PNG; the file may be hostile, so this runs
 * in a jailed worker. EXIF orientation is applied; transparency is laid over
 * white. Limits: PICTURE_MOST_BYTES, PICTURE_MOST_PIXELS.
 */
#ifndef STING_MEDIA_PICTURE_H
#define STING_MEDIA_PICTURE_H

#include "base/fault.h"
#include "base/plane.h"

#define PICTURE_MOST_BYTES ((size_t)256 << 20)
#define PICTURE_MOST_PIXELS ((int64_t)128 << 20)

/* The caller releases *out. Fails: E_UNSUPPORTED for another kind of file,
 * E_FORMAT when it is damaged or cut short, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status picture_decode(struct bytes file,
                                                struct plane *out,
                                                struct fault *fault);

#endif
