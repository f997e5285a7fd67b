/* Where a text stands in a document. */
#include <string.h>

#include "base/plain.h"
#include "pdf/file_state.h"
#include "pdf/replace.h"

#define MOST_FOUND 1000U
#define MOST_WANTED ((size_t)4096) /* bytes */

/* What is looked for, in plain characters. */
struct wanted {
    struct plain plain; /* owned */
    size_t value, end;  /* the value is plain[value .. end - 1] */
};

/* A content's characters; `from` of each is its glyph. */
static enum sting_status content_plain(const struct content *content,
                                       struct plain *out)
{
    enum sting_status status = STING_OK;
    uint32_t last = WORD_NONE;
    for (uint32_t g = 0; !status && g < content->glyphs; g++) {
        const struct content_glyph *glyph = &content->glyph[g];
        if (glyph->word != last) {
            status = plain_add(out, ' ', g);
        }
        if (!status && glyph->word != WORD_NONE) {
            status = plain_add(
                out, glyph->unicode > 0 ? (uint32_t)glyph->unicode : 0xfffd, g);
        }
        last = glyph->word;
    }
    return status;
}

/* Blanks at the edges of the parts count where the parts meet. */
static enum sting_status wanted_read(const struct pdf_wanted *from,
                                     struct wanted *out)
{
    struct plain *plain = &out->plain;
    if (from->before.size + from->value.size + from->after.size > MOST_WANTED) {
        return STING_E_LIMIT;
    }
    enum sting_status status = plain_add_text(plain, from->before);
    out->value = plain->size;
    if (!status) {
        status = plain_add_text(plain, from->value);
    }
    out->end = plain->size;
    if (!status) {
        status = plain_add_text(plain, from->after);
    }
    while (plain->size > out->end && plain->code[plain->size - 1] == ' ') {
        plain->size--;
    }
    return status;
}

static bool is_wordy(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
           code == '#' || code >= 0xc0;
}

static bool is_digit(uint32_t code)
{
    return (code >= '0' && code <= '9') || code == '#';
}

/* Does a word or figure go on beyond its character `edge` at `at`? */
static bool goes_on(const struct plain *text, size_t at, uint32_t edge,
                    int step)
{
    size_t next = at + (size_t)step, after = next + (size_t)step;
    if (next >= text->size || !is_wordy(edge)) {
        return false;
    }
    bool is_point = text->code[next] == '.' || text->code[next] == ',';
    return is_wordy(text->code[next]) ||
           (is_point && is_digit(edge) && after < text->size &&
            is_digit(text->code[after]));
}

static bool stands_at(const struct plain *text, size_t at,
                      const struct wanted *wanted)
{
    const struct plain *want = &wanted->plain;
    if (at + want->size > text->size) {
        return false;
    }
    for (size_t i = 0; i < want->size; i++) {
        uint32_t is = text->code[at + i];
        bool is_any = want->code[i] == '#' && i >= wanted->value &&
                      i < wanted->end && is >= '0' && is <= '9';
        if (is != want->code[i] && !is_any) {
            return false;
        }
    }
    /* Words are whole: neither "1250" nor "250" stands in "11,250". */
    size_t end = at + want->size;
    return !goes_on(text, at, want->code[0], -1) &&
           !goes_on(text, end - 1, want->code[want->size - 1], 1);
}

static enum sting_status text_put(uint32_t code, struct buffer *out)
{
    uint8_t byte[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; code >>= 6) {
        byte[i] = (uint8_t)(0x80 | (code & 0x3f));
    }
    static const uint8_t head[] = {0, 0, 0xc0, 0xe0, 0xf0};
    byte[0] = (uint8_t)(head[size] | code);
    return buffer_append(out, (struct bytes){byte, size});
}

/* What was found first: its glyphs, and what they say. */
static enum sting_status spot_take(const struct content *content,
                                   const struct plain *text, size_t at,
                                   const struct wanted *wanted,
                                   struct pdf_spot *spot, struct buffer *out)
{
    enum sting_status status = STING_OK;
    size_t first = at + wanted->value;
    size_t end = at + wanted->end;
    if (end == first) {
        return STING_OK;
    }
    spot->glyph = text->from[first];
    spot->glyphs = text->from[end - 1] - spot->glyph + 1;
    for (uint32_t g = 0; !status && g < spot->glyphs; g++) {
        int unicode = content->glyph[spot->glyph + g].unicode;
        status = text_put(unicode > 0 ? (uint32_t)unicode : 0xfffd, out);
    }
    return status;
}

static enum sting_status content_find(const struct content *content,
                                      const struct wanted *wanted,
                                      uint32_t *found, struct pdf_spot *spot,
                                      struct buffer *out)
{
    struct plain text STING_AUTO(plain_release) = {0};
    enum sting_status status = content_plain(content, &text);
    for (size_t at = 0; !status && at < text.size && *found < MOST_FOUND;
         at++) {
        if (!stands_at(&text, at, wanted)) {
            continue;
        }
        if (*found == 0) {
            status = spot_take(content, &text, at, wanted, spot, out);
        }
        ++*found;
    }
    return status;
}

enum sting_status pdf_file_find(struct pdf_file *file,
                                const struct pdf_wanted *wanted,
                                uint32_t *found, struct pdf_spot *spot,
                                struct buffer *text, struct fault *fault)
{
    struct wanted want = {0};
    struct pdf_text page;
    enum sting_status status = pdf_file_text(file, 0, &page, fault);
    if (!status) {
        status = wanted_read(wanted, &want);
    }
    *found = 0;
    *spot = (struct pdf_spot){0};
    for (int p = 0; !status && want.plain.size > 0 && p < file->pages; p++) {
        for (uint32_t c = 0; !status && c < file->page[p].contents; c++) {
            if (*found == 0) {
                spot->page = (uint32_t)p;
                spot->content = c;
            }
            status = content_find(&file->page[p].content[c], &want, found, spot,
                                  text);
        }
    }
    plain_release(&want.plain);
    return status;
}
