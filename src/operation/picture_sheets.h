/*
 * picture_sheets: one file that somebody gave, as the pictures in it: a
 * photograph, pages of a TIFF or a PDF, chosen frames of a video.
 *
 * Runs in the picture worker; the file may be hostile.
 */
#ifndef STING_OPERATION_PICTURE_SHEETS_H
#define STING_OPERATION_PICTURE_SHEETS_H

#include "base/buffer.h"
#include "base/fault.h"
#include "media/film.h"
#include "media/picture.h"
#include "pdf/viewer.h"

struct picture_sheets {
    struct buffer file;         /* owned copy */
    struct picture_facts facts; /* kind, sheets, Exif */
    struct pdf_viewer *viewer;  /* of a PDF, owned */
    struct film film;           /* of a video, owned */
};

/* Forget what was open and open `file`. Fails: E_UNSUPPORTED, E_FORMAT,
 * E_LIMIT, E_NOMEM; then nothing is open. */
STING_MUST_USE enum sting_status picture_sheets_open(
    struct picture_sheets *sheets, struct bytes file, struct fault *fault);
void picture_sheets_close(struct picture_sheets *sheets);

/* Sheet from 0, grey and upright; *at_us is its time in a video, else -1. The
 * caller releases *out. Fails: E_ARG, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status picture_sheet_decode(
    struct picture_sheets *sheets, int sheet, struct plane *out, int64_t *at_us,
    struct fault *fault);

#endif
