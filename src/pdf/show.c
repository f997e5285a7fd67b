/* Text-showing operators: where every glyph lands. ISO 32000-1, 9.4.4. */
#include <math.h>
#include <stdlib.h>

#include "pdf/scan.h"

#define FIRST_ROOM 128
#define MODE_INVISIBLE 3 /* this and the clipping modes above it */

static enum sting_status grow(void **array, uint32_t used, uint32_t *room,
                              size_t size)
{
    if (used < *room) {
        return STING_OK;
    }
    uint32_t wanted = *room ? *room * 2 : FIRST_ROOM;
    void *grown = wanted > *room ? reallocarray(*array, wanted, size) : NULL;
    if (!grown) {
        return STING_E_NOMEM;
    }
    *array = grown;
    *room = wanted;
    return STING_OK;
}

static enum sting_status add_glyph(struct content *content, uint32_t word,
                                   struct face *face,
                                   const struct face_glyph *glyph)
{
    void *array = content->glyph;
    enum sting_status status = grow(
        &array, content->glyphs, &content->glyphs_room, sizeof *content->glyph);
    content->glyph = array;
    if (!status) {
        content->glyph[content->glyphs++] =
            (struct content_glyph){word, glyph->unicode, face,
                                   (float)glyph->width, (uint8_t)glyph->bytes};
    }
    return status;
}

static void move_text(struct scan *scan, double x, double y)
{
    struct place_map by = {1, 0, 0, 1, x, y};
    scan->text = place_map_then(by, scan->text);
}

/* Glyph space at size 1 to the display. */
static struct place_map glyph_map(const struct scan *scan)
{
    const struct scan_state *s = &scan->state;
    struct place_map size = {s->size * s->stretch, 0, 0, s->size, 0, s->rise};
    return place_map_then(place_map_then(size, scan->text), s->ctm);
}

static uint8_t glyph_flags(const struct scan *scan, struct place_map map,
                           int unicode)
{
    const struct scan_state *s = &scan->state;
    double length = hypot(map.a, map.b);
    bool askew = fmin(fabs(map.a), fabs(map.b)) > 1e-3 * length ||
                 fabs(map.a * map.c + map.b * map.d) > 0.5 * length * length;
    unsigned flags = 0;
    flags |= s->mode >= MODE_INVISIBLE || scan->hidden_from > 0
                 ? PDF_WORD_HIDDEN
                 : 0U;
    flags |= askew || face_is_vertical(s->face) ? PDF_WORD_VERTICAL : 0U;
    flags |= face_script(unicode);
    flags |= face_is_fixed_pitch(s->face) ? PDF_WORD_FIXED_PITCH : 0U;
    return (uint8_t)flags;
}

static void advance(struct scan *scan, const struct face_glyph *glyph)
{
    const struct scan_state *s = &scan->state;
    struct place_map map = place_map_then(scan->text, s->ctm);
    scan->drift_pt += glyph->drift * s->size * s->stretch * hypot(map.a, map.b);
    double space = glyph->is_space ? s->word_space : 0;
    if (!glyph->is_shown) {
        move_text(scan, space * s->stretch, 0);
    } else if (face_is_vertical(s->face)) {
        move_text(scan, 0, glyph->height * s->size + s->char_space + space);
    } else {
        move_text(scan,
                  (glyph->width * s->size + s->char_space + space) * s->stretch,
                  0);
    }
}

static enum sting_status show_glyph(struct scan *scan,
                                    const struct face_glyph *glyph,
                                    const struct content_show *show)
{
    uint32_t word = WORD_NONE;
    enum sting_status status = STING_OK;
    if (glyph->is_shown) {
        struct word_glyph shown = {
            .map = glyph_map(scan),
            .advance = glyph->width,
            .reader_size = face_reader_size(scan->state.face),
            .box = glyph->box,
            .step_pt = fabs(show->step_pt),
            .has_ink = glyph->has_ink,
            .is_digit = glyph->is_digit,
            .is_sign = face_is_sign(glyph->unicode),
            .may_follow = face_is_type3(scan->state.face),
        };
        shown.flags = glyph_flags(scan, shown.map, glyph->unicode);
        status = word_list_take(&scan->page->list, &shown, &word);
        if (status == STING_E_LIMIT) {
            return fault_set(scan->fault, status, "split it into parts",
                             "a page shows more than %d words", WORD_MOST);
        }
    }
    advance(scan, glyph);
    return status ? status
                  : add_glyph(&scan->page->content[scan->content], word,
                              scan->state.face, glyph);
}

static enum sting_status show_string(struct scan *scan,
                                     struct lexer_token token,
                                     const struct content_show *show)
{
    struct buffer string STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        pdf_string_read(scan->lexer.text, token, &string);
    for (size_t at = 0; !status && at < string.size;) {
        struct bytes rest = {string.data + at, string.size - at};
        struct face_glyph glyph = face_glyph(scan->state.face, rest);
        if ((size_t)glyph.bytes > rest.size) {
            glyph.bytes = (int)rest.size;
        }
        status = show_glyph(scan, &glyph, show);
        at += (size_t)glyph.bytes;
    }
    return status;
}

static enum sting_status show_array(struct scan *scan, struct lexer_token array,
                                    const struct content_show *show)
{
    const struct scan_state *s = &scan->state;
    struct bytes text = {scan->lexer.text.data, array.end};
    struct lexer lexer = {text, array.begin + 1};
    enum sting_status status = STING_OK;
    struct lexer_token token = pdf_lexer_object(&lexer);
    for (; !status && token.kind != TOKEN_END;
         token = pdf_lexer_object(&lexer)) {
        if (token.kind == TOKEN_STRING) {
            status = show_string(scan, token, show);
        } else if (token.kind == TOKEN_NUMBER) {
            double shift = -token.number * s->size * 0.001;
            bool down = face_is_vertical(s->face);
            move_text(scan, down ? 0 : shift * s->stretch, down ? shift : 0);
        }
    }
    return status;
}

static struct content_show describe(struct scan *scan, enum show_kind kind,
                                    size_t end)
{
    const struct scan_state *s = &scan->state;
    struct place_map map = place_map_then(scan->text, s->ctm);
    int used = kind == SHOW_SPACED ? 3 : 1;
    double along = hypot(map.a, map.b), across = hypot(map.c, map.d);
    return (struct content_show){
        .begin = scan->operand[scan->operands - used].begin,
        .end = end,
        .kind = (uint8_t)kind,
        .first_glyph = scan->page->content[scan->content].glyphs,
        /* a positive number moves against the writing direction */
        .step_pt = -0.001 * fabs(s->size * s->stretch) * along,
        .spacing = fabs(s->size) > 0 ? 1000 * s->char_space / s->size : 0,
        .rise = s->rise,
        .rise_pt = s->size < 0 ? -across : across,
    };
}

static enum sting_status add_show(struct scan *scan,
                                  const struct content_show *show)
{
    struct content *content = &scan->page->content[scan->content];
    void *array = content->show;
    enum sting_status status = grow(
        &array, content->shows, &content->shows_room, sizeof *content->show);
    content->show = array;
    if (!status) {
        content->show[content->shows] = *show;
        content->show[content->shows++].glyphs =
            content->glyphs - show->first_glyph;
    }
    return status;
}

enum sting_status scan_show(struct scan *scan, enum show_kind kind, size_t end)
{
    int used = kind == SHOW_SPACED ? 3 : 1;
    if (scan->operands < used) {
        return STING_OK;
    }
    if (kind == SHOW_SPACED) {
        scan->state.word_space = scan_number(scan, 3);
        scan->state.char_space = scan_number(scan, 2);
    }
    if (kind == SHOW_NEXT || kind == SHOW_SPACED) {
        scan_next_line(scan, 0, -scan->state.leading);
    }
    struct lexer_token shown = scan->operand[scan->operands - 1];
    enum lexer_kind wanted = kind == SHOW_TJ_ARRAY ? TOKEN_ARRAY : TOKEN_STRING;
    if (!scan->state.face || shown.kind != wanted) {
        return STING_OK;
    }
    struct content_show show = describe(scan, kind, end);
    scan->drift_pt = 0;
    enum sting_status status = wanted == TOKEN_ARRAY
                                   ? show_array(scan, shown, &show)
                                   : show_string(scan, shown, &show);
    return status ? status : add_show(scan, &show);
}
