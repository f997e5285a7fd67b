/* Pictures judged as one that alone name different copies: they are not of one
 * copy, and what they reach together would be laid to one all the same. */
#include <stdlib.h>

#include "trace/joint.h"

static bool names(const struct trace_finding *finding, uint32_t copy)
{
    for (size_t i = 0; i < finding->names; i++) {
        if (finding->name[i].copy == copy) {
            return true;
        }
    }
    return false;
}

/* What a joint rests on that names a copy: pictures, and of a document what
 * several pictures of one page name. */
struct naming {
    const struct trace_finding **finding; /* owned */
    size_t count;
};

static void naming_release(struct naming *naming)
{
    free(naming->finding);
}

static void pages_fill(const struct trace_run *run,
                       const struct trace_joint *joint, struct naming *out)
{
    for (size_t i = 0; joint->finding.page < 0 && i < run->joints; i++) {
        const struct trace_joint *page = &run->joint[i];
        if (page->finding.page >= 0 && page->finding.names > 0 &&
            page->finding.shelf == joint->finding.shelf &&
            page->is_unmoved == joint->is_unmoved) {
            out->finding[out->count++] = &page->finding;
        }
    }
}

static enum sting_status naming_fill(const struct trace_run *run,
                                     const struct trace_joint *joint,
                                     struct naming *out)
{
    out->finding = calloc(joint->pictures * SEARCH_MOST_HITS + run->joints + 1,
                          sizeof *out->finding);
    if (!out->finding) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < joint->pictures; i++) {
        const struct trace_picture *picture = run->picture[joint->picture[i]];
        for (size_t f = 0; f < picture->scored; f++) {
            if (picture->finding[f].names > 0 &&
                joint_takes(joint, picture, f)) {
                out->finding[out->count++] = &picture->finding[f];
            }
        }
    }
    pages_fill(run, joint, out);
    return STING_OK;
}

/* Is there a copy that each of them names, and the joint too? */
static bool is_common(const struct naming *naming,
                      const struct trace_finding *joint)
{
    for (size_t i = 0; i < joint->names; i++) {
        size_t agree = 0;
        for (size_t k = 0; k < naming->count; k++) {
            agree += names(naming->finding[k], joint->name[i].copy);
        }
        if (agree == naming->count) {
            return true;
        }
    }
    return naming->count == 0;
}

/* Does the joint name whatever one of them names? */
static bool is_whole(const struct naming *naming,
                     const struct trace_finding *joint)
{
    for (size_t k = 0; k < naming->count; k++) {
        for (size_t i = 0; i < naming->finding[k]->names; i++) {
            if (!names(joint, naming->finding[k]->name[i].copy)) {
                return false;
            }
        }
    }
    return true;
}

static void apart_add(struct trace_joint *joint, uint32_t copy)
{
    for (size_t i = 0; i < joint->aparts; i++) {
        if (joint->apart[i] == copy) {
            return;
        }
    }
    if (joint->aparts < TRACE_MOST_NAMES) {
        joint->apart[joint->aparts++] = copy;
    }
}

static void apart_fill(const struct naming *naming, struct trace_joint *joint)
{
    joint->is_untold = true;
    for (size_t k = 0; k < naming->count; k++) {
        for (size_t i = 0; i < naming->finding[k]->names; i++) {
            apart_add(joint, naming->finding[k]->name[i].copy);
        }
    }
}

void joints_told_first(struct trace_run *run)
{
    size_t told = 0;
    for (size_t i = 0; i < run->joints; i++) {
        struct trace_joint joint = run->joint[i];
        if (!joint.is_untold) {
            run->joint[i] = run->joint[told];
            run->joint[told++] = joint;
        }
    }
    run->joints = told;
}

enum sting_status joints_part(struct trace_run *run)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < run->joints; i++) {
        struct naming naming STING_AUTO(naming_release) = {0};
        struct trace_joint *joint = &run->joint[i];
        status = naming_fill(run, joint, &naming);
        if (!status && !(is_common(&naming, &joint->finding) &&
                         is_whole(&naming, &joint->finding))) {
            apart_fill(&naming, joint);
        }
    }
    joints_told_first(run);
    return status ? status : joints_point(run);
}
