/* After texts were replaced: is everything else as it was? */
#include <math.h>
#include <stdlib.h>

#include "pdf/file_state.h"
#include "pdf/replace.h"

#define STILL_PT 0.02
#define AROUND_PT 0.3F /* an origin lies so near its word's box */

static enum sting_status differs(struct fault *fault, uint32_t page)
{
    return fault_set(fault, STING_E_FORGED, "choose another wording",
                     "page %u would not read as before around the new text",
                     page + 1);
}

static uint32_t word_of(const struct pdf_file *file,
                        const struct pdf_swap *swap)
{
    const struct pdf_spot *spot = &swap->spot;
    return file->page[spot->page]
        .content[spot->content]
        .glyph[spot->glyph]
        .word;
}

static bool is_swapped(const struct pdf_file *file, int page, uint32_t word,
                       const struct pdf_swap *swap, size_t swaps)
{
    for (size_t i = 0; i < swaps; i++) {
        if (swap[i].spot.page == (uint32_t)page &&
            word_of(file, &swap[i]) == word) {
            return true;
        }
    }
    return false;
}

/* Words keep their numbers, and all but the replaced ones their places. */
static enum sting_status check_words(const struct pdf_file *file,
                                     const struct pdf_file *made, int page,
                                     const struct pdf_swap *swap, size_t swaps,
                                     struct fault *fault)
{
    const struct word_list *a = &file->page[page].list;
    const struct word_list *b = &made->page[page].list;
    if (a->words != b->words) {
        return differs(fault, (uint32_t)page);
    }
    for (uint32_t w = 0; w < a->words; w++) {
        double from = fabs((double)(a->word[w].from_pt - b->word[w].from_pt));
        double to = fabs((double)(a->word[w].to_pt - b->word[w].to_pt));
        bool may_grow = is_swapped(file, page, w, swap, swaps);
        if (!(from <= STILL_PT) || (!may_grow && !(to <= STILL_PT))) {
            return differs(fault, (uint32_t)page);
        }
    }
    return STING_OK;
}

static bool is_inside(const struct pdf_file *file, int page,
                      const struct check_glyph *glyph,
                      const struct pdf_swap *swap, size_t swaps)
{
    for (size_t i = 0; i < swaps; i++) {
        if (swap[i].spot.page != (uint32_t)page) {
            continue;
        }
        const struct pdf_word *word =
            &file->page[page].list.word[word_of(file, &swap[i])];
        float around = AROUND_PT + 0.4F * word->em_pt;
        if (glyph->x_pt >= word->x0_pt - around &&
            glyph->x_pt <= word->x1_pt + AROUND_PT &&
            glyph->y_pt >= word->y0_pt - around &&
            glyph->y_pt <= word->y1_pt + around) {
            return true;
        }
    }
    return false;
}

/* Leave out the glyphs of replaced words. */
static void leave_out(const struct pdf_file *file, int page,
                      const struct pdf_swap *swap, size_t swaps,
                      struct check_page *glyphs)
{
    size_t kept = 0;
    for (size_t i = 0; i < glyphs->glyphs; i++) {
        if (!is_inside(file, page, &glyphs->glyph[i], swap, swaps)) {
            glyphs->glyph[kept++] = glyphs->glyph[i];
        }
    }
    glyphs->glyphs = kept;
}

static enum sting_status check_glyphs(struct pdf_file *file,
                                      struct pdf_file *made, int page,
                                      const struct pdf_swap *swap, size_t swaps,
                                      struct fault *fault)
{
    struct check_page a STING_AUTO(check_page_release) = {0};
    struct check_page b STING_AUTO(check_page_release) = {0};
    enum sting_status status = check_page_read(file->source, page, &a, fault);
    if (!status) {
        status = check_page_read(made->source, page, &b, fault);
    }
    if (status) {
        return status;
    }
    leave_out(file, page, swap, swaps, &a);
    leave_out(file, page, swap, swaps, &b);
    return check_page_agrees(&a, &b, STILL_PT) ? STING_OK
                                               : differs(fault, (uint32_t)page);
}

enum sting_status pdf_file_replaced_check(struct pdf_file *file,
                                          struct pdf_file *made,
                                          const struct pdf_swap *swap,
                                          size_t swaps, struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status = pdf_file_text(file, 0, &text, fault);
    if (!status) {
        status = pdf_file_text(made, 0, &text, fault);
    }
    if (!status && file->pages != made->pages) {
        status = differs(fault, 0);
    }
    for (int p = 0; !status && p < file->pages; p++) {
        status = check_words(file, made, p, swap, swaps, fault);
        bool is_touched = false;
        for (size_t i = 0; i < swaps; i++) {
            is_touched = is_touched || swap[i].spot.page == (uint32_t)p;
        }
        if (!status && is_touched) {
            status = check_glyphs(file, made, p, swap, swaps, fault);
        }
    }
    return status;
}
