/* The pack as text, and back. */
#include <stdlib.h>
#include <string.h>

#include "crypt/signature.h"
#include "operation/sheet.h"
#include "trace/pack_text.h"
#include "trace/recheck.h"

#define MAGIC "sting-recheck-1\n"

void recheck_pack_release(struct recheck_pack *pack)
{
    for (uint32_t i = 0; i < pack->parts; i++) {
        free(pack->part[i].a);
        buffer_release(&pack->part[i].record);
        secret_wipe(&pack->part[i].bias);
    }
    free(pack->bias);
    ledger_proof_release(&pack->issue);
    secret_wipe(&pack->copy.key);
    secret_wipe(&pack->copy.salt);
    *pack = (struct recheck_pack){0};
}

static enum sting_status part_add(struct buffer *out,
                                  const struct recheck_part *part)
{
    uint32_t measured = 0;
    for (uint32_t u = 0; u < part->units; u++) {
        measured += part->a[u] != 0;
    }
    enum sting_status status = pack_add_number(out, "page", part->page);
    if (!status) {
        status = pack_add_hex(out, "bias-key", part->bias.byte);
    }
    if (!status) {
        status = pack_add_number(out, "units", part->units);
    }
    if (!status) {
        status = pack_add_number(out, "measured", measured);
    }
    for (uint32_t u = 0; !status && u < part->units; u++) {
        if (part->a[u] != 0) {
            status = buffer_printf(out, "unit %u %.17g\n", u, part->a[u]);
        }
    }
    return status ? status
                  : pack_add_base64(out, "record", buffer_bytes(&part->record));
}

static enum sting_status head_add(const struct recheck_pack *p,
                                  struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, MAGIC);
    if (!status) {
        status = pack_add_hex(out, "picture", p->picture.byte);
    }
    if (!status) {
        status = buffer_printf(out, "sheet %u\nbait %s\n", p->sheet, p->bait);
    }
    if (!status) {
        status = pack_add_hex(out, "original", p->original.byte);
    }
    if (!status) {
        status = opened_copy_add(&p->copy, out);
    }
    return status ? status
                  : pack_add_digests(out, "pages", "bias", p->bias, p->pages);
}

enum sting_status recheck_pack_write(const struct recheck_pack *p,
                                     struct buffer *out)
{
    enum sting_status status = head_add(p, out);
    if (!status) {
        status = pack_add_number(out, "parts", p->parts);
    }
    for (uint32_t i = 0; !status && i < p->parts; i++) {
        status = part_add(out, &p->part[i]);
    }
    if (!status) {
        status = buffer_printf(out, "log10-lr %.17g\ntried %u\nrun %u\n",
                               p->log10_lr, p->tried, p->run);
    }
    if (!status) {
        status =
            pack_add_base64(out, "genesis", buffer_bytes(&p->issue.genesis));
    }
    return status ? status : opened_line_add(&p->issue, "issue", out);
}

static enum sting_status unit_take(struct bytes *from,
                                   struct recheck_part *part, int64_t *last)
{
    struct bytes value;
    int64_t unit = 0;
    double a = 0;
    enum sting_status status = sheet_take(from, "unit", &value);
    if (status) {
        return status;
    }
    size_t digits = 0;
    while (digits < value.size && digits < 6 && value.data[digits] >= '0' &&
           value.data[digits] <= '9') {
        unit = unit * 10 + (value.data[digits++] - '0');
    }
    if (digits == 0 || digits >= value.size || value.data[digits] != ' ' ||
        (digits > 1 && value.data[0] == '0') || unit <= *last ||
        unit >= part->units) {
        return STING_E_FORMAT;
    }
    status = pack_real(
        (struct bytes){value.data + digits + 1, value.size - digits - 1}, &a);
    if (!status && a == 0) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        part->a[unit] = a;
        *last = unit;
    }
    return status;
}

static enum sting_status part_take(struct bytes *from, uint32_t pages,
                                   struct recheck_part *out)
{
    uint32_t measured = 0;
    int64_t last = -1;
    enum sting_status status =
        pack_take_u32(from, "page", 1, pages, &out->page);
    if (!status) {
        status = pack_take_hex(from, "bias-key", out->bias.byte, SECRET_SIZE);
    }
    if (!status) {
        status = pack_take_u32(from, "units", 0, MARK_MOST_UNITS, &out->units);
    }
    if (!status) {
        status = pack_take_u32(from, "measured", 0, out->units, &measured);
    }
    if (!status) {
        out->a = calloc((size_t)out->units + 1, sizeof *out->a);
        status = out->a ? STING_OK : STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < measured; i++) {
        status = unit_take(from, out, &last);
    }
    return status ? status : pack_take_base64(from, "record", &out->record);
}

static enum sting_status parts_take(struct bytes *from,
                                    struct recheck_pack *out)
{
    uint32_t parts = 0;
    enum sting_status status =
        pack_take_u32(from, "parts", 1, RECHECK_MOST_PARTS, &parts);
    while (!status && out->parts < parts) {
        struct recheck_part *part = &out->part[out->parts++];
        status = part_take(from, out->pages, part);
        if (!status && out->parts > 1 && part->page <= part[-1].page) {
            status = STING_E_FORMAT;
        }
    }
    return status;
}

static enum sting_status bias_take(struct bytes *from, struct recheck_pack *out)
{
    enum sting_status status =
        pack_take_u32(from, "pages", 1, RECHECK_MOST_PAGES, &out->pages);
    if (!status) {
        out->bias = calloc(out->pages, sizeof *out->bias);
        status = out->bias ? STING_OK : STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < out->pages; i++) {
        status = pack_take_hex(from, "bias", out->bias[i].byte, DIGEST_SIZE);
    }
    return status;
}

static enum sting_status head_take(struct bytes *from, struct recheck_pack *out)
{
    size_t magic = strlen(MAGIC);
    if (from->size < magic || memcmp(from->data, MAGIC, magic) != 0) {
        return STING_E_UNSUPPORTED;
    }
    *from = (struct bytes){from->data + magic, from->size - magic};
    enum sting_status status =
        sheet_take_digest(from, "picture", &out->picture);
    if (!status) {
        status = pack_take_u32(from, "sheet", 0, INT32_MAX, &out->sheet);
    }
    if (!status) {
        status = sheet_take_text(from, "bait", out->bait, sizeof out->bait);
    }
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = opened_copy_take(from, &out->copy);
    }
    return status ? status : bias_take(from, out);
}

static enum sting_status result_take(struct bytes *from,
                                     struct recheck_pack *out)
{
    enum sting_status status = pack_take_real(from, "log10-lr", &out->log10_lr);
    if (!status) {
        status = pack_take_u32(from, "tried", 1, UINT32_MAX, &out->tried);
    }
    return status ? status
                  : pack_take_u32(from, "run", 1, UINT32_MAX, &out->run);
}

static enum sting_status ledger_take(struct bytes *from,
                                     struct recheck_pack *out)
{
    enum sting_status status =
        pack_take_base64(from, "genesis", &out->issue.genesis);
    return status ? status : opened_line_take(from, "issue", &out->issue);
}

static enum sting_status all_take(struct bytes text, struct recheck_pack *out)
{
    struct bytes from = text;
    enum sting_status status = head_take(&from, out);
    if (!status) {
        status = parts_take(&from, out);
    }
    if (!status) {
        status = result_take(&from, out);
    }
    if (!status) {
        status = ledger_take(&from, out);
    }
    out->signed_bytes = (struct bytes){text.data, text.size - from.size};
    if (!status) {
        status =
            pack_take_hex(&from, "signature", out->signature, SIGNATURE_SIZE);
    }
    return status || from.size == 0 ? status : STING_E_FORMAT;
}

enum sting_status recheck_pack_read(struct bytes text, struct recheck_pack *out,
                                    struct fault *fault)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    if (text.size > RECHECK_MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "", "the pack is too large");
    }
    enum sting_status status = all_take(text, &pack);
    if (status) {
        return fault_set(fault, status, "ask for it again",
                         status == STING_E_UNSUPPORTED
                             ? "this is not a pack for a re-check"
                         : status == STING_E_NOMEM ? "the memory is used up"
                                                   : "the pack is damaged");
    }
    *out = pack;
    pack = (struct recheck_pack){0};
    return STING_OK;
}
