#include "watch/xml.h"

#include <stdlib.h>
#include <string.h>

static void step(struct bytes *from, size_t by)
{
    *from = (struct bytes){from->data + by, from->size - by};
}

static bool begins(struct bytes text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.data, with, size) == 0;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':' || c >= 128;
}

/* What stands before `end`, which is passed too. */
static bool until(struct bytes *from, const char *end, struct bytes *out)
{
    const uint8_t *at =
        from->size ? memmem(from->data, from->size, end, strlen(end)) : NULL;
    if (!at) {
        return false;
    }
    *out = (struct bytes){from->data, (size_t)(at - from->data)};
    step(from, out->size + strlen(end));
    return true;
}

/* A name without its prefix. */
static struct bytes name_take(struct bytes *from)
{
    struct bytes name = {from->data, 0};
    while (name.size < from->size && is_name(from->data[name.size])) {
        name.size++;
    }
    step(from, name.size);
    const uint8_t *colon = memrchr(name.data, ':', name.size);
    if (colon) {
        step(&name, (size_t)(colon - name.data) + 1);
    }
    return name;
}

static void name_keep(struct bytes name, char out[XML_MOST_NAME])
{
    size_t size = name.size < XML_MOST_NAME ? name.size : XML_MOST_NAME - 1;
    memcpy(out, name.data, size);
    out[size] = '\0';
}

/* Where a tag ends: a '>' outside of quotation marks. */
static bool tag_take(struct bytes *from, struct bytes *out)
{
    uint8_t quote = 0;
    for (size_t i = 0; i < from->size; i++) {
        uint8_t c = from->data[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *out = (struct bytes){from->data, i};
            step(from, i + 1);
            return true;
        }
    }
    return false;
}

static enum xml_kind bad(struct xml *x)
{
    x->rest.size = 0;
    x->closes = x->pops = false;
    x->depth = -1;
    return XML_BAD;
}

static enum xml_kind open_take(struct xml *x, struct bytes *text)
{
    struct bytes tag;
    step(&x->rest, 1);
    if (x->depth == XML_MOST_DEPTH || !tag_take(&x->rest, &tag)) {
        return bad(x);
    }
    x->closes = tag.size > 0 && tag.data[tag.size - 1] == '/';
    tag.size -= x->closes;
    struct bytes name = name_take(&tag);
    if (name.size == 0) {
        return bad(x);
    }
    name_keep(name, x->name[x->depth++]);
    *text = tag;
    return XML_OPEN;
}

static enum xml_kind close_take(struct xml *x)
{
    struct bytes tag;
    char name[XML_MOST_NAME];
    step(&x->rest, 2);
    if (x->depth == 0 || !tag_take(&x->rest, &tag)) {
        return bad(x);
    }
    name_keep(name_take(&tag), name);
    if (strcmp(name, x->name[x->depth - 1]) != 0) {
        return bad(x);
    }
    x->pops = true;
    return XML_CLOSE;
}

static enum xml_kind text_take(struct xml *x, struct bytes *text)
{
    const uint8_t *end = memchr(x->rest.data, '<', x->rest.size);
    *text = (struct bytes){x->rest.data,
                           end ? (size_t)(end - x->rest.data) : x->rest.size};
    step(&x->rest, text->size);
    return XML_TEXT;
}

/* Comments, instructions and unparsed text; false when there is none here. */
static bool aside_take(struct xml *x, struct bytes *text, enum xml_kind *kind)
{
    static const char *const row[][2] = {
        {"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (begins(x->rest, row[i][0])) {
            step(&x->rest, strlen(row[i][0]));
            *kind = until(&x->rest, row[i][1], text) ? XML_TEXT : bad(x);
            text->size = i == 2 && *kind == XML_TEXT ? text->size : 0;
            return true;
        }
    }
    return false;
}

enum xml_kind xml_next(struct xml *x, struct bytes *text)
{
    enum xml_kind kind;
    *text = (struct bytes){x->rest.data, 0};
    x->depth -= x->pops;
    x->pops = false;
    if (x->closes) {
        x->closes = false;
        x->pops = true;
        return XML_CLOSE;
    }
    if (x->depth < 0) {
        return XML_BAD;
    }
    if (x->rest.size == 0) {
        return x->depth == 0 ? XML_END : bad(x);
    }
    if (x->rest.data[0] != '<') {
        return text_take(x, text);
    }
    if (aside_take(x, text, &kind)) {
        return kind;
    }
    if (begins(x->rest, "<!")) {
        return bad(x); /* a DTD: nobody needs one, and it can do harm */
    }
    return begins(x->rest, "</") ? close_take(x) : open_take(x, text);
}

const char *xml_name(const struct xml *x, int above)
{
    return x->depth > above ? x->name[x->depth - 1 - above] : "";
}

/* A character behind '&', as one byte; 0 when it is none of ours. */
static char entity_take(struct bytes *from)
{
    static const struct {
        const char *name;
        char is;
    } row[] = {{"amp;", '&'},
               {"lt;", '<'},
               {"gt;", '>'},
               {"quot;", '"'},
               {"apos;", '\''}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (begins(*from, row[i].name)) {
            step(from, strlen(row[i].name));
            return row[i].is;
        }
    }
    char digits[8] = "";
    struct bytes word;
    struct bytes after = *from;
    if (!begins(*from, "#") || !until(&after, ";", &word) || word.size < 2 ||
        word.size >= sizeof digits) {
        return 0;
    }
    memcpy(digits, word.data + 1, word.size - 1);
    long code = digits[0] == 'x' ? strtol(digits + 1, NULL, 16)
                                 : strtol(digits, NULL, 10);
    *from = after;
    if (code < ' ' || code > 126) {
        return '?';
    }
    return (char)code;
}

void xml_text(struct bytes text, char *out, size_t room)
{
    size_t size = 0;
    while (text.size > 0 && is_blank(text.data[0])) {
        step(&text, 1);
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    while (text.size > 0 && size + 1 < room) {
        uint8_t c = text.data[0];
        step(&text, 1);
        char entity = 0;
        if (c == '&') {
            entity = entity_take(&text);
        }
        out[size] = '?';
        if (entity) {
            out[size] = entity;
        } else if (c >= ' ' && c != 127) {
            out[size] = (char)c;
        }
        size++;
    }
    out[size] = '\0';
}

/* What stands between quotation marks behind a name; false when there are
 * none: then nothing but blanks was passed. */
static bool quoted_take(struct bytes *a, struct bytes *value)
{
    while (a->size > 0 && (is_blank(a->data[0]) || a->data[0] == '=')) {
        step(a, 1);
    }
    const char *mark = a->size == 0         ? NULL
                       : a->data[0] == '"'  ? "\""
                       : a->data[0] == '\'' ? "'"
                                            : NULL;
    if (!mark) {
        return false;
    }
    step(a, 1);
    if (!until(a, mark, value)) {
        *value = (struct bytes){a->data, 0};
        step(a, a->size); /* never closed: nothing more is told */
    }
    return true;
}

bool xml_attribute(struct bytes attributes, const char *name, char *out,
                   size_t room)
{
    struct bytes a = attributes;
    while (a.size > 0) {
        struct bytes found = name_take(&a), value;
        if (found.size == 0) {
            step(&a, a.size > 0); /* "a:" is none, and may be the last */
        } else if (quoted_take(&a, &value) &&
                   bytes_equal(found, bytes_of_text(name))) {
            xml_text(value, out, room);
            return true;
        }
    }
    return false;
}
