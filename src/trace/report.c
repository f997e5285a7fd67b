#include "trace/report.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "trace/report_figure.h"
#include "trace/report_strength.h"
#include "trace/report_words.h"
#include "trace/telling.h"

void report_release(struct report *report)
{
    document_free(&report->document);
    for (size_t i = 0; i < report->figures; i++) {
        report_figure_free(&report->figure[i]);
    }
    *report = (struct report){0};
}

static const struct shelf *shelf_of(const struct trace_run *run,
                                    const struct trace_finding *finding)
{
    return &run->library->shelf[finding->shelf];
}

/* How much a "no" is worth: what a true copy would have reached. */
static void power_say(const struct trace_finding *f, struct document *d)
{
    document_text(d, DOCUMENT_PLAIN,
                  "Of 100 pictures of a true copy that are as sharp and show "
                  "as much, about %.0f would have named it.",
                  100 * f->power.share);
}

/* Copies that are in the picture beside the first one. */
static void others_say(const struct trace_run *run,
                       const struct trace_finding *f, const char *where,
                       struct document *d)
{
    for (size_t i = 1; i < f->names; i++) {
        const struct trace_name *name = &f->name[i];
        struct register_copy copy;
        char power[REPORT_TEXT_SIZE];
        if (library_copy(shelf_of(run, f), name->copy, &copy)) {
            document_text(d, DOCUMENT_PLAIN,
                          "Copy %u (issued to: %s) is in %s too: this "
                          "is at least %s times more probable than that only "
                          "the copies named before it are.",
                          name->copy, copy.holder, where,
                          report_power(name->log10_lr, power));
        }
    }
}

/* What the register tells of the copy, and what it does not. */
static void holder_say(const struct trace_run *run,
                       const struct trace_finding *f, struct document *d)
{
    struct register_copy copy;
    if (library_copy(shelf_of(run, f), f->name[0].copy, &copy)) {
        document_text(d, DOCUMENT_PLAIN,
                      "By the register, copy %u was issued to: %s. This report "
                      "does not say that this holder made the picture, or "
                      "gave the copy to somebody.",
                      copy.number, copy.holder);
    }
}

/* Several pictures that were judged as one. */
static void joint_conclusion(const struct trace_run *run,
                             const struct trace_joint *joint,
                             struct document *d)
{
    const struct trace_finding *f = &joint->finding;
    char power[REPORT_TEXT_SIZE];
    if (f->verdict != TRACE_ATTRIBUTED) {
        return;
    }
    document_text(
        d, DOCUMENT_STRONG,
        "Judged together, %zu pictures of %zu %s of \"%s\" give %s "
        "support to copy %u: what was measured is at least %s times "
        "more probable. This takes the place of their single "
        "numbers; they are not to be multiplied.",
        joint->pictures, joint->parts, joint->parts == 1 ? "page" : "pages",
        shelf_of(run, f)->bait.name, report_support(f->name[0].log10_lr),
        f->name[0].copy, report_power(f->name[0].log10_lr, power));
    struct buffer text STING_AUTO(buffer_release) = {0};
    size_t number = (size_t)(joint - run->joint);
    if (!trace_silent_text(run, number, &text) && text.size > 0) {
        document_text(d, DOCUMENT_PLAIN, "%s", buffer_text(&text));
    }
    holder_say(run, f, d);
    others_say(run, f, "these pictures", d);
    report_handovers(run, f, d);
}

/* Pictures that are no question of one copy. */
static void apart_conclusion(const struct trace_run *run, size_t joint,
                             struct document *d)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    if (!trace_apart_text(run, joint, &text) && text.size > 0) {
        document_text(d, DOCUMENT_PLAIN, "%s", buffer_text(&text));
    }
}

static void finding_conclusion(const struct trace_run *run,
                               const struct trace_picture *picture,
                               const struct trace_finding *f,
                               struct document *d)
{
    char source[REPORT_TEXT_SIZE], power[REPORT_TEXT_SIZE];
    struct register_copy copy;
    const char *bait = f->page >= 0 ? shelf_of(run, f)->bait.name : "";
    report_source(picture, source);
    if (f->verdict == TRACE_ATTRIBUTED &&
        library_copy(shelf_of(run, f), f->score.copy, &copy)) {
        document_text(
            d, DOCUMENT_STRONG,
            "The picture %s shows page %d of the document \"%s\". What was "
            "measured gives %s support to its having been made from copy %u, "
            "rather than from any other copy, from the unmarked original or "
            "from something else: it is at least %s times more probable.",
            source, f->page + 1, bait, report_support(f->score.log10_lr),
            copy.number, report_power(f->score.log10_lr, power));
        holder_say(run, f, d);
        others_say(run, f, "the picture", d);
        report_handovers(run, f, d);
    } else if (f->verdict == TRACE_LEAD) {
        document_text(d, DOCUMENT_STRONG,
                      "The picture %s shows page %d of the document \"%s\". "
                      "What was measured is too weak to name a copy. A sharper "
                      "picture, or one of more of the page, may do so.",
                      source, f->page + 1, bait);
        power_say(f, d);
    } else if (f->verdict == TRACE_NONE && !trace_finding_excludes(run, f)) {
        document_text(d, DOCUMENT_STRONG,
                      "The picture %s shows page %d of the document \"%s\". "
                      "What was measured is too little to name a copy or to "
                      "exclude one.",
                      source, f->page + 1, bait);
        power_say(f, d);
    } else if (f->verdict == TRACE_NONE) {
        document_text(d, DOCUMENT_STRONG,
                      "The picture %s shows page %d of the document \"%s\", "
                      "but what was measured speaks for none of the %zu copies "
                      "issued more than chance does.%s",
                      source, f->page + 1, bait, shelf_of(run, f)->copies,
                      trace_finding_moved(f) < 0
                          ? " Its words stand where the unmarked original has "
                            "them."
                          : "");
        power_say(f, d);
    }
}

struct tally {
    size_t count[TRACE_UNREADABLE + 1];
    size_t unknown; /* of our pages: no copy named or excluded */
    size_t foreign, files;
    size_t together; /* findings of several pictures that name a copy */
};

static struct tally tally_of(const struct trace_run *run)
{
    struct tally tally = {0};
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        tally.files += picture->sheet == 0;
        for (size_t f = 0; !picture->is_foreign && f < picture->findings; f++) {
            const struct trace_finding *finding = &picture->finding[f];
            bool is_unknown = finding->verdict == TRACE_NONE &&
                              !trace_finding_excludes(run, finding);
            tally.count[finding->verdict] += !is_unknown;
            tally.unknown += is_unknown;
        }
        tally.foreign += picture->is_foreign;
    }
    for (size_t i = 0; i < run->joints; i++) {
        tally.together += run->joint[i].finding.verdict == TRACE_ATTRIBUTED;
    }
    return tally;
}

static void share_say(const struct trace_finding *finding, struct document *d)
{
    const char *text = trace_share_text(finding);
    if (text) {
        document_text(d, DOCUMENT_PLAIN, "%s", text);
    }
}

/* What names a copy is never left out. */
static void pages_conclude(const struct trace_run *run,
                           const struct report_pages *pages, struct document *d)
{
    size_t left = 0;
    for (size_t i = 0; i < pages->count; i++) {
        const struct report_page *page = &pages->page[i];
        if (i < REPORT_MOST_DETAILS ||
            page->finding->verdict == TRACE_ATTRIBUTED) {
            finding_conclusion(run, page->picture, page->finding, d);
            report_alike(page->picture, page->finding, d);
            share_say(page->finding, d);
        } else {
            left++;
        }
    }
    if (left > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Pages found that are not told here: %zu. No picture of "
                      "them names a copy; they are in the table of section 3.",
                      left);
    }
}

/* Pictures of nothing of ours. */
static void absences_conclude(const struct trace_run *run, struct document *d)
{
    size_t told = 0;
    for (size_t i = 0; i < run->pictures; i++) {
        if (run->picture[i]->presence.sizes > 0 &&
            told++ < REPORT_MOST_DETAILS) {
            report_presence(run->picture[i], d);
        }
    }
    if (told > REPORT_MOST_DETAILS) {
        document_text(d, DOCUMENT_PLAIN,
                      "Further pictures in which no page of ours was found: "
                      "%zu. They are in the table of section 3.",
                      told - REPORT_MOST_DETAILS);
    }
}

static void joints_conclude(const struct trace_run *run, struct document *d)
{
    for (size_t i = 0; i < run->joints; i++) {
        joint_conclusion(run, &run->joint[i], d);
    }
    for (size_t i = run->joints; i < run->joined; i++) {
        apart_conclusion(run, i, d);
    }
}

static void conclusion(const struct trace_run *run,
                       const struct report_pages *pages, struct document *d)
{
    struct tally tally = tally_of(run);
    document_heading(d, "1  Conclusion");
    pages_conclude(run, pages, d);
    joints_conclude(run, d);
    absences_conclude(run, d);
    if (pages->count == 0) {
        document_text(d, DOCUMENT_STRONG,
                      "No page of this operation's documents was found.");
    }
    document_text(
        d, DOCUMENT_PLAIN,
        "Files examined: %zu. Pictures in them: %zu. Pages found: %zu "
        "attributed to a copy, %zu too weak to name one, %zu that tell too "
        "little to name or to exclude one, %zu of no copy issued. Findings of "
        "several pictures together that name a copy: %zu. Pictures of no page "
        "of ours: %zu. "
        "Unreadable: %zu. Files that are no pictures: %zu.",
        tally.files, run->pictures - tally.foreign,
        tally.count[TRACE_ATTRIBUTED], tally.count[TRACE_LEAD], tally.unknown,
        tally.count[TRACE_NONE], tally.together, tally.count[TRACE_NO_PAGE],
        tally.count[TRACE_UNREADABLE], tally.foreign);
}

static void question(struct document *d)
{
    document_heading(d, "2  What was asked");
    document_text(
        d, DOCUMENT_PLAIN,
        "Every copy of the document differs from every other in the "
        "places of its words, or of small parts of a drawing or scan, "
        "by less than 0.1 mm. For each picture two propositions were "
        "set against each other:");
    document_point(d, "H1: this picture derives from the copy named.");
    document_point(d, "H2: it derives from another copy, from the unmarked "
                      "original, or from nothing of ours.");
    document_text(
        d, DOCUMENT_PLAIN,
        "The answer is a likelihood ratio: how many times more probable the "
        "measured places are if H1 is true than if H2 is true. It is "
        "not the probability of H1. What else is known of the case enters "
        "through the odds in section 5.");
}

static const char *says(const struct trace_picture *picture,
                        char text[REPORT_TEXT_SIZE])
{
    const char *taken = picture->file.taken, *camera = picture->file.camera;
    const char *time = strchr(taken, 'T'); /* a line may end between */
    snprintf(text, REPORT_TEXT_SIZE, "%s%s%.*s%s%s", camera,
             camera[0] && taken[0] ? ", " : "",
             time ? (int)(time - taken) : INT_MAX, taken, time ? " " : "",
             time ? time + 1 : "");
    return text[0] ? text : "nothing";
}

static const char *verdict_words(const struct trace_run *run,
                                 const struct trace_picture *picture,
                                 const struct trace_finding *f,
                                 char text[REPORT_TEXT_SIZE])
{
    static const char *const word[] = {"attributed", "too weak to name a copy",
                                       "our page, no copy of ours",
                                       "no page of ours", "unreadable"};
    if (f->verdict == TRACE_ATTRIBUTED) {
        snprintf(text, REPORT_TEXT_SIZE, "page %d, copy %u", f->page + 1,
                 f->score.copy);
    } else if (f->page >= 0) {
        bool is_unknown =
            f->verdict == TRACE_NONE && !trace_finding_excludes(run, f);
        snprintf(text, REPORT_TEXT_SIZE, "page %d: %s", f->page + 1,
                 is_unknown ? "too little to name or to exclude a copy"
                            : word[f->verdict]);
    } else {
        snprintf(text, REPORT_TEXT_SIZE, "%s%s%.150s", word[f->verdict],
                 picture->why[0] ? ": " : "", picture->why);
    }
    return text;
}

static void pictures_table(const struct trace_run *run, struct document *d)
{
    static const char *const head[] = {"Picture", "SHA-256 of the file",
                                       "The file says", "Found", "log10 LR"};
    static const double share[] = {2.2, 3.2, 2, 2.2, -1};
    document_heading(d, "3  What was examined");
    document_table(d, 5, head, share);
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        for (size_t n = 0; n < picture->findings; n++) {
            const struct trace_finding *f = &picture->finding[n];
            char source[REPORT_TEXT_SIZE], digest[DIGEST_TEXT_SIZE],
                lr[32] = "";
            char making[REPORT_TEXT_SIZE], verdict[REPORT_TEXT_SIZE];
            report_source(picture, source);
            if (f->page >= 0 && f->verdict == TRACE_ATTRIBUTED) {
                snprintf(lr, sizeof lr, "%.1f", f->score.log10_lr);
            }
            const char *cell[] = {source, digest_text(picture->digest, digest),
                                  says(picture, making),
                                  picture->is_foreign
                                      ? "no picture"
                                      : verdict_words(run, picture, f, verdict),
                                  lr};
            document_row(d, cell);
        }
    }
    document_text(d, DOCUMENT_SMALL,
                  "Time and camera are what the file says of itself; anybody "
                  "can write them.");
}

static void figures_show(const struct trace_picture *picture,
                         const struct trace_finding *f,
                         const struct report_figure *figure, struct document *d)
{
    char source[REPORT_TEXT_SIZE], caption[3 * REPORT_TEXT_SIZE];
    bool is_named = f->verdict == TRACE_ATTRIBUTED;
    report_source(picture, source);
    snprintf(caption, sizeof caption,
             "%s. Every word, or cell of a drawing or scan, that can tell "
             "copies apart is framed: %s; grey, not measured. Strokes show "
             "which way it stands from where the original has it, 20 times "
             "enlarged.",
             source,
             is_named ? "green, it stands as in the copy named; red, it does "
                        "not"
                      : "blue, measured");
    document_photo(d, &figure->photo, caption);
    char other[REPORT_TEXT_SIZE];
    snprintf(other, sizeof other,
             is_named ? "There is no other copy." : "No copy was issued.");
    if (isfinite(figure->most_other)) {
        snprintf(other, sizeof other,
                 "The best of all %scopies issued reaches %.1f.",
                 is_named ? "other " : "", figure->most_other);
    }
    snprintf(caption, sizeof caption,
             "How strongly the same picture speaks for other codes. %s The "
             "best of 10,000 codes drawn at random reaches %.1f, copy 0, which "
             "was never issued, %.1f%s. More than 0 speaks for a code, less "
             "than 0 against it. The heights of grey and blue have scales of "
             "their own.",
             other, figure->most_random, f->score.control_log10_lr,
             is_named ? "; the copy named stands apart" : "");
    document_plot(d, &figure->plot, caption);
}

static enum sting_status details(const struct trace_run *run,
                                 const struct report_pages *pages,
                                 struct report *out, struct fault *fault)
{
    struct document *d = out->document;
    enum sting_status status = STING_OK;
    document_heading(d, "4  What is seen");
    while (!status && out->figures < pages->count &&
           out->figures < REPORT_MOST_DETAILS) {
        const struct report_page *page = &pages->page[out->figures];
        status = report_figure_new(run, page->picture, page->finding,
                                   &out->figure[out->figures], fault);
        if (!status) {
            figures_show(page->picture, page->finding,
                         out->figure[out->figures++], d);
        }
    }
    if (!status && pages->count == 0) {
        document_text(d, DOCUMENT_PLAIN, "There is nothing of ours to show.");
    }
    if (!status && pages->count > out->figures) {
        document_text(d, DOCUMENT_PLAIN,
                      "Pages found that are not drawn here: %zu. They are in "
                      "the table of section 3; sting trace --draw draws each.",
                      pages->count - out->figures);
    }
    return status;
}

static void limits(struct document *d)
{
    document_heading(d, "6  What this cannot show");
    document_point(d, "A copy is not a person. The report names a copy; that "
                      "its holder gave it away, or made the picture, needs "
                      "other evidence.");
    document_point(d, "A copy can be imitated by whoever had it, and so by "
                      "whoever stole or borrowed it, or made and keeps the "
                      "copies.");
    document_point(d, "That the register tells rightly who got which copy "
                      "rests on how it was handed over.");
    document_point(d, "When and where the picture was made is not examined.");
    document_point(d, "A page that is not named may still have come from a "
                      "copy: a picture can be too small, dark or blurred to "
                      "tell.");
    document_point(d, "Keys of the operation must have been kept secret, and "
                      "the copies committed to before the picture was made. "
                      "The ledger shows when they were; how far its clock is "
                      "vouched for, sting verify tells.");
    document_heading(d, "7  How to check it");
    document_text(
        d, DOCUMENT_PLAIN,
        "sting trace --pack gives a third party one file for each copy "
        "named, and nothing of other copies. From it, sting trace --recheck or "
        "the Python script tools/recheck.py recompute the commitment and the "
        "number; docs/formats/recheck.md says how, so that an expert of the "
        "other side can write another. Every run is a line of the ledger, "
        "also those that named nobody.");
    document_text(
        d, DOCUMENT_SMALL,
        "The wording follows ISO 21043-4 and -5 (interpretation, reporting) "
        "and the ENFSI guideline for evaluative reporting in forensic science "
        "(2015). The method and its bound are described in "
        "docs/design/strength.md.");
}

enum sting_status report_make(const struct trace_run *run, int64_t made_us,
                              struct report *out, struct fault *fault)
{
    struct report report STING_AUTO(report_release) = {0};
    struct report_pages pages STING_AUTO(report_pages_release) = {0};
    char about[REPORT_TEXT_SIZE];
    report_about(made_us, about);
    enum sting_status status = document_new("Whose copy does the picture show?",
                                            about, &report.document);
    if (status) {
        return status;
    }
    status = report_pages_fill(run, &pages);
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    conclusion(run, &pages, report.document);
    question(report.document);
    pictures_table(run, report.document);
    status = details(run, &pages, &report, fault);
    if (status) {
        return status;
    }
    report_strengths(run, &pages, report.document);
    limits(report.document);
    *out = report;
    report = (struct report){0};
    return STING_OK;
}
