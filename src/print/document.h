/*
 * document: what is to be read by people, put together once and given out as
 * HTML and as PDF with the same words.
 *
 * Text is plain UTF-8 and may come from outside: in neither form can it be
 * anything but text: what is no UTF-8, what a terminal obeys and what reorders
 * words stands as U+FFFD. Blocks are copied; nothing fails until the end.
 *
 * Limits: as buffer. Threads: one at a time.
 */
#ifndef STING_PRINT_DOCUMENT_H
#define STING_PRINT_DOCUMENT_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "print/figure.h"

#define DOCUMENT_MOST_COLUMNS 6

struct document;

/* `title` stands on top and on every page; `about` above it, small. */
STING_MUST_USE enum sting_status document_new(const char *title,
                                              const char *about,
                                              struct document **out);
void document_free(struct document **document);

void document_heading(struct document *document, const char *text);
void document_subheading(struct document *document, const char *text);
/* A paragraph; `small` for what explains, `strong` for what counts most. */
enum document_weight { DOCUMENT_PLAIN, DOCUMENT_SMALL, DOCUMENT_STRONG };
__attribute__((format(printf, 3, 4))) void document_text(
    struct document *document, enum document_weight weight, const char *format,
    ...);
__attribute__((format(printf, 2, 3))) void document_point(
    struct document *document, const char *format, ...);

/* A table: its columns' heads (NULL without) and shares of the width, then
 * rows of as many cells. Columns with a negative share are set right. */
void document_table(struct document *document, size_t columns,
                    const char *const *head, const double *share);
void document_row(struct document *document, const char *const *cell);

/* Figures are drawn when the document is given out: what they point to must
 * live until then. */
void document_photo(struct document *document, const struct figure_photo *photo,
                    const char *caption);
/* Half a column wide, beside the one before it where there is one. */
void document_photo_beside(struct document *document,
                           const struct figure_photo *photo,
                           const char *caption);
void document_plot(struct document *document, const struct figure_plot *plot,
                   const char *caption);

/* What follows begins on a new page, in PDF. */
void document_break(struct document *document);

/* Append the whole as one HTML page that needs nothing beside itself, and as
 * A4 PDF. The same document gives the same bytes. Fails: E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status document_html(const struct document *document,
                                               struct buffer *out);
STING_MUST_USE enum sting_status document_pdf(const struct document *document,
                                              struct buffer *out);

#endif
