/*
 * picture: a photograph's or a scan's file as grey pixels, upright.
 *
 * JPEG (baseline, progressive), PNG, WebP, TIFF (any strips or tiles, one bit
 * to 16, several pages), HEIC and AVIF; the file may be hostile, so this runs
 * in a jailed worker. EXIF orientation is applied; transparency is laid over
 * white. Limits: PICTURE_MOST_BYTES, _PIXELS, _SCANS, _SHEETS.
 */
#ifndef STING_MEDIA_PICTURE_H
#define STING_MEDIA_PICTURE_H

#include "base/fault.h"
#include "base/plane.h"
#include "media/exif.h"

#define PICTURE_MOST_BYTES ((size_t)256 << 20)
#define PICTURE_MOST_PIXELS ((int64_t)128 << 20)
#define PICTURE_MOST_SCANS 500   /* of a JPEG; encoders make up to 20 */
#define PICTURE_MOST_SHEETS 2000 /* pages of one TIFF */

struct picture_facts {
    const char *kind; /* "JPEG" */
    int sheets;       /* pictures in the file, 1 or more */
    struct exif exif;
};

/* What the file says of itself; no pixel is decoded. Fails: E_UNSUPPORTED for
 * another kind of file, E_FORMAT when it is damaged or cut short, E_LIMIT. */
STING_MUST_USE enum sting_status picture_facts_read(struct bytes file,
                                                    struct picture_facts *out,
                                                    struct fault *fault);

/* One of its pictures, counted from 0. The caller releases *out. Fails: as
 * above, E_ARG for a sheet that it does not have, E_NOMEM. */
STING_MUST_USE enum sting_status picture_decode(struct bytes file, int sheet,
                                                struct plane *out,
                                                struct fault *fault);

#endif
