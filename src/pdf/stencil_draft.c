#include "pdf/stencil_draft.h"

#include <math.h>
#include <stdlib.h>

/* One part being made. */
struct draft {
    const struct content *content;
    const struct pdf_moves *most;
    struct pdf_move *move;  /* borrowed scratch: all words of the page, 0 */
    uint8_t *turn;          /* borrowed scratch, of all words: 0, or 1 more
                               than whether it is an odd one of its operator */
    struct flate_text text; /* owned */
    struct stencil_meeting *meeting; /* owned */
    uint32_t room;
};

static void draft_release(struct draft *draft)
{
    flate_text_release(&draft->text);
    free(draft->meeting);
}

/* An operator as it comes out for each pair of states: of its even words and
 * of its odd ones. */
struct variants {
    struct buffer text[STENCIL_STATES * STENCIL_STATES]; /* owned */
    struct edit_seams seams[STENCIL_STATES * STENCIL_STATES];
    size_t states;
};

static void variants_release(struct variants *variants)
{
    for (size_t i = 0; i < sizeof variants->text / sizeof *variants->text;
         i++) {
        buffer_release(&variants->text[i]);
        edit_seams_release(&variants->seams[i]);
    }
}

static struct pdf_move move_in(struct pdf_move most, size_t state)
{
    return (struct pdf_move){
        .along_pt = state & 1 ? most.along_pt : -most.along_pt,
        .across_pt = state & 2 ? most.across_pt : -most.across_pt,
    };
}

static struct pdf_move most_of(const struct draft *draft, uint32_t word)
{
    return word < draft->most->moves ? draft->most->move[word]
                                     : (struct pdf_move){0};
}

static const struct content_glyph *glyph_of(const struct draft *draft,
                                            const struct content_show *show,
                                            uint32_t g)
{
    return &draft->content->glyph[show->first_glyph + g];
}

/* Of the operators that are written as one. */
static uint32_t glyphs_of(const struct draft *draft,
                          const struct content_show *show)
{
    uint32_t shows = edit_run(draft->content, show, draft->most);
    return show[shows - 1].first_glyph + show[shows - 1].glyphs -
           show->first_glyph;
}

/* Number the words of an operator; a word that comes again must be as odd as
 * it was. */
static bool number_words(struct draft *draft, const struct content_show *show,
                         size_t *states)
{
    uint32_t last = WORD_NONE, glyphs = glyphs_of(draft, show);
    uint8_t odd = 0;
    bool good = true;
    *states = 2;
    for (uint32_t g = 0; g < glyphs; g++) {
        uint32_t word = glyph_of(draft, show, g)->word;
        if (word == WORD_NONE || word == last || word >= draft->most->moves) {
            continue;
        }
        good = good && (draft->turn[word] == 0 || draft->turn[word] == odd + 1);
        draft->turn[word] = (uint8_t)(odd + 1);
        *states = fabsf(most_of(draft, word).across_pt) > 0 ? STENCIL_STATES
                                                            : *states;
        odd = !odd;
        last = word;
    }
    return good;
}

static void set_words(struct draft *draft, const struct content_show *show,
                      size_t even, size_t odd)
{
    uint32_t glyphs = glyphs_of(draft, show);
    for (uint32_t g = 0; g < glyphs; g++) {
        uint32_t word = glyph_of(draft, show, g)->word;
        if (word < draft->most->moves) {
            draft->move[word] = move_in(most_of(draft, word),
                                        draft->turn[word] == 2 ? odd : even);
        }
    }
}

static void clear_words(struct draft *draft, const struct content_show *show)
{
    uint32_t glyphs = glyphs_of(draft, show);
    for (uint32_t g = 0; g < glyphs; g++) {
        uint32_t word = glyph_of(draft, show, g)->word;
        if (word < draft->most->moves) {
            draft->move[word] = (struct pdf_move){0};
            draft->turn[word] = 0;
        }
    }
}

/* What stands before an operator decides whether it begins with a blank. */
static struct bytes byte_before(const struct content *content,
                                const struct content_show *show)
{
    return show->lean_begin > 0
               ? (struct bytes){content->lean.data + show->lean_begin - 1, 1}
               : bytes_of_text("\n");
}

static enum sting_status make_variants(struct draft *draft,
                                       const struct content_show *show,
                                       struct variants *variants)
{
    const struct pdf_moves moves = {.move = draft->move,
                                    .moves = draft->most->moves};
    size_t n = variants->states;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < n * n; i++) {
        set_words(draft, show, i / n, i % n);
        status = buffer_append(&variants->text[i],
                               byte_before(draft->content, show));
        if (status) {
            break;
        }
        status = edit_show(draft->content, show, &moves, &variants->text[i],
                           &variants->seams[i]);
    }
    return status;
}

/* Which variant has these states of two words that meet. */
static size_t variant_of(const struct draft *draft, size_t states,
                         const struct edit_seam *seam, size_t from, size_t to)
{
    bool has_from = seam->from < draft->most->moves;
    bool has_to = seam->to < draft->most->moves;
    bool from_is_odd = has_from && draft->turn[seam->from] == 2;
    bool to_is_odd = has_to && draft->turn[seam->to] == 2;
    if (has_from && !has_to) {
        to = from;
    } else if (!has_from) {
        from = to;
        from_is_odd = !to_is_odd;
    }
    return from_is_odd ? to * states + from : from * states + to;
}

static enum sting_status note_meeting(struct draft *draft,
                                      const struct edit_seam *seam,
                                      size_t states)
{
    if (draft->text.seams > draft->room) {
        uint32_t room = draft->room ? 2 * draft->room : 64;
        void *grown =
            reallocarray(draft->meeting, room, sizeof *draft->meeting);
        if (!grown) {
            return STING_E_NOMEM;
        }
        draft->meeting = grown;
        draft->room = room;
    }
    draft->meeting[draft->text.seams - 1] =
        (struct stencil_meeting){seam->from, seam->to, (uint8_t)states};
    return STING_OK;
}

static struct bytes between(const struct buffer *text, size_t begin, size_t end)
{
    return (struct bytes){text->data + begin, end - begin};
}

/* Seam k of the operator, after the bytes before it, which are the same in
 * all variants. */
static enum sting_status add_seam(struct draft *draft,
                                  const struct variants *variants, uint32_t k)
{
    size_t n = variants->states;
    struct bytes way[STENCIL_STATES * STENCIL_STATES];
    const struct edit_seam *first = &variants->seams[0].seam[k];
    size_t at = k > 0 ? first[-1].end : 1; /* behind the byte before it */
    enum sting_status status = buffer_append(
        &draft->text.fixed, between(&variants->text[0], at, first->begin));
    for (size_t i = 0; i < n * n; i++) {
        size_t v = variant_of(draft, n, first, i / n, i % n);
        const struct edit_seam *seam = &variants->seams[v].seam[k];
        way[i] = between(&variants->text[v], seam->begin, seam->end);
    }
    uint32_t before = draft->text.seams;
    if (!status) {
        status = flate_text_seam(&draft->text, way, n * n);
    }
    return status || draft->text.seams == before
               ? status
               : note_meeting(draft, first, n);
}

static bool same_seams(const struct variants *variants)
{
    const struct edit_seams *first = &variants->seams[0];
    for (size_t i = 1; i < variants->states * variants->states; i++) {
        const struct edit_seams *other = &variants->seams[i];
        if (other->seams != first->seams) {
            return false;
        }
        for (uint32_t k = 0; k < first->seams; k++) {
            if (other->seam[k].from != first->seam[k].from ||
                other->seam[k].to != first->seam[k].to) {
                return false;
            }
        }
    }
    return first->seams > 0;
}

static enum sting_status add_show(struct draft *draft,
                                  const struct content_show *show)
{
    struct variants variants STING_AUTO(variants_release) = {0};
    enum sting_status status = number_words(draft, show, &variants.states)
                                   ? make_variants(draft, show, &variants)
                                   : STING_E_UNSUPPORTED;
    if (!status && !same_seams(&variants)) {
        status = STING_E_UNSUPPORTED;
    }
    uint32_t seams = variants.seams[0].seams;
    for (uint32_t k = 0; !status && k < seams; k++) {
        status = add_seam(draft, &variants, k);
    }
    if (!status) {
        status = buffer_append(&draft->text.fixed,
                               between(&variants.text[0],
                                       variants.seams[0].seam[seams - 1].end,
                                       variants.text[0].size));
    }
    clear_words(draft, show);
    return status;
}

static enum sting_status add_lean(struct draft *draft, size_t begin, size_t end)
{
    return buffer_append(&draft->text.fixed,
                         between(&draft->content->lean, begin, end));
}

/* The bytes of part i, with its seams. */
static enum sting_status add_part(struct draft *draft, uint32_t i)
{
    const struct content *content = draft->content;
    size_t at = content->part[i].lean_begin;
    size_t end = i + 1 < content->parts ? content->part[i + 1].lean_begin
                                        : content->lean.size;
    enum sting_status status = STING_OK;
    for (uint32_t s = 0; !status && s < content->shows;) {
        const struct content_show *show = &content->show[s];
        s += edit_run(content, show, draft->most);
        if (show->lean_end == 0 || show->lean_begin < at ||
            show->lean_begin >= end ||
            !edit_touches_show(content, show, draft->most)) {
            continue;
        }
        status = add_lean(draft, at, show->lean_begin);
        if (!status) {
            status = add_show(draft, show);
        }
        at = content->show[s - 1].lean_end;
    }
    return status ? status : add_lean(draft, at, end - 1);
}

static enum sting_status finish_part(struct draft *draft,
                                     enum flate_effort effort,
                                     struct stencil *out)
{
    out->seams = draft->text.seams;
    if (out->seams == 0) {
        return STING_OK;
    }
    out->way = calloc(out->seams, sizeof *out->way);
    if (!out->way) {
        return STING_E_NOMEM;
    }
    out->meeting = draft->meeting;
    draft->meeting = NULL;
    return flate_new(&draft->text, effort, &out->flate);
}

void stencil_release(struct stencil *stencil)
{
    flate_free(&stencil->flate);
    free(stencil->meeting);
    free(stencil->way);
    *stencil = (struct stencil){0};
}

enum sting_status stencil_draft(const struct content *content,
                                const struct pdf_moves *most,
                                const struct stencil_scratch *scratch,
                                uint32_t part, struct stencil *out)
{
    struct draft draft STING_AUTO(draft_release) = {.content = content,
                                                    .most = most,
                                                    .move = scratch->move,
                                                    .turn = scratch->turn};
    enum sting_status status = add_part(&draft, part);
    return status ? status : finish_part(&draft, scratch->effort, out);
}
