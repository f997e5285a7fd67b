/* The document as one HTML page. */
#include <string.h>

#include "base/text.h"
#include "print/element.h"

static const char style[] =
    "<style>:root{--ink:#1a1a1a;--soft:#5c5c5c;--line:#c9c9c9}"
    "*{box-sizing:border-box}html{background:#e9e7e2}"
    "body{margin:0 auto;max-width:210mm;padding:18mm 20mm;background:#fff;"
    "color:var(--ink);font:10.5pt/1.45 'Source Serif 4','Noto Serif',Georgia,"
    "'Liberation Serif','DejaVu Serif',serif;"
    "font-variant-numeric:tabular-nums}"
    ".about{margin:0;color:var(--soft);font-size:9.5pt}"
    "h1{font-size:22pt;line-height:1.2;margin:2mm 0 6mm;font-weight:600}"
    "h2{font-size:14pt;margin:9mm 0 3mm;padding-top:3mm;font-weight:600;"
    "border-top:1.2pt solid var(--ink);break-after:avoid}"
    "h3{font-size:12pt;margin:6mm 0 2mm;font-weight:600;break-after:avoid}"
    ".strip{display:grid;grid-template-columns:1fr 1fr;gap:0 4mm}"
    ".strip figure{margin:0 0 3mm}"
    "p{margin:0 0 2.5mm;max-width:42em}.strong{font-size:12.5pt;"
    "line-height:1.4;font-weight:600}.small{font-size:9pt;color:var(--soft)}"
    "ul{margin:0 0 3mm;padding-left:5mm;max-width:42em}li{margin:0 0 1mm}"
    "table{border-collapse:collapse;width:100%;margin:0 0 4mm}"
    "th,td{text-align:left;vertical-align:top;padding:1mm 3mm 1mm 0;"
    "border-bottom:.4pt solid var(--line);overflow-wrap:anywhere;"
    "white-space:pre-line}"
    "th{font-size:9pt;font-weight:600;color:var(--soft);"
    "border-bottom:.8pt solid var(--ink)}"
    ".right{text-align:right;padding-right:0;white-space:nowrap}"
    "figure{margin:3mm 0 5mm;break-inside:avoid}"
    "figure img{display:block;width:100%}"
    "figcaption{font-size:9pt;color:var(--soft);padding-top:1.5mm}"
    "tr,li{break-inside:avoid}@page{size:A4;margin:18mm 20mm}"
    "@media print{html{background:none}body{padding:0;max-width:none}"
    ".break{break-before:page}}</style>\n";

static const char *const escape_table[256] = {
    ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
    ['"'] = "&quot;", ['\''] = "&#39;",
};

static enum sting_status text_add(struct buffer *out, const char *text)
{
    enum sting_status status = STING_OK;
    const uint8_t *at = (const uint8_t *)(text ? text : "");
    for (; !status && *at; at++) {
        const char *instead = escape_table[*at];
        status = instead ? buffer_text_append(out, instead)
                         : buffer_append(out, (struct bytes){at, 1});
    }
    return status;
}

static enum sting_status tagged_add(struct buffer *out, const char *open,
                                    const char *text, const char *close)
{
    enum sting_status status = buffer_text_append(out, open);
    if (!status) {
        status = text_add(out, text);
    }
    return status ? status : buffer_text_append(out, close);
}

static enum sting_status row_add(const struct element *e, const char *name,
                                 struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, "<tr>");
    for (size_t c = 0; !status && c < e->columns; c++) {
        status = buffer_printf(out, "<%s%s>", name,
                               e->share[c] < 0 ? " class=right" : "");
        if (!status) {
            status = text_add(out, e->cell[c]);
        }
        if (!status) {
            status = buffer_printf(out, "</%s>", name);
        }
    }
    return status ? status : buffer_text_append(out, "</tr>\n");
}

static enum sting_status table_add(const struct element *e, struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, "<table><colgroup>");
    double all = 0;
    for (size_t c = 0; c < e->columns; c++) {
        all += e->share[c] < 0 ? -e->share[c] : e->share[c];
    }
    for (size_t c = 0; !status && c < e->columns; c++) {
        double share = e->share[c] < 0 ? -e->share[c] : e->share[c];
        status = buffer_printf(out, "<col style=\"width:%.1f%%\">",
                               100 * share / all);
    }
    if (!status) {
        status = buffer_text_append(out, "</colgroup>\n");
    }
    return status || !e->has_head ? status : row_add(e, "th", out);
}

/* The caption says what the picture shows, to ears too. */
static enum sting_status image_add(const struct element *e, const char *type,
                                   struct bytes image, struct buffer *out)
{
    enum sting_status status =
        tagged_add(out, "<figure><img alt=\"", e->text, "\" src=\"data:");
    if (!status) {
        status = buffer_printf(out, "%s;base64,", type);
    }
    if (!status) {
        status = base64_append(out, image, true);
    }
    return status ? status
                  : tagged_add(out, "\">\n<figcaption>", e->text,
                               "</figcaption></figure>\n");
}

static enum sting_status figure_add(const struct element *e, struct buffer *out)
{
    struct buffer svg STING_AUTO(buffer_release) = {0};
    enum sting_status status = figure_svg(e, &svg);
    return status ? status
                  : image_add(e, "image/svg+xml", buffer_bytes(&svg), out);
}

/* Without strokes over it a JPEG is its own picture. */
static enum sting_status jpeg_add(const struct element *e, struct buffer *out)
{
    const struct figure_photo *photo = e->figure;
    return image_add(e, "image/jpeg", photo->jpeg, out);
}

static enum sting_status element_add(const struct element *e,
                                     struct buffer *out)
{
    static const char *const paragraph[] = {"<p>", "<p class=small>",
                                            "<p class=strong>"};
    switch (e->kind) {
    case ELEMENT_HEADING:
        return tagged_add(out, "<h2>", e->text, "</h2>\n");
    case ELEMENT_SUBHEADING:
        return tagged_add(out, "<h3>", e->text, "</h3>\n");
    case ELEMENT_TEXT:
        return tagged_add(out, paragraph[e->weight], e->text, "</p>\n");
    case ELEMENT_POINT:
        return tagged_add(out, "<li>", e->text, "</li>\n");
    case ELEMENT_TABLE:
        return table_add(e, out);
    case ELEMENT_ROW:
        return row_add(e, "td", out);
    case ELEMENT_BESIDE:
        return jpeg_add(e, out);
    case ELEMENT_PHOTO:
    case ELEMENT_PLOT:
        return figure_add(e, out);
    case ELEMENT_BREAK:
        return buffer_text_append(out, "<div class=break></div>\n");
    }
    return STING_OK;
}

/* Lists and tables end where something else begins. */
static const char *between(const struct element *before,
                           const struct element *after)
{
    bool list = before && before->kind == ELEMENT_POINT;
    bool rows = before &&
                (before->kind == ELEMENT_ROW || before->kind == ELEMENT_TABLE);
    bool strip = before && before->kind == ELEMENT_BESIDE;
    if (strip && (!after || after->kind != ELEMENT_BESIDE)) {
        return "</div>\n";
    }
    if (list && (!after || after->kind != ELEMENT_POINT)) {
        return "</ul>\n";
    }
    if (rows && (!after || after->kind != ELEMENT_ROW)) {
        return "</table>\n";
    }
    return "";
}

static enum sting_status head_add(const struct document *d, struct buffer *out)
{
    enum sting_status status = tagged_add(
        out,
        "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8>\n"
        "<meta http-equiv=Content-Security-Policy content=\"default-src "
        "'none';img-src data:;style-src 'unsafe-inline'\">\n"
        "<meta name=viewport content=\"width=device-width\">\n<title>",
        d->title, "</title>\n");
    if (!status) {
        status = buffer_text_append(out, style);
    }
    if (!status) {
        status = tagged_add(out, "<body>\n<p class=about>", d->about, "</p>\n");
    }
    return status ? status : tagged_add(out, "<h1>", d->title, "</h1>\n");
}

/* Lists and strips begin where nothing of theirs stood before. */
static const char *opening(const struct element *before,
                           const struct element *after)
{
    if (!after || (before && before->kind == after->kind)) {
        return "";
    }
    return after->kind == ELEMENT_POINT    ? "<ul>\n"
           : after->kind == ELEMENT_BESIDE ? "<div class=strip>\n"
                                           : "";
}

enum sting_status document_html(const struct document *d, struct buffer *out)
{
    enum sting_status status = d->is_broken ? STING_E_NOMEM : head_add(d, out);
    const struct element *before = NULL;
    for (size_t i = 0; !status && i <= d->elements; i++) {
        const struct element *e = i < d->elements ? &d->element[i] : NULL;
        status = buffer_text_append(out, between(before, e));
        if (!status) {
            status = buffer_text_append(out, opening(before, e));
        }
        if (!status && e) {
            status = element_add(e, out);
        }
        before = e;
    }
    return status ? status : buffer_text_append(out, "</body></html>\n");
}
