/*
 * source_image: the images that a page draws, as MuPDF decodes them.
 */
#ifndef STING_PDF_SOURCE_IMAGE_H
#define STING_PDF_SOURCE_IMAGE_H

#include "pdf/source.h"

/* How an image's samples are packed in the file. */
enum image_codec {
    IMAGE_PLAIN,   /* not at all */
    IMAGE_DEFLATE, /* Flate, LZW and the like, with or without prediction */
    IMAGE_JPEG,
    IMAGE_FAX, /* CCITT group 3 or 4 */
    IMAGE_JBIG2,
    IMAGE_JPX,
};

struct source_image {
    int number;                /* of its object; 0: an inline image */
    struct bytes dict, data;   /* of an inline image: between BI and ID, and
                                  behind; borrowed */
    struct pdf_obj *resources; /* the same: what its colours are named in */
    int width, height;
    int bits;       /* a sample: 1, 2, 4 or 8 */
    int components; /* of a pixel; 0: of JPEG and JPX, its data say so alone */
    bool is_named;  /* samples are numbers of colours */
    bool is_predicted;
    bool is_stencil;   /* of the colour at hand */
    bool is_turned;    /* its lowest sample is the brightest */
    bool is_black_one; /* a fax whose ones are black */
    enum image_codec codec;
};

/* The numbers of the image of this name, and of its mask (0: none). Fails:
 * E_ABSENT when there is none, E_UNSUPPORTED when its mask is of colours. */
STING_MUST_USE enum sting_status source_image_find(struct source *source,
                                                   struct pdf_obj *resources,
                                                   const char *name,
                                                   int number[2]);

#define SOURCE_MOST_SAMPLES                                                    \
    (256 << 20) /* of an image: A3 at 600 dpi has 209                          \
                 */

/* What it is. Fails: E_UNSUPPORTED when it is of a kind that cannot be
 * written again, E_LIMIT when it has more samples, E_FORMAT of a JPEG whose
 * width or number of colours is not what the PDF says: MuPDF shows it garbled,
 * other readers do not. */
STING_MUST_USE enum sting_status source_image(struct source *source, int number,
                                              struct source_image *out);

/* The same of an inline image; dict, data and resources of *image are given. */
STING_MUST_USE enum sting_status source_image_inline(
    struct source *source, struct source_image *image);

/* Append the bytes of a stream as they stand in the file. */
STING_MUST_USE enum sting_status source_raw(struct source *source, int number,
                                            struct buffer *out,
                                            struct fault *fault);

const char *source_version(void); /* MuPDF's, of when this was built */

/* Append two-level rows (a bit a pixel, a row begins a byte, one is black)
 * as CCITT group 4. Fails: E_NOMEM, E_FORMAT. */
STING_MUST_USE enum sting_status source_fax(struct source *source,
                                            struct bytes rows, int width,
                                            int height, struct buffer *out);

#endif
