#include "operation/facts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "operation/sheet.h"

#define MAGIC "sting-facts-1\n"
#define MOST_BYTES ((size_t)1024 * 1024)

void fact_sheet_release(struct fact_sheet *sheet)
{
    free(sheet->fact);
    secret_wipe(&sheet->salt);
    *sheet = (struct fact_sheet){0};
}

static enum sting_status fact_write(const struct fact *fact, struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out,
        "page %u\ncontent %u\nglyph %u\nglyphs %u\nbefore %s\nafter %s\n"
        "values %u\n",
        fact->page + 1, fact->content, fact->glyph, fact->glyphs, fact->before,
        fact->after, fact->values);
    for (uint32_t i = 0; !status && i < fact->values; i++) {
        status = buffer_printf(out, "value %s\n", fact->value[i]);
    }
    return status;
}

enum sting_status fact_sheet_write(const struct fact_sheet *sheet,
                                   struct buffer *out)
{
    char original[DIGEST_TEXT_SIZE];
    char salt[2 * SECRET_SIZE + 1];
    char when[CLOCK_TEXT_SIZE];
    hex_write(secret_bytes(&sheet->salt), salt);
    enum sting_status status = buffer_printf(
        out, MAGIC "bait %s\noriginal %s\nsalt %s\ndeclared %s\nfacts %u\n",
        sheet->bait, digest_text(sheet->original, original), salt,
        clock_text(sheet->declared_utc_us, when), sheet->facts);
    for (uint32_t i = 0; !status && i < sheet->facts; i++) {
        status = fact_write(&sheet->fact[i], out);
    }
    return status;
}

static enum sting_status number_read(struct bytes *from, const char *key,
                                     int64_t most, uint32_t *out)
{
    int64_t number = 0;
    enum sting_status status = sheet_take_number(from, key, most, &number);
    *out = (uint32_t)number;
    return status;
}

/* '#' stands for digits where there is one value alone. */
static enum sting_status digits_count(struct fact *fact)
{
    fact->digits = 0;
    for (const char *c = fact->value[0]; fact->values == 1 && *c; c++) {
        fact->digits += *c == '#';
    }
    return fact->digits > FACT_MOST_DIGITS ? STING_E_FORMAT : STING_OK;
}

static enum sting_status values_read(struct bytes *from, struct fact *out)
{
    enum sting_status status =
        number_read(from, "values", FACT_MOST_VALUES, &out->values);
    if (!status && out->values == 0) {
        status = STING_E_FORMAT;
    }
    for (uint32_t i = 0; !status && i < out->values; i++) {
        status =
            sheet_take_text(from, "value", out->value[i], sizeof out->value[i]);
        if (!status && !sheet_text_is_valid(out->value[i])) {
            status = STING_E_FORMAT;
        }
    }
    return status ? status : digits_count(out);
}

static enum sting_status fact_read(struct bytes *from, struct fact *out)
{
    uint32_t page = 0;
    enum sting_status status =
        number_read(from, "page", BAIT_MOST_PAGES, &page);
    if (!status && page == 0) {
        status = STING_E_FORMAT;
    }
    out->page = page - 1;
    if (!status) {
        status = number_read(from, "content", INT32_MAX, &out->content);
    }
    if (!status) {
        status = number_read(from, "glyph", INT32_MAX, &out->glyph);
    }
    if (!status) {
        status = number_read(from, "glyphs", INT32_MAX, &out->glyphs);
    }
    if (!status) {
        status =
            sheet_take_text(from, "before", out->before, sizeof out->before);
    }
    if (!status) {
        status = sheet_take_text(from, "after", out->after, sizeof out->after);
    }
    return status ? status : values_read(from, out);
}

static enum sting_status head_read(struct bytes *from, struct fact_sheet *out)
{
    struct digest salt;
    enum sting_status status = sheet_take_magic(from, MAGIC);
    if (!status) {
        status = sheet_take_text(from, "bait", out->bait, sizeof out->bait);
    }
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = sheet_take_digest(from, "salt", &salt);
    }
    if (!status) {
        memcpy(out->salt.byte, salt.byte, SECRET_SIZE);
        status = sheet_take_time(from, "declared", &out->declared_utc_us);
    }
    return status ? status
                  : number_read(from, "facts", FACTS_MOST, &out->facts);
}

/* In order of their places, none in another's: else one word that is read
 * would be counted as often as it is listed. */
static bool are_apart(const struct fact *fact, uint32_t facts)
{
    for (uint32_t i = 1; i < facts; i++) {
        const struct fact *a = &fact[i - 1], *b = &fact[i];
        bool is_later = b->page > a->page ||
                        (b->page == a->page && b->content > a->content);
        bool is_same = b->page == a->page && b->content == a->content;
        if (!is_later &&
            !(is_same && b->glyph >= (uint64_t)a->glyph + a->glyphs &&
              b->glyph > a->glyph)) {
            return false;
        }
    }
    return true;
}

enum sting_status fact_sheet_read(struct bytes from, struct fact_sheet *out)
{
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {0};
    struct digest pt = digest_of(from);
    enum sting_status status = head_read(&from, &sheet);
    if (status) {
        return status;
    }
    sheet.fact = calloc((size_t)sheet.facts + 1, sizeof *sheet.fact);
    if (!sheet.fact) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; !status && i < sheet.facts; i++) {
        status = fact_read(&from, &sheet.fact[i]);
    }
    if (status || from.size > 0 || !are_apart(sheet.fact, sheet.facts)) {
        return status ? status : STING_E_FORMAT;
    }
    sheet.pt = pt;
    *out = sheet;
    sheet = (struct fact_sheet){0};
    return STING_OK;
}

enum sting_status facts_store(struct writer *writer, struct fact_sheet *sheet,
                              struct fault *fault)
{
    char original[DIGEST_TEXT_SIZE];
    char pages[12];
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = fact_sheet_write(sheet, &text);
    if (status) {
        return status;
    }
    const struct line_field field[] = {
        {"bait", sheet->bait},
        {"state", "declared"},
        {"original", digest_text(sheet->original, original)},
        {"pages", pages},
    };
    snprintf(pages, sizeof pages, "%d", sheet->pages);
    sheet->pt = digest_of(buffer_bytes(&text));
    return writer_sealed_line(writer, "bait", field,
                              sizeof field / sizeof *field, buffer_bytes(&text),
                              fault);
}

/* The blob of a line that declares facts of this bait. One that is added again
 * under the name begins without any. */
static void declared_take(const struct line *line, const char *bait, bool *any,
                          struct digest *ct, struct digest *pt)
{
    char name[CONFIG_NAME_SIZE];
    char state[16];
    line_text(line, "bait", name, sizeof name);
    line_text(line, "state", state, sizeof state);
    if (strcmp(line->kind->name, "bait") != 0 || strcmp(name, bait) != 0) {
        return;
    }
    if (!strcmp(state, "added")) {
        *any = false;
    } else if (!strcmp(state, "declared") &&
               !line_hex(line, "blob", ct->byte, DIGEST_SIZE) &&
               !line_hex(line, "pt", pt->byte, DIGEST_SIZE)) {
        *any = true;
    }
}

/* Which sheet was declared last, by the ledger? Anybody may seal a file to
 * us; only the ledger says that it was ours. */
static enum sting_status declared_find(const struct operation *operation,
                                       const char *bait, bool *any,
                                       struct digest *ct, struct digest *pt,
                                       struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    *any = false;
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        declared_take(&line, bait, any, ct, pt);
    }
    return reader && status == STING_E_ABSENT ? STING_OK : status;
}

enum sting_status facts_load(const struct operation *operation,
                             const struct operation_keys *keys,
                             const char *bait, struct fact_sheet *out,
                             struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {0};
    struct digest ct, pt;
    bool any = false;
    *out = (struct fact_sheet){0};
    enum sting_status status =
        declared_find(operation, bait, &any, &ct, &pt, fault);
    if (status || !any) {
        return status;
    }
    status = ledger_blob_open(operation_dir(operation), &keys->identity, ct,
                              MOST_BYTES, &text, fault);
    if (status) {
        return status;
    }
    status = fact_sheet_read(buffer_bytes(&text), &sheet);
    if (status || strcmp(sheet.bait, bait) != 0) {
        return fault_set(
            fault, status ? status : STING_E_FORMAT, "restore it from a copy",
            "the blob that declares the facts of %s holds none", bait);
    }
    if (!digest_equal(sheet.pt, pt)) {
        return fault_set(fault, STING_E_FORGED,
                         "restore the blob of its line from a copy",
                         "the facts of \"%s\" are not those that the ledger "
                         "says were declared",
                         bait);
    }
    *out = sheet;
    sheet = (struct fact_sheet){0};
    return STING_OK;
}
