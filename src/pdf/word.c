#include "pdf/word.h"

#include <math.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256
#define GAP_EM 0.18      /* a wider gap parts two words */
#define OVERLAP_EM 0.6   /* kerning and accents go back less than this */
#define BASELINE_EM 0.08 /* superscripts are words of their own */
#define SAME_SIZE 1.25   /* largest ratio of sizes within a word */

void word_list_release(struct word_list *list)
{
    free(list->word);
    *list = (struct word_list){0};
}

void word_list_break(struct word_list *list)
{
    list->is_open = false;
}

static struct place unit_vector(double x, double y)
{
    double length = hypot(x, y);
    return length > 0 ? (struct place){x / length, y / length}
                      : (struct place){1, 0};
}

static bool goes_on(const struct word_list *list,
                    const struct word_glyph *glyph, struct place u, double em)
{
    if (!list->is_open) {
        return false;
    }
    const struct pdf_word *word = &list->word[list->words - 1];
    double dx = glyph->map.e - list->end.x, dy = glyph->map.f - list->end.y;
    double along = dx * word->ux + dy * word->uy;
    double aside = dy * word->ux - dx * word->uy;
    double ratio = em / word->em_pt;
    return u.x * word->ux + u.y * word->uy > 0.9999 && ratio < SAME_SIZE &&
           ratio > 1 / SAME_SIZE && along < GAP_EM * em &&
           along > -OVERLAP_EM * em && fabs(aside) < BASELINE_EM * em &&
           (word->flags & (PDF_WORD_HIDDEN | PDF_WORD_VERTICAL)) ==
               (glyph->flags & (PDF_WORD_HIDDEN | PDF_WORD_VERTICAL)) &&
           word->glyphs < UINT16_MAX;
}

static enum sting_status begin_word(struct word_list *list,
                                    const struct word_glyph *glyph,
                                    struct place u, double em)
{
    if (list->words == list->capacity) {
        uint32_t wanted = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
        if (wanted > WORD_MOST) {
            return STING_E_LIMIT;
        }
        void *grown = reallocarray(list->word, wanted, sizeof *list->word);
        if (!grown) {
            return STING_E_NOMEM;
        }
        list->word = grown;
        list->capacity = wanted;
    }
    struct place v = unit_vector(glyph->map.c, glyph->map.d);
    list->word[list->words++] = (struct pdf_word){
        .x0_pt = INFINITY,
        .y0_pt = INFINITY,
        .x1_pt = -INFINITY,
        .y1_pt = -INFINITY,
        .ux = (float)u.x,
        .uy = (float)u.y,
        .vx = (float)v.x,
        .vy = (float)v.y,
        .em_pt = (float)em,
        .baseline_pt = (float)(glyph->map.f * u.x - glyph->map.e * u.y),
        .from_pt = (float)(glyph->map.e * u.x + glyph->map.f * u.y),
        .step_pt = (float)glyph->step_pt,
        .flags = glyph->flags,
    };
    return STING_OK;
}

static void widen(struct pdf_word *word, const struct word_glyph *glyph)
{
    for (int corner = 0; corner < 4; corner++) {
        struct place p =
            place_mapped(glyph->map, glyph->box[corner & 1 ? 2 : 0],
                         glyph->box[corner & 2 ? 3 : 1]);
        word->x0_pt = fminf(word->x0_pt, (float)p.x);
        word->y0_pt = fminf(word->y0_pt, (float)p.y);
        word->x1_pt = fmaxf(word->x1_pt, (float)p.x);
        word->y1_pt = fmaxf(word->y1_pt, (float)p.y);
    }
}

enum sting_status word_list_take(struct word_list *list,
                                 const struct word_glyph *glyph, uint32_t *word)
{
    double em = hypot(glyph->map.c, glyph->map.d);
    struct place u = unit_vector(glyph->map.a, glyph->map.b);
    *word = WORD_NONE;
    if (!glyph->has_ink || !(em > 0) || !isfinite(glyph->map.e) ||
        !isfinite(glyph->map.f)) {
        list->is_open = false;
        return STING_OK;
    }
    if (!goes_on(list, glyph, u, em)) {
        enum sting_status status = begin_word(list, glyph, u, em);
        if (status) {
            return status;
        }
    }
    struct pdf_word *last = &list->word[list->words - 1];
    widen(last, glyph);
    last->glyphs++;
    last->digits = (uint16_t)(last->digits + glyph->is_digit);
    last->flags |= glyph->flags;
    if (2 * last->digits >= last->glyphs) {
        last->flags |= PDF_WORD_DIGITS;
    } else {
        last->flags &= (uint8_t)~PDF_WORD_DIGITS;
    }
    list->is_open = true;
    list->end = place_mapped(glyph->map, glyph->advance, 0);
    last->to_pt = (float)(list->end.x * (double)last->ux +
                          list->end.y * (double)last->uy);
    *word = list->words - 1;
    return STING_OK;
}
