#include "trace/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark/code.h"
#include "operation/key_file.h"
#include "trace/recheck.h"

static bool is_batch_line(void *context, const struct line *line)
{
    const struct register_batch *batch = context;
    int64_t first = 0;
    uint8_t root[DIGEST_SIZE];
    return strcmp(line->kind->name, "issue") == 0 &&
           line_integer(line, "first", &first) == STING_OK &&
           first == batch->first &&
           line_hex(line, "root", root, DIGEST_SIZE) == STING_OK &&
           memcmp(root, batch->root.byte, DIGEST_SIZE) == 0;
}

/* The leaves of the whole batch, for the path of one. */
static enum sting_status place_fill(const struct shelf *shelf,
                                    const struct register_batch *batch,
                                    struct recheck_pack *out)
{
    struct digest *leaf = calloc(batch->copies, sizeof *leaf);
    if (!leaf) {
        return STING_E_NOMEM;
    }
    for (uint32_t i = 0; i < batch->copies; i++) {
        struct register_copy copy = register_copy_at(batch, i);
        struct secret key STING_AUTO(secret_wipe);
        mark_copy_key(&shelf->document, copy.number, &key);
        leaf[i] = mark_commitment_leaf(copy.number, &key, copy.salt.byte,
                                       bytes_of_text(copy.holder));
    }
    enum sting_status status =
        proof_make(leaf, batch->copies, out->copy - batch->first, &out->place);
    free(leaf);
    return status;
}

static enum sting_status copy_fill(const struct shelf *shelf, uint32_t number,
                                   struct recheck_pack *out)
{
    const struct register_batch *batch = NULL;
    struct register_copy copy;
    if (!register_find(&shelf->issued, number, &copy, &batch)) {
        return STING_E_ABSENT;
    }
    out->copy = number;
    out->salt = copy.salt;
    out->first = batch->first;
    out->original = batch->original;
    out->pages = batch->pages;
    out->bias = calloc(batch->pages + 1, sizeof *out->bias);
    if (!out->bias) {
        return STING_E_NOMEM;
    }
    memcpy(out->bias, batch->bias, batch->pages * sizeof *out->bias);
    snprintf(out->bait, sizeof out->bait, "%s", shelf->bait.name);
    snprintf(out->holder, sizeof out->holder, "%s", copy.holder);
    mark_copy_key(&shelf->document, number, &out->key);
    return place_fill(shelf, batch, out);
}

static enum sting_status part_fill(const struct shelf *shelf,
                                   const struct trace_finding *finding,
                                   struct recheck_part *out)
{
    out->page = (uint32_t)finding->page + 1;
    out->units = finding->marks;
    out->a = calloc((size_t)finding->marks + 1, sizeof *out->a);
    if (!out->a) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < finding->marks; u++) {
        out->a[u] = finding->mark[u].a;
    }
    mark_bias_key(&shelf->document, (uint32_t)finding->page, &out->bias);
    return mark_page_write(&shelf->bait.page[finding->page], &out->record);
}

static enum sting_status pack_fill(const struct trace_run *run,
                                   const struct trace_picture *picture,
                                   const struct trace_finding *finding,
                                   struct recheck_pack *out)
{
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    out->picture = picture->digest;
    out->sheet = (uint32_t)picture->sheet + 1;
    out->log10_lr = finding->score.log10_lr;
    out->tried = (uint32_t)run->tried;
    out->run = picture->run;
    out->parts = 1;
    enum sting_status status = copy_fill(shelf, finding->score.copy, out);
    return status ? status : part_fill(shelf, finding, &out->part[0]);
}

static enum sting_status issue_find(const struct trace_run *run,
                                    const struct trace_finding *finding,
                                    struct recheck_pack *out,
                                    struct fault *fault)
{
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    const struct register_batch *batch = NULL;
    struct register_copy copy;
    if (!register_find(&shelf->issued, finding->score.copy, &copy, &batch)) {
        return STING_E_ABSENT;
    }
    struct register_batch sought = {.first = batch->first, .root = batch->root};
    return ledger_proof_make(operation_dir(run->library->operation),
                             is_batch_line, &sought, &out->issue, fault);
}

enum sting_status trace_pack_write(const struct trace_run *run,
                                   const struct trace_picture *picture,
                                   size_t finding, struct buffer *out,
                                   struct fault *fault)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    struct secret log STING_AUTO(secret_wipe) = {{0}};
    const struct trace_finding *f = &picture->finding[finding];
    if (f->verdict != TRACE_ATTRIBUTED) {
        return STING_E_ARG;
    }
    enum sting_status status = pack_fill(run, picture, f, &pack);
    if (!status) {
        status = issue_find(run, f, &pack, fault);
    }
    if (!status) {
        status = key_file_load(operation_dir(run->library->operation),
                               KEY_FILE_LOG, &log, fault);
    }
    if (!status) {
        status = recheck_pack_write(&pack, out);
    }
    return status ? status : recheck_pack_sign(&log, out);
}
