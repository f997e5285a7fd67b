/* What several pictures name together is laid to all of them. So each of them
 * is asked alone: one that speaks for somebody else must not be. */
#include <math.h>
#include <stdlib.h>

#include "mark/strength.h"
#include "trace/joint.h"

#define SURE 0.95 /* of true copies reach more */
#define LEAST_SUPPORT                                                          \
    0.3 /* log10_lr: ENFSI's scale says "no support" below                     \
         */

static bool names(const struct trace_finding *finding, uint32_t copy)
{
    for (size_t i = 0; i < finding->names; i++) {
        if (finding->name[i].copy == copy) {
            return true;
        }
    }
    return false;
}

/* How strongly it speaks alone for a copy that the joint names. */
static enum sting_status support_of(const struct score_question *question,
                                    const struct trace_joint *joint,
                                    double *log10_lr)
{
    enum sting_status status = STING_OK;
    *log10_lr = -INFINITY;
    for (size_t i = 0; !status && i < joint->finding.names; i++) {
        double one = -INFINITY;
        status = score_copy(question, joint->finding.name[i].copy, &one);
        *log10_lr = fmax(*log10_lr, one);
    }
    return status;
}

/* Does another page that looks the same fit its spot as well? */
static bool is_unsettled(const struct trace_run *run,
                         const struct trace_picture *picture,
                         const struct trace_finding *finding, double log10_lr)
{
    for (size_t i = 0; i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (joint_is_alike(other, finding)) {
            double copies = (double)run->library->shelf[other->shelf].copies;
            double fits = other->score.log10_lr - log10(copies + 1);
            if (log10_lr < fmax(fits, LEAST_SUPPORT)) {
                return true;
            }
        }
    }
    return false;
}

/* Would nearly every true copy speak for itself more, seen so? */
static bool is_against(const struct score_question *question, double log10_lr)
{
    struct score_power power = {0};
    if (log10_lr < 0) {
        score_power(question, log10_lr, &power);
    }
    return power.share >= SURE;
}

static enum sting_status share_find(const struct trace_run *run,
                                    const struct trace_joint *joint,
                                    const struct trace_picture *picture,
                                    struct trace_finding *finding,
                                    bool *is_silent)
{
    const struct shelf *shelf = &run->library->shelf[finding->shelf];
    const struct score_part part = {(uint32_t)finding->page, &finding->reading};
    const struct score_question question = {.document = &shelf->document,
                                            .part = &part,
                                            .parts = 1,
                                            .is_mixed =
                                                joint->finding.is_mixed};
    double log10_lr;
    enum sting_status status = support_of(&question, joint, &log10_lr);
    if (status) {
        return status;
    }
    if (joint_leads(run, finding) &&
        !names(&joint->finding, finding->score.copy)) {
        finding->share = TRACE_SHARE_ELSEWHERE;
    } else if (is_against(&question, log10_lr)) {
        finding->share = TRACE_SHARE_AGAINST;
    } else if (is_unsettled(run, picture, finding, log10_lr)) {
        finding->share = TRACE_SHARE_UNSETTLED;
    }
    *is_silent = log10_lr < LEAST_SUPPORT;
    return STING_OK;
}

/* One picture of a joint: what it shows is left out, or adds nothing. What
 * names a copy by itself is judged where all verdicts are settled. */
static enum sting_status picture_ask(const struct trace_run *run, size_t number,
                                     struct trace_joint *joint)
{
    struct trace_picture *picture = run->picture[number];
    enum sting_status status = STING_OK;
    bool adds = false;
    for (size_t f = 0; !status && f < picture->scored; f++) {
        struct trace_finding *finding = &picture->finding[f];
        bool is_silent = false;
        if (!joint_takes(joint, picture, f)) {
            continue;
        }
        if (finding->names == 0) {
            status = share_find(run, joint, picture, finding, &is_silent);
        }
        joint->left_out += finding->share != TRACE_SHARE_PART;
        adds |= !is_silent;
    }
    if (!adds) {
        joint->silent[joint->silents++] = number;
    }
    return status;
}

static enum sting_status joint_ask(const struct trace_run *run,
                                   struct trace_joint *joint)
{
    enum sting_status status = STING_OK;
    joint->silent = calloc(joint->pictures + 1, sizeof *joint->silent);
    if (!joint->silent) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; !status && i < joint->pictures; i++) {
        status = picture_ask(run, joint->picture[i], joint);
    }
    return status;
}

/* All that rests on the document of this one: its pages were joined too. */
static void withdraw(struct trace_run *run, const struct trace_joint *from)
{
    for (size_t i = 0; i < run->joints; i++) {
        struct trace_joint *joint = &run->joint[i];
        if (joint->finding.shelf == from->finding.shelf &&
            joint->is_unmoved == from->is_unmoved) {
            joint->is_withdrawn = joint->is_untold = true;
        }
    }
}

enum sting_status joints_leave_out(struct trace_run *run, bool *again)
{
    enum sting_status status = STING_OK;
    *again = false;
    for (size_t i = 0; !status && i < run->joints; i++) {
        struct trace_joint *joint = &run->joint[i];
        bool is_asked = joint->is_new && joint->finding.names > 0;
        joint->is_new = false;
        status = is_asked ? joint_ask(run, joint) : STING_OK;
        if (joint->left_out > 0) {
            withdraw(run, joint);
            *again = true;
        }
    }
    joints_told_first(run);
    return status ? status : joints_point(run);
}

double joint_ways(const struct trace_run *run, size_t shelf, bool is_unmoved)
{
    double ways = 1;
    size_t all = 0, out = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->scored; f++) {
            const struct trace_finding *finding = &run->picture[i]->finding[f];
            if (finding->page >= 0 && finding->shelf == shelf &&
                finding->share != TRACE_SHARE_ALIKE &&
                (trace_finding_moved(finding) < 0) == is_unmoved) {
                all++;
                out += finding->share != TRACE_SHARE_PART;
            }
        }
    }
    for (size_t k = 0; k < out; k++) {
        ways *= (double)(all - k) / (double)(k + 1);
    }
    return out > 0 ? ways * (double)(out * (out + 1)) : 1;
}
