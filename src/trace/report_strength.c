#include "trace/report_strength.h"

#include <stdio.h>
#include <stdlib.h>

#include "trace/report.h"
#include "trace/report_words.h"

void report_pages_release(struct report_pages *pages)
{
    free(pages->page);
}

static void verdict_add(const struct trace_run *run, enum trace_verdict verdict,
                        struct report_pages *out)
{
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->findings; f++) {
            const struct trace_finding *finding = &picture->finding[f];
            if (finding->page >= 0 && finding->verdict == verdict) {
                out->page[out->count++] =
                    (struct report_page){picture, finding};
            }
        }
    }
}

enum sting_status report_pages_fill(const struct trace_run *run,
                                    struct report_pages *out)
{
    out->page = calloc(run->pictures * SEARCH_MOST_HITS + 1, sizeof *out->page);
    if (!out->page) {
        return STING_E_NOMEM;
    }
    verdict_add(run, TRACE_ATTRIBUTED, out);
    verdict_add(run, TRACE_LEAD, out);
    verdict_add(run, TRACE_NONE, out);
    return STING_OK;
}

static uint32_t agreeing(const struct trace_finding *f, int how)
{
    uint32_t count = 0;
    for (uint32_t u = 0; u < f->marks; u++) {
        count += f->mark[u].sign != 0 && f->mark[u].agrees == how;
    }
    return count;
}

static void ratio_show(const struct trace_finding *f, struct document *d)
{
    char each[REPORT_TEXT_SIZE] = "";
    if (f->page >= 0) {
        snprintf(each, sizeof each, ", each to about %.3f mm",
                 f->noise_pt * 25.4 / 72);
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "%u places were measured%s. The likelihood ratio "
        "is 10 to the power of %.1f: %s support for H1, in the words of "
        "ENFSI's "
        "scale. Whatever camera and light did, a picture that does not derive "
        "from a given copy reaches a ratio of x with a chance of at most 1 in "
        "x; this follows from how the codes were drawn, not from trials.",
        f->score.units, each, f->score.log10_lr,
        report_support(f->score.log10_lr));
}

/* Of one picture: several together have no places of their own. */
static void agreement_show(const struct trace_finding *f, struct document *d)
{
    if (f->marks == 0) {
        return;
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "%u of these places stand as in copy %u and %u do not. Single places "
        "are measured with noise, so that some must disagree; the strength "
        "comes from all of them together, each weighed by how clearly it is "
        "seen.",
        agreeing(f, 1), f->score.copy, agreeing(f, -1));
}

static void strength_show(const struct trace_run *run,
                          const struct trace_finding *f, struct document *d)
{
    char power[REPORT_TEXT_SIZE];
    ratio_show(f, d);
    agreement_show(f, d);
    if (f->is_mixed) {
        document_text(d, DOCUMENT_PLAIN,
                      "No copy was named as the only one in this picture. It "
                      "was then judged as made of several copies, of which "
                      "this is one; more of these places disagree than would "
                      "with its copy alone. That look is counted.");
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "Looks counted: %.0f scores were made in this run, and it is the %s "
        "time that %s asked about. With all of them paid for, the "
        "chance that a run such as this one names any copy so strongly "
        "by accident is at most 1 in %s. A copy is named at 1 in 1,000,000.",
        run->tried,
        f->run == 1   ? "first"
        : f->run == 2 ? "second"
        : f->run == 3 ? "third"
                      : "fourth or later",
        f->page >= 0 ? "this page was" : "pages of this document were",
        report_power(-f->log10_false, power));
    if (f->strange > 0.1) {
        document_text(d, DOCUMENT_PLAIN,
                      "%.0f %% of the words stand at neither of their two "
                      "places: the page may have been edited or filled in "
                      "otherwise.",
                      100 * f->strange);
    }
    report_posterior(run->library->shelf[f->shelf].copies, f->score.log10_lr,
                     d);
    document_text(
        d, DOCUMENT_SMALL,
        "A ratio as large as this says only that chance is no explanation. "
        "What remains are explanations that it does not measure: a copy that "
        "was imitated, lent, stolen, or handed to another than the register "
        "says.");
}

/* Several pictures that were judged as one. */
static size_t joints_show(const struct trace_run *run, struct document *d)
{
    size_t shown = 0;
    for (size_t i = 0; i < run->joints; i++) {
        const struct trace_joint *joint = &run->joint[i];
        if (joint->finding.verdict == TRACE_ATTRIBUTED) {
            document_text(d, DOCUMENT_STRONG,
                          "%zu pictures of %zu %s together, copy %u",
                          joint->pictures, joint->parts,
                          joint->parts == 1 ? "page" : "pages",
                          joint->finding.score.copy);
            strength_show(run, &joint->finding, d);
            shown++;
        }
    }
    return shown;
}

void report_strengths(const struct trace_run *run,
                      const struct report_pages *pages, struct document *d)
{
    size_t named = 0;
    document_heading(d, "5  How strong it is");
    for (size_t i = 0; i < pages->count; i++) {
        const struct report_page *page = &pages->page[i];
        char source[REPORT_TEXT_SIZE];
        if (page->finding->verdict == TRACE_ATTRIBUTED &&
            named++ < REPORT_MOST_DETAILS) {
            report_source(page->picture, source);
            document_text(d, DOCUMENT_STRONG, "%s, copy %u", source,
                          page->finding->score.copy);
            strength_show(run, page->finding, d);
        }
    }
    if (named > REPORT_MOST_DETAILS) {
        document_text(d, DOCUMENT_PLAIN,
                      "Further pages found that name a copy: %zu. Their ratios "
                      "are in section 1 and in the table of section 3.",
                      named - REPORT_MOST_DETAILS);
    }
    if (joints_show(run, d) + named == 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "No copy is named, so there is no strength to tell. "
                      "%.0f scores were made and are counted in the ledger.",
                      run->tried);
    }
}
