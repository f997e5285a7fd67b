#include "trace/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark/code.h"
#include "trace/opened.h"
#include "trace/recheck.h"

static enum sting_status copy_fill(const struct shelf *shelf, uint32_t number,
                                   struct recheck_pack *out)
{
    const struct register_batch *batch = NULL;
    enum sting_status status = opened_copy_fill(
        &shelf->issued, &shelf->document, number, &out->copy, &batch);
    if (status) {
        return status;
    }
    out->original = batch->original;
    out->pages = batch->pages;
    out->bias = calloc(batch->pages + 1, sizeof *out->bias);
    if (!out->bias) {
        return STING_E_NOMEM;
    }
    memcpy(out->bias, batch->bias, batch->pages * sizeof *out->bias);
    snprintf(out->bait, sizeof out->bait, "%s", shelf->bait.name);
    return STING_OK;
}

static enum sting_status part_fill(const struct shelf *shelf,
                                   const struct score_part *from,
                                   struct recheck_part *out)
{
    out->page = from->page + 1;
    out->units = from->reading->units;
    out->a = calloc((size_t)out->units + 1, sizeof *out->a);
    if (!out->a) {
        return STING_E_NOMEM;
    }
    mark_bias_key(&shelf->document, from->page, &out->bias);
    return mark_page_write(&shelf->bait.page[from->page], &out->record);
}

/* What a pack is made of: one picture, or several that were judged as one. */
struct subject {
    const struct trace_finding *finding;
    size_t name; /* which of those it names */
    const struct score_part *part;
    size_t parts;
    struct digest picture;
    uint32_t sheet, run;
};

static int by_page(const void *left, const void *right)
{
    const struct recheck_part *a = left, *b = right;
    return a->page < b->page ? -1 : a->page > b->page;
}

static enum sting_status pack_fill(const struct trace_run *run,
                                   const struct subject *subject,
                                   struct recheck_pack *out)
{
    const struct trace_finding *finding = subject->finding;
    const struct trace_name *name = &finding->name[subject->name];
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    uint32_t given[TRACE_MOST_NAMES];
    double *a[RECHECK_MOST_PARTS];
    out->picture = subject->picture;
    out->sheet = subject->sheet;
    out->log10_lr = name->log10_lr;
    out->tried = (uint32_t)run->tried;
    out->run = subject->run;
    enum sting_status status = copy_fill(shelf, name->copy, out);
    for (size_t i = 0; i < name->given; i++) {
        given[i] = finding->name[i].copy;
    }
    while (!status && out->parts < subject->parts) {
        uint32_t at = out->parts++;
        a[at] = NULL;
        status = part_fill(shelf, &subject->part[at], &out->part[at]);
        a[at] = out->part[at].a;
    }
    const struct score_question question = {.document = &shelf->document,
                                            .part = subject->part,
                                            .parts = subject->parts,
                                            .given = given,
                                            .givens = name->given,
                                            .is_mixed = finding->is_mixed};
    status = status ? status : score_evidence(&question, a);
    qsort(out->part, out->parts, sizeof *out->part, by_page);
    return status;
}

static enum sting_status issue_find(const struct trace_run *run,
                                    const struct subject *subject,
                                    struct recheck_pack *out,
                                    struct fault *fault)
{
    const struct trace_finding *finding = subject->finding;
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    uint32_t number = finding->name[subject->name].copy;
    const struct register_batch *batch = NULL;
    struct register_copy copy;
    if (!register_find(&shelf->issued, number, &copy, &batch)) {
        return STING_E_ABSENT;
    }
    return opened_issue_find(operation_dir(run->library->operation), batch,
                             &out->issue, fault);
}

static enum sting_status subject_write(const struct trace_run *run,
                                       const struct subject *subject,
                                       struct buffer *out, struct fault *fault)
{
    struct recheck_pack pack STING_AUTO(recheck_pack_release) = {0};
    const struct trace_finding *f = subject->finding;
    if (f->verdict != TRACE_ATTRIBUTED || subject->name >= f->names ||
        subject->parts > RECHECK_MOST_PARTS) {
        return STING_E_ARG;
    }
    enum sting_status status = pack_fill(run, subject, &pack);
    if (!status) {
        status = issue_find(run, subject, &pack, fault);
    }
    if (!status) {
        status = recheck_pack_write(&pack, out);
    }
    return status ? status
                  : opened_sign(operation_dir(run->library->operation), out,
                                fault);
}

enum sting_status trace_pack_write(const struct trace_run *run,
                                   const struct trace_picture *picture,
                                   const struct trace_pack_of *of,
                                   struct buffer *out, struct fault *fault)
{
    const struct trace_finding *f = &picture->finding[of->finding];
    const struct score_part part = {(uint32_t)f->page, &f->reading};
    const struct subject subject = {.finding = f,
                                    .name = of->name,
                                    .part = &part,
                                    .parts = 1,
                                    .picture = picture->digest,
                                    .sheet = (uint32_t)picture->sheet + 1,
                                    .run = f->run};
    return subject_write(run, &subject, out, fault);
}

struct digest trace_pack_files(const struct trace_run *run,
                               const struct trace_joint *joint)
{
    struct digest all = digest_of((struct bytes){0});
    for (size_t i = 0; i < joint->pictures; i++) {
        const struct digest *one = &run->picture[joint->picture[i]]->digest;
        const struct bytes part[] = {{all.byte, DIGEST_SIZE},
                                     {one->byte, DIGEST_SIZE}};
        all = digest_sha256(part, 2);
    }
    return all;
}

enum sting_status trace_pack_joint(const struct trace_run *run,
                                   const struct trace_pack_of *of,
                                   struct buffer *out, struct fault *fault)
{
    const struct trace_joint *j = &run->joint[of->finding];
    const struct subject subject = {
        .finding = &j->finding,
        .name = of->name,
        .part = j->part,
        .parts = j->parts,
        .picture = trace_pack_files(run, j),
        .sheet = 0,
        .run = j->finding.page < 0 ? run->document_runs : j->finding.run};
    return subject_write(run, &subject, out, fault);
}
