/* A pack that holds, told; and the worker that checks it. */
#include <math.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "crypt/start.h"
#include "trace/quote_pack.h"
#include "trace/recheck.h"
#include "wire/wire.h"

static double rounded(double v)
{
    return isfinite(v) ? round(v * 1e4) / 1e4 : v;
}

enum sting_status recheck_json(const struct recheck_pack *pack,
                               const struct recheck *result, struct buffer *out)
{
    char text[DIGEST_TEXT_SIZE];
    struct json *line STING_AUTO(json_free) = json_new_object();
    json_add_text(line, "verdict", "holds");
    json_add_text(line, "picture", digest_text(pack->picture, text));
    json_add_integer(line, "sheet", pack->sheet);
    json_add_text(line, "bait", pack->bait);
    json_add_integer(line, "page", pack->part[0].page);
    json_add_integer(line, "pages", pack->parts);
    json_add_integer(line, "copy", pack->copy.number);
    json_add_text(line, "issued_to", pack->copy.holder);
    json_add_number(line, "log10_lr", rounded(result->log10_lr));
    json_add_number(line, "log10_false", rounded(result->log10_false));
    json_add_integer(line, "tried", pack->tried);
    json_add_integer(line, "run", pack->run);
    json_add_number(line, "sum", rounded(result->sum));
    json_add_integer(line, "units", result->strength.units);
    json_add_time(line, "issued", result->issued_us);
    json_add_integer(line, "line", (int64_t)result->line);
    json_add_integer(line, "under", (int64_t)result->under);
    json_add_text(line, "case_key", result->case_key);
    return json_line(line, out);
}

/* Which picture and pages it is of, to be compared with those shown. */
static enum sting_status picture_text(const struct recheck_pack *pack,
                                      struct buffer *out)
{
    char digest[DIGEST_TEXT_SIZE];
    (void)digest_text(pack->picture, digest);
    enum sting_status status =
        pack->sheet > 0
            ? buffer_printf(out, "    of the picture with SHA-256 %s, sheet %u",
                            digest, pack->sheet)
            : buffer_printf(out,
                            "    of several pictures as one, digest over "
                            "theirs %s",
                            digest);
    for (uint32_t i = 0; !status && i < pack->parts; i++) {
        status = buffer_printf(
            out, "%s%u", i ? ", " : "; pages measured: ", pack->part[i].page);
    }
    return status ? status
                  : buffer_text_append(
                        out,
                        "\n    compare this with the SHA-256 of what is shown "
                        "beside it (docs/formats/recheck.md)\n");
}

/* Names come from whoever made the pack: nothing in them steers a terminal. */
enum sting_status recheck_text(const struct recheck_pack *pack,
                               const struct recheck *result, struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status =
        buffer_printf(out, "HOLDS: copy %u of ", pack->copy.number);
    if (!status) {
        status = text_clean_append(out, pack->bait);
    }
    if (!status) {
        status = buffer_text_append(out, ", issued to ");
    }
    if (!status) {
        status = text_clean_append(out, pack->copy.holder);
    }
    if (!status) {
        status = buffer_text_append(out, "\n");
    }
    if (!status) {
        status = picture_text(pack, out);
    }
    return status ? status
                  : buffer_printf(
                        out,
                        "    log10_lr %.4f, log10_false %.4f with %u scored "
                        "in run %u of the question; %u units\n"
                        "    committed %s by the ledger's clock: line %llu of "
                        "%llu that are signed\n"
                        "    case key %s: compare it with what was written "
                        "down when the operation began\n",
                        result->log10_lr, result->log10_false, pack->tried,
                        pack->run, result->strength.units,
                        clock_text(result->issued_us, when),
                        (unsigned long long)result->line,
                        (unsigned long long)result->under, result->case_key);
}

static enum sting_status picture_answer(struct bytes payload,
                                        struct buffer *out, struct fault *fault)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    struct recheck result;
    enum sting_status status = recheck_pack_read(payload, &pack, fault);
    if (!status) {
        status = recheck_run(&pack, &result, fault);
    }
    if (!status) {
        status = recheck_json(&pack, &result, out);
    }
    return status ? status : recheck_text(&pack, &result, out);
}

static enum sting_status quote_answer(struct bytes payload, struct buffer *out,
                                      struct fault *fault)
{
    struct quote_pack pack STING_AUTO(quote_pack_release) = {0};
    struct quote_check check STING_AUTO(quote_check_release) = {0};
    enum sting_status status = quote_pack_read(payload, &pack, fault);
    if (!status) {
        status = quote_pack_check(&pack, &check, fault);
    }
    if (!status) {
        status = quote_check_json(&pack, &check, out);
    }
    return status ? status : quote_check_words(&pack, &check, out);
}

enum sting_status recheck_serve(void *context, const struct wire_head *request,
                                struct bytes payload, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    if (request->kind != WIRE_CHECK_PACK) {
        return STING_E_ARG;
    }
    enum sting_status status = quote_pack_is(payload)
                                   ? quote_answer(payload, &text, fault)
                                   : picture_answer(payload, &text, fault);
    return status ? status
                  : wire_send(*(const int *)context,
                              (struct wire_head){.kind = WIRE_DONE},
                              buffer_bytes(&text));
}
