#include "pdf/word.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/tear.h"

#define FIRST_CAPACITY 256
#define GAP_EM 0.18      /* a wider gap parts two words */
#define OVERLAP_EM 0.6   /* kerning and accents go back less than this */
#define BASELINE_EM 0.08 /* superscripts are words of their own */
#define SIGN_EM 0.8      /* from its letter's baseline, at most */
#define SAME_SIZE 1.25   /* largest ratio of sizes within a word */
#define GRID_GLYPHS 3    /* of a script without blanks make a word */
#define KINDS (PDF_WORD_HIDDEN | PDF_WORD_VERTICAL | PDF_WORD_GRID)

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

static bool has_signs(const struct pdf_word *word)
{
    return word->signs > 0;
}

/* A letter must be on the baseline of the letters; a sign is above or below,
 * and so may the letter be that comes after its sign. */
static double most_aside(const struct pdf_word *word,
                         const struct word_glyph *glyph)
{
    return glyph->is_sign || word->signs == word->glyphs ? SIGN_EM
                                                         : BASELINE_EM;
}

/* The gap before the next glyph; less than 0 where it lies over the word. */
static double gap_before(const struct word_list *list,
                         const struct word_glyph *glyph)
{
    const struct pdf_word *word = &list->word[list->words - 1];
    double dx = glyph->map.e - list->end.x, dy = glyph->map.f - list->end.y;
    double ahead = dx * (double)word->ux + dy * (double)word->uy;
    if (!(word->flags & glyph->flags & PDF_WORD_BACKWARD) && !has_signs(word) &&
        !glyph->is_sign) {
        return ahead;
    }
    struct place to = place_mapped(glyph->map, glyph->advance, 0);
    double end = to.x * (double)word->ux + to.y * (double)word->uy;
    double begin =
        glyph->map.e * (double)word->ux + glyph->map.f * (double)word->uy;
    return fmax(begin - (double)word->to_pt, (double)word->from_pt - end);
}

/* Glyphs from right to left may lie anywhere over their word: marks do. */
static bool is_near(const struct word_list *list,
                    const struct word_glyph *glyph, double em)
{
    const struct pdf_word *word = &list->word[list->words - 1];
    double gap = gap_before(list, glyph);
    return gap < GAP_EM * em &&
           (gap > -OVERLAP_EM * em || has_signs(word) || glyph->is_sign ||
            (word->flags & glyph->flags & PDF_WORD_BACKWARD));
}

static bool goes_on(const struct word_list *list,
                    const struct word_glyph *glyph, struct place u, double em)
{
    if (!list->is_open) {
        return false;
    }
    const struct pdf_word *word = &list->word[list->words - 1];
    double dx = glyph->map.e - list->end.x, dy = glyph->map.f - list->end.y;
    double aside = dy * (double)word->ux - dx * (double)word->uy;
    double ratio = em / (double)word->em_pt;
    unsigned most = glyph->flags & PDF_WORD_GRID ? GRID_GLYPHS : UINT16_MAX;
    return u.x * (double)word->ux + u.y * (double)word->uy > 0.9999 &&
           ratio < SAME_SIZE && ratio > 1 / SAME_SIZE &&
           is_near(list, glyph, em) &&
           fabs(aside) < most_aside(word, glyph) * em &&
           (word->flags & KINDS) == (glyph->flags & KINDS) &&
           word->glyphs < most;
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
        .reader_em_pt = (float)(em * glyph->reader_size),
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

/* The advance box grows over the glyph, which ends there. */
static void reach(struct pdf_word *word, const struct word_glyph *glyph,
                  struct place end)
{
    float to = (float)(end.x * (double)word->ux + end.y * (double)word->uy);
    float from = (float)(glyph->map.e * (double)word->ux +
                         glyph->map.f * (double)word->uy);
    if ((word->flags & PDF_WORD_BACKWARD) || has_signs(word)) {
        word->from_pt = fminf(word->from_pt, from);
        word->to_pt = word->glyphs > 1 ? fmaxf(word->to_pt, to) : to;
    } else {
        word->to_pt = to;
    }
}

static void count_glyph(struct pdf_word *word, const struct word_glyph *glyph)
{
    word->glyphs++;
    word->signs = (uint16_t)(word->signs + glyph->is_sign);
    word->digits = (uint16_t)(word->digits + glyph->is_digit);
    word->flags |= glyph->flags;
    if (2 * word->digits >= word->glyphs) {
        word->flags |= PDF_WORD_DIGITS;
    } else {
        word->flags &= (uint8_t)~PDF_WORD_DIGITS;
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
    struct tear tear = tear_before(list, glyph);
    bool goes = goes_on(list, glyph, u, em);
    list->is_fine = list->is_fine || tear.if_spelt;
    if (!goes) {
        enum sting_status status = begin_word(list, glyph, u, em);
        if (status) {
            return status;
        }
    }
    struct pdf_word *last = &list->word[list->words - 1];
    widen(last, glyph);
    if (last->signs == last->glyphs && !glyph->is_sign) {
        last->baseline_pt = (float)(glyph->map.f * u.x - glyph->map.e * u.y);
    }
    count_glyph(last, glyph);
    last->last_em_pt = (float)(em * glyph->reader_size);
    last->flags |= goes && tear.if_moved ? PDF_WORD_TORN : 0U;
    list->is_open = true;
    struct place end = place_mapped(glyph->map, glyph->advance, 0);
    if (!glyph->is_sign || last->signs == last->glyphs) {
        list->end = end;
        list->end_step_pt = glyph->step_pt;
    }
    reach(last, glyph, end);
    *word = list->words - 1;
    return STING_OK;
}
