/* One open PDF: what is planned for its pages, and its copies. */
#include "operation/easel.h"

#include <stdlib.h>
#include <string.h>

#include "mark/motion.h"
#include "pdf/account.h"

void easel_clear(struct easel *easel)
{
    for (int p = 0; easel->page && p < easel->pages; p++) {
        mark_page_release(&easel->page[p]);
    }
    free(easel->page);
    free(easel->is_planned);
    easel->page = NULL;
    easel->is_planned = NULL;
    easel->packing = MARK_PACKING_NOW;
    easel->has_words = easel->is_packed = easel->is_checked = false;
    easel->pages = 0;
    buffer_release(&easel->copy);
    pdf_file_close(&easel->swapped);
    pdf_file_close(&easel->file);
}

enum sting_status easel_open(struct easel *easel, struct bytes pdf,
                             struct fault *fault)
{
    easel_clear(easel);
    enum sting_status status = pdf_file_open(pdf, &easel->file, fault);
    if (!status) {
        easel->pages = pdf_file_pages(easel->file);
    }
    return status;
}

static enum sting_status make_room(struct easel *easel)
{
    size_t pages = (size_t)easel->pages;
    if (!easel->page) {
        easel->page = calloc(pages, sizeof *easel->page);
        easel->is_planned = calloc(pages, sizeof *easel->is_planned);
    }
    return easel->page && easel->is_planned ? STING_OK : STING_E_NOMEM;
}

/* Refused before anything of it is kept. */
static enum sting_status gauge_pages(struct easel *easel, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < easel->pages; i++) {
        status = pdf_file_gauge(easel->file, i, fault);
    }
    return status;
}

/* Words of all pages at once, since they share one budget; cells page by
 * page, since they take long. */
static enum sting_status plan_page(struct easel *easel, int p,
                                   enum mark_reach reach, struct fault *fault)
{
    double bytes = 0;
    enum sting_status status = STING_OK;
    if (easel->is_planned[p]) {
        return STING_OK;
    }
    if (!easel->has_words) {
        for (int i = 0; i < easel->pages; i++) {
            mark_page_release(&easel->page[i]);
            easel->is_planned[i] = false;
        }
        status = gauge_pages(easel, fault);
        if (!status) {
            status = mark_plan_file(easel->file, reach, easel->page,
                                    &easel->budget, fault);
        }
        easel->has_words = !status;
    }
    if (!status) {
        status = mark_cells_add(easel->file, p, reach, &easel->page[p], &bytes,
                                fault);
    }
    easel->budget.growth += bytes / (double)pdf_file_size(easel->file);
    easel->is_planned[p] = !status;
    return status;
}

enum sting_status easel_plan(struct easel *easel, int p, enum mark_reach reach,
                             struct fault *fault)
{
    enum sting_status status = make_room(easel);
    return status ? status : plan_page(easel, p, reach, fault);
}

/* Mark a page as it was planned before. */
enum sting_status easel_take_plan(struct easel *easel, int p,
                                  struct bytes record, struct fault *fault)
{
    struct pdf_text text;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    enum sting_status status = make_room(easel);
    if (!status) {
        status = mark_page_read(&record, &page);
    }
    if (!status) {
        status = pdf_file_text(easel->file, p, &text, fault);
    }
    if (!status && !mark_page_fits(&page, &text)) {
        status = fault_set(fault, STING_E_UNSUPPORTED,
                           "use the version of sting that registered it",
                           "words of page %d are found in other places than "
                           "when it was registered",
                           p + 1);
    }
    if (!status) {
        mark_page_release(&easel->page[p]);
        easel->page[p] = page;
        easel->is_planned[p] = true;
        easel->is_packed = false;
        page = (struct mark_page){0};
    }
    return status;
}

static struct pdf_file *file_to_write(const struct easel *easel)
{
    return easel->swapped ? easel->swapped : easel->file;
}

static enum sting_status page_moves(struct easel *easel, int p,
                                    const int8_t *sign,
                                    struct mark_motion *motion,
                                    struct pdf_moves *out, struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status =
        pdf_file_text(file_to_write(easel), p, &text, fault);
    return status ? status
                  : mark_motion_make(&easel->page[p], sign, text.words, motion,
                                     out);
}

static enum sting_status write_copy(struct easel *easel, struct bytes signs,
                                    struct buffer *out, struct fault *fault)
{
    size_t pages = (size_t)easel->pages, at = 0;
    struct pdf_moves *moves = calloc(pages, sizeof *moves);
    struct mark_motion *motion = calloc(pages, sizeof *motion);
    enum sting_status status = moves && motion ? STING_OK : STING_E_NOMEM;
    for (size_t p = 0; !status && p < pages; p++) {
        size_t units = easel->page[p].units;
        if (signs.size - at < units) {
            status = STING_E_ARG;
            break;
        }
        status = page_moves(easel, (int)p, (const int8_t *)signs.data + at,
                            &motion[p], &moves[p], fault);
        at += units;
    }
    if (!status) {
        status = at == signs.size
                     ? pdf_file_write(file_to_write(easel), moves, out, fault)
                     : STING_E_ARG;
    }
    for (size_t p = 0; motion && p < pages; p++) {
        mark_motion_release(&motion[p]);
    }
    free(motion);
    free(moves);
    return status;
}

/* Every byte of every copy; every glyph of the first and of those with texts
 * of their own: that of others lies between places which were checked when
 * the bait was added. */
static enum sting_status check_copy(struct easel *easel, struct bytes copy,
                                    struct fault *fault)
{
    struct pdf_file *file = file_to_write(easel);
    enum sting_status status = pdf_file_account(file, copy, fault);
    if (!status && (easel->swapped || !easel->is_checked)) {
        status = pdf_file_check(file, copy, MARK_MOST_PT, fault);
        easel->is_checked = !status;
    }
    return status;
}

/* Everything that the making of copies rests on. */
static enum sting_status make_ready(struct easel *easel, struct fault *fault)
{
    enum sting_status status = easel->file ? STING_OK : STING_E_ARG;
    for (int p = 0; !status && p < easel->pages; p++) {
        status = easel_plan(easel, p, MARK_FULL, fault);
    }
    if (!status && !easel->is_packed) {
        status = mark_pack(easel->file, easel->page, easel->packing, fault);
        easel->is_packed = !status;
    }
    return status;
}

void easel_pack(struct easel *easel, enum mark_packing packing)
{
    easel->is_packed = easel->is_packed && easel->packing == packing;
    easel->is_checked = easel->is_checked && easel->is_packed;
    easel->packing = packing;
}

enum sting_status easel_write(struct easel *easel, struct bytes signs,
                              struct fault *fault)
{
    enum sting_status status = make_ready(easel, fault);
    easel->copy.size = 0;
    if (!status) {
        status = write_copy(easel, signs, &easel->copy, fault);
    }
    return status ? status
                  : check_copy(easel, buffer_bytes(&easel->copy), fault);
}

/* How far words go, whichever way. */
static enum sting_status most_moves(struct easel *easel, int p,
                                    struct mark_motion *motion,
                                    struct pdf_moves *out, struct fault *fault)
{
    uint32_t units = easel->page[p].units;
    int8_t *sign = malloc((size_t)units + 1);
    if (!sign) {
        return STING_E_NOMEM;
    }
    memset(sign, 1, units);
    enum sting_status status = page_moves(easel, p, sign, motion, out, fault);
    free(sign);
    return status;
}

enum sting_status easel_rules(struct easel *easel, struct fault *fault)
{
    size_t pages = (size_t)easel->pages;
    struct pdf_moves *most = calloc(pages + 1, sizeof *most);
    struct mark_motion *motion = calloc(pages + 1, sizeof *motion);
    enum sting_status status = most && motion ? STING_OK : STING_E_NOMEM;
    if (!status && easel->copy.size == 0) {
        status = STING_E_ARG;
    }
    for (size_t p = 0; !status && p < pages; p++) {
        status = most_moves(easel, (int)p, &motion[p], &most[p], fault);
    }
    if (!status) {
        status = pdf_file_rules(file_to_write(easel),
                                buffer_bytes(&easel->copy), most, fault);
    }
    for (size_t p = 0; motion && p < pages; p++) {
        mark_motion_release(&motion[p]);
    }
    free(motion);
    free(most);
    return status;
}

/* Write the file with its texts and open what came out in its place. */
static enum sting_status swap_texts(struct easel *easel,
                                    const struct pdf_swap *swap, size_t swaps,
                                    struct fault *fault)
{
    struct buffer made STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    enum sting_status status =
        pdf_file_replace(easel->file, swap, swaps, &made, fault);
    if (!status) {
        status = pdf_file_account(easel->file, buffer_bytes(&made), fault);
    }
    if (!status) {
        status = pdf_file_open(buffer_bytes(&made), &file, fault);
    }
    if (!status) {
        status = pdf_file_replaced_check(easel->file, file, swap, swaps, fault);
    }
    if (!status) {
        pdf_file_spell(file, pdf_file_spelling(easel->file));
        pdf_file_pack(file, pdf_file_effort(easel->file));
        easel->swapped = file;
        file = NULL;
    }
    return status;
}

enum sting_status easel_swap(struct easel *easel, const struct pdf_swap *swap,
                             size_t swaps, struct fault *fault)
{
    pdf_file_close(&easel->swapped);
    enum sting_status status = make_ready(easel, fault);
    return status || swaps == 0 ? status
                                : swap_texts(easel, swap, swaps, fault);
}
