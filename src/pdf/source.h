/*
 * source: a PDF as MuPDF opens it, behind plain structs.
 *
 * The files source*.c and face.c are the only ones that call MuPDF to read.
 * MuPDF leaves errors by longjmp: those functions own nothing that a jump
 * could leak, and turn the jump into a status.
 * Threads: one at a time.
 */
#ifndef STING_PDF_SOURCE_H
#define STING_PDF_SOURCE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "base/plane.h"
#include "pdf/place.h"

#define SOURCE_MOST_PAGES 10000
#define SOURCE_MOST_PT 20000.0        /* a page's side; as in mark/unit.c */
#define SOURCE_READ_DPI 200.0         /* as in mark/read.h */
#define SOURCE_MOST_PARTS 1024        /* content streams of one page */
#define SOURCE_MOST_STREAM (64 << 20) /* bytes of one stream, decoded */

struct source; /* owns MuPDF's context and document, and the file's bytes */
struct face;
struct pdf_obj; /* MuPDF's; borrowed from the document it belongs to */

/* Open and refuse what we do not mark. Fails: E_FORMAT not a PDF, damaged;
 * E_UNSUPPORTED encrypted, signed; E_LIMIT; E_NOMEM. */
STING_MUST_USE enum sting_status pdf_source_open(struct bytes file,
                                                 struct source **out,
                                                 struct fault *fault);
void source_close(struct source **source);

int source_pages(const struct source *source);
struct bytes source_file(const struct source *source);

struct source_page {
    struct pdf_obj *resources; /* borrowed; may be NULL */
    double width_pt, height_pt;
    struct place_map to_display; /* from user space: top left, y down */
    int part[SOURCE_MOST_PARTS]; /* object numbers of content streams */
    int parts;
};

/* Fails: E_LIMIT when a side is larger than SOURCE_MOST_PT, or the page than
 * what can be rendered at SOURCE_READ_DPI; E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status source_page(struct source *source, int page,
                                             struct source_page *out,
                                             struct fault *fault);

/* Can the page be read and drawn in bearable time? Fails: E_LIMIT when not,
 * E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status source_page_gauge(struct source *source,
                                                   int page,
                                                   struct fault *fault);

/* Append a stream's decoded bytes. Fails: E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_source_stream(struct source *source,
                                                   int number,
                                                   struct buffer *out,
                                                   struct fault *fault);

struct source_form {
    int number; /* of its object */
    struct pdf_obj *resources;
    struct place_map matrix;
    bool is_optional; /* belongs to a layer that can be hidden */
};

/* The Form XObject of this name. Fails: E_ABSENT when there is none, or it
 * is a picture. */
STING_MUST_USE enum sting_status source_form(struct source *source,
                                             struct pdf_obj *resources,
                                             const char *name,
                                             struct source_form *out);

/* The font of this name, or of the graphics state of this name (then *size
 * is set too). The source keeps it. Fails: E_ABSENT. */
STING_MUST_USE enum sting_status source_font(struct source *source,
                                             struct pdf_obj *resources,
                                             const char *name,
                                             struct face **out);
STING_MUST_USE enum sting_status source_state_font(struct source *source,
                                                   struct pdf_obj *resources,
                                                   const char *name,
                                                   struct face **out,
                                                   double *size);

/* Rectangles of links that are drawn with a border, in user space: x0 y0 x1
 * y1 each; at most `most` are given. */
int source_borders(struct source *source, int page, double (*box)[4], int most);

/* The page as displayed, grey. Fails: E_LIMIT over 200 megapixels,
 * E_FORMAT, E_NOMEM. The caller releases *out. */
STING_MUST_USE enum sting_status source_render(struct source *source, int page,
                                               double dpi, struct plane *out,
                                               struct fault *fault);

#endif
