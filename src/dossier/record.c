/* Whether the record is whole, how to check that, and who handled it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/section.h"

static void deed_row(struct page *page, const struct dossier_deed *deed,
                     bool has_kind)
{
    char time[SECTION_TIME_SIZE];
    char entry[24];
    (void)snprintf(entry, sizeof entry, "%" PRIu64, deed->seq);
    const char *const cell[] = {entry, section_time(deed->at_us, time),
                                has_kind ? deed->kind : deed->words,
                                deed->words};
    document_row(page->document, cell);
}

/* Deeds of one kind, or all of them. */
static size_t deeds_list(struct page *page, const char *kind)
{
    const struct dossier *dossier = page->dossier;
    size_t found = 0;
    for (size_t i = 0; i < dossier->deeds; i++) {
        if (kind && strcmp(dossier->deed[i].kind, kind) != 0) {
            continue;
        }
        if (found++ == 0) {
            document_table(
                page->document, 4,
                (const char *const[]){"Entry", "When", "Deed", "Told as"},
                (const double[]){-0.45, 1.2, 0.8, 3});
        }
        deed_row(page, &dossier->deed[i], true);
    }
    return found;
}

/* ---- everything counted ---- */

static uint64_t marked(const struct dossier *dossier, const char *as)
{
    uint64_t count = 0;
    for (size_t i = 0; i < dossier->incidents; i++) {
        count += !strcmp(dossier->incident[i].mark, as);
    }
    return count;
}

static uint64_t walked(const struct dossier *dossier)
{
    uint64_t count = 0;
    for (size_t i = 0; i < dossier->incidents; i++) {
        count += dossier->incident[i].is_walk;
    }
    return count;
}

void section_counted(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    const struct {
        const char *what;
        uint64_t count;
    } row[] = {
        {"Incidents", dossier->incidents},
        {"Of these, called a false alarm afterwards",
         marked(dossier, "false-alarm")},
        {"Of these, somebody known, as said afterwards",
         marked(dossier, "known-person")},
        {"Of these, in a walk test", walked(dossier)},
        {"Alerts told, tried and delivered (lines)",
         section_lines(dossier, "alert")},
        {"Findings from pictures, also those that named nothing",
         dossier->traces},
        {"Drills", section_lines(dossier, "drill")},
        {"Gaps that the ledger tells of", dossier->gaps},
        {"What was sealed, opened", section_lines(dossier, "unlock")},
        {"Wrong passphrases", section_lines(dossier, "unlock refused")},
        {"Shown or given out in clear", section_lines(dossier, "custody")},
        {"Exhibits, releases, dossiers before this one",
         section_lines(dossier, "export") + section_lines(dossier, "release") +
             section_lines(dossier, "dossier")},
        {"Deletions of recordings", section_lines(dossier, "erase")},
    };
    struct buffer all STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    document_heading(page->document, "Everything counted, also what hurts");
    document_table(page->document, 2, NULL, (const double[]){3, -1});
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%" PRIu64, row[i].count);
        document_row(page->document,
                     (const char *const[]){row[i].what, number});
    }
    for (size_t i = 0; i < dossier->counts && !status; i++) {
        status = buffer_printf(&all, "%s%s %" PRIu64, i > 0 ? ", " : "",
                               dossier->count[i].kind, dossier->count[i].lines);
    }
    document_text(page->document, DOCUMENT_SMALL,
                  "All lines of the ledger by kind: %s.",
                  all.size ? buffer_text(&all) : "none");
    document_subheading(page->document, "Drills: known answers, and what was "
                                        "found");
    if (deeds_list(page, "drill") == 0) {
        document_text(page->document, DOCUMENT_PLAIN,
                      "No drill was made here: nothing measured says how much "
                      "of what happens would have been seen.");
    }
}

/* ---- verification ---- */

static void gaps(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    document_text(page->document, DOCUMENT_PLAIN,
                  "The verification found %zu gap%s; the ledger itself tells "
                  "of %zu.",
                  dossier->gaps_found, dossier->gaps_found == 1 ? "" : "s",
                  dossier->gaps);
    if (dossier->gaps == 0) {
        return;
    }
    document_table(page->document, 3,
                   (const char *const[]){"Entry", "When", "Gap"},
                   (const double[]){-0.45, 1.2, 3.8});
    for (size_t i = 0; i < dossier->gaps; i++) {
        deed_row(page, &dossier->gap[i], false);
    }
}

void section_record(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    char time[SECTION_TIME_SIZE], text[DOSSIER_TEXT_SIZE];
    document_heading(page->document, "Verification");
    document_text(page->document, DOCUMENT_STRONG, "%s%s%s.", dossier->verdict,
                  dossier->reason[0] ? ", " : "", dossier->reason);
    document_text(page->document, DOCUMENT_SMALL,
                  "Checked when this was written.");
    section_facts(page);
    (void)snprintf(text, sizeof text,
                   "%" PRIu64 " ledger entries, %" PRIu64 " segments, %.1f MB",
                   dossier->entries, dossier->segments,
                   (double)dossier->bytes / 1e6);
    section_fact(page, "Record", text);
    if (section_lines(dossier, "init masked") > 0) {
        section_fact(page, "Masked cameras",
                     "their pictures were blacked out in part and encoded "
                     "anew before anything was kept: a second generation, not "
                     "what the camera sent");
    }
    if (section_lines(dossier, "init raw") > 0) {
        section_fact(page, "Cameras encoded here",
                     "they gave raw pictures, and what is kept is what this "
                     "machine made of them as H.264");
    }
    (void)snprintf(text, sizeof text,
                   "%.0f s written after the last checkpoint", dossier->tail_s);
    section_fact(page, "Tail", text);
    section_fact(page, "Vouched for until",
                 dossier->anchored_us
                     ? section_time(dossier->anchored_us, time)
                     : "by nobody outside: whoever held the machine and its "
                       "keys could have written another record from the start");
    document_subheading(page->document, "Gaps");
    gaps(page);
}

/* ---- what the other side needs ---- */

void section_defence(struct page *page)
{
    static const char *const item[] = {
        "This dossier, and its SHA-256 as the ledger tells it.",
        "The evidence folder as it is: ledger, checkpoints, sealed recordings "
        "and texts. It can be verified without any key: sting verify, or by "
        "hand as docs/formats/ledger.md says.",
        "The fingerprint of the case key, from the paper on which it was "
        "written on the first day, not from here.",
        "Recordings in clear, as exhibits, also of times when nothing is "
        "claimed to have happened; or an identity that opens all of it: age -d "
        "-i IDENTITY FILE.",
        "For each finding that names a copy: the picture as it turned up, the "
        "report, and the pack from which the other side computes it again "
        "without us (sting trace --report DIR --pack DIR, sting trace "
        "--recheck PACK).",
        "For findings that named nothing: the same pictures. They are listed "
        "above.",
        "The campaigns and drills with their trials and intervals "
        "(docs/results/), and the program's source.",
        "Who opened what: the list below.",
    };
    document_heading(page->document, "For the defence");
    document_text(page->document, DOCUMENT_PLAIN,
                  "To check all of this against us, somebody needs:");
    for (size_t i = 0; i < sizeof item / sizeof *item; i++) {
        document_point(page->document, "%s", item[i]);
    }
}

/* ---- custody ---- */

static void other_remarks(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    char time[SECTION_TIME_SIZE];
    char text[2 * DOSSIER_TEXT_SIZE + 4];
    for (size_t i = 0; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        if (i == 0) {
            document_subheading(page->document, "Written down by hand");
            document_table(page->document, 3, NULL,
                           (const double[]){1.3, 0.7, 3.2});
        }
        (void)snprintf(text, sizeof text, "%s%s%s", one->by,
                       one->by[0] && one->text[0] ? ": " : "", one->text);
        document_row(page->document,
                     (const char *const[]){section_time(one->at_us, time),
                                           one->kind, text});
    }
}

void section_custody(struct page *page)
{
    document_heading(page->document, "Custody");
    document_text(page->document, DOCUMENT_PLAIN,
                  "Who did what with the evidence, in the order of the "
                  "ledger.");
    (void)deeds_list(page, NULL);
    other_remarks(page);
}
