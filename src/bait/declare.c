/* Facts found in a document, tried there, and sealed. */
#include "bait/declare.h"

#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "operation/facts.h"

#define MOST_TRIALS 16 /* values tried of each fact: wordings, or digits */

static enum sting_status not_once(struct fault *fault, const struct fact *fact,
                                  uint32_t found)
{
    const char *why = found == 0 ? "does not stand in the document"
                                 : "stands in the document more than once";
    return fault_set(fault, STING_E_ARG,
                     found == 0 ? "copy it as it stands on one line"
                                : "write more of what stands around it",
                     "\"%.80s%s%.60s%s%.60s\" %s", fact->before,
                     fact->value[0][0] ? "[" : "", fact->value[0],
                     fact->value[0][0] ? "]" : "", fact->after, why);
}

/* The letters of a ligature, which nobody can type; NULL: it is none. */
static const char *letters_of(uint32_t code)
{
    static const char *const letters[] = {"ff", "fi", "fl", "ffi", "ffl"};
    return code >= 0xfb00 && code <= 0xfb04 ? letters[code - 0xfb00] : NULL;
}

/* Letter by letter, a ligature in the document being its letters. */
static bool is_written(const char *text, const char *wording)
{
    struct bytes rest = bytes_of_text(text);
    while (rest.size > 0) {
        size_t bytes = 0;
        const char *letters = letters_of(plain_decode(rest, &bytes));
        bool is_apart = letters && !strncmp(wording, letters, strlen(letters));
        if (!is_apart &&
            strncmp(wording, (const char *)rest.data, bytes) != 0) {
            return false;
        }
        wording += is_apart ? strlen(letters) : bytes;
        rest.data += bytes;
        rest.size -= bytes;
    }
    return !*wording;
}

/* What the document says must be the first wording, which it then is in the
 * document's own signs: a copy that keeps it is as the original is. */
static enum sting_status check_text(struct fact *fact,
                                    const struct buffer *text,
                                    struct fault *fault)
{
    bool is_figure = fact->digits > 0;
    bool is_same = is_figure
                       ? text->size == strlen(fact->value[0])
                       : text->size < FACT_VALUE_SIZE &&
                             is_written(buffer_text(text), fact->value[0]);
    if (is_same && !is_figure) {
        memcpy(fact->value[0], buffer_text(text), text->size + 1);
    }
    return is_same ? STING_OK
                   : fault_set(fault, STING_E_ARG,
                               "write what it says as the first wording",
                               "the document says \"%.60s\", not \"%.60s\"",
                               buffer_text(text), fact->value[0]);
}

static enum sting_status fact_find(const struct bait_order *order,
                                   struct fact *fact, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct pdf_spot spot;
    uint32_t found = 0;
    bool differs = fact_choices(fact) > 1;
    const struct pdf_wanted wanted = {bytes_of_text(fact->before),
                                      bytes_of_text(fact->value[0]),
                                      bytes_of_text(fact->after)};
    enum sting_status status =
        picture_pdf_find(order->worker, &wanted, &found, &spot, &text, fault);
    if (status) {
        return status;
    }
    if (found == 0 || (found > 1 && differs)) {
        return not_once(fault, fact, found);
    }
    fact->page = spot.page;
    fact->content = spot.content;
    fact->glyph = spot.glyph;
    fact->glyphs = spot.glyphs;
    if (!differs) { /* kept whole, as its own value */
        memcpy(fact->value[0], "-", 2);
        return STING_OK;
    }
    return check_text(fact, &text, fault);
}

static int fact_order(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    const uint32_t key[2][3] = {{a->page, a->content, a->glyph},
                                {b->page, b->content, b->glyph}};
    for (int i = 0; i < 3; i++) {
        if (key[0][i] != key[1][i]) {
            return key[0][i] < key[1][i] ? -1 : 1;
        }
    }
    return 0;
}

static enum sting_status check_apart(const struct fact_sheet *sheet,
                                     struct fault *fault)
{
    for (uint32_t i = 1; i < sheet->facts; i++) {
        const struct fact *a = &sheet->fact[i - 1], *b = &sheet->fact[i];
        if (fact_choices(a) > 1 && fact_choices(b) > 1 && a->page == b->page &&
            a->content == b->content && a->glyph + a->glyphs > b->glyph) {
            return fault_set(fault, STING_E_ARG, "leave one out",
                             "\"%.60s\" and \"%.60s\" are in one place",
                             a->value[0], b->value[0]);
        }
    }
    return STING_OK;
}

/* The trial-th value: a wording, or a figure of this digit throughout. */
static uint32_t trial_choice(const struct fact *fact, uint32_t trial)
{
    uint32_t choice = 0;
    if (fact->digits == 0) {
        return trial < fact->values ? trial : 0;
    }
    for (uint32_t i = 0; i < fact->digits; i++) {
        choice = choice * 10 + trial % 10;
    }
    return choice;
}

static enum sting_status values_try(const struct bait_order *order,
                                    const struct fact_sheet *sheet,
                                    struct fault *fault)
{
    uint32_t choice[FACTS_MOST];
    enum sting_status status = STING_OK;
    for (uint32_t trial = 0; !status && trial < MOST_TRIALS; trial++) {
        for (uint32_t i = 0; i < sheet->facts; i++) {
            choice[i] = trial_choice(&sheet->fact[i], trial);
        }
        status = picture_pdf_swap(order->worker, sheet->fact, sheet->facts,
                                  choice, fault);
    }
    return status;
}

static enum sting_status sheet_fill(const struct bait_order *order,
                                    struct bytes text, struct moment moment,
                                    struct fact_sheet *sheet,
                                    struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct buffer original STING_AUTO(buffer_wipe) = {0};
    int pages = 0;
    enum sting_status status =
        declare_parse(text, &sheet->fact, &sheet->facts, fault);
    if (!status) {
        status =
            bait_load(order->operation, order->keys, order->bait, &bait, fault);
    }
    if (!status) {
        status = bait_original_load(order->operation, order->keys, &bait,
                                    &original, fault);
    }
    if (!status) {
        status = picture_pdf_open(order->worker, buffer_bytes(&original),
                                  &pages, fault);
    }
    if (status) {
        return status;
    }
    memcpy(sheet->bait, bait.name, sizeof sheet->bait);
    sheet->original = bait.original;
    sheet->pages = bait.pages;
    sheet->declared_utc_us = moment.utc_us;
    sheet->salt = random_secret(operation_random(order->operation));
    for (uint32_t i = 0; !status && i < sheet->facts; i++) {
        status = fact_find(order, &sheet->fact[i], fault);
    }
    return status;
}

/* Copies carry what was declared before them; none may be out yet. */
static enum sting_status check_unissued(const struct bait_order *order,
                                        struct fault *fault)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    enum sting_status status =
        register_load(order->operation, order->keys, order->bait, &list, fault);
    return status || list.batches == 0
               ? status
               : fault_set(fault, STING_E_BUSY,
                           "add the document again under another --name",
                           "copies of it were issued already");
}

static enum sting_status sheet_store(const struct bait_order *order,
                                     struct fact_sheet *sheet,
                                     struct moment (*now)(void),
                                     struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    uint32_t first = 0;
    enum sting_status status =
        writer_open(order->operation, now, &writer, fault);
    if (!status) {
        status = register_turn_begin(order->operation, &turn, &first, fault);
    }
    if (!status) {
        status = check_unissued(order, fault);
    }
    if (!status) {
        status = facts_store(writer, sheet, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

enum sting_status bait_declare(const struct bait_order *order,
                               struct bytes text, struct moment (*now)(void),
                               struct fact_sheet *out, struct fault *fault)
{
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {0};
    enum sting_status status = check_unissued(order, fault);
    if (!status) {
        status = sheet_fill(order, text, now(), &sheet, fault);
    }
    if (!status) {
        qsort(sheet.fact, sheet.facts, sizeof *sheet.fact, fact_order);
        status = check_apart(&sheet, fault);
    }
    if (!status) {
        status = values_try(order, &sheet, fault);
    }
    if (!status) {
        status = sheet_store(order, &sheet, now, fault);
    }
    if (!status) {
        *out = sheet;
        sheet = (struct fact_sheet){0};
    }
    return status;
}
