#include "trace/joint.h"

#include <stdlib.h>

#include "base/array.h"
#include "mark/read_pool.h"

/* A finding with a page, and the picture that it is in. What stands as the
 * unmarked original does is never judged with what does not: a copy named by
 * the one would seem to be named by the other too. */
struct seen {
    const struct trace_finding *finding;
    size_t picture;
    bool is_unmoved;
};

static void seen_free(struct seen **seen)
{
    free(*seen);
    *seen = NULL;
}

static int by_place(const void *left, const void *right)
{
    const struct seen *a = left;
    const struct seen *b = right;
    if (a->finding->shelf != b->finding->shelf) {
        return a->finding->shelf < b->finding->shelf ? -1 : 1;
    }
    if (a->is_unmoved != b->is_unmoved) {
        return a->is_unmoved ? 1 : -1;
    }
    if (a->finding->page != b->finding->page) {
        return a->finding->page < b->finding->page ? -1 : 1;
    }
    return (a->picture > b->picture) - (a->picture < b->picture);
}

/* Of one bait, or of one page of it, and both unmoved or neither. */
static bool is_same(const struct seen *a, const struct seen *b, bool by_page)
{
    return a->finding->shelf == b->finding->shelf &&
           a->is_unmoved == b->is_unmoved &&
           (!by_page || a->finding->page == b->finding->page);
}

/* All findings that can be judged with others, those of one page in a row;
 * `whole`: those that can be pieces of a whole document. */
static enum sting_status seen_fill(const struct trace_run *run, bool whole,
                                   struct seen **out, size_t *count)
{
    *count = 0;
    *out = calloc(run->pictures * SEARCH_MOST_HITS + 1, sizeof **out);
    if (!*out) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->scored; f++) {
            const struct trace_finding *finding = &run->picture[i]->finding[f];
            if (finding->page >= 0 && finding->share == TRACE_SHARE_PART &&
                !(whole && joint_is_doubtful(run->picture[i], f))) {
                (*out)[(*count)++] =
                    (struct seen){finding, i, trace_finding_moved(finding) < 0};
            }
        }
    }
    qsort(*out, *count, sizeof **out, by_place);
    return STING_OK;
}

static struct trace_joint *joint_add(struct trace_run *run)
{
    return array_add(&run->joint, &run->joined, sizeof *run->joint);
}

/* The numbers of the pictures, each once. */
static enum sting_status pictures_fill(const struct seen *seen, size_t count,
                                       struct trace_joint *joint)
{
    joint->picture = calloc(count + 1, sizeof *joint->picture);
    if (!joint->picture) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < joint->pictures; k++) {
            is_new &= joint->picture[k] != seen[i].picture;
        }
        if (is_new) {
            joint->picture[joint->pictures++] = seen[i].picture;
        }
    }
    return STING_OK;
}

static enum sting_status joint_score(struct trace_run *run,
                                     struct trace_joint *joint)
{
    const struct shelf *shelf = &run->library->shelf[joint->finding.shelf];
    const struct score_question question = {.document = &shelf->document,
                                            .copy = shelf->copy,
                                            .copies = shelf->copies,
                                            .part = joint->part,
                                            .parts = joint->parts};
    run->tried += (double)shelf->copies *
                  joint_ways(run, joint->finding.shelf, joint->is_unmoved);
    return score_run(&question, &joint->finding.score);
}

/* Several pictures of one page: their readings become one. */
static enum sting_status page_join(struct trace_run *run,
                                   const struct seen *seen, size_t count)
{
    const struct trace_finding *first = seen->finding;
    const struct shelf *shelf = &run->library->shelf[first->shelf];
    const struct page_reading **reading = calloc(count, sizeof *reading);
    struct trace_joint *joint = joint_add(run);
    if (!reading || !joint || !(joint->part = calloc(1, sizeof *joint->part))) {
        free(reading);
        return STING_E_NOMEM;
    }
    joint->finding = (struct trace_finding){
        .shelf = first->shelf, .page = first->page, .run = first->run};
    joint->is_unmoved = seen->is_unmoved;
    joint->is_new = true;
    joint->parts = 1;
    for (size_t i = 0; i < count; i++) {
        reading[i] = &seen[i].finding->reading;
        if (seen[i].finding->run > joint->finding.run) {
            joint->finding.run = seen[i].finding->run;
        }
    }
    enum sting_status status =
        mark_read_pool(reading, count, &shelf->bait.page[first->page],
                       &joint->finding.reading);
    free(reading);
    joint->finding.noise_pt = joint->finding.reading.noise_along_pt;
    joint->finding.strange = joint->finding.reading.strange;
    if (!status) {
        status = pictures_fill(seen, count, joint);
    }
    return status;
}

/* The reading of a page: of its pictures together, if there are several. */
static const struct page_reading *reading_of(const struct trace_run *run,
                                             const struct seen *seen)
{
    for (size_t i = 0; i < run->joined; i++) {
        const struct trace_finding *finding = &run->joint[i].finding;
        if (!run->joint[i].is_withdrawn &&
            finding->shelf == seen->finding->shelf &&
            finding->page == seen->finding->page &&
            run->joint[i].is_unmoved == seen->is_unmoved) {
            return &finding->reading;
        }
    }
    return &seen->finding->reading;
}

/* Several pages of one bait: their sums are added. */
static enum sting_status bait_join(struct trace_run *run,
                                   const struct seen *seen, size_t count)
{
    struct trace_joint *joint = joint_add(run);
    if (!joint || !(joint->part = calloc(count, sizeof *joint->part))) {
        return STING_E_NOMEM;
    }
    joint->finding = (struct trace_finding){
        .shelf = seen->finding->shelf,
        .page = -1,
        .run = run->document_runs > 1 ? run->document_runs : 1};
    joint->is_unmoved = seen->is_unmoved;
    joint->is_new = true;
    return pictures_fill(seen, count, joint);
}

/* Parts point at readings, which must not move any more. */
static void parts_fill(struct trace_run *run, const struct seen *seen,
                       size_t count, struct trace_joint *joint)
{
    if (joint->finding.page >= 0) {
        joint->part[0] = (struct score_part){(uint32_t)joint->finding.page,
                                             &joint->finding.reading};
        return;
    }
    joint->parts = 0;
    for (size_t i = 0; i < count; i++) {
        if (seen[i].finding->shelf == joint->finding.shelf &&
            seen[i].is_unmoved == joint->is_unmoved &&
            (i == 0 || !is_same(&seen[i - 1], &seen[i], true))) {
            joint->part[joint->parts++] = (struct score_part){
                (uint32_t)seen[i].finding->page, reading_of(run, &seen[i])};
        }
    }
}

/* How many from the first on are of the same page, or of the same bait. */
static size_t run_length(const struct seen *seen, size_t count, bool by_page)
{
    size_t length = 1;
    while (length < count && is_same(seen, seen + length, by_page)) {
        length++;
    }
    return length;
}

/* Is it not made yet, and may it be? By page, or of all pages. */
static bool is_wanted(const struct trace_run *run, const struct seen *seen,
                      bool by_page)
{
    const struct trace_finding *f = seen->finding;
    for (size_t i = 0; i < run->joined; i++) {
        const struct trace_joint *joint = &run->joint[i];
        if (!joint->is_withdrawn && joint->finding.shelf == f->shelf &&
            joint->finding.page == (by_page ? f->page : -1) &&
            joint->is_unmoved == seen->is_unmoved) {
            return false;
        }
    }
    return joint_ways(run, f->shelf, seen->is_unmoved) <= JOINT_MOST_WAYS;
}

/* Each page of which there are several pictures. */
static enum sting_status pages_join(struct trace_run *run)
{
    struct seen *seen STING_AUTO(seen_free) = NULL;
    size_t count;
    enum sting_status status = seen_fill(run, false, &seen, &count);
    for (size_t i = 0; !status && i < count;) {
        size_t length = run_length(seen + i, count - i, true);
        if (length > 1 && is_wanted(run, seen + i, true)) {
            status = page_join(run, seen + i, length);
        }
        i += length;
    }
    return status;
}

/* Each bait of which there are several pages. */
static enum sting_status baits_join(struct trace_run *run)
{
    struct seen *seen STING_AUTO(seen_free) = NULL;
    size_t count;
    enum sting_status status = seen_fill(run, true, &seen, &count);
    for (size_t i = 0; !status && i < count;) {
        size_t length = run_length(seen + i, count - i, false);
        if (run_length(seen + i, count - i, true) < length &&
            is_wanted(run, seen + i, false)) {
            status = bait_join(run, seen + i, length);
        }
        i += length;
    }
    return status;
}

enum sting_status joints_point(struct trace_run *run)
{
    struct seen *seen STING_AUTO(seen_free) = NULL;
    size_t count;
    enum sting_status status = seen_fill(run, true, &seen, &count);
    for (size_t i = 0; !status && i < run->joined; i++) {
        if (!run->joint[i].is_withdrawn) {
            parts_fill(run, seen, count, &run->joint[i]);
        }
    }
    return status;
}

enum sting_status joints_make(struct trace_run *run)
{
    enum sting_status status = pages_join(run);
    if (!status) {
        status = baits_join(run);
    }
    run->joints = run->joined;
    joints_told_first(run);
    if (!status) {
        status = joints_point(run);
    }
    for (size_t i = 0; !status && i < run->joints; i++) {
        if (run->joint[i].is_new) {
            status = joint_score(run, &run->joint[i]);
        }
    }
    return status;
}
