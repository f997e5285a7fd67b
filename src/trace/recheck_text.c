/* The pack as text, and back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypt/signature.h"
#include "operation/sheet.h"
#include "trace/recheck.h"

#define MAGIC "sting-recheck-1\n"
#define NUMBER_SIZE 40

void recheck_pack_release(struct recheck_pack *pack)
{
    for (uint32_t i = 0; i < pack->parts; i++) {
        free(pack->part[i].a);
        buffer_release(&pack->part[i].record);
        secret_wipe(&pack->part[i].bias);
    }
    free(pack->bias);
    ledger_proof_release(&pack->issue);
    secret_wipe(&pack->key);
    *pack = (struct recheck_pack){0};
}

static enum sting_status hex_add(struct buffer *out, const char *key,
                                 const uint8_t byte[32])
{
    char text[DIGEST_TEXT_SIZE];
    hex_write((struct bytes){byte, 32}, text);
    return buffer_printf(out, "%s %s\n", key, text);
}

static enum sting_status number_add(struct buffer *out, const char *key,
                                    uint64_t value)
{
    return buffer_printf(out, "%s %llu\n", key, (unsigned long long)value);
}

/* A list of digests behind their count. */
static enum sting_status digests_add(struct buffer *out, const char *count,
                                     const char *key,
                                     const struct digest *digest, uint32_t n)
{
    enum sting_status status = number_add(out, count, n);
    for (uint32_t i = 0; !status && i < n; i++) {
        status = hex_add(out, key, digest[i].byte);
    }
    return status;
}

static enum sting_status base64_add(struct buffer *out, const char *key,
                                    const struct buffer *bytes)
{
    enum sting_status status = buffer_printf(out, "%s ", key);
    if (!status) {
        status = base64_append(out, buffer_bytes(bytes), true);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status part_add(struct buffer *out,
                                  const struct recheck_part *part)
{
    uint32_t measured = 0;
    for (uint32_t u = 0; u < part->units; u++) {
        measured += part->a[u] != 0;
    }
    enum sting_status status = number_add(out, "page", part->page);
    if (!status) {
        status = hex_add(out, "bias-key", part->bias.byte);
    }
    if (!status) {
        status = number_add(out, "units", part->units);
    }
    if (!status) {
        status = number_add(out, "measured", measured);
    }
    for (uint32_t u = 0; !status && u < part->units; u++) {
        if (part->a[u] != 0) {
            status = buffer_printf(out, "unit %u %.17g\n", u, part->a[u]);
        }
    }
    return status ? status : base64_add(out, "record", &part->record);
}

static enum sting_status head_add(const struct recheck_pack *p,
                                  struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, MAGIC);
    if (!status) {
        status = hex_add(out, "picture", p->picture.byte);
    }
    if (!status) {
        status = buffer_printf(out, "sheet %u\nbait %s\n", p->sheet, p->bait);
    }
    if (!status) {
        status = hex_add(out, "original", p->original.byte);
    }
    if (!status) {
        status = number_add(out, "copy", p->copy);
    }
    if (!status) {
        status = hex_add(out, "key", p->key.byte);
    }
    if (!status) {
        status = hex_add(out, "salt", p->salt.byte);
    }
    if (!status) {
        status =
            buffer_printf(out, "holder %s\nfirst %u\ncount %llu\n", p->holder,
                          p->first, (unsigned long long)p->place.leaves);
    }
    if (!status) {
        status = digests_add(out, "copy-depth", "copy-path", p->place.node,
                             p->place.depth);
    }
    return status ? status
                  : digests_add(out, "pages", "bias", p->bias, p->pages);
}

enum sting_status recheck_pack_write(const struct recheck_pack *p,
                                     struct buffer *out)
{
    enum sting_status status = head_add(p, out);
    if (!status) {
        status = number_add(out, "parts", p->parts);
    }
    for (uint32_t i = 0; !status && i < p->parts; i++) {
        status = part_add(out, &p->part[i]);
    }
    if (!status) {
        status = buffer_printf(out, "log10-lr %.17g\ntried %u\nrun %u\n",
                               p->log10_lr, p->tried, p->run);
    }
    if (!status) {
        status = base64_add(out, "genesis", &p->issue.genesis);
    }
    if (!status) {
        status = base64_add(out, "issue", &p->issue.line);
    }
    if (!status) {
        status = number_add(out, "line", p->issue.path.index);
    }
    if (!status) {
        status = number_add(out, "lines", p->issue.path.leaves);
    }
    if (!status) {
        status = digests_add(out, "line-depth", "line-path", p->issue.path.node,
                             p->issue.path.depth);
    }
    return status ? status : base64_add(out, "checkpoint", &p->issue.note);
}

enum sting_status recheck_pack_sign(const struct secret *log,
                                    struct buffer *pack)
{
    struct signature signature = signature_sign(log, buffer_bytes(pack));
    char text[2 * SIGNATURE_SIZE + 1];
    hex_write((struct bytes){signature.byte, SIGNATURE_SIZE}, text);
    return buffer_printf(pack, "signature %s\n", text);
}

static enum sting_status hex_take(struct bytes *from, const char *key,
                                  uint8_t *out, size_t size)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : hex_read(value, out, size);
}

static enum sting_status number_take(struct bytes *from, const char *key,
                                     int64_t least, int64_t most, void *out,
                                     bool is_wide)
{
    int64_t value = 0;
    enum sting_status status = sheet_take_number(from, key, most, &value);
    if (!status && value < least) {
        status = STING_E_FORMAT;
    }
    if (!status && is_wide) {
        *(uint64_t *)out = (uint64_t)value;
    } else if (!status) {
        *(uint32_t *)out = (uint32_t)value;
    }
    return status;
}

static enum sting_status path_take(struct bytes *from, const char *count,
                                   const char *key, struct proof *out)
{
    enum sting_status status =
        number_take(from, count, 0, PROOF_MOST_DEPTH, &out->depth, false);
    for (unsigned i = 0; !status && i < out->depth; i++) {
        status = hex_take(from, key, out->node[i].byte, DIGEST_SIZE);
    }
    return status;
}

static enum sting_status base64_take(struct bytes *from, const char *key,
                                     struct buffer *out)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, key, &value);
    return status ? status : base64_read(out, value, true);
}

/* A number exactly as %.17g writes it. */
static enum sting_status real_take(struct bytes value, double *out)
{
    char text[NUMBER_SIZE], again[NUMBER_SIZE];
    char *end = NULL;
    if (value.size == 0 || value.size >= sizeof text) {
        return STING_E_FORMAT;
    }
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    *out = strtod(text, &end);
    snprintf(again, sizeof again, "%.17g", *out);
    return isfinite(*out) && bytes_equal(value, bytes_of_text(again))
               ? STING_OK
               : STING_E_FORMAT;
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
    status = real_take(
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
        number_take(from, "page", 1, pages, &out->page, false);
    if (!status) {
        status = hex_take(from, "bias-key", out->bias.byte, SECRET_SIZE);
    }
    if (!status) {
        status =
            number_take(from, "units", 0, MARK_MOST_UNITS, &out->units, false);
    }
    if (!status) {
        status = number_take(from, "measured", 0, out->units, &measured, false);
    }
    if (!status) {
        out->a = calloc((size_t)out->units + 1, sizeof *out->a);
        status = out->a ? STING_OK : STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < measured; i++) {
        status = unit_take(from, out, &last);
    }
    return status ? status : base64_take(from, "record", &out->record);
}

static enum sting_status parts_take(struct bytes *from,
                                    struct recheck_pack *out)
{
    uint32_t parts = 0;
    enum sting_status status =
        number_take(from, "parts", 1, RECHECK_MOST_PARTS, &parts, false);
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
        number_take(from, "pages", 1, RECHECK_MOST_PAGES, &out->pages, false);
    if (!status) {
        out->bias = calloc(out->pages, sizeof *out->bias);
        status = out->bias ? STING_OK : STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < out->pages; i++) {
        status = hex_take(from, "bias", out->bias[i].byte, DIGEST_SIZE);
    }
    return status;
}

static enum sting_status copy_take(struct bytes *from, struct recheck_pack *out)
{
    enum sting_status status =
        number_take(from, "copy", 1, UINT32_MAX, &out->copy, false);
    if (!status) {
        status = hex_take(from, "key", out->key.byte, SECRET_SIZE);
    }
    if (!status) {
        status = hex_take(from, "salt", out->salt.byte, SECRET_SIZE);
    }
    if (!status) {
        status =
            sheet_take_text(from, "holder", out->holder, sizeof out->holder);
    }
    if (!status) {
        status = number_take(from, "first", 1, out->copy, &out->first, false);
    }
    if (!status) {
        status =
            number_take(from, "count", 1, UINT32_MAX, &out->place.leaves, true);
    }
    out->place.index = out->copy - out->first;
    return status ? status
                  : path_take(from, "copy-depth", "copy-path", &out->place);
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
        status = number_take(from, "sheet", 0, INT32_MAX, &out->sheet, false);
    }
    if (!status) {
        status = sheet_take_text(from, "bait", out->bait, sizeof out->bait);
    }
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = copy_take(from, out);
    }
    return status ? status : bias_take(from, out);
}

static enum sting_status ledger_take(struct bytes *from,
                                     struct recheck_pack *out)
{
    struct ledger_proof *issue = &out->issue;
    enum sting_status status = base64_take(from, "genesis", &issue->genesis);
    if (!status) {
        status = base64_take(from, "issue", &issue->line);
    }
    if (!status) {
        status = number_take(from, "line", 0, INT64_MAX / 16,
                             &issue->path.index, true);
    }
    if (!status) {
        status = number_take(from, "lines", 1, INT64_MAX / 16,
                             &issue->path.leaves, true);
    }
    if (!status) {
        status = path_take(from, "line-depth", "line-path", &issue->path);
    }
    return status ? status : base64_take(from, "checkpoint", &issue->note);
}

static enum sting_status result_take(struct bytes *from,
                                     struct recheck_pack *out)
{
    struct bytes value;
    enum sting_status status = sheet_take(from, "log10-lr", &value);
    if (!status) {
        status = real_take(value, &out->log10_lr);
    }
    if (!status) {
        status = number_take(from, "tried", 0, UINT32_MAX, &out->tried, false);
    }
    return status ? status
                  : number_take(from, "run", 1, UINT32_MAX, &out->run, false);
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
        status = hex_take(&from, "signature", out->signature, SIGNATURE_SIZE);
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
