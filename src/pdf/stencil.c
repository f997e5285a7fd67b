#include "pdf/stencil.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/edit.h"
#include "pdf/flate.h"

#define STATES 4 /* of a word: right or left, up or down */
#define SAME_PT 1e-6F
#define MOST_BYTES ((size_t)1 << 23) /* of contents: each takes 30 more */

/* Two words meet; each is right or left when `states` is 2. */
struct meeting {
    uint32_t from, to;
    uint8_t states;
};

struct stencil {
    struct flate *flate;     /* owned; NULL: no word of it moves */
    struct meeting *meeting; /* owned; one a seam */
    uint8_t *way;            /* owned; scratch, one a seam */
    uint32_t seams;
};

struct stencil_content {
    struct stencil *part; /* owned */
    uint32_t parts;
    bool is_whole;
};

struct stencil_page {
    struct stencil_content *content; /* owned */
    uint32_t contents;
    struct pdf_move *most; /* owned */
    uint32_t words;
};

struct stencils {
    struct stencil_page *page; /* owned */
    int pages;
};

static void content_release(struct stencil_content *content)
{
    for (uint32_t i = 0; content->part && i < content->parts; i++) {
        flate_free(&content->part[i].flate);
        free(content->part[i].meeting);
        free(content->part[i].way);
    }
    free(content->part);
    *content = (struct stencil_content){0};
}

void stencils_free(struct stencils **stencils)
{
    struct stencils *s = *stencils;
    for (int p = 0; s && s->page && p < s->pages; p++) {
        struct stencil_page *page = &s->page[p];
        for (uint32_t c = 0; page->content && c < page->contents; c++) {
            content_release(&page->content[c]);
        }
        free(page->content);
        free(page->most);
    }
    if (s) {
        free(s->page);
    }
    free(s);
    *stencils = NULL;
}

/* One part being made. */
struct draft {
    const struct content *content;
    const struct pdf_moves *most;
    struct pdf_move *move;   /* borrowed scratch: all words of the page, 0 */
    uint8_t *turn;           /* borrowed scratch, of all words: 0, or 1 more
                                than whether it is an odd one of its operator */
    struct flate_text text;  /* owned */
    struct meeting *meeting; /* owned */
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
    struct buffer text[STATES * STATES]; /* owned */
    struct edit_seams seams[STATES * STATES];
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
        *states = fabsf(most_of(draft, word).across_pt) > 0 ? STATES : *states;
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
        (struct meeting){seam->from, seam->to, (uint8_t)states};
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
    struct bytes way[STATES * STATES];
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

static enum sting_status finish_part(struct draft *draft, struct stencil *out)
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
    return flate_new(&draft->text, &out->flate);
}

/* A content that cannot be made so is left without. */
static enum sting_status make_content(const struct content *content,
                                      const struct pdf_moves *most,
                                      struct pdf_move *move, uint8_t *turn,
                                      struct stencil_content *out)
{
    enum sting_status status =
        content->is_split ? STING_E_UNSUPPORTED : STING_OK;
    out->part = calloc((size_t)content->parts + 1, sizeof *out->part);
    out->parts = content->parts;
    if (!out->part) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < content->parts; i++) {
        struct draft draft STING_AUTO(draft_release) = {
            .content = content, .most = most, .move = move, .turn = turn};
        status = add_part(&draft, i);
        if (!status) {
            status = finish_part(&draft, &out->part[i]);
        }
    }
    out->is_whole = !status;
    if (status == STING_E_UNSUPPORTED || status == STING_E_LIMIT) {
        content_release(out);
        status = STING_OK;
    }
    return status;
}

static enum sting_status make_page(const struct page_content *page,
                                   const struct pdf_moves *most, size_t *left,
                                   struct stencil_page *out)
{
    size_t words = (size_t)most->moves + 1;
    if (!most->move || most->field) {
        return STING_OK;
    }
    out->most = calloc(words, sizeof *out->most);
    out->content = calloc((size_t)page->contents + 1, sizeof *out->content);
    struct pdf_move *move = calloc(words, sizeof *move);
    uint8_t *turn = calloc(words, sizeof *turn);
    enum sting_status status =
        out->most && out->content && move && turn ? STING_OK : STING_E_NOMEM;
    out->contents = status ? 0 : page->contents;
    out->words = most->moves;
    for (uint32_t w = 0; !status && w < most->moves; w++) {
        out->most[w] = most->move[w];
    }
    for (uint32_t c = 0; !status && c < page->contents; c++) {
        const struct content *content = &page->content[c];
        if (content->is_twin || content->lean.size > *left) {
            continue;
        }
        *left -= content->lean.size;
        status = make_content(content, most, move, turn, &out->content[c]);
    }
    free(move);
    free(turn);
    return status;
}

static enum sting_status make_pages(struct stencils *s,
                                    const struct page_content *page,
                                    const struct pdf_moves *most)
{
    size_t left = MOST_BYTES;
    s->page = calloc((size_t)s->pages + 1, sizeof *s->page);
    enum sting_status status = s->page ? STING_OK : STING_E_NOMEM;
    for (int p = 0; !status && p < s->pages; p++) {
        status = make_page(&page[p], &most[p], &left, &s->page[p]);
    }
    return status;
}

enum sting_status stencils_new(const struct page_content *page, int pages,
                               const struct pdf_moves *most,
                               struct stencils **out)
{
    struct stencils *s STING_AUTO(stencils_free) = calloc(1, sizeof *s);
    if (!s) {
        return STING_E_NOMEM;
    }
    s->pages = pages;
    enum sting_status status = make_pages(s, page, most);
    if (!status) {
        *out = s;
        s = NULL;
    }
    return status;
}

static bool is_as_far(float move, float most)
{
    return fabsf(fabsf(move) - fabsf(most)) < SAME_PT;
}

bool stencils_fit(const struct stencils *stencils, int page,
                  const struct pdf_moves *moves)
{
    const struct stencil_page *p = &stencils->page[page];
    bool fits = p->content && !moves->always && !moves->field &&
                moves->moves == p->words;
    for (uint32_t w = 0; fits && w < p->words; w++) {
        fits = is_as_far(moves->move[w].along_pt, p->most[w].along_pt) &&
               is_as_far(moves->move[w].across_pt, p->most[w].across_pt);
    }
    return fits;
}

bool stencils_have(const struct stencils *stencils, int page, uint32_t content)
{
    return stencils->page[page].content[content].is_whole;
}

/* The state that a word is in; that of none may be any. */
static uint8_t state_of(const struct stencil_page *page,
                        const struct pdf_moves *moves, uint32_t word,
                        uint8_t states)
{
    if (word >= page->words) {
        return 0;
    }
    unsigned along =
        (moves->move[word].along_pt < 0) == (page->most[word].along_pt < 0);
    unsigned across =
        (moves->move[word].across_pt < 0) == (page->most[word].across_pt < 0);
    return (uint8_t)((along | across << 1) & (states - 1U));
}

/* NOLINTNEXTLINE(readability-function-size): of what, by what, to where */
enum sting_status stencils_put(struct stencils *stencils, int page,
                               uint32_t content, uint32_t part,
                               const struct pdf_moves *moves,
                               struct buffer *out, size_t *plain)
{
    const struct stencil_page *p = &stencils->page[page];
    struct stencil *stencil = &p->content[content].part[part];
    *plain = 0;
    if (!stencil->flate) {
        return STING_OK;
    }
    for (uint32_t s = 0; s < stencil->seams; s++) {
        const struct meeting *m = &stencil->meeting[s];
        stencil->way[s] =
            (uint8_t)(state_of(p, moves, m->from, m->states) * m->states +
                      state_of(p, moves, m->to, m->states));
    }
    return flate_put(stencil->flate, stencil->way, out, plain);
}
