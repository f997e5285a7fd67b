/*
 * picture_kind: one decoder a family of files. Only picture*.c include this.
 */
#ifndef STING_MEDIA_PICTURE_KIND_H
#define STING_MEDIA_PICTURE_KIND_H

#include "media/picture.h"

struct picture_kind {
    const char *name;
    bool (*is)(struct bytes file); /* of this kind, by its first bytes */
    /* Fill sheets and exif. */
    enum sting_status (*facts)(struct bytes file, struct picture_facts *out,
                               struct fault *fault);
    /* Grey as stored; *orientation is set where the sheet has its own. */
    enum sting_status (*decode)(struct bytes file, int sheet, struct plane *out,
                                int *orientation, struct fault *fault);
};

extern const struct picture_kind picture_jpeg, picture_png, picture_webp,
    picture_tiff, picture_heic;

/* The words for a file that cannot be decoded, and one that is too large. */
enum sting_status picture_damaged(const char *kind, struct fault *fault);
enum sting_status picture_too_large(const char *kind, int64_t width_px,
                                    int64_t height_px, struct fault *fault);

/* Luma of television range (16 to 235) brought to 0..255. */
void picture_range_widen(uint8_t *row, int width_px);

/* ITU-R BT.601 grey of red, green and blue. */
static inline uint8_t picture_grey(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((77u * r + 150u * g + 29u * b + 128u) >> 8);
}

#endif
