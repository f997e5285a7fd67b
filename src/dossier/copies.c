/* Which copies exist, who had them, and what became of each document. */
#include <string.h>

#include "dossier/section.h"

/* One cell of the matrix is a list of evidence; `found` counts its lines. */
struct cell {
    struct html *html;
    size_t found;
};

static void cell_open(struct cell *cell, struct html *html)
{
    *cell = (struct cell){html, 0};
    html_markup(html, "<td>");
}

/* Call before each line of the cell. */
static void cell_next(struct cell *cell)
{
    if (cell->found++ > 0) {
        html_markup(cell->html, "<br>");
    }
}

static void cell_close(struct cell *cell)
{
    html_markup(cell->html, cell->found ? "</td>\n" : "&ndash;</td>\n");
}

/* What people wrote down about a bait: asked for, laid out, seen. */
static void remarks(struct cell *cell, const struct dossier *dossier,
                    const char *kind, const char *bait)
{
    char time[SECTION_TIME_SIZE];
    for (size_t i = 0; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        if (strcmp(one->kind, kind) != 0 || strcmp(one->bait, bait) != 0) {
            continue;
        }
        cell_next(cell);
        html_printf(cell->html, "%s%s%s (%s, entry %llu)", one->by,
                    one->by[0] && one->text[0] ? ": " : "", one->text,
                    section_clock(one->at_us, time),
                    (unsigned long long)one->seq);
    }
}

static void laid_out(struct html *html, const struct dossier *dossier,
                     const char *bait)
{
    struct cell cell;
    cell_open(&cell, html);
    for (size_t i = 0; i < dossier->places; i++) {
        const struct dossier_place *place = &dossier->place[i];
        if (strcmp(place->bait, bait) != 0) {
            continue;
        }
        cell_next(&cell);
        html_printf(html, "zone %s of camera %s", place->zone, place->camera);
        if (place->copy) {
            html_printf(html, ", copy %u", place->copy);
        }
    }
    remarks(&cell, dossier, "laid", bait);
    cell_close(&cell);
}

static void seen(struct html *html, const struct dossier *dossier,
                 const char *bait)
{
    struct cell cell;
    char time[SECTION_TIME_SIZE];
    cell_open(&cell, html);
    for (size_t i = 0; i < dossier->incidents; i++) {
        const struct dossier_incident *one = &dossier->incident[i];
        if (strcmp(one->bait, bait) != 0) {
            continue;
        }
        cell_next(&cell);
        html_printf(html, "incident %u, %s: %s", one->number,
                    section_clock(one->start_us, time), one->kind);
    }
    remarks(&cell, dossier, "seen", bait);
    cell_close(&cell);
}

static void copied(struct html *html, const struct dossier *dossier,
                   const char *bait)
{
    struct cell cell;
    cell_open(&cell, html);
    for (size_t i = 0; i < dossier->traces; i++) {
        const struct dossier_trace *one = &dossier->trace[i];
        if (strcmp(one->bait, bait) != 0 || one->page == 0) {
            continue;
        }
        cell_next(&cell);
        html_printf(html, "page %u", one->page);
        if (section_is_attributed(one)) {
            html_printf(html, " of copy %u", one->copy);
        } else {
            html_printf(html, ", no copy named");
        }
        html_printf(html, " (entry %llu)", (unsigned long long)one->seq);
    }
    cell_close(&cell);
}

static void row(struct html *html, const struct dossier *dossier,
                const char *bait)
{
    struct cell asked;
    html_markup(html, "<tr>");
    html_element(html, "td class=strong", bait);
    cell_open(&asked, html);
    remarks(&asked, dossier, "asked", bait);
    cell_close(&asked);
    laid_out(html, dossier, bait);
    seen(html, dossier, bait);
    copied(html, dossier, bait);
    html_markup(html, "</tr>\n");
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

void section_matrix(struct html *html, const struct dossier *dossier)
{
    html_markup(
        html,
        "<section id=matrix>\n<h2>What was asked for, and what was taken</h2>\n"
        "<table><thead><tr><th>Document<th>Asked for<th>Laid out<th>Seen"
        "<th>Copied</tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->copies; i++) {
        const char *bait = dossier->copy[i].bait;
        if (i == 0 || strcmp(dossier->copy[i - 1].bait, bait) != 0) {
            row(html, dossier, bait);
        }
    }
    for (size_t i = 0; i < dossier->remarks; i++) {
        if (is_new_bait(dossier, i)) {
            row(html, dossier, dossier->remark[i].bait);
        }
    }
    html_markup(html, "</tbody></table>\n<p class=small>A dash means that "
                      "nothing was written down or found, not that it did not "
                      "happen.</p>\n</section>\n");
}

/* How it is known that the holder has it, also what speaks against it. */
static void handover_cell(struct html *html, const struct handover *handover)
{
    html_markup(html, "<td>");
    html_printf(html, "%s", handover_text(handover->state));
    if (handover->refused > 0) {
        html_printf(html, "; %u pictures named another copy",
                    handover->refused);
    }
    html_markup(html, "</td>\n");
}

static void copy_row(struct html *html, const struct dossier *dossier,
                     const struct dossier_copy *copy)
{
    char time[SECTION_TIME_SIZE];
    size_t named = 0;
    for (size_t i = 0; i < dossier->traces; i++) {
        named += section_is_attributed(&dossier->trace[i]) &&
                 dossier->trace[i].copy == copy->number;
    }
    html_markup(html, "<tr>");
    html_element_printf(html, "td class=number", "%u", copy->number);
    html_element(html, "td", copy->bait);
    html_element(html, "td", copy->holder);
    html_element(html, "td class=time", section_time(copy->issued_us, time));
    handover_cell(html, &copy->handover);
    html_element_printf(
        html, named ? "td class=\"number strong\"" : "td class=number", "%zu",
        named);
    html_markup(html, "</tr>\n");
}

void section_copies(struct html *html, const struct dossier *dossier)
{
    html_markup(html,
                "<section id=copies>\n<h2>Copies and holders</h2>\n"
                "<p>Each copy differs from all others by displacements too "
                "small to be noticed. Every batch of copies was committed in "
                "the ledger, with its holders, before its first file "
                "existed. Copy 0 was never issued and serves as the "
                "control. Handed over: none, nothing is known; claimed, "
                "somebody of ours says so; receipt, the holder's is sealed; "
                "verified, a photograph taken then names this copy."
                "</p>\n<table><thead><tr><th class=number>Copy"
                "<th>Document<th>Issued to<th>Issued<th>Handed over"
                "<th class=number>"
                "Pictures attributed</tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->copies; i++) {
        copy_row(html, dossier, &dossier->copy[i]);
    }
    html_markup(html, "</tbody></table>\n</section>\n");
}
