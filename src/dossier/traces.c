/* Pictures that turned up, and what they say about copies. */
#include <math.h>
#include <string.h>

#include "dossier/section.h"

static void ratio_cell(struct html *html, double log10_ratio)
{
    if (isfinite(log10_ratio)) {
        html_element_printf(html, "td class=number", "%.1f", log10_ratio);
    } else {
        html_element(html, "td class=number", "");
    }
}

static void trace_row(struct html *html, const struct dossier_trace *trace)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<tr>");
    html_element(html, "td", trace->picture);
    html_element(html,
                 section_is_attributed(trace) ? "td class=strong"
                                              : "td class=verdict",
                 trace->verdict);
    html_element(html, "td", trace->bait);
    html_element_printf(html, "td class=number", trace->page ? "%u" : "%.0u",
                        trace->page);
    html_element_printf(html, "td class=number", trace->copy ? "%u" : "%.0u",
                        trace->copy);
    html_element(html, "td", trace->issued_to);
    ratio_cell(html, trace->log10_lr);
    ratio_cell(html, trace->log10_false);
    html_element_printf(html, "td class=time", "%s (entry %llu)",
                        section_clock(trace->at_us, time),
                        (unsigned long long)trace->seq);
    html_markup(html, "</tr>\n");
}

static const struct dossier_trace *strongest(const struct dossier *dossier)
{
    const struct dossier_trace *best = NULL;
    for (size_t i = 0; i < dossier->traces; i++) {
        const struct dossier_trace *one = &dossier->trace[i];
        if (section_is_attributed(one) && isfinite(one->log10_lr) &&
            (!best || one->log10_lr > best->log10_lr)) {
            best = one;
        }
    }
    return best;
}

/* 10 to a whole power, as people write it. */
static void power(struct html *html, double exponent)
{
    html_markup(html, "10<sup>");
    html_printf(html, "%s%.0f", exponent < 0 ? "\xe2\x88\x92" : "",
                fabs(exponent));
    html_markup(html, "</sup>");
}

/* What the number does to an opinion held before: odds times the ratio. */
static void posterior_rows(struct html *html, double log10_lr)
{
    static const struct {
        const char *told;
        double log10_odds;
    } prior[] = {{"even", 0},
                 {"1 to 100", -2},
                 {"1 to 10,000", -4},
                 {"1 to 1,000,000", -6},
                 {"1 to 1,000,000,000", -9}};
    for (size_t i = 0; i < sizeof prior / sizeof *prior; i++) {
        double log10_odds = floor(prior[i].log10_odds + log10_lr);
        html_markup(html, "<tr>");
        html_element(html, "td", prior[i].told);
        html_markup(html, log10_odds < 0 ? "<td>1 to " : "<td>");
        power(html, fabs(log10_odds));
        html_markup(html,
                    log10_odds < 0 ? "</td></tr>\n" : " to 1</td></tr>\n");
    }
}

static void strength(struct html *html, const struct dossier_trace *best)
{
    html_markup(html, "<h3>What the number says</h3>\n<p>");
    html_printf(html,
                "For the strongest finding (%s) the two propositions are: "
                "(1) this picture derives from copy %u of %s; (2) it derives "
                "from another copy, from the unmarked original, or from "
                "nothing of ours. What was measured is at least ",
                best->picture, best->copy, best->bait);
    power(html, floor(best->log10_lr));
    html_markup(html, " times more probable under (1) than under (2). The "
                      "chance that a run like this one wrongly names any copy "
                      "this strongly is at most ");
    power(html, ceil(best->log10_false));
    html_markup(html, ".</p>\n<table><thead><tr><th>Odds held for (1) before"
                      "<th>Odds after</tr></thead><tbody>\n");
    posterior_rows(html, best->log10_lr);
    html_markup(html, "</tbody></table>\n");
}

void section_traces(struct html *html, const struct dossier *dossier)
{
    html_markup(html, "<section id=traces>\n<h2>Pictures traced</h2>\n");
    if (dossier->traces == 0) {
        html_markup(html, "<p>No picture was traced.</p>\n</section>\n");
        return;
    }
    html_markup(html, "<table><thead><tr><th>Picture<th>Verdict<th>Document"
                      "<th class=number>Page<th class=number>Copy<th>Issued to"
                      "<th class=number>log<sub>10</sub> LR<th class=number>"
                      "log<sub>10</sub> false<th>When</tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->traces; i++) {
        trace_row(html, &dossier->trace[i]);
    }
    html_markup(html, "</tbody></table>\n");
    const struct dossier_trace *best = strongest(dossier);
    if (best) {
        strength(html, best);
    }
    html_markup(
        html,
        "<p>This is not the probability that the holder gave the document "
        "away. A copy is not a person. A copy can be imitated by somebody who "
        "had it. A finding is called attributed only when log<sub>10</sub> "
        "false is &minus;6 or less; below that no copy and no name is shown. "
        "Every run is counted here, also those that named nothing.</p>\n"
        "</section>\n");
}
