#include "mark/unit_twin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AXES 2 /* of words: along the line and across it */

/* What all places of a family allow. */
struct family {
    uint32_t places;
    uint32_t seen[AXES];
    double least[AXES]; /* in the measure of each place */
};

struct settling {
    struct pdf_file *file; /* borrowed */
    enum mark_reach reach;
    struct family *family; /* owned; by number, from 1 */
    uint32_t families;
};

/* Shifts of one family are the same in steps along and in parts of its size
 * across. */
static double measure_of(const struct pdf_word *word, int axis)
{
    double measure = (double)(axis == MARK_ALONG ? word->step_pt : word->em_pt);
    return measure > 0 ? measure : 1;
}

static enum sting_status count_families(struct settling *s, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < pdf_file_pages(s->file); p++) {
        struct pdf_text text = {0};
        status = pdf_file_text(s->file, p, &text, fault);
        for (uint32_t w = 0; !status && w < text.words; w++) {
            uint32_t family = text.word[w].family;
            s->families = family > s->families ? family : s->families;
        }
    }
    return status;
}

/* The page's words as they would be if it had them for itself. */
static bool own_words(const struct pdf_text *text, struct pdf_word *word)
{
    bool any = false;
    memcpy(word, text->word, text->words * sizeof *word);
    for (uint32_t w = 0; w < text->words; w++) {
        if (word[w].family > 0) {
            word[w].flags &= (uint8_t)~PDF_WORD_SHARED;
            any = true;
        }
    }
    return any;
}

static void note(struct settling *s, const struct pdf_text *text,
                 const struct mark_page *page)
{
    for (uint32_t w = 0; w < text->words; w++) {
        s->family[text->word[w].family].places++;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        const struct pdf_word *word = &text->word[unit->word];
        struct family *family = &s->family[word->family];
        double shift = (double)unit->shift_pt / measure_of(word, unit->axis);
        bool less = family->seen[unit->axis]++ == 0 ||
                    shift < family->least[unit->axis];
        family->least[unit->axis] = less ? shift : family->least[unit->axis];
    }
}

static enum sting_status note_page(struct settling *s, int p,
                                   struct fault *fault)
{
    struct pdf_text text;
    struct mark_page page = {0};
    enum sting_status status = pdf_file_text(s->file, p, &text, fault);
    if (status) {
        return status;
    }
    struct pdf_word *word = calloc((size_t)text.words + 1, sizeof *word);
    if (!word) {
        return STING_E_NOMEM;
    }
    if (own_words(&text, word)) {
        text.word = word;
        status = mark_plan(&text, s->reach, &page);
        if (!status) {
            note(s, &text, &page);
        }
    }
    mark_page_release(&page);
    free(word);
    return status;
}

/* The unit as far as its family goes; false where that stays. */
static bool hold(const struct settling *s, const struct pdf_word *word,
                 struct mark_unit *unit)
{
    const struct family *family = &s->family[word->family];
    if (word->family == 0) {
        return true;
    }
    double most = round(family->least[unit->axis] * 1e4) / 1e4 *
                  measure_of(word, unit->axis);
    if (most < (double)unit->shift_pt) {
        unit->shift_pt = (float)most;
    }
    return family->seen[unit->axis] == family->places;
}

static enum sting_status settle_page(const struct settling *s, int p,
                                     struct mark_page *page,
                                     struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status = pdf_file_text(s->file, p, &text, fault);
    uint32_t kept = 0;
    for (uint32_t u = 0; !status && u < page->units; u++) {
        if (hold(s, &text.word[page->unit[u].word], &page->unit[u])) {
            page->unit[kept++] = page->unit[u];
        }
    }
    page->units = status ? page->units : kept;
    return status;
}

enum sting_status mark_twins_settle(struct pdf_file *file,
                                    enum mark_reach reach,
                                    struct mark_page *page, struct fault *fault)
{
    struct settling s = {.file = file, .reach = reach};
    int pages = pdf_file_pages(file);
    enum sting_status status = count_families(&s, fault);
    if (status || s.families == 0) {
        return status;
    }
    s.family = calloc((size_t)s.families + 1, sizeof *s.family);
    status = s.family ? STING_OK : STING_E_NOMEM;
    for (int p = 0; !status && p < pages; p++) {
        status = note_page(&s, p, fault);
    }
    for (int p = 0; !status && p < pages; p++) {
        status = settle_page(&s, p, &page[p], fault);
    }
    free(s.family);
    return status;
}
