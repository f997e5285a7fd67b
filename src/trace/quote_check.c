/* Does a pack of a quotation hold? */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "ledger/line.h"
#include "mark/strength.h"
#include "trace/quote_pack.h"

#define CLOSE_ENOUGH 1e-6 /* of log10: how far logarithms may round apart */

void quote_check_release(struct quote_check *check)
{
    fact_sheet_release(&check->sheet);
}

/* The sheet is the one that the ledger's line says was declared. */
static enum sting_status declared_check(const struct quote_pack *pack,
                                        struct quote_check *out,
                                        struct fault *fault)
{
    struct line line;
    struct digest pt, original;
    char bait[CONFIG_NAME_SIZE], state[16];
    enum sting_status status =
        opened_line_check(&out->genesis, &pack->declared, "bait", &line, fault);
    if (status) {
        return status;
    }
    line_text(&line, "bait", bait, sizeof bait);
    line_text(&line, "state", state, sizeof state);
    if (strcmp(state, "declared") != 0 ||
        line_hex(&line, "pt", pt.byte, DIGEST_SIZE) ||
        line_hex(&line, "original", original.byte, DIGEST_SIZE)) {
        return opened_no(fault, "the ledger's line declares nothing");
    }
    out->declared_us = line.at.utc_us;
    status = fact_sheet_read(buffer_bytes(&pack->sheet), &out->sheet);
    if (status == STING_E_NOMEM) {
        return status;
    }
    return status || !digest_equal(pt, out->sheet.pt) ||
                   !digest_equal(original, out->sheet.original) ||
                   strcmp(bait, out->sheet.bait) != 0
               ? opened_no(fault, "the facts are not those that were declared")
               : STING_OK;
}

/* The copy is of a batch that came after the facts, and carries them. */
static enum sting_status issue_check(const struct quote_pack *pack,
                                     struct quote_check *out,
                                     struct fault *fault)
{
    struct line line;
    struct digest facts;
    enum sting_status status =
        opened_line_check(&out->genesis, &pack->issue, "issue", &line, fault);
    if (!status) {
        out->issued_us = line.at.utc_us;
        status = opened_copy_check(&pack->copy, &line, out->sheet.bait,
                                   &out->sheet.original, fault);
    }
    if (status) {
        return status;
    }
    if (!bytes_equal(buffer_bytes(&pack->issue.note),
                     buffer_bytes(&pack->declared.note))) {
        return opened_no(fault, "the two lines are under two checkpoints");
    }
    return line.seq <= pack->declared.path.index ||
                   line_hex(&line, "facts", facts.byte, DIGEST_SIZE) ||
                   !digest_equal(facts, out->sheet.pt)
               ? opened_no(fault, "the copy was issued without these facts")
               : STING_OK;
}

static bool is_same(const struct quote_place *a, const struct quote_place *b)
{
    return a->choice == b->choice && a->first == b->first && a->last == b->last;
}

/* Search the text again: what is quoted, and where, is as the pack says. */
static enum sting_status quoted_check(const struct quote_pack *pack,
                                      int32_t seen[FACTS_MOST],
                                      struct quote_check *out,
                                      struct fault *fault)
{
    struct plain plain STING_AUTO(plain_release) = {0};
    uint32_t next = 0;
    if (memchr(buffer_text(&pack->text), 0, pack->text.size) ||
        !utf8_is_all(buffer_text(&pack->text))) {
        return opened_no(fault, "the text is none");
    }
    enum sting_status status =
        plain_add_text(&plain, buffer_bytes(&pack->text));
    for (uint32_t i = 0; !status && i < out->sheet.facts; i++) {
        struct quote_place found;
        const struct quote_pack_fact *told = &pack->quote[next];
        status = quote_find(&plain, &out->sheet.fact[i], &found);
        seen[i] = status ? FACT_UNSEEN : found.choice;
        if (status || found.choice == FACT_UNSEEN) {
            continue;
        }
        if (next == pack->quoted || told->fact != i ||
            !is_same(&told->place, &found)) {
            return opened_no(fault, "the text quotes other facts than it says");
        }
        next++;
        bool is_own = fact_choices(&out->sheet.fact[i]) > 1;
        out->own += is_own;
        out->common += !is_own;
    }
    return !status && next < pack->quoted
               ? opened_no(fault, "the text quotes fewer facts than it says")
               : status;
}

static enum sting_status strength_check(const struct quote_pack *pack,
                                        const int32_t *seen,
                                        struct quote_check *out,
                                        struct fault *fault)
{
    const struct fact_sheet *sheet = &out->sheet;
    fact_choose(&pack->copy.key, sheet->fact, sheet->facts, out->choice);
    out->log10_lr = fact_log10_lr(sheet->fact, sheet->facts, seen, out->choice);
    out->log10_false =
        strength_log10_false(out->log10_lr, pack->tried, pack->run);
    if (!(fabs(out->log10_lr - pack->log10_lr) < CLOSE_ENOUGH)) {
        return opened_no(fault, "the strength reported is not what comes out");
    }
    return out->own > 0 && out->log10_false <= STRENGTH_ATTRIBUTED
               ? STING_OK
               : opened_no(fault, "what is quoted names no copy");
}

static enum sting_status all_check(const struct quote_pack *pack,
                                   struct quote_check *out, struct fault *fault)
{
    int32_t seen[FACTS_MOST];
    enum sting_status status = opened_genesis_check(
        buffer_bytes(&pack->declared.genesis), &out->genesis, fault);
    if (!status) {
        status = opened_signature_check(&out->genesis, pack->signed_bytes,
                                        pack->signature, fault);
    }
    if (!status) {
        status = declared_check(pack, out, fault);
    }
    if (!status && pack->names_copy) {
        status = issue_check(pack, out, fault);
    }
    if (!status) {
        status = quoted_check(pack, seen, out, fault);
    }
    return status || !pack->names_copy ? status
                                       : strength_check(pack, seen, out, fault);
}

enum sting_status quote_pack_check(const struct quote_pack *pack,
                                   struct quote_check *out, struct fault *fault)
{
    struct quote_check check STING_AUTO(quote_check_release) = {0};
    enum sting_status status = all_check(pack, &check, fault);
    if (status) {
        return status;
    }
    *out = check;
    check = (struct quote_check){0};
    return STING_OK;
}
