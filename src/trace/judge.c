/*
 * judge: all pictures of a run have been read and scored; what is each worth,
 * and what are several of them worth together?
 *
 * Whatever was scored is counted in `tried` before any verdict is settled.
 */
#include <math.h>
#include <stdlib.h>

#include "mark/strength.h"
#include "trace/alike.h"
#include "trace/joint.h"
#include "trace/moments.h"

#define FEWEST_UNITS 8
#define MOST_GIVEN 4   /* copies taken as known, at most */
#define SURE_POWER 0.9 /* of true copies that would be named */

/* One thing to settle: a finding and the pages it rests on. */
struct matter {
    struct trace_finding *finding;
    const struct score_part *part;
    size_t parts;
};

static struct score_question question_of(const struct trace_run *run,
                                         const struct matter *matter)
{
    const struct shelf *shelf = &run->library->shelf[matter->finding->shelf];
    return (struct score_question){.document = &shelf->document,
                                   .copy = shelf->copy,
                                   .copies = shelf->copies,
                                   .part = matter->part,
                                   .parts = matter->parts,
                                   .is_mixed = matter->finding->is_mixed};
}

static double false_of(const struct trace_run *run,
                       const struct trace_finding *finding, double log10_lr)
{
    return strength_log10_false(log10_lr, run->tried, finding->run);
}

/* Take the copies of a score that are strong enough by the count so far. */
static void names_add(const struct trace_run *run, const struct score *score,
                      struct trace_finding *finding)
{
    size_t given = finding->names;
    for (size_t i = 0; i < score->tops && finding->names < TRACE_MOST_NAMES;
         i++) {
        const struct score_top *top = &score->top[i];
        if (false_of(run, finding, top->log10_lr) > STRENGTH_ATTRIBUTED) {
            break;
        }
        finding->name[finding->names++] =
            (struct trace_name){top->copy, given, top->log10_lr, 0};
    }
}

/* Most true copies would have been named, and none is: is one of several that
 * are mixed? If so, the finding is scored as that. */
static enum sting_status mixture_try(struct trace_run *run,
                                     const struct matter *matter)
{
    struct trace_finding *finding = matter->finding;
    struct score_question question = question_of(run, matter);
    struct score mixed = {0};
    double needed = -STRENGTH_ATTRIBUTED + false_of(run, finding, 0);
    score_power(&question, needed, &finding->power);
    if (finding->power.share < SURE_POWER || trace_finding_moved(finding) < 0) {
        return STING_OK;
    }
    question.is_mixed = true;
    run->tried += (double)question.copies;
    enum sting_status status = score_run(&question, &mixed);
    if (!status) {
        names_add(run, &mixed, finding);
    }
    if (!status && finding->names > 0) {
        finding->is_mixed = true;
        finding->score = mixed;
    }
    return status;
}

/* With the copies named taken as known: is there one more, and so on? */
static enum sting_status names_find(struct trace_run *run,
                                    const struct matter *matter)
{
    struct trace_finding *finding = matter->finding;
    enum sting_status status = STING_OK;
    if (finding->score.units < FEWEST_UNITS) {
        return STING_OK;
    }
    names_add(run, &finding->score, finding);
    if (finding->names == 0) {
        status = mixture_try(run, matter);
    }
    for (size_t before = 0;
         !status && finding->names > before && finding->names <= MOST_GIVEN;) {
        struct score_question question = question_of(run, matter);
        uint32_t given[MOST_GIVEN];
        struct score further = {0};
        before = finding->names;
        for (size_t i = 0; i < before; i++) {
            given[i] = finding->name[i].copy;
        }
        question.given = given;
        question.givens = before;
        run->tried += (double)question.copies;
        status = score_run(&question, &further);
        if (!status) {
            names_add(run, &further, finding);
        }
    }
    return status;
}

/* By the final count; a name falls with those that it takes as known. */
static void names_settle(const struct trace_run *run,
                         struct trace_finding *finding)
{
    size_t kept = 0;
    for (; kept < finding->names; kept++) {
        struct trace_name *name = &finding->name[kept];
        name->log10_false = false_of(run, finding, name->log10_lr);
        if (name->log10_false > STRENGTH_ATTRIBUTED || name->given > kept) {
            break;
        }
    }
    finding->names = kept;
}

static void verdict_settle(struct trace_finding *finding)
{
    if (finding->names > 0) {
        finding->verdict = TRACE_ATTRIBUTED;
    } else if (finding->score.units >= FEWEST_UNITS &&
               finding->score.copy != 0 &&
               finding->log10_false <= STRENGTH_LEAD) {
        finding->verdict = TRACE_LEAD;
    } else {
        finding->verdict = TRACE_NONE;
    }
}

/* Mark each unit as agreeing or not with the copy that is named. */
static enum sting_status agreement_fill(const struct trace_run *run,
                                        struct trace_finding *finding)
{
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    const struct score_request request = {
        &shelf->document, (uint32_t)finding->page, shelf->copy, shelf->copies};
    uint8_t *bit = calloc((size_t)finding->marks + 1, 1);
    if (!bit) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        score_code(&request, finding->name[0].copy, finding->marks, bit);
    for (uint32_t u = 0; !status && u < finding->marks; u++) {
        int sign = bit[u] ? 1 : -1;
        finding->mark[u].agrees = (int8_t)(sign * finding->mark[u].sign);
    }
    secret_wipe_bytes(bit, finding->marks);
    free(bit);
    return status;
}

static enum sting_status matter_settle(const struct trace_run *run,
                                       const struct matter *matter)
{
    struct trace_finding *finding = matter->finding;
    struct score_question question = question_of(run, matter);
    double needed = -STRENGTH_ATTRIBUTED + false_of(run, finding, 0);
    finding->log10_false = false_of(run, finding, finding->score.log10_lr);
    names_settle(run, finding);
    verdict_settle(finding);
    score_power(&question, needed, &finding->power);
    return finding->marks > 0 && finding->names > 0
               ? agreement_fill(run, finding)
               : STING_OK;
}

typedef enum sting_status matter_fn(struct trace_run *run,
                                    const struct matter *matter);

static enum sting_status settle(struct trace_run *run,
                                const struct matter *matter)
{
    return matter_settle(run, matter);
}

static enum sting_status each_finding(struct trace_run *run, matter_fn *what)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->pictures; i++) {
        struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; !status && f < picture->scored; f++) {
            struct trace_finding *finding = &picture->finding[f];
            const struct score_part part = {(uint32_t)finding->page,
                                            &finding->reading};
            const struct matter matter = {finding, &part, 1};
            status = finding->page < 0 ? STING_OK : what(run, &matter);
        }
    }
    return status;
}

static enum sting_status each_joint(struct trace_run *run, matter_fn *what,
                                    bool only_new)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < run->joints; i++) {
        struct trace_joint *joint = &run->joint[i];
        const struct matter matter = {&joint->finding, joint->part,
                                      joint->parts};
        status = only_new && !joint->is_new ? STING_OK : what(run, &matter);
    }
    return status;
}

/* Who is named by each picture says which of them are judged as one; and what
 * these name together, which of them are left out of it. */
static enum sting_status names_all(struct trace_run *run)
{
    enum sting_status status = each_finding(run, names_find);
    bool again = true;
    joints_share(run);
    while (!status && again) {
        status = joints_make(run);
        status = status ? status : each_joint(run, names_find, true);
        status = status ? status : joints_leave_out(run, &again);
    }
    return status;
}

enum sting_status trace_run_judge(struct trace_run *run)
{
    enum sting_status status = names_all(run);
    if (!status) {
        status = each_finding(run, settle);
    }
    if (!status) {
        status = each_joint(run, settle, false);
    }
    if (!status) {
        status = joints_part(run);
    }
    if (!status) {
        status = alike_choose(run);
    }
    return status ? status : moments_read(run);
}

bool trace_run_names(const struct trace_run *run)
{
    size_t names = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->findings; f++) {
            names += run->picture[i]->finding[f].names;
        }
    }
    for (size_t i = 0; i < run->joints; i++) {
        names += run->joint[i].finding.names;
    }
    return names > 0;
}
