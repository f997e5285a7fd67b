#include "pdf/edit.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/edit_pen.h"
#include "pdf/lexer.h"
#include "pdf/spell.h"

static struct pdf_move move_of(const struct pdf_moves *moves, uint32_t word)
{
    return word < moves->moves ? moves->move[word] : (struct pdf_move){0};
}

/* Does the word want another displacement than the one in force? */
static bool turns(const struct edit_pen *pen, uint32_t last, uint32_t word,
                  const struct pdf_moves *moves)
{
    struct pdf_move from = move_of(moves, last);
    struct pdf_move to = move_of(moves, word);
    return pen->always || from.along_pt < to.along_pt ||
           from.along_pt > to.along_pt || from.across_pt < to.across_pt ||
           from.across_pt > to.across_pt;
}

static void turn_to(struct edit_pen *pen, uint32_t word,
                    const struct pdf_moves *moves)
{
    const struct content_show *show = pen->show;
    struct pdf_move move = move_of(moves, word);
    double along =
        show->step_pt < 0 ? (double)move.along_pt / show->step_pt : 0;
    double ten = pow(10, spell_decimals(show->step_pt, SPELL_PT));
    along = round(along * ten) / ten;
    double across = show->rise_pt > 1e-9 || show->rise_pt < -1e-9
                        ? (double)move.across_pt / show->rise_pt
                        : 0;
    edit_pen_shift(pen, along, true);
    edit_pen_rise(pen, show->rise + across, true);
}

void edit_seams_release(struct edit_seams *seams)
{
    free(seams->seam);
    *seams = (struct edit_seams){0};
}

static void note_seam(struct edit_pen *pen, uint32_t from, uint32_t to,
                      size_t begin)
{
    struct edit_seams *seams = pen->seams;
    if (!seams || pen->status) {
        return;
    }
    if (seams->seams == seams->room) {
        uint32_t room = seams->room ? 2 * seams->room : 64;
        void *grown = reallocarray(seams->seam, room, sizeof *seams->seam);
        if (!grown) {
            pen->status = STING_E_NOMEM;
            return;
        }
        seams->seam = grown;
        seams->room = room;
    }
    seams->seam[seams->seams++] =
        (struct edit_seam){from, to, begin, pen->out->size};
}

/* The next glyph is of another word. */
static void meet_word(struct edit_pen *pen, uint32_t *last, uint32_t word,
                      const struct pdf_moves *moves, char first)
{
    size_t begin = pen->out->size;
    if (turns(pen, *last, word, moves)) {
        turn_to(pen, word, moves);
    }
    if (pen->seams) {
        edit_pen_open(pen, first);
        note_seam(pen, *last, word, begin);
    }
    *last = word;
}

/* One string of the operator; *glyph and *last run on from string to
 * string. Blanks go with the word before them. */
static void put_string(struct edit_pen *pen, struct bytes text,
                       struct lexer_token token,
                       const struct content_glyph **glyph, uint32_t *last,
                       const struct pdf_moves *moves)
{
    struct buffer string STING_AUTO(buffer_release) = {0};
    size_t from = 0, at = 0;
    char first = (char)text.data[token.begin];
    if (!pen->status) {
        pen->status = pdf_string_read(text, token, &string);
    }
    while (!pen->status && at < string.size) {
        const struct content_glyph *g = (*glyph)++;
        if (g->word != WORD_NONE && g->word != *last) {
            edit_pen_glyphs(pen, (struct bytes){string.data + from, at - from},
                            first);
            meet_word(pen, last, g->word, moves, first);
            from = at;
        }
        at += g->bytes;
    }
    edit_pen_glyphs(pen, (struct bytes){string.data + from, at - from}, first);
}

static void put_array(struct edit_pen *pen, struct bytes text,
                      struct lexer_token array,
                      const struct content_glyph *glyph, uint32_t *last,
                      const struct pdf_moves *moves)
{
    struct lexer lexer = {{text.data, array.end}, array.begin + 1};
    for (;;) {
        struct lexer_token token = pdf_lexer_object(&lexer);
        if (token.kind == TOKEN_END) {
            return;
        }
        if (token.kind == TOKEN_STRING) {
            put_string(pen, text, token, &glyph, last, moves);
        } else if (token.kind == TOKEN_NUMBER) {
            edit_pen_take(pen, token.number, pdf_token_bytes(text, token));
        }
    }
}

/* A null edit is of the text as it stands, all others of the lean one. */
static struct bytes source_of(const struct content *content,
                              const struct pdf_moves *moves)
{
    return buffer_bytes(moves->always ? &content->text : &content->lean);
}

struct span {
    size_t begin, end;
};

static struct span span_of(const struct content_show *show,
                           const struct pdf_moves *moves)
{
    return moves->always ? (struct span){show->begin, show->end}
                         : (struct span){show->lean_begin, show->lean_end};
}

static size_t begin_of(const struct content_part *part,
                       const struct pdf_moves *moves)
{
    return moves->always ? part->begin : part->lean_begin;
}

struct bytes edit_part(const struct content *content, uint32_t part,
                       const struct pdf_moves *moves)
{
    struct bytes text = source_of(content, moves);
    size_t begin = begin_of(&content->part[part], moves);
    size_t end = part + 1 < content->parts
                     ? begin_of(&content->part[part + 1], moves)
                     : text.size;
    return (struct bytes){text.data + begin, end - begin - 1};
}

/* What ' and " do before they show. */
static struct lexer_token put_lead(struct edit_pen *pen, struct bytes text,
                                   struct lexer *lexer)
{
    struct lexer_token token = pdf_lexer_object(lexer);
    if (pen->show->kind == SHOW_NEXT || pen->show->kind == SHOW_SPACED) {
        edit_pen_gap(pen);
    }
    if (pen->show->kind == SHOW_SPACED) {
        edit_pen_put(pen, pdf_token_bytes(text, token));
        edit_pen_text(pen, " Tw ");
        edit_pen_put(pen, pdf_token_bytes(text, pdf_lexer_object(lexer)));
        edit_pen_text(pen, " Tc ");
        token = pdf_lexer_object(lexer);
    }
    if (pen->show->kind == SHOW_NEXT || pen->show->kind == SHOW_SPACED) {
        edit_pen_text(pen, "T*");
    }
    return token;
}

uint32_t edit_run(const struct content *content,
                  const struct content_show *show,
                  const struct pdf_moves *moves)
{
    const struct content_show *end = content->show + content->shows;
    uint32_t shows = 1;
    while (!moves->always && show + shows < end && show[shows].goes_on) {
        shows++;
    }
    return shows;
}

/* Of a run, the next operator: how many shows are in it, and glyphs. */
struct step {
    uint32_t shows, glyphs;
};

static struct step step_of(const struct content_show *show, uint32_t left)
{
    struct step step = {1, show->glyphs};
    while (step.shows < left && show[step.shows].is_joined) {
        step.glyphs += show[step.shows++].glyphs;
    }
    return step;
}

/* No other word begins among these glyphs. */
static bool meets_none(const struct content_glyph *glyph, uint32_t glyphs,
                       uint32_t last)
{
    for (uint32_t g = 0; g < glyphs; g++) {
        if (glyph[g].word != WORD_NONE && glyph[g].word != last) {
            return false;
        }
    }
    return true;
}

/* Numbers of the next operator may be of another size. */
static void take_up(struct edit_pen *pen, const struct content_show *show)
{
    bool is_same = pen->show->step_pt >= show->step_pt &&
                   pen->show->step_pt <= show->step_pt;
    if (!is_same) {
        pen->along = show->step_pt < 0
                         ? pen->along * pen->show->step_pt / show->step_pt
                         : 0;
    }
    pen->show = show;
}

static void put_operator(struct edit_pen *pen, struct bytes text,
                         struct span span, const struct content_glyph *glyph,
                         uint32_t *last, const struct pdf_moves *moves)
{
    struct lexer lexer = {{text.data, span.end}, span.begin};
    struct lexer_token shown = put_lead(pen, text, &lexer);
    if (shown.kind == TOKEN_ARRAY) {
        put_array(pen, text, shown, glyph, last, moves);
    } else {
        put_string(pen, text, shown, &glyph, last, moves);
    }
}

/* All of a run but what ends it. */
static void put_run(struct edit_pen *pen, const struct content *content,
                    const struct content_show *show, uint32_t shows,
                    uint32_t *last, const struct pdf_moves *moves)
{
    const struct bytes text = source_of(content, moves);
    size_t at = span_of(show, moves).begin;
    for (uint32_t i = 0; i < shows;) {
        const struct content_glyph *glyph =
            content->glyph + show[i].first_glyph;
        struct step step = step_of(&show[i], shows - i);
        struct span span = span_of(&show[i], moves);
        if (i > 0) {
            edit_pen_settle(pen);
            edit_pen_close(pen);
        }
        edit_pen_put(pen, (struct bytes){text.data + at, span.begin - at});
        take_up(pen, &show[i]);
        if (i > 0 && meets_none(glyph, step.glyphs, *last)) {
            edit_pen_put(pen, (struct bytes){text.data + span.begin,
                                             span.end - span.begin});
        } else {
            put_operator(pen, text, span, glyph, last, moves);
        }
        at = span.end;
        i += step.shows;
    }
}

enum sting_status edit_show(const struct content *content,
                            const struct content_show *show,
                            const struct pdf_moves *moves, struct buffer *out,
                            struct edit_seams *seams)
{
    struct edit_pen pen = {.out = out,
                           .show = show,
                           .seams = seams,
                           .always = moves->always,
                           .rise = show->rise};
    uint32_t last = WORD_NONE, shows = edit_run(content, show, moves);
    put_run(&pen, content, show, shows, &last, moves);
    size_t begin = out->size;
    if (moves->always || !show[shows - 1].ends_line) {
        edit_pen_shift(&pen, 0, false);
    }
    edit_pen_settle(&pen);
    edit_pen_close(&pen);
    edit_pen_rise(&pen, show->rise, false);
    note_seam(&pen, last, WORD_NONE, begin);
    return pen.status;
}

bool edit_touches_show(const struct content *content,
                       const struct content_show *show,
                       const struct pdf_moves *moves)
{
    const struct content_show *last = show + edit_run(content, show, moves) - 1;
    uint32_t end = last->first_glyph + last->glyphs;
    for (uint32_t g = show->first_glyph; g < end; g++) {
        struct pdf_move move = move_of(moves, content->glyph[g].word);
        if (moves->always || fabsf(move.along_pt) > 0 ||
            fabsf(move.across_pt) > 0) {
            return true;
        }
    }
    return false;
}

/* The operator cannot be written anew: a null edit keeps the parts apart. */
static bool is_kept(const struct content *content,
                    const struct content_show *show,
                    const struct pdf_moves *moves)
{
    for (uint32_t i = 0; moves->always && i < content->parts; i++) {
        if (content->part[i].begin > show->begin &&
            content->part[i].begin < show->end) {
            return true;
        }
    }
    return show->lean_end == 0;
}

bool edit_touches(const struct content *content, const struct pdf_moves *moves)
{
    for (uint32_t s = 0; s < content->shows;
         s += edit_run(content, &content->show[s], moves)) {
        if (edit_touches_show(content, &content->show[s], moves)) {
            return true;
        }
    }
    return false;
}

static enum sting_status copy(const struct content *content, struct span span,
                              const struct pdf_moves *moves, struct buffer *out,
                              size_t *part_begin)
{
    for (uint32_t i = 0; i < content->parts; i++) {
        size_t begin = begin_of(&content->part[i], moves);
        if (begin >= span.begin && begin <= span.end) {
            part_begin[i] = out->size + (begin - span.begin);
        }
    }
    struct bytes text = source_of(content, moves);
    return buffer_append(
        out, (struct bytes){text.data + span.begin, span.end - span.begin});
}

enum sting_status edit_content(const struct content *content,
                               const struct pdf_moves *moves,
                               struct buffer *out, size_t *part_begin)
{
    size_t at = 0;
    enum sting_status status = STING_OK;
    out->size = 0;
    for (uint32_t s = 0; !status && s < content->shows;) {
        const struct content_show *show = &content->show[s];
        s += edit_run(content, show, moves);
        struct span span = {span_of(show, moves).begin,
                            span_of(&content->show[s - 1], moves).end};
        if (!edit_touches_show(content, show, moves) ||
            is_kept(content, show, moves)) {
            continue;
        }
        status = copy(content, (struct span){at, span.begin}, moves, out,
                      part_begin);
        if (!status) {
            status = edit_show(content, show, moves, out, NULL);
        }
        at = span.end;
    }
    if (!status) {
        status =
            copy(content, (struct span){at, source_of(content, moves).size},
                 moves, out, part_begin);
    }
    return status;
}
