#include "mark/cell_words.h"

#include <math.h>
#include <stdlib.h>

#define COMPANION_EM 0.16F /* a narrower gap parts no words */

/* Another word comes so near in its line that readers of text may take both
 * for one: small capitals behind a capital, a shadow. */
static bool has_companion(const struct pdf_text *text, uint32_t w)
{
    const struct pdf_word *a = &text->word[w];
    for (uint32_t k = 0; k < text->words; k++) {
        const struct pdf_word *b = &text->word[k];
        float em = fmaxf(a->em_pt, b->em_pt);
        float gap = fmaxf(b->from_pt - a->to_pt, a->from_pt - b->to_pt);
        if (k != w && a->ux * b->ux + a->uy * b->uy > 0.99F &&
            fabsf(a->baseline_pt - b->baseline_pt) < em / 2 &&
            gap < COMPANION_EM * em) {
            return true;
        }
    }
    return false;
}

/* The units of one word in a page's list, from *at on, which moves past them.
 * Each axis has one at most. */
struct of_word {
    const struct mark_unit *along, *across;
};

static struct of_word take_word(const struct mark_page *page, uint32_t word,
                                uint32_t *at)
{
    struct of_word of = {NULL, NULL};
    for (; *at < page->units && page->unit[*at].word == word; (*at)++) {
        const struct mark_unit *unit = &page->unit[*at];
        *(unit->axis == MARK_ALONG ? &of.along : &of.across) = unit;
    }
    return of;
}

static void put(struct mark_page *out, const struct mark_unit *unit)
{
    if (unit) {
        out->unit[out->units++] = *unit;
    }
}

static void merge(const struct pdf_text *text, const struct mark_page *page,
                  const struct mark_page *few, struct mark_page *out)
{
    uint32_t at = 0, at_few = 0;
    for (uint32_t w = 0; w < text->words; w++) {
        struct of_word had = take_word(page, w, &at);
        struct of_word has = take_word(few, w, &at_few);
        bool stays = text->word[w].family != 0 || has_companion(text, w);
        put(out, has.along && !stays ? has.along : had.along);
        put(out, had.across);
    }
}

enum sting_status mark_cell_words(const struct pdf_text *text,
                                  enum mark_reach reach,
                                  const struct mark_page *page,
                                  struct mark_page *out)
{
    struct mark_page few STING_AUTO(mark_page_release) = {0};
    enum sting_status status = mark_plan_few(text, reach, &few);
    if (status) {
        return status;
    }
    struct mark_page made = {.width_pt = page->width_pt,
                             .height_pt = page->height_pt,
                             .state = page->state};
    made.unit = calloc(2 * (size_t)text->words + 1, sizeof *made.unit);
    if (!made.unit) {
        return STING_E_NOMEM;
    }
    merge(text, page, &few, &made);
    *out = made;
    return STING_OK;
}
