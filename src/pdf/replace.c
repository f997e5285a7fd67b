/* Texts put in place of others, in the content streams. */
#include "pdf/replace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "pdf/face.h"
#include "pdf/file_state.h"
#include "pdf/lexer.h"

#define WIDE_GAP_EM 1.5 /* an end of a line, or a cell of a table */
#define END_PT 0.08     /* that may move by so much there */
#define MOST_PT 0.20    /* and elsewhere by so much .. */
#define GAP_PART 0.07   /* .. and this part of the gap */
#define FINE 0.0005     /* of a TJ number */

/* One text on its way into a stream. */
struct patch {
    const struct pdf_swap *swap;
    const struct content_show *show;
    struct buffer code; /* owned: of the new text */
    double number;      /* TJ number that takes back the change of width */
};

static enum sting_status refuse(struct fault *fault,
                                const struct pdf_swap *swap, const char *why)
{
    return fault_set(fault, STING_E_UNSUPPORTED, "choose another wording",
                     "\"%.*s\" cannot stand on page %u: %s",
                     (int)swap->text.size, (const char *)swap->text.data,
                     swap->spot.page + 1, why);
}

static const struct content_show *show_of(const struct content *content,
                                          const struct pdf_spot *spot)
{
    for (uint32_t s = 0; s < content->shows; s++) {
        const struct content_show *show = &content->show[s];
        if (spot->glyph >= show->first_glyph &&
            spot->glyph + spot->glyphs <= show->first_glyph + show->glyphs) {
            return show;
        }
    }
    return NULL;
}

/* A boundary between two streams lies inside this operator. */
static bool is_split(const struct content *content,
                     const struct content_show *show)
{
    for (uint32_t i = 0; i < content->parts; i++) {
        if (content->part[i].begin > show->begin &&
            content->part[i].begin < show->end) {
            return true;
        }
    }
    return false;
}

static enum sting_status check_spot(const struct pdf_file *file,
                                    const struct pdf_swap *swap,
                                    struct fault *fault)
{
    const struct pdf_spot *spot = &swap->spot;
    if (spot->page >= (uint32_t)file->pages || spot->glyphs == 0 ||
        spot->content >= file->page[spot->page].contents ||
        swap->text.size == 0 || swap->text.size > REPLACE_MOST_TEXT) {
        return STING_E_ARG;
    }
    const struct page_content *page = &file->page[spot->page];
    const struct content *content = &page->content[spot->content];
    if (spot->glyphs > content->glyphs ||
        spot->glyph > content->glyphs - spot->glyphs) {
        return STING_E_ARG;
    }
    uint32_t word = content->glyph[spot->glyph].word;
    for (uint32_t g = 0; g < spot->glyphs; g++) {
        if (content->glyph[spot->glyph + g].word != word || word == WORD_NONE) {
            return refuse(fault, swap, "its place is more than one word");
        }
    }
    if (page->list.word[word].family > 0 ||
        page->list.word[word].flags &
            (PDF_WORD_HIDDEN | PDF_WORD_SHARED | PDF_WORD_VERTICAL)) {
        return refuse(fault, swap,
                      "its place is hidden, askew, or drawn more than once");
    }
    const struct content_show *show = show_of(content, spot);
    return show && !is_split(content, show)
               ? STING_OK
               : refuse(fault, swap,
                        "its place is drawn by more than one operator");
}

/* Codes of the new text; *width is theirs at size 1, *count their number. */
static enum sting_status encode(const struct content *content,
                                struct patch *patch, double *width,
                                uint32_t *count, struct fault *fault)
{
    const struct pdf_swap *swap = patch->swap;
    struct face *face = content->glyph[swap->spot.glyph].face;
    enum sting_status status = STING_OK;
    for (size_t at = 0, size = 0; !status && at < swap->text.size; at += size) {
        struct bytes rest = {swap->text.data + at, swap->text.size - at};
        struct face_code code;
        uint32_t unicode = plain_decode(rest, &size);
        if (!face_encode(face, (int)unicode, &code)) {
            char why[80];
            snprintf(why, sizeof why, "its font has no glyph for \"%.*s\"",
                     (int)size, (const char *)rest.data);
            return refuse(fault, swap, why);
        }
        status = buffer_append(&patch->code,
                               (struct bytes){code.byte, (size_t)code.bytes});
        *width += code.width;
        ++*count;
    }
    return status;
}

/* How far a word may grow or shrink without being seen: the gap behind it. */
static double room_of(const struct page_content *page, uint32_t word)
{
    const struct pdf_word *at = &page->list.word[word];
    double room = END_PT;
    for (uint32_t w = 0; w < page->list.words; w++) {
        const struct pdf_word *next = &page->list.word[w];
        double gap = (double)(next->from_pt - at->to_pt);
        bool follows =
            w != word && gap > 0 && gap < WIDE_GAP_EM * (double)at->em_pt &&
            next->ux * at->ux + next->uy * at->uy > 0.999F &&
            fabsf(next->baseline_pt - at->baseline_pt) < 0.1F * at->em_pt;
        if (follows) {
            double most = fmin(MOST_PT, GAP_PART * gap);
            room = room >= END_PT ? most : fmin(room, most);
        }
    }
    return room;
}

static enum sting_status patch_width(const struct page_content *page,
                                     const struct content *content,
                                     struct patch *patch, double width,
                                     uint32_t count, struct fault *fault)
{
    const struct pdf_spot *spot = &patch->swap->spot;
    const struct content_show *show = patch->show;
    double before = 0;
    for (uint32_t g = 0; g < spot->glyphs; g++) {
        before += (double)content->glyph[spot->glyph + g].width;
    }
    double more = (double)count - (double)spot->glyphs;
    patch->number = 1000 * (width - before) + more * show->spacing;
    double change = patch->number * fabs(show->step_pt);
    double room = room_of(page, content->glyph[spot->glyph].word);
    if (fabs(change) > room + 1e-6) {
        char why[120];
        snprintf(why, sizeof why,
                 "it is %.2f pt %s than what stands there, and %.2f would show",
                 fabs(change), change > 0 ? "wider" : "narrower", room);
        return refuse(fault, patch->swap, why);
    }
    bool is_fixed = show->kind != SHOW_TJ_STRING && show->kind != SHOW_TJ_ARRAY;
    return fabs(patch->number) >= FINE && is_fixed
               ? refuse(fault, patch->swap,
                        "its width differs and the line is drawn by ' or \"")
               : STING_OK;
}

static enum sting_status patch_init(const struct pdf_file *file,
                                    const struct pdf_swap *swap,
                                    struct patch *out, struct fault *fault)
{
    double width = 0;
    uint32_t count = 0;
    *out = (struct patch){.swap = swap};
    enum sting_status status = check_spot(file, swap, fault);
    if (status) {
        return status;
    }
    const struct page_content *page = &file->page[swap->spot.page];
    const struct content *content = &page->content[swap->spot.content];
    out->show = show_of(content, &swap->spot);
    status = encode(content, out, &width, &count, fault);
    return status ? status
                  : patch_width(page, content, out, width, count, fault);
}

/* The patches of one operator, in order. */
struct run {
    const struct patch *patch;
    size_t count;
};

static const struct patch *patch_at(const struct run *run, uint32_t glyph)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct pdf_spot *spot = &run->patch[i].swap->spot;
        if (glyph >= spot->glyph && glyph - spot->glyph < spot->glyphs) {
            return &run->patch[i];
        }
    }
    return NULL;
}

/* What has come together of a string, and the number that follows it. */
static enum sting_status put_cut(struct buffer *piece, bool is_hex,
                                 double number, struct buffer *out)
{
    enum sting_status status =
        pdf_string_write(buffer_bytes(piece), is_hex, out);
    piece->size = 0;
    return status ? status : buffer_printf(out, "%.3f", number);
}

/* A string token again, with glyphs replaced. *glyph runs on from string to
 * string. */
static enum sting_status put_string(const struct content *content,
                                    const struct run *run,
                                    struct lexer_token token, uint32_t *glyph,
                                    struct buffer *out)
{
    const struct bytes text = buffer_bytes(&content->text);
    bool is_hex = text.data[token.begin] == '<';
    struct buffer string STING_AUTO(buffer_release) = {0};
    struct buffer piece STING_AUTO(buffer_release) = {0};
    enum sting_status status = pdf_string_read(text, token, &string);
    for (size_t at = 0; !status && at < string.size; ++*glyph) {
        const struct patch *patch = patch_at(run, *glyph);
        struct bytes old = {string.data + at, content->glyph[*glyph].bytes};
        bool is_first = patch && *glyph == patch->swap->spot.glyph;
        bool is_last = patch && *glyph + 1 == patch->swap->spot.glyph +
                                                  patch->swap->spot.glyphs;
        if (is_first || !patch) {
            status = buffer_append(&piece,
                                   is_first ? buffer_bytes(&patch->code) : old);
        }
        if (!status && is_last && fabs(patch->number) >= FINE) {
            status = put_cut(&piece, is_hex, patch->number, out);
        }
        at += old.size;
    }
    return status ? status
                  : pdf_string_write(buffer_bytes(&piece), is_hex, out);
}

static enum sting_status put_raw(const struct content *content, size_t from,
                                 size_t to, struct buffer *out)
{
    return buffer_append(out,
                         (struct bytes){content->text.data + from, to - from});
}

static bool has_number(const struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (fabs(run->patch[i].number) >= FINE) {
            return true;
        }
    }
    return false;
}

/* Strings of an array, or the one of another operator; what lies between
 * them stays byte for byte. */
static enum sting_status put_show(const struct content *content,
                                  const struct run *run, struct buffer *out)
{
    const struct content_show *show = run->patch->show;
    const struct bytes text = {content->text.data, show->end};
    struct lexer lexer = {text, show->begin};
    uint32_t glyph = show->first_glyph;
    bool becomes_array = show->kind == SHOW_TJ_STRING && has_number(run);
    size_t at = show->begin;
    enum sting_status status =
        buffer_text_append(out, becomes_array ? "[" : "");
    struct lexer_token token = pdf_lexer_next(&lexer);
    for (; !status && token.kind != TOKEN_END; token = pdf_lexer_next(&lexer)) {
        if (token.kind != TOKEN_STRING) {
            continue;
        }
        status = put_raw(content, at, token.begin, out);
        if (!status) {
            status = put_string(content, run, token, &glyph, out);
        }
        at = token.end;
    }
    if (!status && becomes_array) {
        return buffer_text_append(out, "]TJ");
    }
    return status ? status : put_raw(content, at, show->end, out);
}

/* All patches of one run of write.c. */
struct patches {
    const struct patch *patch;
    size_t count;
};

static bool is_of(const struct patch *patch, int page, uint32_t content)
{
    return patch->swap->spot.page == (uint32_t)page &&
           patch->swap->spot.content == content;
}

static bool patches_touch(const void *context, int page, uint32_t content)
{
    const struct patches *patches = context;
    for (size_t i = 0; i < patches->count; i++) {
        if (is_of(&patches->patch[i], page, content)) {
            return true;
        }
    }
    return false;
}

/* Bytes as they are, noting where parts begin. */
static enum sting_status copy(const struct content *content, size_t from,
                              size_t to, struct buffer *out, size_t *part_begin)
{
    for (uint32_t i = 0; i < content->parts; i++) {
        if (content->part[i].begin >= from && content->part[i].begin < to) {
            part_begin[i] = out->size + (content->part[i].begin - from);
        }
    }
    return put_raw(content, from, to, out);
}

/* The patches from `first` on that are in its operator. */
static struct run run_from(const struct patches *patches, size_t first)
{
    struct run run = {&patches->patch[first], 1};
    while (first + run.count < patches->count &&
           patches->patch[first + run.count].show == run.patch->show) {
        run.count++;
    }
    return run;
}

static enum sting_status patches_edit(const void *context, int page,
                                      uint32_t number,
                                      const struct content *content,
                                      struct buffer *out, size_t *part_begin)
{
    const struct patches *patches = context;
    enum sting_status status = STING_OK;
    size_t at = 0;
    for (size_t i = 0; !status && i < patches->count;) {
        const struct run run = run_from(patches, i);
        i += run.count;
        if (!is_of(run.patch, page, number)) {
            continue;
        }
        if (run.patch->show->begin < at) {
            return STING_E_ARG; /* not in order */
        }
        status = copy(content, at, run.patch->show->begin, out, part_begin);
        if (!status) {
            status = put_show(content, &run, out);
        }
        at = run.patch->show->end;
    }
    return status ? status
                  : copy(content, at, content->text.size, out, part_begin);
}

static enum sting_status write_all(struct pdf_file *file,
                                   const struct pdf_swap *swap, size_t swaps,
                                   struct patch *patch, struct buffer *out,
                                   struct fault *fault)
{
    const struct patches patches = {patch, swaps};
    const struct write_edit edit = {patches_touch, patches_edit, &patches};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < swaps; i++) {
        status = patch_init(file, &swap[i], &patch[i], fault);
    }
    return status ? status : pdf_file_write_edit(file, &edit, out, fault);
}

enum sting_status pdf_file_replace(struct pdf_file *file,
                                   const struct pdf_swap *swap, size_t swaps,
                                   struct buffer *out, struct fault *fault)
{
    struct pdf_text text;
    struct patch *patch = calloc(swaps + 1, sizeof *patch);
    enum sting_status status =
        patch ? pdf_file_text(file, 0, &text, fault) : STING_E_NOMEM;
    if (!status) {
        status = write_all(file, swap, swaps, patch, out, fault);
    }
    for (size_t i = 0; patch && i < swaps; i++) {
        buffer_release(&patch[i].code);
    }
    free(patch);
    return status;
}
