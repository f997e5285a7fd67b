#include "dossier/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define REPLACED "\xef\xbf\xbd" /* U+FFFD */

static void add(struct html *html, const char *text, size_t size)
{
    struct bytes bytes = {(const uint8_t *)text, size};
    if (buffer_append(&html->out, bytes)) {
        html->is_broken = true;
    }
}

void html_markup(struct html *html, const char *markup)
{
    add(html, markup, strlen(markup));
}

/* The escape of an ASCII byte; NULL when it stands for itself. */
static const char *escape_of(unsigned char byte)
{
    static const struct {
        char byte;
        const char *escape;
    } table[] = {{'&', "&amp;"},  {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"},
                 {'\'', "&#39;"}, {'\n', "\n"},  {'\t', "\t"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].byte == (char)byte) {
            return table[i].escape;
        }
    }
    return byte < 0x20 || byte == 0x7f ? REPLACED : NULL;
}

/* Characters that show as nothing and change how others are read. */
static bool is_deceptive(uint32_t point)
{
    static const uint32_t range[][2] = {{0x80, 0x9f},     {0x61c, 0x61c},
                                        {0x200b, 0x200f}, {0x2028, 0x202e},
                                        {0x2060, 0x206f}, {0xfeff, 0xfeff},
                                        {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};
    for (size_t i = 0; i < sizeof range / sizeof *range; i++) {
        if (point >= range[i][0] && point <= range[i][1]) {
            return true;
        }
    }
    return false;
}

void html_text(struct html *html, const char *text)
{
    const char *at = text ? text : "";
    while (*at) {
        uint32_t point = 0;
        size_t length = utf8_read(at, &point);
        const char *escape = length == 1 ? escape_of((unsigned char)*at) : NULL;
        if (length == 0 || is_deceptive(point)) {
            escape = REPLACED;
        }
        if (escape) {
            html_markup(html, escape);
        } else {
            add(html, at, length);
        }
        at += length ? length : 1;
    }
}

static void text_formatted(struct html *html, const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0) {
        html->is_broken = true;
        return;
    }
    html_text(html, text);
    free(text);
}

void html_printf(struct html *html, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    text_formatted(html, format, list);
    va_end(list);
}

static void tag_open(struct html *html, const char *tag)
{
    html_markup(html, "<");
    html_markup(html, tag);
    html_markup(html, ">");
}

/* The tag's name ends where its attributes begin. */
static void tag_close(struct html *html, const char *tag)
{
    html_markup(html, "</");
    add(html, tag, strcspn(tag, " "));
    html_markup(html, ">\n");
}

void html_element(struct html *html, const char *tag, const char *text)
{
    tag_open(html, tag);
    html_text(html, text);
    tag_close(html, tag);
}

void html_element_printf(struct html *html, const char *tag, const char *format,
                         ...)
{
    va_list list;
    va_start(list, format);
    tag_open(html, tag);
    text_formatted(html, format, list);
    tag_close(html, tag);
    va_end(list);
}

void html_fact(struct html *html, const char *name, const char *value)
{
    html_markup(html, "<tr>");
    html_element(html, "th", name);
    html_element(html, "td", value && *value ? value : "unknown");
    html_markup(html, "</tr>\n");
}

void html_jpeg(struct html *html, struct bytes jpeg, const char *shows)
{
    html_markup(html, "<img alt=\"");
    html_text(html, shows);
    html_markup(html, "\" src=\"data:image/jpeg;base64,");
    if (base64_append(&html->out, jpeg, true)) {
        html->is_broken = true;
    }
    html_markup(html, "\">\n");
}
