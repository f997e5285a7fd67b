#include "pdf/stencil.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/stencil_draft.h"

#define SAME_PT 1e-6F

/* Of contents. Each takes 30 bytes more; when tight 100 in manuals and up to
 * 1,000 where seams are dense, and while made ready 300 MB for a stream. */
static const size_t most_bytes[] = {
    [FLATE_QUICK] = (size_t)1 << 23, [FLATE_TIGHT] = (size_t)1 << 20};

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
    enum flate_effort effort;
    struct stencil_page *page; /* owned */
    int pages;
};

static void content_release(struct stencil_content *content)
{
    for (uint32_t i = 0; content->part && i < content->parts; i++) {
        stencil_release(&content->part[i]);
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

/* A content that cannot be made so is left without. */
static enum sting_status make_content(const struct content *content,
                                      const struct pdf_moves *most,
                                      const struct stencil_scratch *scratch,
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
        status = stencil_draft(content, most, scratch, i, &out->part[i]);
    }
    out->is_whole = !status;
    if (status == STING_E_UNSUPPORTED || status == STING_E_LIMIT) {
        content_release(out);
        status = STING_OK;
    }
    return status;
}

static enum sting_status make_page(const struct page_content *page,
                                   const struct pdf_moves *most,
                                   enum flate_effort effort, size_t *left,
                                   struct stencil_page *out)
{
    size_t words = (size_t)most->moves + 1;
    if (!most->move || most->field) {
        return STING_OK;
    }
    out->most = calloc(words, sizeof *out->most);
    out->content = calloc((size_t)page->contents + 1, sizeof *out->content);
    const struct stencil_scratch scratch = {
        effort, calloc(words, sizeof *scratch.move),
        calloc(words, sizeof *scratch.turn)};
    enum sting_status status =
        out->most && out->content && scratch.move && scratch.turn
            ? STING_OK
            : STING_E_NOMEM;
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
        status = make_content(content, most, &scratch, &out->content[c]);
    }
    free(scratch.move);
    free(scratch.turn);
    return status;
}

static enum sting_status make_pages(struct stencils *s,
                                    const struct page_content *page,
                                    const struct pdf_moves *most)
{
    size_t left = most_bytes[s->effort];
    s->page = calloc((size_t)s->pages + 1, sizeof *s->page);
    enum sting_status status = s->page ? STING_OK : STING_E_NOMEM;
    for (int p = 0; !status && p < s->pages; p++) {
        status = make_page(&page[p], &most[p], s->effort, &left, &s->page[p]);
    }
    return status;
}

enum sting_status stencils_new(const struct page_content *page, int pages,
                               const struct pdf_moves *most,
                               enum flate_effort effort, struct stencils **out)
{
    struct stencils *s STING_AUTO(stencils_free) = calloc(1, sizeof *s);
    if (!s) {
        return STING_E_NOMEM;
    }
    s->pages = pages;
    s->effort = effort;
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
        const struct stencil_meeting *m = &stencil->meeting[s];
        stencil->way[s] =
            (uint8_t)(state_of(p, moves, m->from, m->states) * m->states +
                      state_of(p, moves, m->to, m->states));
    }
    return flate_put(stencil->flate, stencil->way, out, plain);
}
