#include "trace/quote_report.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "trace/report_words.h"

static const char *name_of(const struct quote *quote)
{
    return file_base(quote->name);
}

static bool is_named(const struct quote_finding *f)
{
    return f->verdict == TRACE_ATTRIBUTED;
}

static void named_conclusion(const struct quote *quote,
                             const struct quote_finding *f, struct document *d)
{
    char power[REPORT_TEXT_SIZE];
    document_text(
        d, DOCUMENT_STRONG,
        "The text %s quotes %u facts that were planted in the document \"%s\". "
        "What it quotes gives %s support to its having been taken from copy "
        "%u, rather than from any other copy, from the unmarked original or "
        "from elsewhere: it is at least %s times more probable.",
        name_of(quote), f->quoted + f->common, f->bait,
        report_support(f->log10_lr), f->copy, report_power(f->log10_lr, power));
    document_text(d, DOCUMENT_PLAIN,
                  "By the register, copy %u was issued to: %s. This report "
                  "does not say that this holder wrote the text, or gave the "
                  "copy to somebody.",
                  f->copy, f->holder);
    report_handover(&quote->handover, f->copy, NULL, d);
}

static void finding_conclusion(const struct quote *quote,
                               const struct quote_finding *f,
                               struct document *d)
{
    if (is_named(f)) {
        named_conclusion(quote, f, d);
    } else {
        document_text(
            d, DOCUMENT_STRONG,
            "Of %u facts that were planted in the document \"%s\" the text %s "
            "quotes %u, of which %u can differ from copy to copy. That %s.",
            f->sheet.facts, f->bait, name_of(quote), f->quoted + f->common,
            f->quoted,
            f->verdict == TRACE_LEAD ? "is too weak to name a copy"
            : quote_could_tell(quote, f)
                ? "speaks for none of the copies issued"
                : "is too little to name a copy or to "
                  "exclude one");
    }
    if (f->common > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Facts among them that stand in every copy: %u. They "
                      "show the document, and no copy.",
                      f->common);
    }
}

static void conclusion(const struct quote *quote, struct document *d)
{
    document_heading(d, "1  Conclusion");
    for (size_t i = 0; i < quote->findings; i++) {
        finding_conclusion(quote, &quote->finding[i], d);
    }
    if (quote->findings == 0) {
        document_text(d, DOCUMENT_STRONG,
                      quote->declared > 0
                          ? "The text %s quotes none of the %u facts that were "
                            "planted."
                          : "No fact was planted, so the text %s can tell "
                            "nothing.",
                      name_of(quote), quote->declared);
    }
}

static void question(const struct quote *quote, struct document *d)
{
    document_heading(d, "2  What was asked");
    if (quote->declared == 0) {
        document_text(
            d, DOCUMENT_PLAIN,
            "A text tells copies apart only by wordings and figures that were "
            "declared before the first copy was issued and differ from copy to "
            "copy. None were declared for any document of this operation, so "
            "nothing could be asked.");
        return;
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "Before the first copy was issued, wordings and figures in the "
        "document were declared that differ from copy to copy, each copy's "
        "drawn by chance from its secret key. Two propositions were set "
        "against each other:");
    document_point(d, "H1: the text was taken from the copy named.");
    document_point(d, "H2: it was taken from another copy, from the unmarked "
                      "original, or from elsewhere.");
    document_text(
        d, DOCUMENT_PLAIN,
        "The answer is a likelihood ratio: how many times more probable what "
        "is quoted is if H1 is true than if H2 is true. It is not the "
        "probability of H1. What else is known of the case enters through the "
        "odds in section 5.");
}

static void examined(const struct quote *quote, struct bytes text,
                     struct document *d)
{
    char digest[DIGEST_TEXT_SIZE];
    document_heading(d, "3  What was examined");
    document_text(d, DOCUMENT_PLAIN,
                  "%s, %zu bytes, SHA-256 %s. Line ends, capitals, quotation "
                  "marks and dashes are of no account; one letter in eight "
                  "may be wrong.",
                  name_of(quote), text.size,
                  digest_text(quote->digest, digest));
}

/* One fact: where, which of how many, what the text has. */
static enum sting_status fact_row(const struct quote_finding *f, uint32_t i,
                                  struct bytes text, struct document *d)
{
    const struct fact *fact = &f->sheet.fact[i];
    uint32_t choices = fact_choices(fact);
    char page[12], of[24], value[FACT_VALUE_SIZE] = "the same in all";
    struct buffer passage STING_AUTO(buffer_release) = {0};
    if (f->seen[i] == FACT_UNSEEN) {
        return STING_OK;
    }
    enum sting_status status = quote_passage(text, &f->place[i], &passage);
    snprintf(page, sizeof page, "%u", fact->page + 1);
    snprintf(of, sizeof of, "%u", choices);
    if (choices > 1) {
        fact_text(fact, (uint32_t)f->seen[i], value);
    }
    bool agrees = choices > 1 && (uint32_t)f->seen[i] == f->choice[i];
    const char *cell[] = {page, buffer_text(&passage), value, of,
                          !is_named(f) || choices < 2 ? ""
                          : agrees                    ? "yes"
                                                      : "no"};
    if (!status) {
        document_row(d, cell);
    }
    return status;
}

static void facts_dates(const struct quote_finding *f, struct document *d)
{
    char declared[CLOCK_TEXT_SIZE], issued[CLOCK_TEXT_SIZE];
    char digest[DIGEST_TEXT_SIZE];
    clock_text(f->sheet.declared_utc_us, declared);
    clock_text(f->issued_us, issued);
    document_text(
        d, DOCUMENT_PLAIN,
        "Declared %.16s UTC%s%.16s%s by this machine's clock. Compare "
        "with the day on which the text was published. The sheet of "
        "facts has the SHA-256 %s, which stands in the ledger.",
        declared, is_named(f) ? "; the copy was committed to " : "",
        is_named(f) ? issued : "", is_named(f) ? " UTC," : ",",
        digest_text(f->sheet.pt, digest));
}

static enum sting_status facts_table(const struct quote_finding *f,
                                     struct bytes text, struct document *d)
{
    static const char *const head[] = {"Page", "The text has", "Read as",
                                       "Of so many", "The copy's"};
    static const double share[] = {0.7, 5, 2, -1.2, 1.2};
    enum sting_status status = STING_OK;
    document_text(d, DOCUMENT_STRONG, "%s", f->bait);
    document_table(d, 5, head, share);
    for (uint32_t i = 0; !status && i < f->sheet.facts; i++) {
        status = fact_row(f, i, text, d);
    }
    facts_dates(f, d);
    document_text(d, DOCUMENT_SMALL,
                  "%u facts were declared in all; those that the text does not "
                  "quote say nothing for or against.",
                  f->sheet.facts);
    return status;
}

static enum sting_status seen(const struct quote *quote, struct bytes text,
                              struct document *d)
{
    enum sting_status status = STING_OK;
    document_heading(d, "4  What is quoted");
    for (size_t i = 0; !status && i < quote->findings; i++) {
        status = facts_table(&quote->finding[i], text, d);
    }
    if (quote->findings == 0) {
        document_text(d, DOCUMENT_PLAIN, "There is nothing of ours to show.");
    }
    return status;
}

static void strength(const struct quote *quote, const struct quote_finding *f,
                     struct document *d)
{
    char power[REPORT_TEXT_SIZE];
    document_text(
        d, DOCUMENT_PLAIN,
        "Copy %u: the likelihood ratio is 10 to the power of %.1f, %s support "
        "for H1 in the words of ENFSI's scale. A text that was not taken from "
        "a given copy reaches a ratio of x with a chance of at most 1 in x; "
        "this follows from how the choices were drawn, not from trials. The "
        "places quoted could show %.1f at most. Copy 0, which was never "
        "issued, reaches %.1f, the best of %d codes drawn at random %.1f.",
        f->copy, f->log10_lr, report_support(f->log10_lr), f->power,
        f->control_log10_lr, SCORE_RANDOM_CODES, f->random_log10_lr);
    document_text(
        d, DOCUMENT_PLAIN,
        "Looks counted: %.0f copies were scored in this run, and it is run %u "
        "about the facts planted in this document, or about this text. With "
        "all of them paid for, "
        "the chance that a run "
        "such as this one names any copy so strongly by accident is at most 1 "
        "in %s. A copy is named at 1 in 1,000,000.",
        quote->tried, f->run, report_power(-f->log10_false, power));
    report_posterior(f->copies, f->log10_lr, d);
}

static void strengths(const struct quote *quote, struct document *d)
{
    size_t shown = 0;
    document_heading(d, "5  How strong it is");
    for (size_t i = 0; i < quote->findings; i++) {
        if (is_named(&quote->finding[i])) {
            strength(quote, &quote->finding[i], d);
            shown++;
        } else if (quote->finding[i].quoted > 0) {
            document_text(d, DOCUMENT_PLAIN,
                          "%s: no copy is named. The places quoted could show "
                          "a likelihood ratio of 10 to the power of %.1f at "
                          "most, for whatever copy.",
                          quote->finding[i].bait, quote->finding[i].power);
        }
    }
    if (shown == 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Copies scored: %.0f. The run is in the ledger.",
                      quote->tried);
    }
}

static void limits(struct document *d)
{
    document_heading(d, "6  What this cannot show");
    document_point(d, "A copy is not a person. That its holder gave it away, "
                      "or wrote the text, needs other evidence.");
    document_point(d, "Whoever has a copy can quote it to throw suspicion on "
                      "its holder, and so can whoever made and keeps the "
                      "copies.");
    document_point(d, "That the wordings were drawn by chance rests on the "
                      "keys having been made before anybody chose the facts.");
    document_point(d, "That the text is what was published or sent, and when, "
                      "is not examined.");
    document_point(d, "Somebody who has two copies can see where they differ "
                      "and leave those places out.");
    document_heading(d, "7  How to check it");
    document_text(
        d, DOCUMENT_PLAIN,
        "sting trace --text --pack gives a third party the facts as they were "
        "declared, the ledger's line that shows when, and the one copy's key. "
        "sting trace --recheck searches the text again and recomputes the "
        "number; the Python script tools/recheck_quote.py recomputes it from "
        "the passages named; "
        "docs/formats/recheck.md says how. Every run is a line of the ledger, "
        "also those that named nobody.");
    document_text(
        d, DOCUMENT_SMALL,
        "The wording follows ISO 21043-4 and -5 and the ENFSI guideline for "
        "evaluative reporting in forensic science (2015). The number is "
        "defined in docs/formats/bait.md.");
}

enum sting_status quote_report_make(const struct quote *quote,
                                    struct bytes text, int64_t made_us,
                                    struct document **out)
{
    char about[REPORT_TEXT_SIZE];
    report_about(made_us, about);
    enum sting_status status =
        document_new("Whose copy does the text quote?", about, out);
    if (status) {
        return status;
    }
    conclusion(quote, *out);
    question(quote, *out);
    examined(quote, text, *out);
    status = seen(quote, text, *out);
    strengths(quote, *out);
    limits(*out);
    return status;
}
