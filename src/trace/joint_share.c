/* What a picture shows is of one page. Where several look alike, all of them
 * were read, and what is not of a page must not be judged as if it were. */
#include "trace/joint.h"

#include "mark/strength.h"

bool joint_is_alike(const struct trace_finding *a,
                    const struct trace_finding *b)
{
    return a != b && a->page >= 0 && b->page >= 0 && a->spot == b->spot;
}

bool joint_is_doubtful(const struct trace_picture *picture, size_t finding)
{
    const struct trace_finding *f = &picture->finding[finding];
    for (size_t i = 0; i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (joint_is_alike(other, f) && other->shelf == f->shelf) {
            return true;
        }
    }
    return false;
}

bool joint_leads(const struct trace_run *run,
                 const struct trace_finding *finding)
{
    double copies = (double)run->library->shelf[finding->shelf].copies;
    return finding->score.units > 0 &&
           strength_log10_false(finding->score.log10_lr, copies, 1) <=
               STRENGTH_LEAD;
}

/* Does another page name a copy at its spot, or, where it names none itself,
 * lead to one? */
static bool is_of_another(const struct trace_run *run,
                          const struct trace_picture *picture,
                          const struct trace_finding *finding)
{
    for (size_t i = 0; i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (joint_is_alike(other, finding) &&
            (other->names > 0 ||
             (finding->names == 0 && joint_leads(run, other)))) {
            return true;
        }
    }
    return false;
}

void joints_share(struct trace_run *run)
{
    for (size_t i = 0; i < run->pictures; i++) {
        struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->scored; f++) {
            if (is_of_another(run, picture, &picture->finding[f])) {
                picture->finding[f].share = TRACE_SHARE_ALIKE;
            }
        }
    }
}

bool joint_takes(const struct trace_joint *joint,
                 const struct trace_picture *picture, size_t finding)
{
    const struct trace_finding *of = &joint->finding;
    const struct trace_finding *f = &picture->finding[finding];
    return f->page >= 0 && f->shelf == of->shelf &&
           f->share == TRACE_SHARE_PART &&
           (of->page < 0 ? !joint_is_doubtful(picture, finding)
                         : f->page == of->page) &&
           (trace_finding_moved(f) < 0) == joint->is_unmoved;
}
