/* How a quotation is told: as JSON, and in words. */
#include <math.h>

#include "base/text.h"
#include "trace/quote.h"

/* log10 of the ratio that names a copy in this run. */
static double quote_needed(const struct quote *quote,
                           const struct quote_finding *f)
{
    return log10(quote->tried > 0 ? quote->tried : 1) +
           log10(f->run * (f->run + 1.0)) + 6;
}

static double rounded(double v)
{
    return isfinite(v) ? round(v * 100) / 100 : v;
}

static bool is_named(const struct quote_finding *f)
{
    return f->verdict == TRACE_ATTRIBUTED;
}

/* The places quoted, and what stands there in the text. */
static void facts_add(struct json *line, const struct quote_finding *f)
{
    struct json *list STING_AUTO(json_free) = json_new_array();
    for (uint32_t i = 0; i < f->sheet.facts; i++) {
        char text[FACT_VALUE_SIZE];
        const struct fact *fact = &f->sheet.fact[i];
        if (f->seen[i] == FACT_UNSEEN) {
            continue;
        }
        struct json *at STING_AUTO(json_free) = json_new_object();
        json_add_integer(at, "fact", i + 1);
        json_add_integer(at, "page", fact->page + 1);
        json_add_integer(at, "choices", fact_choices(fact));
        if (fact_choices(fact) > 1) {
            fact_text(fact, (uint32_t)f->seen[i], text);
            json_add_text(at, "value", text);
        } else {
            json_add_null(at, "value");
        }
        json_add_child(list, NULL, &at);
    }
    json_add_child(line, "facts", &list);
}

static void strength_add_to(struct json *line, const struct quote *quote,
                            const struct quote_finding *f)
{
    json_add_number(line, "log10_lr", rounded(f->log10_lr));
    json_add_number(line, "log10_false", rounded(f->log10_false));
    json_add_integer(line, "tried", (int64_t)quote->tried);
    json_add_number(line, "control_log10_lr", rounded(f->control_log10_lr));
    json_add_integer(line, "units", f->quoted);
    json_add_number(line, "seconds", rounded(quote->seconds));
    json_add_integer(line, "run", f->run);
    json_add_integer(line, "random_codes", SCORE_RANDOM_CODES);
    json_add_number(line, "random_log10_lr", rounded(f->random_log10_lr));
    json_add_text(line, "layer", "text");
    json_add_number(line, "power_log10_lr", rounded(f->power));
    json_add_integer(line, "declared", f->sheet.facts);
    json_add_integer(line, "document_facts", f->common);
}

static enum sting_status finding_json(const struct quote *quote,
                                      const struct quote_finding *f,
                                      bool with_holders, struct buffer *out)
{
    char pt[DIGEST_TEXT_SIZE];
    struct json *line STING_AUTO(json_free) = json_new_object();
    json_add_text(line, "picture", with_holders ? quote->name : NULL);
    json_add_text(line, "verdict", trace_verdict_text(f->verdict));
    json_add_text(line, "bait", f->bait);
    json_add_null(line, "page");
    if (is_named(f)) {
        json_add_integer(line, "copy", f->copy);
    } else {
        json_add_null(line, "copy");
    }
    json_add_text(line, "issued_to",
                  is_named(f) && with_holders ? register_name(f->holder)
                                              : NULL);
    handover_add(line, &quote->handover, is_named(f) ? f->copy : 0);
    strength_add_to(line, quote, f);
    json_add_text(line, "facts_sha256", digest_text(f->sheet.pt, pt));
    facts_add(line, f);
    return json_line(line, out);
}

static enum sting_status nothing_json(const struct quote *quote,
                                      bool with_holders, struct buffer *out)
{
    static const char *const absent[] = {
        "bait",     "page",        "copy",  "issued_to",
        "log10_lr", "log10_false", "tried", "control_log10_lr"};
    struct json *line STING_AUTO(json_free) = json_new_object();
    json_add_text(line, "picture", with_holders ? quote->name : NULL);
    json_add_text(line, "verdict", trace_verdict_text(TRACE_NO_PAGE));
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        json_add_null(line, absent[i]);
    }
    handover_add_null(line);
    json_add_integer(line, "units", 0);
    json_add_number(line, "seconds", rounded(quote->seconds));
    json_add_integer(line, "run", quote->run);
    json_add_text(line, "layer", "text");
    json_add_text(line, "why",
                  quote->declared > 0 ? "no declared fact is quoted"
                                      : "no fact was declared");
    return json_line(line, out);
}

enum sting_status quote_json(const struct quote *quote, bool with_holders,
                             struct buffer *out)
{
    enum sting_status status = quote->findings == 0
                                   ? nothing_json(quote, with_holders, out)
                                   : STING_OK;
    for (size_t i = 0; !status && i < quote->findings; i++) {
        status = finding_json(quote, &quote->finding[i], with_holders, out);
    }
    return status;
}

bool quote_could_tell(const struct quote *quote, const struct quote_finding *f)
{
    return f->power >= quote_needed(quote, f);
}

/* What the quotation could have shown, so that "none" is told with its
 * weight. */
static enum sting_status power_words(const struct quote *quote,
                                     const struct quote_finding *f,
                                     struct buffer *out)
{
    return buffer_printf(
        out,
        "    quotes %u of the %u facts that were declared (%u the same in all "
        "copies);\n"
        "    they could show log10_lr %.1f at most, and naming a copy takes "
        "%.1f\n",
        f->quoted + f->common, f->sheet.facts, f->common, f->power,
        quote_needed(quote, f));
}

/* What hand-overs have shown against it that this copy went to its holder. */
static enum sting_status exculpating_words(const struct quote *quote,
                                           const struct quote_finding *f,
                                           struct buffer *out)
{
    const struct handover known = handover_find(&quote->handover, f->copy);
    enum sting_status status = STING_OK;
    if (known.refused > 0) {
        status = buffer_printf(out,
                               "    SPEAKS FOR ITS HOLDER: %u photograph%s "
                               "given as of its hand-over named another copy\n",
                               known.refused, known.refused == 1 ? "" : "s");
    }
    for (size_t i = 0; !status && i < quote->handover.swaps; i++) {
        const struct handover_swap *swap = &quote->handover.swap[i];
        char words[HANDOVER_SWAP_SIZE];
        if (swap->shows == f->copy) {
            status = buffer_printf(out, "    SPEAKS FOR ITS HOLDER: %s\n",
                                   handover_swap_words(swap, NULL, words));
        }
    }
    return status;
}

static enum sting_status finding_words(const struct quote *quote,
                                       const struct quote_finding *f,
                                       struct buffer *out)
{
    enum sting_status status = text_clean_append(out, quote->name);
    if (!status) {
        status = buffer_text_append(out, ": ");
    }
    if (status) {
        return status;
    }
    if (is_named(f)) {
        const struct handover known = handover_find(&quote->handover, f->copy);
        char since[HANDOVER_TEXT_SIZE];
        status = buffer_printf(
            out,
            "%s, copy %u, issued to %s (handover: %s)\n"
            "    log10_lr %.1f (copy 0: %.1f, best of %d random codes: %.1f), "
            "log10_false %.1f (%.0f scored)\n",
            f->bait, f->copy, f->holder, handover_words(&known, since),
            f->log10_lr, f->control_log10_lr, SCORE_RANDOM_CODES,
            f->random_log10_lr, f->log10_false, quote->tried);
        status = status ? status : exculpating_words(quote, f, out);
    } else {
        status = buffer_printf(out, "%s: our text, %s\n", f->bait,
                               f->verdict == TRACE_LEAD
                                   ? "a lead, too weak to name a copy"
                               : quote_could_tell(quote, f)
                                   ? "no copy of ours"
                                   : "too little to name or to exclude a copy");
    }
    return status ? status : power_words(quote, f, out);
}

enum sting_status quote_words(const struct quote *quote, struct buffer *out)
{
    enum sting_status status = STING_OK;
    if (quote->findings == 0) {
        status = text_clean_append(out, quote->name);
        return status ? status
                      : buffer_printf(
                            out,
                            quote->declared > 0
                                ? ": quotes none of the %u facts that were "
                                  "declared\n"
                                : ": tells nothing, for no fact was declared "
                                  "(sting bait declare)\n",
                            quote->declared);
    }
    for (size_t i = 0; !status && i < quote->findings; i++) {
        status = finding_words(quote, &quote->finding[i], out);
    }
    return status;
}
