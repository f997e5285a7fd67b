/*
 * exif: what a photograph's file says beside its pixels: how the camera was
 * held, which camera, when; and whether the file is whole. Walks the outer
 * structure only; every byte may be hostile.
 *
 * Source: ITU-T T.81 Annex B; PNG 3rd edition 5; the WebP container; CIPA
 * DC-008 (Exif) 4.6.
 */
#ifndef STING_MEDIA_EXIF_H
#define STING_MEDIA_EXIF_H

#include "base/base.h"

#define EXIF_TAKEN_SIZE 26  /* "2011-11-01T21:14:03+01:00" */
#define EXIF_CAMERA_SIZE 80 /* printable ASCII */

struct exif {
    int orientation;               /* 1 to 8, 1 when not said */
    bool is_whole;                 /* the file's own end was reached */
    int scans;                     /* of a JPEG */
    int width_px, height_px;       /* as its header says; 0 not looked for */
    char taken[EXIF_TAKEN_SIZE];   /* by the camera's own clock; "" unknown;
                                      without offset: its local time */
    char camera[EXIF_CAMERA_SIZE]; /* make and model; "" unknown */
};

struct exif exif_of_jpeg(struct bytes file);
struct exif exif_of_png(struct bytes file);
struct exif exif_of_webp(struct bytes file);

/* From a TIFF header on: what Exif blocks hold, and TIFF files are. Leaves
 * is_whole and scans. */
void exif_of_tiff(struct bytes all, struct exif *exif);

#endif
