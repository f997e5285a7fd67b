/*
 * source_mupdf: what the files that call MuPDF share. Nobody else includes
 * this.
 */
#ifndef STING_PDF_SOURCE_MUPDF_H
#define STING_PDF_SOURCE_MUPDF_H

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "pdf/source.h"

struct source {
    fz_context *ctx;
    pdf_document *doc;
    struct buffer file;
    int pages;
    struct face **face; /* owned; by the number of the font's object */
    size_t faces;
};

/* A face that borrows ctx. Throws as MuPDF does. */
struct face *face_new(fz_context *ctx, pdf_document *doc, pdf_obj *resources,
                      pdf_obj *font);
void face_free(struct face **face);
/* The object that the face was loaded from, borrowed. */
pdf_obj *face_object(const struct face *face);

/* The status and words for the error that MuPDF has just reported. */
enum sting_status source_caught(fz_context *ctx, struct fault *fault,
                                const char *what);

/* Refuse a page that is made so that reading it never ends; of another, *dpi
 * is what its finest large image has, or 0. Draws nothing. */
enum sting_status source_gauge(fz_context *ctx, pdf_document *doc, int page,
                               double *dpi, struct fault *fault);

struct source_image;

/* The dictionary of an inline image, to be dropped. Throws. */
pdf_obj *source_inline_dict(fz_context *ctx, pdf_document *doc,
                            const struct source_image *image);

/* A MuPDF context that prints nothing; NULL without memory. */
fz_context *source_context(void);

#endif
