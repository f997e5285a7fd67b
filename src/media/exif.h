/*
 * exif: how a photograph's file says it was held, and whether the file is
 * whole. Walks the outer structure only; every byte may be hostile.
 *
 * Source: ITU-T T.81 Annex B; PNG 3rd edition 5; CIPA DC-008 (Exif) 4.6.
 */
#ifndef STING_MEDIA_EXIF_H
#define STING_MEDIA_EXIF_H

#include "base/base.h"

struct exif {
    int orientation; /* 1 to 8, 1 when not said */
    bool is_whole;   /* the file's own end mark was reached */
};

struct exif exif_of_jpeg(struct bytes file);
struct exif exif_of_png(struct bytes file);

#endif
