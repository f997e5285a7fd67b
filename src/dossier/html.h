/*
 * html: a page under construction, on which text from outside is only text.
 *
 * Names, notes and file names in an operation may be written by the people
 * whom it watches. Whatever goes through html_text and the functions built
 * on it can neither open a tag or an attribute nor turn the reading
 * direction of the words around it.
 *
 * Limits: as buffer. Threads: one at a time.
 */
#ifndef STING_DOSSIER_HTML_H
#define STING_DOSSIER_HTML_H

#include "base/base.h"
#include "base/buffer.h"

/* Zero-initialise to start; release `out` with buffer_release. */
struct html {
    struct buffer out;
    bool is_broken; /* some addition ran out of memory; checked at the end */
};

/* Add markup of our own, never anything from outside. */
void html_markup(struct html *html, const char *markup);

/* Add text: & < > " ' escaped; bytes that are not UTF-8, control characters
 * and marks of direction become U+FFFD. NULL and "" add nothing. */
void html_text(struct html *html, const char *text);
__attribute__((format(printf, 2, 3))) void html_printf(struct html *html,
                                                       const char *format, ...);

/* Add <tag>text</tag> and a newline; `tag` is ours and may carry attributes:
 * "td class=number". */
void html_element(struct html *html, const char *tag, const char *text);
__attribute__((format(printf, 3, 4))) void html_element_printf(
    struct html *html, const char *tag, const char *format, ...);

/* Add a row of a table of two columns; a NULL value is told as "unknown". */
void html_fact(struct html *html, const char *name, const char *value);

/* Add a JPEG, embedded, with what it shows in words. */
void html_jpeg(struct html *html, struct bytes jpeg, const char *shows);

#endif
