/* How well it was watched: what would have been seen, and what not. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/interval.h"
#include "dossier/section.h"

#define MOST_STRETCHES 40 /* of a bait; the others are counted */

static double part(const struct bait_hours *bait, enum seeing seeing)
{
    return bait->lain_us > 0
               ? 100 * (double)bait->us[seeing] / (double)bait->lain_us
               : 0;
}

static void stretch_row(struct page *page, const struct bait_stretch *stretch)
{
    char from[SECTION_TIME_SIZE];
    char to[SECTION_TIME_SIZE];
    char length[32];
    (void)snprintf(length, sizeof length, "%.0f s",
                   (double)(stretch->to_us - stretch->from_us) / 1e6);
    document_row(page->document,
                 (const char *const[]){section_time(stretch->from_us, from),
                                       section_time(stretch->to_us, to), length,
                                       seeing_words(stretch->seeing)});
}

static void stretches(struct page *page, const struct bait_hours *bait)
{
    size_t told =
        bait->stretches < MOST_STRETCHES ? bait->stretches : MOST_STRETCHES;
    if (told > 0) {
        document_table(
            page->document, 4,
            (const char *const[]){"From", "To", "For", "Not seen well because"},
            (const double[]){1.4, 1.4, -0.6, 1.8});
    }
    for (size_t i = 0; i < told; i++) {
        stretch_row(page, &bait->stretch[i]);
    }
    if (bait->stretches > told) {
        document_text(page->document, DOCUMENT_SMALL,
                      "And %zu stretches more, which sting drill --watched "
                      "--json lists.",
                      bait->stretches - told);
    }
}

static void hours(struct page *page, const struct bait_hours *bait)
{
    char copy[32] = "";
    if (bait->copy) {
        (void)snprintf(copy, sizeof copy, ", copy %" PRIu32, bait->copy);
    }
    if (bait->lain_us == 0) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "%s%s: no line of the ledger tells that it lay there.",
                      bait->bait, copy);
        return;
    }
    document_text(page->document, DOCUMENT_PLAIN,
                  "%s%s: of the %.1f hours that it lay there, by "
                  "operation.yaml as the ledger tells it, %.1f %% were under a "
                  "camera that would have seen a person, %.1f %% under one "
                  "that saw only who stands out.",
                  bait->bait, copy, (double)bait->lain_us / 3.6e9,
                  part(bait, SEEING_GOOD), part(bait, SEEING_FAINT));
    stretches(page, bait);
}

static void rate(struct page *page, const char *what,
                 const struct watched_rate *rate)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    if (rate->trials > 0) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "%s: %" PRIu32 " of %" PRIu32
                      " (95 %% interval %.1f to %.1f %%).",
                      what, rate->hits, rate->trials, 100 * interval.low,
                      100 * interval.high);
    }
}

static void pair(struct page *page, const struct watched_pair *one)
{
    char text[WATCHED_DOUBT_SIZE];
    const char *doubt = NULL;
    double seen = (double)one->by_first + one->by_second - one->by_both;
    document_text(page->document, DOCUMENT_PLAIN,
                  "%s and %s: %" PRIu32 " and %" PRIu32 " visits seen, %" PRIu32
                  " by both.",
                  one->first, one->second, one->by_first, one->by_second,
                  one->by_both);
    if (!one->has_estimate) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "Nothing can be said of those that neither saw.");
        return;
    }
    document_text(page->document, DOCUMENT_PLAIN,
                  "Seen by neither: about %.1f (95 %% interval %.0f to %.0f), "
                  "under these conditions:",
                  one->all.total - seen, one->all.low - seen,
                  one->all.high - seen);
    for (size_t i = 0; (doubt = watched_doubt(one, i, text)); i++) {
        document_point(page->document, "%s", doubt);
    }
}

void section_watched(struct page *page)
{
    const struct watched *watched = &page->dossier->watched;
    document_heading(page->document, "How well it was watched");
    if (watched->hours.baits == 0) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "No zone of a camera names a document: nothing is said "
                      "of its hours.");
    }
    for (size_t i = 0; i < watched->hours.baits; i++) {
        hours(page, &watched->hours.bait[i]);
    }
    rate(page, "Walk tests that were told of", &watched->walks);
    rate(page, "Walk tests in time for the team", &watched->in_time);
    if (watched->walks.trials == 0) {
        document_text(page->document, DOCUMENT_PLAIN, "No walk test was made.");
    }
    document_subheading(page->document, "Visits that nobody saw");
    if (watched->pairs == 0) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "No two cameras of one room have told of a visit, so "
                      "that nothing can be estimated.");
    }
    for (size_t i = 0; i < watched->pairs; i++) {
        pair(page, &watched->pair[i]);
    }
}
