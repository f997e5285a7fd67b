#include "trace/alike.h"

#include <stdlib.h>

#include "trace/joint.h"

/* The best verdict that a finding has a share in. */
static enum trace_verdict verdict_of(const struct trace_run *run,
                                     const struct trace_picture *picture,
                                     size_t finding)
{
    enum trace_verdict best = picture->finding[finding].verdict;
    for (size_t i = 0; i < run->joints; i++) {
        const struct trace_joint *joint = &run->joint[i];
        if (joint_takes(joint, picture, finding) &&
            joint->finding.verdict < best) {
            best = joint->finding.verdict;
        }
    }
    return best;
}

/* Of findings [begin, end), in the order of their likeness, the one to be
 * told when none of them names a copy alone. */
static size_t best_of(const struct trace_run *run,
                      const struct trace_picture *picture, size_t begin,
                      size_t end)
{
    size_t best = begin;
    enum trace_verdict most = verdict_of(run, picture, begin);
    for (size_t i = begin + 1; i < end; i++) {
        enum trace_verdict verdict = verdict_of(run, picture, i);
        bool is_stronger = picture->finding[i].score.log10_lr >
                           picture->finding[best].score.log10_lr;
        if (verdict < most ||
            (verdict == most && verdict < TRACE_NONE && is_stronger)) {
            best = i;
            most = verdict;
        }
    }
    return best;
}

/* Mark in `told` which of the findings of one spot are told. */
static void spot_choose(const struct trace_run *run,
                        const struct trace_picture *picture, size_t begin,
                        size_t end, bool *told)
{
    size_t named = 0;
    for (size_t i = begin; i < end; i++) {
        told[i] = picture->finding[i].verdict == TRACE_ATTRIBUTED;
        named += told[i];
    }
    if (named == 0) {
        told[best_of(run, picture, begin, end)] = true;
    }
}

static size_t spot_end(const struct trace_picture *picture, size_t begin)
{
    size_t end = begin + 1;
    while (end < picture->scored &&
           picture->finding[end].spot == picture->finding[begin].spot) {
        end++;
    }
    return end;
}

static void told_first(struct trace_picture *picture, const bool *told)
{
    struct trace_finding finding[SEARCH_MOST_HITS];
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < picture->scored; i++) {
            if (told[i] == (pass == 0)) {
                finding[count++] = picture->finding[i];
            }
        }
        picture->findings = pass == 0 ? count : picture->findings;
    }
    for (size_t i = 0; i < count; i++) {
        picture->finding[i] = finding[i];
    }
}

static void picture_choose(const struct trace_run *run,
                           struct trace_picture *picture)
{
    bool told[SEARCH_MOST_HITS] = {false};
    for (size_t begin = 0; begin < picture->scored;) {
        size_t end = spot_end(picture, begin);
        spot_choose(run, picture, begin, end, told);
        begin = end;
    }
    told_first(picture, told);
}

/* Is anything of this document told? */
static bool is_told(const struct trace_run *run, size_t shelf)
{
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->findings; f++) {
            if (picture->finding[f].page >= 0 &&
                picture->finding[f].shelf == shelf) {
                return true;
            }
        }
    }
    return false;
}

static void joints_choose(struct trace_run *run)
{
    for (size_t i = 0; i < run->joints; i++) {
        struct trace_joint *joint = &run->joint[i];
        joint->is_untold = joint->finding.verdict != TRACE_ATTRIBUTED &&
                           !is_told(run, joint->finding.shelf);
    }
    joints_told_first(run);
}

enum sting_status alike_choose(struct trace_run *run)
{
    for (size_t i = 0; i < run->pictures; i++) {
        picture_choose(run, run->picture[i]);
    }
    joints_choose(run);
    return joints_point(run);
}
