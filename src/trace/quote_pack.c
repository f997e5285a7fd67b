#include "trace/quote_pack.h"

#include <string.h>

#include "operation/sheet.h"
#include "trace/pack_text.h"

#define MAGIC "sting-quote-1\n"

void quote_pack_release(struct quote_pack *pack)
{
    buffer_release(&pack->text);
    buffer_wipe(&pack->sheet);
    ledger_proof_release(&pack->declared);
    ledger_proof_release(&pack->issue);
    secret_wipe(&pack->copy.key);
    secret_wipe(&pack->copy.salt);
    *pack = (struct quote_pack){0};
}

bool quote_pack_is(struct bytes text)
{
    size_t size = strlen(MAGIC);
    return text.size >= size && memcmp(text.data, MAGIC, size) == 0;
}

/* Numbers of a quoted fact, each under its key. */
static enum sting_status fact_add(const struct quote_pack_fact *quote,
                                  struct buffer *out)
{
    return buffer_printf(out, "fact %u\nchoice %d\nfrom %u\nto %u\n",
                         quote->fact + 1, quote->place.choice,
                         quote->place.first, quote->place.last);
}

static enum sting_status facts_add(const struct quote_pack *pack,
                                   struct buffer *out)
{
    enum sting_status status = pack_add_number(out, "quoted", pack->quoted);
    for (uint32_t i = 0; !status && i < pack->quoted; i++) {
        status = fact_add(&pack->quote[i], out);
    }
    return status;
}

static enum sting_status result_add(const struct quote_pack *pack,
                                    struct buffer *out)
{
    enum sting_status status = opened_copy_add(&pack->copy, out);
    return status ? status
                  : buffer_printf(out, "log10-lr %.17g\ntried %u\nrun %u\n",
                                  pack->log10_lr, pack->tried, pack->run);
}

enum sting_status quote_pack_write(const struct quote_pack *pack,
                                   struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, MAGIC);
    if (!status) {
        status = pack_add_base64(out, "text", buffer_bytes(&pack->text));
    }
    if (!status) {
        status = pack_add_base64(out, "sheet", buffer_bytes(&pack->sheet));
    }
    if (!status) {
        status = facts_add(pack, out);
    }
    if (!status) {
        status = pack_add_number(out, "copies", pack->names_copy);
    }
    if (!status && pack->names_copy) {
        status = result_add(pack, out);
    }
    if (!status) {
        status = pack_add_base64(out, "genesis",
                                 buffer_bytes(&pack->declared.genesis));
    }
    if (!status) {
        status = opened_line_add(&pack->declared, "declared", out);
    }
    if (!status && pack->names_copy) {
        status = opened_line_add(&pack->issue, "issue", out);
    }
    return status;
}

static enum sting_status fact_take(struct bytes *from, uint32_t least,
                                   struct quote_pack_fact *out)
{
    uint32_t choice = 0;
    enum sting_status status =
        pack_take_u32(from, "fact", least, FACTS_MOST, &out->fact);
    out->fact--;
    if (!status) {
        status = pack_take_u32(from, "choice", 0, INT32_MAX, &choice);
    }
    out->place.choice = (int32_t)choice;
    if (!status) {
        status =
            pack_take_u32(from, "from", 0, QUOTE_MOST_BYTES, &out->place.first);
    }
    return status ? status
                  : pack_take_u32(from, "to", out->place.first,
                                  QUOTE_MOST_BYTES, &out->place.last);
}

static enum sting_status facts_take(struct bytes *from, struct quote_pack *out)
{
    uint32_t quoted = 0, least = 1;
    enum sting_status status =
        pack_take_u32(from, "quoted", 1, FACTS_MOST, &quoted);
    while (!status && out->quoted < quoted) {
        struct quote_pack_fact *quote = &out->quote[out->quoted++];
        status = fact_take(from, least, quote);
        least = quote->fact + 2;
    }
    return status;
}

static enum sting_status result_take(struct bytes *from, struct quote_pack *out)
{
    enum sting_status status = opened_copy_take(from, &out->copy);
    if (!status) {
        status = pack_take_real(from, "log10-lr", &out->log10_lr);
    }
    if (!status) {
        status = pack_take_u32(from, "tried", 1, UINT32_MAX, &out->tried);
    }
    return status ? status
                  : pack_take_u32(from, "run", 1, UINT32_MAX, &out->run);
}

static enum sting_status head_take(struct bytes *from, struct quote_pack *out)
{
    uint32_t copies = 0;
    enum sting_status status = sheet_take_magic(from, MAGIC);
    if (!status) {
        status = pack_take_base64(from, "text", &out->text);
    }
    if (!status) {
        status = pack_take_base64(from, "sheet", &out->sheet);
    }
    if (!status && (out->text.size > QUOTE_MOST_BYTES ||
                    out->sheet.size > QUOTE_PACK_MOST_SHEET)) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        status = facts_take(from, out);
    }
    if (!status) {
        status = pack_take_u32(from, "copies", 0, 1, &copies);
    }
    out->names_copy = copies == 1;
    return status;
}

static enum sting_status lines_take(struct bytes *from, struct quote_pack *out)
{
    enum sting_status status =
        pack_take_base64(from, "genesis", &out->declared.genesis);
    if (!status) {
        status = opened_line_take(from, "declared", &out->declared);
    }
    return status || !out->names_copy
               ? status
               : opened_line_take(from, "issue", &out->issue);
}

static enum sting_status all_take(struct bytes text, struct quote_pack *out)
{
    struct bytes from = text;
    enum sting_status status = head_take(&from, out);
    if (!status && out->names_copy) {
        status = result_take(&from, out);
    }
    if (!status) {
        status = lines_take(&from, out);
    }
    out->signed_bytes = (struct bytes){text.data, text.size - from.size};
    if (!status) {
        status =
            pack_take_hex(&from, "signature", out->signature, SIGNATURE_SIZE);
    }
    return status || from.size == 0 ? status : STING_E_FORMAT;
}

enum sting_status quote_pack_read(struct bytes text, struct quote_pack *out,
                                  struct fault *fault)
{
    struct quote_pack pack STING_AUTO(quote_pack_release) = {0};
    enum sting_status status = all_take(text, &pack);
    if (status) {
        return fault_set(fault, status, "ask for it again",
                         status == STING_E_NOMEM ? "the memory is used up"
                                                 : "the pack is damaged");
    }
    *out = pack;
    pack = (struct quote_pack){0};
    return STING_OK;
}
