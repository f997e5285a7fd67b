/* The pack of a quotation, from what was found. */
#include <string.h>

#include "ledger/line.h"
#include "mark/code.h"
#include "trace/quote_pack.h"

bool quote_pack_is_due(const struct quote_finding *finding)
{
    return finding->verdict == TRACE_ATTRIBUTED || finding->common > 0;
}

static bool is_declared_line(void *context, const struct line *line)
{
    const struct fact_sheet *sheet = context;
    char state[16], bait[CONFIG_NAME_SIZE];
    struct digest pt;
    line_text(line, "state", state, sizeof state);
    line_text(line, "bait", bait, sizeof bait);
    return strcmp(line->kind->name, "bait") == 0 &&
           strcmp(state, "declared") == 0 && strcmp(bait, sheet->bait) == 0 &&
           line_hex(line, "pt", pt.byte, DIGEST_SIZE) == STING_OK &&
           digest_equal(pt, sheet->pt);
}

static void places_fill(const struct quote_finding *f, struct quote_pack *out)
{
    for (uint32_t i = 0; i < f->sheet.facts; i++) {
        if (f->seen[i] != FACT_UNSEEN) {
            out->quote[out->quoted++] =
                (struct quote_pack_fact){i, f->place[i]};
        }
    }
}

/* The issue line says which facts a copy carries since 29 November 2026. */
static enum sting_status issue_fill(const struct operation *operation,
                                    const struct register_batch *batch,
                                    const struct fact_sheet *sheet,
                                    struct quote_pack *out, struct fault *fault)
{
    struct line line;
    struct digest facts;
    enum sting_status status =
        opened_issue_find(operation_dir(operation), batch, &out->issue, fault);
    if (!status) {
        status = line_parse(buffer_bytes(&out->issue.line), &line);
    }
    if (!status && (line_hex(&line, "facts", facts.byte, DIGEST_SIZE) ||
                    !digest_equal(facts, sheet->pt))) {
        status = fault_set(fault, STING_E_ABSENT,
                           "show bait, register and ledger themselves",
                           "the ledger's line of copy %u does not say that it "
                           "carries these facts, as those of older versions",
                           out->copy.number);
    }
    return status;
}

static enum sting_status copy_fill(const struct operation *operation,
                                   const struct operation_keys *keys,
                                   const struct quote *quote,
                                   const struct quote_finding *f,
                                   struct quote_pack *out, struct fault *fault)
{
    struct register_list issued STING_AUTO(register_list_release) = {0};
    struct secret document STING_AUTO(secret_wipe);
    const struct register_batch *batch = NULL;
    mark_document_key(&keys->mark, f->sheet.original, &document);
    out->names_copy = true;
    out->log10_lr = f->log10_lr;
    out->tried = (uint32_t)quote->tried;
    out->run = f->run;
    enum sting_status status =
        register_load(operation, keys, f->bait, &issued, fault);
    if (!status) {
        status =
            opened_copy_fill(&issued, &document, f->copy, &out->copy, &batch);
    }
    return status ? status
                  : issue_fill(operation, batch, &f->sheet, out, fault);
}

enum sting_status quote_pack_make(const struct operation *operation,
                                  const struct operation_keys *keys,
                                  const struct quote *quote, size_t finding,
                                  struct bytes text, struct buffer *out,
                                  struct fault *fault)
{
    struct quote_pack pack STING_AUTO(quote_pack_release) = {0};
    struct quote_finding *f = &quote->finding[finding];
    places_fill(f, &pack);
    enum sting_status status = buffer_append(&pack.text, text);
    if (!status) {
        status = fact_sheet_write(&f->sheet, &pack.sheet);
    }
    if (!status && f->verdict == TRACE_ATTRIBUTED) {
        status = copy_fill(operation, keys, quote, f, &pack, fault);
    }
    if (!status) { /* under one checkpoint: only so one is before the other */
        status = ledger_proof_make(operation_dir(operation), is_declared_line,
                                   &f->sheet, pack.issue.path.leaves,
                                   &pack.declared, fault);
    }
    if (!status) {
        status = quote_pack_write(&pack, out);
    }
    return status ? status : opened_sign(operation_dir(operation), out, fault);
}
