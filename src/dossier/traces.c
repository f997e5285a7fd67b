/* Pictures that turned up, and what they say about copies. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dossier/section.h"

static void ratio_text(double log10_ratio, char *out, size_t size)
{
    (void)snprintf(out, size, isfinite(log10_ratio) ? "%.1f" : "\xe2\x80\x93",
                   log10_ratio);
}

/* A finding on several pictures names none of them. */
static const char *picture_text(const struct dossier_trace *trace)
{
    return trace->picture[0] ? trace->picture : "pictures together";
}

static void trace_row(struct page *page, const struct dossier_trace *trace)
{
    char time[SECTION_TIME_SIZE], when[SECTION_TIME_SIZE + 24];
    char place[DOSSIER_NAME_SIZE + 24], copy[DOSSIER_TEXT_SIZE + 24];
    char lr[24], false_[24], ratio[56];
    (void)snprintf(place, sizeof place, trace->page ? "%s, page %u" : "%s",
                   trace->bait, trace->page);
    (void)snprintf(copy, sizeof copy, trace->copy ? "%u: %s" : "\xe2\x80\x93",
                   trace->copy,
                   trace->issued_to[0] ? trace->issued_to : "under seal");
    ratio_text(trace->log10_lr, lr, sizeof lr);
    ratio_text(trace->log10_false, false_, sizeof false_);
    (void)snprintf(ratio, sizeof ratio, "%s / %s", lr, false_);
    (void)snprintf(when, sizeof when, "%s (entry %" PRIu64 ")",
                   section_time(trace->at_us, time), trace->seq);
    document_row(page->document,
                 (const char *const[]){picture_text(trace), trace->verdict,
                                       place, copy, ratio, when});
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

/* What the number does to an opinion held before: odds times the ratio. */
static void posterior_rows(struct page *page, double log10_lr)
{
    static const struct {
        const char *told;
        double log10_odds;
    } prior[] = {{"even", 0},
                 {"1 to 100", -2},
                 {"1 to 10,000", -4},
                 {"1 to 1,000,000", -6},
                 {"1 to 1,000,000,000", -9}};
    document_table(
        page->document, 2,
        (const char *const[]){"Odds held for (1) before", "Odds after"},
        (const double[]){1, 1});
    for (size_t i = 0; i < sizeof prior / sizeof *prior; i++) {
        double odds = floor(prior[i].log10_odds + log10_lr);
        char power[SECTION_POWER_SIZE], after[SECTION_POWER_SIZE + 8];
        section_power(fabs(odds), power);
        (void)snprintf(after, sizeof after, odds < 0 ? "1 to %s" : "%s to 1",
                       power);
        document_row(page->document,
                     (const char *const[]){prior[i].told, after});
    }
}

static void strength(struct page *page, const struct dossier_trace *best)
{
    char power[2][SECTION_POWER_SIZE];
    document_subheading(page->document, "What the number says");
    document_text(
        page->document, DOCUMENT_PLAIN,
        "For the strongest finding (%s) the two propositions are: (1) this "
        "picture derives from copy %u of %s; (2) it derives from another copy, "
        "from the unmarked original, or from nothing of ours. What was "
        "measured is at least %s times more probable under (1) than under (2). "
        "The chance that a run like this one wrongly names any copy this "
        "strongly is at most %s.",
        picture_text(best), best->copy, best->bait,
        section_power(floor(best->log10_lr), power[0]),
        section_power(ceil(best->log10_false), power[1]));
    posterior_rows(page, best->log10_lr);
}

void section_traces(struct page *page)
{
    static const char *const head[] = {"Picture",          "Verdict",
                                       "Document",         "Copy, issued to",
                                       "log10 LR / false", "When"};
    const struct dossier *dossier = page->dossier;
    document_heading(page->document, "Pictures traced");
    if (dossier->traces == 0) {
        document_text(page->document, DOCUMENT_PLAIN, "No picture was traced.");
        return;
    }
    document_table(page->document, 6, head,
                   (const double[]){1.5, 1, 1.3, 1.5, -1.1, 1.2});
    for (size_t i = 0; i < dossier->traces; i++) {
        trace_row(page, &dossier->trace[i]);
    }
    const struct dossier_trace *best = strongest(dossier);
    if (best) {
        strength(page, best);
    }
    document_text(
        page->document, DOCUMENT_PLAIN,
        "This is not the probability that the holder gave the document away. A "
        "copy is not a person. A copy can be imitated by somebody who had it. "
        "A finding is called attributed only when log10 false "
        "is \xe2\x88\x92"
        "6 or less; below that no copy and no name is shown. Every run is "
        "counted here, also those that named nothing.");
}
