/* The cells of a page: with which words and of which size, as trial copies
 * show. */
#include "mark/cell.h"

#include <stdlib.h>

#include "mark/cell_trial.h"
#include "mark/cell_words.h"

#define FEW_UNITS 230  /* below, a page's cells are small if that gives more */
#define LEAST_RULES 24 /* drawn lines; fewer are no drawing */
#define LEAST_SHIFT_PT 0.12
#define LEAST_TWO_PT 0.20 /* where images have whole pixels to move alone */

static uint32_t units_of_words(const struct mark_page *page)
{
    uint32_t words = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        words += page->unit[u].axis == MARK_ALONG;
    }
    return words;
}

bool mark_is_drawing(const struct pdf_text *text)
{
    return text->has_picture || text->rules > LEAST_RULES;
}

static bool is_sparse(const struct pdf_text *text)
{
    return text->words < MARK_CELL_WORDS;
}

static bool wants_cells(const struct pdf_text *text,
                        const struct mark_page *page)
{
    return units_of_words(page) < MARK_CELL_WORDS &&
           (mark_is_drawing(text) || (is_sparse(text) && text->rules > 0));
}

static enum sting_status same_words(const struct mark_page *page,
                                    struct mark_page *out)
{
    size_t units = page->units;
    *out = *page;
    out->unit = calloc(units + 1, sizeof *out->unit);
    if (!out->unit) {
        return STING_E_NOMEM;
    }
    for (size_t u = 0; u < units; u++) {
        out->unit[u] = page->unit[u];
    }
    return STING_OK;
}

/* What is asked of a page. */
struct order {
    struct pdf_file *file;
    int number;
    enum mark_reach reach;
    const struct pdf_text *text;
    bool takes_words; /* all that may move, with the cells */
    float cell_pt;
};

/* The page with its cells into *made, which has the same words, or those that
 * are taken; *are_found says whether there are any. */
static enum sting_status attempt(const struct order *order,
                                 const struct mark_page *page,
                                 struct mark_page *made, double *growth,
                                 bool *are_found, struct fault *fault)
{
    const struct pdf_text *text = order->text;
    struct cell_trial trial STING_AUTO(cell_trial_release) = {.page = made};
    trial.is_sparse = is_sparse(text);
    trial.is_picture = text->has_picture && text->rules <= LEAST_RULES;
    trial.cell_pt = order->cell_pt;
    trial.least_pt = text->has_two_levels ? LEAST_TWO_PT : LEAST_SHIFT_PT;
    *growth = 0;
    enum sting_status status =
        order->takes_words ? mark_cell_words(text, order->reach, page, made)
                           : same_words(page, made);
    trial.words = made->units;
    if (!status) {
        status = cell_trial_find(&trial, order->file, order->number,
                                 text->words, growth, fault);
    }
    *are_found = !status && made->units > trial.words;
    return *are_found && order->takes_words
               ? cell_trial_check_words(&trial, order->file, order->number,
                                        text->words, fault)
               : status;
}

/* The same, with words that stay where a reader of text minds that they move.
 */
static enum sting_status attempt_any(struct order *order,
                                     const struct mark_page *page,
                                     struct mark_page *made, double *growth,
                                     bool *are_found, struct fault *fault)
{
    enum sting_status status =
        attempt(order, page, made, growth, are_found, fault);
    if (status != STING_E_FORGED || !order->takes_words) {
        return status;
    }
    mark_page_release(made);
    *made = (struct mark_page){0};
    order->takes_words = false;
    return attempt(order, page, made, growth, are_found, fault);
}

/* Smaller cells in the place of few, when they are more. */
static enum sting_status refine(struct order *order,
                                const struct mark_page *page,
                                struct mark_page *made, double *growth,
                                struct fault *fault)
{
    struct mark_page fine STING_AUTO(mark_page_release) = {0};
    double fine_growth;
    bool are_found = false;
    order->cell_pt = MARK_SMALL_CELL_PT;
    enum sting_status status =
        attempt_any(order, page, &fine, &fine_growth, &are_found, fault);
    if (!status && are_found && fine.units > made->units) {
        struct mark_page swap = *made;
        *made = fine;
        fine = swap;
        *growth = fine_growth;
    }
    return status;
}

enum sting_status mark_cells_add(struct pdf_file *file, int number,
                                 enum mark_reach reach, struct mark_page *page,
                                 double *growth, struct fault *fault)
{
    struct pdf_text text;
    struct mark_page made STING_AUTO(mark_page_release) = {0};
    bool are_found = false;
    *growth = 0;
    enum sting_status status = pdf_file_text(file, number, &text, fault);
    if (status || !wants_cells(&text, page)) {
        return status;
    }
    struct order order = {file,  number,           reach,
                          &text, is_sparse(&text), MARK_CELL_PT};
    status = attempt_any(&order, page, &made, growth, &are_found, fault);
    if (!status && are_found && made.units < FEW_UNITS) {
        status = refine(&order, page, &made, growth, fault);
    }
    if (status || !are_found) {
        *growth = 0;
        return status;
    }
    mark_page_release(page);
    *page = made;
    page->state = MARK_PAGE_OK;
    made = (struct mark_page){0};
    return STING_OK;
}
