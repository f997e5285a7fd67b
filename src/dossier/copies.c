/* Which copies exist, who had them, and what became of each document. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dossier/section.h"
#include "operation/register.h"

#define MOST_ROWS 2000 /* of copies that no picture named */
#define MOST_PAGES                                                             \
    40 /* that page watch told, of one document or copy; and                   \
          times that one was laid out */

/* One cell of the matrix is a list of evidence, a line each. */
__attribute__((format(printf, 2, 3))) static void line_add(struct buffer *cell,
                                                           const char *format,
                                                           ...)
{
    char text[3 * DOSSIER_TEXT_SIZE];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (buffer_text_append(cell, cell->size ? "\n" : "") ||
        buffer_text_append(cell, text)) {
        cell->size = 0; /* without memory the document fails as well */
    }
}

static const char *cell_text(const struct buffer *cell)
{
    return cell->size ? buffer_text(cell) : "\xe2\x80\x93";
}

/* What people wrote down about a bait: asked for, laid out, seen. */
static void remarks(struct buffer *cell, const struct dossier *dossier,
                    const char *kind, const char *bait)
{
    char time[SECTION_TIME_SIZE];
    for (size_t i = 0; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        if (strcmp(one->kind, kind) != 0 || strcmp(one->bait, bait) != 0) {
            continue;
        }
        line_add(cell, "%s%s%s (%s, entry %" PRIu64 ")", one->by,
                 one->by[0] && one->text[0] ? ": " : "", one->text,
                 section_time(one->at_us, time), one->seq);
    }
}

/* "copy 7", or as much is known. */
static const char *copy_text(uint32_t copy, char text[24])
{
    (void)snprintf(text, 24, copy ? "copy %" PRIu32 : "copy not known", copy);
    return text;
}

static void lain_add(struct buffer *cell, const struct bait_hours *hours,
                     const struct bait_lain *lain)
{
    char copy[24], from[SECTION_TIME_SIZE], to[SECTION_TIME_SIZE];
    line_add(cell, "%s: zone %s of camera %s, %s %s%s%s",
             copy_text(hours->copy, copy), lain->zone, lain->camera,
             lain->is_there ? "since" : "from",
             section_time(lain->from_us, from), lain->is_there ? "" : " to ",
             lain->is_there ? "" : section_time(lain->to_us, to));
}

static void laid_out(struct buffer *cell, const struct dossier *dossier,
                     const char *bait)
{
    const struct bait_hours_list *list = &dossier->watched.hours;
    size_t found = 0;
    for (size_t b = 0; b < list->baits; b++) {
        const struct bait_hours *hours = &list->bait[b];
        for (size_t i = 0; i < hours->lains && !strcmp(hours->bait, bait);
             i++) {
            if (found++ < MOST_PAGES) {
                lain_add(cell, hours, &hours->lain[i]);
            }
        }
    }
    if (found > MOST_PAGES) {
        line_add(cell, "and %zu times more, by the ledger", found - MOST_PAGES);
    }
    remarks(cell, dossier, "laid", bait);
}

/* What page watch told, of which copy, where and when. */
static void page_add(struct buffer *cell, const struct page_seen *one,
                     const char *what)
{
    char time[SECTION_TIME_SIZE], copy[24], count[16] = "";
    if (one->count > 0) {
        snprintf(count, sizeof count, "%u ", one->count);
    }
    line_add(cell, "%s%s%s, %s, zone %s of camera %s, %s (entry %" PRIu64 ")",
             what, count, one->state, copy_text(one->copy, copy), one->zone,
             one->camera, section_time(one->since_us, time), one->seq);
}

/* What page watch told where this bait lay, or this copy of it (0: any). */
static void pages_add(struct buffer *cell, const struct dossier *dossier,
                      const char *bait, uint32_t copy, const char *what)
{
    size_t found = 0;
    for (size_t i = 0; i < dossier->pages; i++) {
        const struct page_seen *one = &dossier->page[i];
        bool is_it = !strcmp(one->bait, bait) && (!copy || one->copy == copy);
        found += is_it;
        if (is_it && found <= MOST_PAGES) {
            page_add(cell, one, what);
        }
    }
    if (found > MOST_PAGES) {
        line_add(cell, "%sand %zu times more, by the ledger", what,
                 found - MOST_PAGES);
    }
}

/* Which copy lay in that zone then; NULL: no line tells. */
static const struct bait_hours *lay_there(const struct dossier *dossier,
                                          const struct dossier_incident *one)
{
    const struct bait_hours_list *list = &dossier->watched.hours;
    for (size_t b = 0; b < list->baits; b++) {
        const struct bait_hours *hours = &list->bait[b];
        for (size_t i = 0; i < hours->lains; i++) {
            const struct bait_lain *lain = &hours->lain[i];
            if (!strcmp(hours->bait, one->bait) &&
                !strcmp(lain->camera, one->camera) &&
                !strcmp(lain->zone, one->zone) &&
                one->start_us >= lain->from_us &&
                one->start_us <= lain->to_us) {
                return hours;
            }
        }
    }
    return NULL;
}

static void incident_add(struct buffer *cell, const struct dossier *dossier,
                         const struct dossier_incident *one)
{
    char time[SECTION_TIME_SIZE], copy[24];
    const struct bait_hours *lay = lay_there(dossier, one);
    line_add(cell, "incident %u: %s, %s, %s%s of camera %s, %s", one->number,
             one->kind, copy_text(lay ? lay->copy : 0, copy),
             one->zone[0] ? "zone " : "picture", one->zone, one->camera,
             section_time(one->start_us, time));
}

static void seen(struct buffer *cell, const struct dossier *dossier,
                 const char *bait)
{
    for (size_t i = 0; i < dossier->incidents; i++) {
        const struct dossier_incident *one = &dossier->incident[i];
        if (!strcmp(one->bait, bait)) {
            incident_add(cell, dossier, one);
        }
    }
    pages_add(cell, dossier, bait, 0, "page ");
    remarks(cell, dossier, "seen", bait);
}

static void copied(struct buffer *cell, const struct dossier *dossier,
                   const char *bait)
{
    for (size_t i = 0; i < dossier->traces; i++) {
        const struct dossier_trace *one = &dossier->trace[i];
        if (strcmp(one->bait, bait) != 0 || one->page == 0) {
            continue;
        }
        if (section_is_attributed(one)) {
            line_add(cell, "page %u of copy %u (entry %" PRIu64 ")", one->page,
                     one->copy, one->seq);
            pages_add(cell, dossier, bait, one->copy,
                      "  where that copy was laid: page ");
        } else {
            line_add(cell, "page %u, no copy named (entry %" PRIu64 ")",
                     one->page, one->seq);
        }
    }
}

static void row(struct page *page, const char *bait)
{
    struct buffer cell[4] = {{0}, {0}, {0}, {0}};
    remarks(&cell[0], page->dossier, "asked", bait);
    laid_out(&cell[1], page->dossier, bait);
    seen(&cell[2], page->dossier, bait);
    copied(&cell[3], page->dossier, bait);
    document_row(page->document,
                 (const char *const[]){bait, cell_text(&cell[0]),
                                       cell_text(&cell[1]), cell_text(&cell[2]),
                                       cell_text(&cell[3])});
    for (size_t i = 0; i < 4; i++) {
        buffer_release(&cell[i]);
    }
}

/* Is this the first mention of the bait among all remarks before it? */
static bool is_new_bait(const struct dossier *dossier, size_t index)
{
    const char *bait = dossier->remark[index].bait;
    for (size_t i = 0; i < dossier->copies; i++) {
        if (!strcmp(dossier->copy[i].bait, bait)) {
            return false;
        }
    }
    for (size_t i = 0; i < index; i++) {
        if (!strcmp(dossier->remark[i].bait, bait)) {
            return false;
        }
    }
    return bait[0] != '\0';
}

void section_matrix(struct page *page)
{
    static const char *const head[] = {"Document", "Asked for", "Laid out",
                                       "Seen", "Copied"};
    const struct dossier *dossier = page->dossier;
    document_heading(page->document, "What was asked for, and what was taken");
    document_table(page->document, 5, head,
                   (const double[]){1.1, 1.5, 1.5, 1.5, 1.5});
    for (size_t i = 0; i < dossier->copies; i++) {
        const char *bait = dossier->copy[i].bait;
        if (i == 0 || strcmp(dossier->copy[i - 1].bait, bait) != 0) {
            row(page, bait);
        }
    }
    for (size_t i = 0; i < dossier->remarks; i++) {
        if (is_new_bait(dossier, i)) {
            row(page, dossier->remark[i].bait);
        }
    }
    document_text(page->document, DOCUMENT_SMALL,
                  "A dash means that nothing was written down or found, not "
                  "that it did not happen. What became of a page is a "
                  "detector's opinion of a sheet in a zone. Which copy lies "
                  "there, operation.yaml says: the camera does not read it, "
                  "nor does it tell who had it in his hands; after "
                  "\"changed\" or \"gone\" it may be another sheet.");
}

static size_t times_named(const struct dossier *dossier, uint32_t copy)
{
    size_t named = 0;
    for (size_t i = 0; i < dossier->traces; i++) {
        named += section_is_attributed(&dossier->trace[i]) &&
                 dossier->trace[i].copy == copy;
    }
    return named;
}

static void copy_row(struct page *page, const struct dossier_copy *copy,
                     size_t named)
{
    char time[SECTION_TIME_SIZE];
    char number[16], pictures[24], handover[240];
    size_t used = 0;
    (void)snprintf(number, sizeof number, "%u", copy->number);
    (void)snprintf(pictures, sizeof pictures, "%zu", named);
    /* Also what speaks against it. */
    used = (size_t)snprintf(
        handover, sizeof handover,
        copy->handover.refused ? "%s%s; %u pictures named another copy"
                               : "%s%s",
        handover_text(copy->handover.state),
        copy->handover.traced_utc_us ? ", but only after a trace had named it"
                                     : "",
        copy->handover.refused);
    if (copy->handover.shown > 0) {
        (void)snprintf(handover + used, sizeof handover - used,
                       "; named by %u pictures given for another",
                       copy->handover.shown);
    }
    document_row(page->document,
                 (const char *const[]){number, copy->bait, copy->holder,
                                       section_time(copy->issued_us, time),
                                       handover, pictures});
}

static const char *holder_of(const struct dossier *dossier, uint32_t number)
{
    for (size_t i = 0; i < dossier->copies; i++) {
        if (dossier->copy[i].number == number) {
            return register_name(dossier->copy[i].holder);
        }
    }
    return NULL;
}

/* Photographs of a hand-over that show the copy of somebody else. */
static void swaps_tell(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    char words[HANDOVER_SWAP_SIZE];
    for (size_t i = 0; i < dossier->handover.swaps; i++) {
        const struct handover_swap *swap = &dossier->handover.swap[i];
        document_text(page->document, DOCUMENT_PLAIN,
                      "This speaks for the holder of copy %u: %s. The copies "
                      "may have been swapped when they were handed over.",
                      swap->shows,
                      handover_swap_words(
                          swap, holder_of(dossier, swap->given_for), words));
    }
}

void section_copies(struct page *page)
{
    static const char *const head[] = {"Copy",   "Document",    "Issued to",
                                       "Issued", "Handed over", "Pictures"};
    const struct dossier *dossier = page->dossier;
    size_t left_out = 0;
    document_heading(page->document, "Copies and holders");
    document_text(
        page->document, DOCUMENT_PLAIN,
        "Each copy differs from all others by displacements too small to be "
        "noticed. Every batch of copies was committed in the ledger, with its "
        "holders, before its first file existed. Copy 0 was never issued and "
        "serves as the control. Handed over: none, nothing is known; claimed, "
        "somebody of ours says so; receipt, the holder's is sealed; verified, "
        "a photograph taken then names this copy. Pictures: how many were "
        "attributed to it.");
    document_table(page->document, 6, head,
                   (const double[]){-0.5, 1.1, 1.6, 1.5, 1.1, -0.6});
    for (size_t i = 0; i < dossier->copies; i++) {
        size_t named = times_named(dossier, dossier->copy[i].number);
        bool is_swapped = dossier->copy[i].handover.refused > 0 ||
                          dossier->copy[i].handover.shown > 0;
        if (i < MOST_ROWS || named > 0 || is_swapped) {
            copy_row(page, &dossier->copy[i], named);
        } else {
            left_out++;
        }
    }
    if (left_out > 0) {
        document_text(page->document, DOCUMENT_SMALL,
                      "%zu more copies, named by no picture, are in the "
                      "register.",
                      left_out);
    }
    swaps_tell(page);
}
