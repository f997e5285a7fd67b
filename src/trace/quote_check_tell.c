/* A pack of a quotation that holds, told. Names and text come from whoever
 * made it: nothing in them steers a terminal. */
#include <math.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "trace/quote_pack.h"

static double rounded(double v)
{
    return isfinite(v) ? round(v * 1e4) / 1e4 : v;
}

/* What the fact says, as that choice has it. */
static void value_of(const struct fact *fact, int32_t choice,
                     char out[FACT_VALUE_SIZE])
{
    out[0] = '\0';
    if (fact_choices(fact) > 1) {
        fact_text(fact, (uint32_t)choice, out);
    }
}

/* Has the copy what the text has? */
static bool agrees(const struct quote_check *check,
                   const struct quote_pack_fact *quote)
{
    return (uint32_t)quote->place.choice == check->choice[quote->fact];
}

static enum sting_status fact_json(const struct quote_pack *pack,
                                   const struct quote_check *check,
                                   const struct quote_pack_fact *quote,
                                   struct json *list)
{
    char value[FACT_VALUE_SIZE];
    struct buffer passage STING_AUTO(buffer_release) = {0};
    const struct fact *fact = &check->sheet.fact[quote->fact];
    enum sting_status status =
        quote_passage(buffer_bytes(&pack->text), &quote->place, &passage);
    if (status) {
        return status;
    }
    value_of(fact, quote->place.choice, value);
    struct json *at STING_AUTO(json_free) = json_new_object();
    json_add_integer(at, "fact", quote->fact + 1);
    json_add_integer(at, "page", fact->page + 1);
    json_add_integer(at, "choices", fact_choices(fact));
    json_add_text(at, "value", value[0] ? value : NULL);
    json_add_text(at, "quoted", buffer_text(&passage));
    if (pack->names_copy && value[0]) {
        json_add_bool(at, "agrees", agrees(check, quote));
    } else {
        json_add_null(at, "agrees");
    }
    json_add_child(list, NULL, &at);
    return STING_OK;
}

static void copy_json(const struct quote_pack *pack,
                      const struct quote_check *check, struct json *line)
{
    if (!pack->names_copy) {
        static const char *const absent[] = {
            "copy",  "issued_to", "log10_lr", "log10_false",
            "tried", "run",       "issued"};
        for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
            json_add_null(line, absent[i]);
        }
        return;
    }
    json_add_integer(line, "copy", pack->copy.number);
    json_add_text(line, "issued_to", pack->copy.holder);
    json_add_number(line, "log10_lr", rounded(check->log10_lr));
    json_add_number(line, "log10_false", rounded(check->log10_false));
    json_add_integer(line, "tried", pack->tried);
    json_add_integer(line, "run", pack->run);
    json_add_time(line, "issued", check->issued_us);
}

enum sting_status quote_check_json(const struct quote_pack *pack,
                                   const struct quote_check *check,
                                   struct buffer *out)
{
    char text[DIGEST_TEXT_SIZE];
    struct json *line STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    enum sting_status status = STING_OK;
    json_add_text(line, "verdict", "holds");
    json_add_text(line, "text",
                  digest_text(digest_of(buffer_bytes(&pack->text)), text));
    json_add_text(line, "bait", check->sheet.bait);
    copy_json(pack, check, line);
    json_add_integer(line, "units", check->own);
    json_add_integer(line, "document_facts", check->common);
    json_add_integer(line, "facts_declared", check->sheet.facts);
    json_add_time(line, "declared", check->declared_us);
    json_add_integer(line, "line", (int64_t)pack->declared.path.index);
    json_add_integer(line, "under", (int64_t)pack->declared.path.leaves);
    json_add_text(line, "case_key", check->genesis.case_key);
    for (uint32_t i = 0; !status && i < pack->quoted; i++) {
        status = fact_json(pack, check, &pack->quote[i], list);
    }
    json_add_child(line, "facts", &list);
    return status ? status : json_line(line, out);
}

static enum sting_status clean_add(struct buffer *out, const char *before,
                                   const char *text, const char *after)
{
    enum sting_status status = buffer_text_append(out, before);
    if (!status) {
        status = text_clean_append(out, text);
    }
    return status ? status : buffer_text_append(out, after);
}

static enum sting_status fact_words(const struct quote_pack *pack,
                                    const struct quote_check *check,
                                    const struct quote_pack_fact *quote,
                                    struct buffer *out)
{
    char value[FACT_VALUE_SIZE];
    struct buffer passage STING_AUTO(buffer_release) = {0};
    const struct fact *fact = &check->sheet.fact[quote->fact];
    value_of(fact, quote->place.choice, value);
    enum sting_status status =
        quote_passage(buffer_bytes(&pack->text), &quote->place, &passage);
    if (!status) {
        status = buffer_printf(out, "    fact %u, page %u, ", quote->fact + 1,
                               fact->page + 1);
    }
    if (!status) {
        status =
            value[0]
                ? buffer_printf(out, "one of %u wordings: ", fact_choices(fact))
                : buffer_text_append(out, "the same in every copy");
    }
    if (!status && value[0]) {
        status = clean_add(out, "\"", value, "\"");
    }
    if (!status && value[0] && pack->names_copy) {
        status = buffer_text_append(out, agrees(check, quote)
                                             ? ", as the copy has it"
                                             : ", WHICH THE COPY HAS NOT");
    }
    return status ? status
                  : clean_add(out,
                              "\n        the text has: ", buffer_text(&passage),
                              "\n");
}

static enum sting_status copy_words(const struct quote_pack *pack,
                                    const struct quote_check *check,
                                    struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status =
        buffer_printf(out, "    they give copy %u, ", pack->copy.number);
    if (!status) {
        status = clean_add(out, "issued to ", pack->copy.holder, "\n");
    }
    return status ? status
                  : buffer_printf(
                        out,
                        "    log10_lr %.4f, log10_false %.4f with %u scored in "
                        "run %u of the question\n"
                        "    the copy was committed to %s, after the facts\n",
                        check->log10_lr, check->log10_false, pack->tried,
                        pack->run, clock_text(check->issued_us, when));
}

static enum sting_status declared_words(const struct quote_pack *pack,
                                        const struct quote_check *check,
                                        struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    return buffer_printf(
        out,
        "    the facts were declared %s by the ledger's clock: line %llu of "
        "%llu that are signed\n"
        "    compare that with the day on which the text was published\n"
        "    case key %s: compare it with what was written down when the "
        "operation began\n",
        clock_text(check->declared_us, when),
        (unsigned long long)pack->declared.path.index,
        (unsigned long long)pack->declared.path.leaves,
        check->genesis.case_key);
}

enum sting_status quote_check_words(const struct quote_pack *pack,
                                    const struct quote_check *check,
                                    struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out, "HOLDS: the text quotes %u of the %u facts planted in ",
        check->own + check->common, check->sheet.facts);
    if (!status) {
        status = clean_add(out, "", check->sheet.bait, "\n");
    }
    for (uint32_t i = 0; !status && i < pack->quoted; i++) {
        status = fact_words(pack, check, &pack->quote[i], out);
    }
    if (!status && pack->names_copy) {
        status = copy_words(pack, check, out);
    }
    return status ? status : declared_words(pack, check, out);
}
