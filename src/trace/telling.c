#include "trace/telling.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "trace/moments.h"

#define MOST_SILENT 8 /* pictures that are listed */

static const struct shelf *shelf_of(const struct trace_run *run,
                                    const struct trace_finding *finding)
{
    return &run->library->shelf[finding->shelf];
}

/* Of one picture, or of several judged as one. */
static bool is_unmoved(const struct trace_run *run,
                       const struct trace_finding *finding)
{
    for (size_t i = 0; finding->page < 0 && i < run->joints; i++) {
        if (&run->joint[i].finding == finding) {
            return run->joint[i].is_unmoved;
        }
    }
    return trace_finding_moved(finding) < 0;
}

/* Where nothing was moved, all ratios are near to 1, and the best of many is
 * above it: it is as large as that of codes that nobody has. */
bool trace_finding_excludes(const struct trace_run *run,
                            const struct trace_finding *finding)
{
    const double sure = 0.9; /* share of true copies that would be named */
    double most = 0;
    if (finding->verdict != TRACE_NONE || finding->power.share < sure) {
        return false;
    }
    if (is_unmoved(run, finding)) {
        most = fmax(finding->score.random_log10_lr,
                    log10((double)shelf_of(run, finding)->copies + 1));
    }
    return finding->score.log10_lr <= most;
}

/* "card/IMG_1.jpg, page 2", "clip.mp4 at 12.3 s" */
static enum sting_status source_append(const struct trace_picture *picture,
                                       struct buffer *out)
{
    /* File names come from strangers: nothing in them steers a terminal. */
    enum sting_status status = text_clean_append(out, picture->name);
    if (!status && picture->at_us >= 0) {
        status = buffer_printf(out, " at %.1f s", (double)picture->at_us / 1e6);
    } else if (!status && picture->file.sheets > 1) {
        status = buffer_printf(out, ", sheet %d", picture->sheet + 1);
    }
    return status;
}

/* When and with what the picture says that it was taken. */
static enum sting_status making_append(const struct trace_picture *picture,
                                       struct buffer *out)
{
    const char *taken = picture->file.taken, *camera = picture->file.camera;
    if (!taken[0] && !camera[0]) {
        return STING_OK;
    }
    return buffer_printf(out, "    the file says: %s%s%s%s\n",
                         taken[0] ? "taken " : "", taken,
                         taken[0] && camera[0] ? ", " : "", camera);
}

static enum sting_status swaps_append(const struct trace_run *run,
                                      uint32_t copy, struct buffer *out)
{
    const struct library *library = run->library;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < library->handover.swaps; i++) {
        const struct handover_swap *swap = &library->handover.swap[i];
        char words[HANDOVER_SWAP_SIZE];
        if (swap->shows == copy) {
            status = buffer_printf(
                out, "    SPEAKS FOR ITS HOLDER: %s\n",
                handover_swap_words(
                    swap, library_holder(library, swap->given_for), words));
        }
    }
    return status;
}

/* What hand-overs have shown against it that this copy went to its holder. */
static enum sting_status exculpating_append(const struct trace_run *run,
                                            uint32_t copy, struct buffer *out)
{
    const struct handover known = handover_find(&run->library->handover, copy);
    enum sting_status status =
        known.refused > 0
            ? buffer_printf(out,
                            "    SPEAKS FOR ITS HOLDER: %u photograph%s given "
                            "as of the hand-over of copy %u named another "
                            "copy\n",
                            known.refused, known.refused == 1 ? "" : "s", copy)
            : STING_OK;
    return status ? status : swaps_append(run, copy, out);
}

/* Who else is in a mixture. */
static enum sting_status others_append(const struct trace_run *run,
                                       const struct trace_finding *f,
                                       struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 1; !status && i < f->names; i++) {
        const struct trace_name *name = &f->name[i];
        struct register_copy copy;
        bool is_known = library_copy(shelf_of(run, f), name->copy, &copy);
        status = buffer_printf(
            out, "    ALSO copy %u, issued to %s: log10_lr %.1f%s\n",
            name->copy, is_known ? copy.holder : "?", name->log10_lr,
            name->given ? ", given that those above are in it" : "");
        status = status ? status : exculpating_append(run, name->copy, out);
    }
    return status;
}

static enum sting_status attributed_append(const struct trace_run *run,
                                           const struct trace_finding *f,
                                           struct buffer *out)
{
    const struct score *score = &f->score;
    enum sting_status status = buffer_printf(
        out,
        "    What is seen is 10^%.0f times more probable if this picture "
        "derives from that copy\n"
        "    than if it derives from another copy, the unmarked original or "
        "nothing of ours.\n"
        "    The chance that a run such as this names any copy so strongly by "
        "accident: at most 10^%.0f.\n"
        "    log10_lr %.1f (copy 0: %.1f, best of %d random codes: %.1f), "
        "log10_false %.1f, %.0f scored, %u units\n",
        floor(score->log10_lr), ceil(f->log10_false), score->log10_lr,
        score->control_log10_lr, SCORE_RANDOM_CODES, score->random_log10_lr,
        f->log10_false, run->tried, score->units);
    if (!status && f->is_mixed) {
        status = buffer_text_append(
            out, "    Nobody is named as its only copy: several copies are "
                 "mixed in it, and this is one.\n");
    }
    if (!status) {
        status = exculpating_append(run, f->name[0].copy, out);
    }
    if (!status) {
        status = moments_append(run, f, out);
    }
    return status ? status : others_append(run, f, out);
}

/* What there was to see: without it a "no" says nothing. */
static enum sting_status power_append(const struct trace_run *run,
                                      const struct trace_finding *f,
                                      struct buffer *out)
{
    return buffer_printf(
        out,
        "    %u units measured, %.0f scored. Of 100 true copies seen so, about "
        "%.0f would be named;\n    half would reach a log10_lr of %.0f.%s\n",
        f->score.units, run->tried, 100 * f->power.share,
        f->power.median_log10_lr,
        trace_finding_moved(f) < 0
            ? " The words stand where the unmarked original has them."
            : "");
}

/* ": ATTRIBUTED to copy 7 of NAME (page 2), issued to Anna" */
static enum sting_status verdict_append(const struct trace_run *run,
                                        const struct trace_finding *f,
                                        const char *where, struct buffer *out)
{
    const struct shelf *shelf = shelf_of(run, f);
    struct register_copy copy;
    if (f->verdict == TRACE_ATTRIBUTED) {
        bool is_known = library_copy(shelf, f->name[0].copy, &copy);
        const struct handover known =
            handover_find(&run->library->handover, f->name[0].copy);
        char since[HANDOVER_TEXT_SIZE];
        return buffer_printf(out,
                             ": ATTRIBUTED to copy %u of %s (%s), issued to "
                             "%s (handover: %s)\n",
                             f->name[0].copy, shelf->bait.name, where,
                             is_known ? copy.holder : "?",
                             handover_words(&known, since));
    }
    if (f->verdict == TRACE_LEAD) {
        return buffer_printf(out,
                             ": LEAD: %s of %s, too weak to name a copy; a "
                             "sharper or fuller picture may\n",
                             where, shelf->bait.name);
    }
    if (!trace_finding_excludes(run, f)) {
        return buffer_printf(out,
                             ": OUR PAGE, COPY UNKNOWN: %s of %s is shown; too "
                             "little is seen to name or to exclude a copy\n",
                             where, shelf->bait.name);
    }
    return buffer_printf(out,
                         ": OUR PAGE, NO COPY OF OURS: %s of %s is shown, as "
                         "none of the %zu copies\n",
                         where, shelf->bait.name, shelf->copies);
}

static enum sting_status ground_append(const struct trace_run *run,
                                       const struct trace_finding *f,
                                       struct buffer *out)
{
    return f->verdict == TRACE_ATTRIBUTED ? attributed_append(run, f, out)
                                          : power_append(run, f, out);
}

/* Looks do not tell registered pages apart: which others were read? */
static enum sting_status alike_append(const struct trace_run *run,
                                      const struct trace_picture *picture,
                                      const struct trace_finding *f,
                                      struct buffer *out)
{
    enum sting_status status = STING_OK;
    size_t others = 0;
    for (size_t i = 0; !status && i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (other != f && other->spot == f->spot) {
            status = buffer_printf(
                out, "%spage %d of %s%s",
                others++ ? ", " : "    Looks the same and was scored too: ",
                other->page + 1, shelf_of(run, other)->bait.name,
                other->score.units ? "" : " (no mark seen: cannot tell)");
        }
    }
    if (!status && others > 0) {
        status = buffer_printf(out, ".\n");
    }
    if (!status && f->left > 0) {
        status = buffer_printf(
            out, "    %zu more pages may look the same and were NOT read.\n",
            f->left);
    }
    return status;
}

const char *trace_share_text(const struct trace_finding *finding)
{
    static const char *const text[] = {
        [TRACE_SHARE_UNSETTLED] = "Not judged together with the others: it may "
                                  "as well show the page that looks the same.",
        [TRACE_SHARE_AGAINST] = "Not judged together with the others: alone it "
                                "speaks against the copy that they name.",
        [TRACE_SHARE_ELSEWHERE] = "Not judged together with the others: alone "
                                  "it leads to another copy than they do.",
    };
    return text[finding->share];
}

static enum sting_status share_append(const struct trace_finding *f,
                                      struct buffer *out)
{
    const char *text = trace_share_text(f);
    return text ? buffer_printf(out, "    %s\n", text) : STING_OK;
}

static enum sting_status page_text(const struct trace_run *run,
                                   const struct trace_picture *picture,
                                   const struct trace_finding *f,
                                   struct buffer *out)
{
    char where[40];
    snprintf(where, sizeof where, "page %d", f->page + 1);
    enum sting_status status = verdict_append(run, f, where, out);
    if (!status) {
        status = making_append(picture, out);
    }
    if (!status) {
        status = alike_append(run, picture, f, out);
    }
    if (!status) {
        status = share_append(f, out);
    }
    return status ? status : ground_append(run, f, out);
}

enum sting_status trace_silent_text(const struct trace_run *run, size_t joint,
                                    struct buffer *out)
{
    const struct trace_joint *of = &run->joint[joint];
    enum sting_status status = STING_OK;
    if (of->silents == 0 || of->finding.names == 0) {
        return STING_OK;
    }
    status = buffer_printf(
        out,
        "%zu of these %zu pictures %s nothing to this, for alone %s no "
        "support to that copy: ",
        of->silents, of->pictures, of->silents == 1 ? "adds" : "add",
        of->silents == 1 ? "it gives" : "they give");
    for (size_t i = 0; !status && i < of->silents && i < MOST_SILENT; i++) {
        status = i ? buffer_text_append(out, "; ") : STING_OK;
        status =
            status ? status : source_append(run->picture[of->silent[i]], out);
    }
    return status
               ? status
               : buffer_text_append(
                     out, of->silents > MOST_SILENT ? " and more.\n" : ".\n");
}

enum sting_status trace_joint_text(const struct trace_run *run, size_t joint,
                                   struct buffer *out)
{
    const struct trace_joint *of = &run->joint[joint];
    const struct trace_finding *f = &of->finding;
    char where[40];
    if (f->page >= 0) {
        snprintf(where, sizeof where, "page %d", f->page + 1);
    } else {
        snprintf(where, sizeof where, "%zu pages", of->parts);
    }
    enum sting_status status =
        buffer_printf(out, "%zu pictures together", of->pictures);
    if (!status) {
        status = verdict_append(run, f, where, out);
    }
    if (!status && of->silents > 0 && f->names > 0) {
        status = buffer_text_append(out, "    ");
    }
    status = status ? status : trace_silent_text(run, joint, out);
    return status ? status : ground_append(run, f, out);
}

/* Some of it does not fit what all of it would name. */
static enum sting_status withdrawn_append(const struct trace_run *run,
                                          const struct trace_joint *of,
                                          struct buffer *out)
{
    bool is_one = of->left_out == 1;
    return buffer_printf(
        out,
        "%zu pictures of %zu %s of \"%s\" are not judged as one: alone, %zu "
        "of them %s against the copy that all together would name, %s to "
        "another, or may show a page that looks the same. %s left out.\n",
        of->pictures, of->parts, of->parts == 1 ? "page" : "pages",
        shelf_of(run, &of->finding)->bait.name, of->left_out,
        is_one ? "speaks" : "speak", is_one ? "leads" : "lead",
        is_one ? "It is" : "They are");
}

/* "1, 2"; of very many the first. */
static enum sting_status copies_append(const struct trace_joint *of,
                                       struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < of->aparts; i++) {
        status = buffer_printf(out, "%s%u", i ? ", " : "", of->apart[i]);
    }
    return status || of->aparts < TRACE_MOST_NAMES
               ? status
               : buffer_text_append(out, " and perhaps more");
}

enum sting_status trace_apart_text(const struct trace_run *run, size_t joint,
                                   struct buffer *out)
{
    const struct trace_joint *of = &run->joint[joint];
    if (of->is_withdrawn && of->left_out > 0) {
        return withdrawn_append(run, of, out);
    }
    if (of->aparts == 0) {
        return STING_OK;
    }
    enum sting_status status = buffer_printf(
        out, "%zu pictures of %zu %s of \"%s\" are not judged as one: %s (",
        of->pictures, of->parts, of->parts == 1 ? "page" : "pages",
        shelf_of(run, &of->finding)->bait.name,
        of->aparts > 1 ? "they name different copies"
                       : "one names a copy that all together do not bear out");
    status = status ? status : copies_append(of, out);
    return status
               ? status
               : buffer_text_append(out, "). Each stands by its own number.\n");
}

/* What would have been seen. */
static enum sting_status presence_append(const struct presence *presence,
                                         struct buffer *out)
{
    static const char *const size[PRESENCE_SIZES] = {"half", "a quarter",
                                                     "an eighth"};
    if (presence->sizes == 0) {
        return STING_OK;
    }
    enum sting_status status = buffer_printf(
        out, "  put into it, as dark, as blurred and as grainy as it is, pages "
             "of ours are found:\n");
    for (size_t i = 0; !status && i < presence->sizes; i++) {
        status = buffer_printf(out,
                               "    %zu of %zu that fill %s of its width "
                               "or height\n",
                               presence->size[i].found, presence->put, size[i]);
    }
    return status;
}

enum sting_status trace_finding_text(const struct trace_run *run,
                                     const struct trace_picture *picture,
                                     size_t finding, struct buffer *out)
{
    const struct trace_finding *f = &picture->finding[finding];
    enum sting_status status = source_append(picture, out);
    if (status || f->page >= 0) {
        return status ? status : page_text(run, picture, f, out);
    }
    if (f->verdict == TRACE_UNREADABLE) {
        return picture->is_foreign
                   ? buffer_printf(out, ": not a picture\n")
                   : buffer_printf(out, ": UNREADABLE: %s\n", picture->why);
    }
    status = buffer_printf(out,
                           ": NOT OUR PAGE: none of the %zu pages of "
                           "this operation is seen\n",
                           run->library->pages);
    status = status ? status : presence_append(&picture->presence, out);
    return status ? status : making_append(picture, out);
}
