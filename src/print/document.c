#include "print/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "print/element.h"

#define INSTEAD "\xef\xbf\xbd" /* U+FFFD */

/* A copy in which everything that must not be shown stands as U+FFFD, but for
 * the ends of lines. */
static char *text_copy(const char *text)
{
    char *copy = calloc(strlen(text) + 1, sizeof INSTEAD - 1);
    char *to = copy;
    bool is_shown = true;
    for (size_t size = 0; copy && *text; text += size) {
        size = text_shown(text, &is_shown);
        bool is_kept = is_shown || *text == '\n';
        size_t put = is_kept ? size : sizeof INSTEAD - 1;
        memcpy(to, is_kept ? text : INSTEAD, put);
        to += put;
    }
    return copy;
}

enum sting_status document_new(const char *title, const char *about,
                               struct document **out)
{
    struct document *document = calloc(1, sizeof *document);
    if (!document) {
        return STING_E_NOMEM;
    }
    document->title = text_copy(title);
    document->about = text_copy(about);
    document->is_broken = !document->title || !document->about;
    *out = document;
    return STING_OK;
}

void document_free(struct document **document)
{
    struct document *d = *document;
    for (size_t i = 0; d && i < d->elements; i++) {
        free(d->element[i].text);
        for (size_t c = 0; c < DOCUMENT_MOST_COLUMNS; c++) {
            free(d->element[i].cell[c]);
        }
    }
    if (d) {
        free(d->element);
        free(d->title);
        free(d->about);
    }
    free(d);
    *document = NULL;
}

static struct element *element_add(struct document *document,
                                   enum element_kind kind, const char *text)
{
    static struct element spare; /* written to when there is no memory */
    struct element *e =
        array_add(&document->element, &document->elements, sizeof *e);
    if (!e) {
        document->is_broken = true;
        spare = (struct element){0};
        return &spare;
    }
    *e = (struct element){.kind = kind, .text = text ? text_copy(text) : NULL};
    document->is_broken |= text && !e->text;
    return e;
}

void document_heading(struct document *document, const char *text)
{
    element_add(document, ELEMENT_HEADING, text);
}

void document_subheading(struct document *document, const char *text)
{
    element_add(document, ELEMENT_SUBHEADING, text);
}

static void text_add(struct document *document, enum element_kind kind,
                     enum document_weight weight, const char *format,
                     va_list values)
{
    char *text = NULL;
    if (vasprintf(&text, format, values) < 0) {
        document->is_broken = true;
        return;
    }
    element_add(document, kind, text)->weight = weight;
    free(text);
}

void document_text(struct document *document, enum document_weight weight,
                   const char *format, ...)
{
    va_list values;
    va_start(values, format);
    text_add(document, ELEMENT_TEXT, weight, format, values);
    va_end(values);
}

void document_point(struct document *document, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    text_add(document, ELEMENT_POINT, DOCUMENT_PLAIN, format, values);
    va_end(values);
}

static void cells_copy(struct document *document, struct element *element,
                       const char *const *cell)
{
    for (size_t c = 0; cell && c < element->columns; c++) {
        element->cell[c] = text_copy(cell[c] ? cell[c] : "");
        document->is_broken |= !element->cell[c];
    }
}

void document_table(struct document *document, size_t columns,
                    const char *const *head, const double *share)
{
    struct element *e = element_add(document, ELEMENT_TABLE, NULL);
    e->columns =
        columns < DOCUMENT_MOST_COLUMNS ? columns : DOCUMENT_MOST_COLUMNS;
    e->has_head = head != NULL;
    memcpy(e->share, share, e->columns * sizeof *share);
    cells_copy(document, e, head);
}

void document_row(struct document *document, const char *const *cell)
{
    size_t columns = 0;
    double share[DOCUMENT_MOST_COLUMNS] = {0};
    if (document->elements > 0) {
        const struct element *above =
            &document->element[document->elements - 1];
        columns = above->columns;
        memcpy(share, above->share, sizeof share);
    }
    struct element *e = element_add(document, ELEMENT_ROW, NULL);
    e->columns = columns;
    memcpy(e->share, share, sizeof share);
    cells_copy(document, e, cell);
}

void document_photo(struct document *document, const struct figure_photo *photo,
                    const char *caption)
{
    element_add(document, ELEMENT_PHOTO, caption)->figure = photo;
}

void document_photo_beside(struct document *document,
                           const struct figure_photo *photo,
                           const char *caption)
{
    element_add(document, ELEMENT_BESIDE, caption)->figure = photo;
}

void document_plot(struct document *document, const struct figure_plot *plot,
                   const char *caption)
{
    element_add(document, ELEMENT_PLOT, caption)->figure = plot;
}

void document_break(struct document *document)
{
    element_add(document, ELEMENT_BREAK, NULL);
}
