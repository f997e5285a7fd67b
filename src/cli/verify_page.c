#include "cli/verify_page.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "print/document.h"

#define MOST_ROWS 500 /* of gaps; the rest are counted */
#define WHEN_SIZE 64
#define CELL_SIZE 400

/* "1 November 2011, 20:04:41 UTC" */
static const char *when(int64_t utc_us, char text[WHEN_SIZE])
{
    static const char *const month[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    time_t s = (time_t)(utc_us / 1000000);
    struct tm tm = {0};
    if (utc_us <= 0 || !gmtime_r(&s, &tm)) {
        return "not known";
    }
    snprintf(text, WHEN_SIZE, "%d %s %d, %02d:%02d:%02d UTC", tm.tm_mday,
             month[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
             tm.tm_sec);
    return text;
}

/* ---- the verdict ---- */

static const char *const verdict_words[] = {
    [VERIFY_INTACT] =
        "Nothing in this record was changed, left out or put in after it was "
        "written.",
    [VERIFY_GAPS] =
        "Nothing that is in this record was changed. At the times listed "
        "below, pictures are missing, and the record itself says so or shows "
        "it.",
    [VERIFY_UNVERIFIABLE] =
        "This record cannot be judged: something that the check needs is "
        "missing or unknown. That is no proof of a change, and no proof that "
        "there was none.",
    [VERIFY_CUT] =
        "Something is gone: the record was once longer than it is now, and "
        "that was signed.",
    [VERIFY_TAMPERED] =
        "This record is not as it was written: somebody changed it, or a "
        "failing disk did; this check cannot tell which. The first place where "
        "it shows is named below; there may be more.",
};

static void say_where(const struct verify_report *report, struct document *d)
{
    char at[WHEN_SIZE];
    if (!report->reason[0]) {
        return;
    }
    document_text(d, DOCUMENT_STRONG, "%c%s.",
                  report->reason[0] >= 'a' && report->reason[0] <= 'z'
                      ? report->reason[0] - 'a' + 'A'
                      : report->reason[0],
                  report->reason + 1);
    if (report->has_at) {
        document_point(d, "Entry number: %" PRIu64, report->at);
    }
    if (report->at_us > 0) {
        document_point(d, "Time of day: %s", when(report->at_us, at));
    }
    if (report->file[0]) {
        document_point(d, "File: %s", report->file);
    }
}

static void say_verdict(const struct verify_report *report, struct document *d)
{
    char until[WHEN_SIZE];
    bool is_good = report->verdict <= VERIFY_GAPS;
    document_heading(d, "The answer");
    document_text(d, DOCUMENT_STRONG, "%s",
                  verify_verdict_text(report->verdict));
    document_text(d, DOCUMENT_PLAIN, "%s", verdict_words[report->verdict]);
    say_where(report, d);
    if (is_good && report->signed_until_us > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "This holds for everything up to %s, the last moment "
                      "that is signed.",
                      when(report->signed_until_us, until));
    }
    if (report->tail_entries > 0 || report->torn_bytes > 0) {
        document_text(d, DOCUMENT_STRONG,
                      "After that moment come %" PRIu64 " entries (%.0f "
                      "seconds) and %" PRIu64 " unfinished bytes that nobody "
                      "has signed. The answer does not speak of them.",
                      report->tail_entries, report->tail_s, report->torn_bytes);
    }
    if (report->unfinished[0]) {
        document_text(d, DOCUMENT_PLAIN,
                      "The import of \"%s\" was not finished. What was here "
                      "before stands.",
                      report->unfinished);
    }
    if (report->unclaimed > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "%" PRIu64 " files lie in the folder without an entry. "
                      "They prove nothing.",
                      report->unclaimed);
    }
}

/* ---- what was checked, with which keys ---- */

static void row(struct document *d, const char *what, const char *found)
{
    const char *const cell[] = {what, found};
    document_row(d, cell);
}

static void count_row(struct document *d, const char *what, uint64_t count,
                      const char *words)
{
    char found[CELL_SIZE];
    snprintf(found, sizeof found, "%" PRIu64 "%s", count, words);
    row(d, what, found);
}

static void say_checked(const struct verify_page *page,
                        const struct verify_report *report, struct document *d)
{
    static const double share[] = {0.45, 0.55};
    document_heading(d, "What was checked");
    document_table(d, 2, NULL, share);
    count_row(d, "Entries", report->entries,
              ", each naming the one before it by its hash");
    count_row(d, "Recordings", report->segments, ", each byte of each file");
    count_row(d, "Sealed texts and pictures", report->blobs, "");
    count_row(d, "Bytes of files", report->bytes, "");
    count_row(d, "Checkpoints", report->checkpoints,
              ", each signed by two keys");
    count_row(d, "Signing keys, one after the other", report->epochs + 1,
              ", each signing for its own time only");
    count_row(d, "Recordings deleted on purpose", report->erased,
              report->erased ? ", told by entries that say so" : "");
    if (page->has_identity) {
        count_row(d, "Files opened", report->opened,
                  ", and what is inside compared with the entries");
    } else {
        row(d, "Files opened",
            "none: no key was given. The sealed files were "
            "compared, which shows any change to them.");
    }
}

/* As `sting new` printed it: half of it, in groups of four. */
static void say_keys(const struct verify_report *report, struct document *d)
{
    char groups[64] = "";
    for (size_t i = 0; i < 32 && report->case_key[0]; i += 4) {
        size_t used = strlen(groups);
        snprintf(groups + used, sizeof groups - used, "%s%.4s", i ? " " : "",
                 report->case_key + i);
    }
    document_heading(d, "Whose record it is");
    if (!groups[0]) {
        document_text(d, DOCUMENT_PLAIN,
                      "The record does not name the key of its case.");
        return;
    }
    document_text(d, DOCUMENT_PLAIN, "The key of the case is");
    document_text(d, DOCUMENT_STRONG, "%s", groups);
    if (report->case_key_expected) {
        document_text(d, DOCUMENT_PLAIN,
                      "It is the one that was named for this check.");
        return;
    }
    document_text(d, DOCUMENT_PLAIN,
                  "When the operation was begun, this number was printed to be "
                  "written down on paper. Ask for that paper. If the numbers "
                  "differ, or if there is no paper, everything on this page "
                  "may be true of a record that somebody made up as a whole.");
}

/* ---- time ---- */

static void say_outsiders(const struct verify_report *report,
                          struct document *d)
{
    static const char *const head[] = {"Who", "Entries", "Time", "Counts"};
    static const double share[] = {0.4, -0.12, 0.28, 0.2};
    char at[WHEN_SIZE];
    if (report->anchors == 0) {
        return;
    }
    document_table(d, 4, head, share);
    for (size_t i = 0; i < report->anchors; i++) {
        const struct verify_anchor *one = &report->anchor[i];
        char entries[24];
        snprintf(entries, sizeof entries, "%" PRIu64, one->entries);
        const char *const cell[] = {one->who, entries, when(one->at_us, at),
                                    one->counts ? "yes" : one->why};
        document_row(d, cell);
    }
}

static void say_late(const struct verify_report *report, struct document *d)
{
    char said[WHEN_SIZE], seen[WHEN_SIZE];
    const struct verify_late *one = &report->late;
    if (one->seen_us > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Entries %" PRIu64 " to %" PRIu64
                      ", which tell times from %s on, were first "
                      "seen outside by %s. No others waited so long; of the "
                      "time between, nothing is proven.",
                      one->from, one->to, when(one->said_us, said),
                      when(one->seen_us, seen));
    }
    one = &report->ahead;
    if (one->seen_us > 0) {
        document_text(d, DOCUMENT_STRONG,
                      "The clock was wrong: entry %" PRIu64
                      " tells %s, and an outsider had seen it by %s already.",
                      one->from, when(one->said_us, said),
                      when(one->seen_us, seen));
    }
}

static void say_time(const struct verify_report *report, struct document *d)
{
    char at[WHEN_SIZE];
    document_heading(d, "Who else vouches for it");
    if (report->anchored_until_us > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "%s has seen the first %" PRIu64
                      " entries as they are, at %s.",
                      report->anchored_by, report->anchored_entries,
                      when(report->anchored_until_us, at));
    } else {
        document_text(d, DOCUMENT_PLAIN,
                      "Nobody outside. All times on this page are those of the "
                      "machine that recorded, and its owner could have set "
                      "them.");
    }
    say_late(report, d);
    say_outsiders(report, d);
    for (size_t i = 0; i < report->said.clocks; i++) {
        const struct verify_clock *one = &report->clock[i];
        document_point(d, "At %s (entry %" PRIu64 ") the machine's clock: %s",
                       when(one->utc_us, at), one->seq, one->state);
    }
    if (report->said.config == VERIFY_CONFIG_ABSENT) {
        document_text(d, DOCUMENT_STRONG,
                      "The settings (operation.yaml) are not here; entry "
                      "%" PRIu64 " names what they held.",
                      report->said.config_at);
    }
    if (report->said.config == VERIFY_CONFIG_CHANGED) {
        document_text(d, DOCUMENT_STRONG,
                      "The settings (operation.yaml) are not those that entry "
                      "%" PRIu64 " names: they were changed since%s.",
                      report->said.config_at,
                      report->config_unsigned_at
                          ? ", and the entry that says so is not signed"
                          : "");
    }
}

/* ---- what is missing ---- */

static const char *cause_words(const char *cause)
{
    static const struct {
        const char *cause, *words;
    } table[] = {
        {"crash", "the recorder ended without a word (power, crash, or "
                  "somebody)"},
        {"camera", "the camera gave no picture"},
        {"worker",
         "the program that reads the camera ended, or stood still with "
         "its machine, and was begun again"},
        {"suspend", "the computer slept"},
        {"torn", "an unfinished end was put aside"},
        {"altered", "the record did not fit its signatures when it was "
                    "opened"},
        {"unreadable", "a file could not be read"},
        {"lost", "pictures came and could not be kept"},
        {"full", "the disk was full"},
        {"unexplained", "no entry says why"},
        {"repeated", "the same pictures came twice"},
        {"contradicts", "what is inside the recording is not what its entry "
                        "says"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strcmp(table[i].cause, cause)) {
            return table[i].words;
        }
    }
    return cause;
}

static void gap_row(const struct verify_gap *gap, struct document *d)
{
    char from[WHEN_SIZE];
    char to[WHEN_SIZE];
    char seconds[32] = "";
    char why[CELL_SIZE];
    if (gap->from_us > 0 && gap->to_us > 0 && gap->to_us < gap->from_us) {
        snprintf(seconds, sizeof seconds, "unknown");
    } else if (gap->from_us > 0 && gap->to_us > 0) {
        snprintf(seconds, sizeof seconds, "%.1f",
                 (double)(gap->to_us - gap->from_us) / 1e6);
    }
    snprintf(why, sizeof why, "%s%s%s (entry %" PRIu64 ")",
             cause_words(gap->cause), gap->why[0] ? ": " : "", gap->why,
             gap->seq);
    const char *const cell[] = {when(gap->from_us, from), when(gap->to_us, to),
                                seconds, gap->camera[0] ? gap->camera : "all",
                                why};
    document_row(d, cell);
}

static void say_gaps(const struct verify_report *report, struct document *d)
{
    static const char *const head[] = {"From", "To", "Seconds", "Camera",
                                       "Why"};
    static const double share[] = {0.24, 0.24, -0.1, 0.12, 0.3};
    size_t rows = report->said.gaps < MOST_ROWS ? report->said.gaps : MOST_ROWS;
    uint64_t more = report->said.gaps - rows + report->said.gaps_more;
    document_heading(d, "What is missing");
    if (report->said.gaps == 0) {
        document_text(d, DOCUMENT_PLAIN, "No gap was found.");
        return;
    }
    document_table(d, 5, head, share);
    for (size_t i = 0; i < rows; i++) {
        gap_row(&report->gap[i], d);
    }
    if (more > 0) {
        document_text(d, DOCUMENT_PLAIN, "And %" PRIu64 " more.", more);
    }
}

static void erasure_row(const struct verify_erasure *one, struct document *d)
{
    char count[24] = "", bytes[24] = "", who[VERIFY_ERASER_SIZE];
    if (one->count >= 0) {
        snprintf(count, sizeof count, "%" PRId64, one->count);
    }
    if (one->bytes >= 0) {
        snprintf(bytes, sizeof bytes, "%" PRId64, one->bytes);
    }
    const char *const cell[] = {one->camera[0] ? one->camera : "all", one->date,
                                count, bytes, verify_eraser_words(one, who)};
    document_row(d, cell);
}

static void say_held(const struct verify_held *held, struct document *d)
{
    char from[WHEN_SIZE], to[WHEN_SIZE];
    char which[VERIFY_HELD_SIZE], who[VERIFY_ERASER_SIZE];
    document_text(d, DOCUMENT_STRONG,
                  "Recordings of camera %s from %s to %s were erased although "
                  "%s in them or within a minute (%s%s).",
                  held->last.camera, when(held->from_us, from),
                  when(held->to_us, to), verify_held_words(held, which),
                  held->lines > 1 ? "several entries say so, the last: " : "",
                  verify_eraser_words(&held->last, who));
}

static void say_erased(const struct verify_report *report, struct document *d)
{
    static const char *const head[] = {"Camera", "Day", "Recordings", "Bytes",
                                       "Entry, by whom, why"};
    static const double share[] = {0.12, 0.13, -0.13, -0.16, 0.46};
    const struct verify_gone *gone = &report->gone;
    if (gone->erasures == 0) {
        return;
    }
    document_heading(d, "What was deleted on purpose");
    for (size_t i = 0; i < gone->helds; i++) {
        say_held(&gone->held[i], d);
    }
    if (gone->helds_more > 0) {
        document_text(d, DOCUMENT_STRONG, "And so of %" PRIu64 " days more.",
                      gone->helds_more);
    }
    if (gone->helds > 0) {
        document_text(
            d, DOCUMENT_PLAIN,
            "The recorder itself keeps what lies by an incident: a "
            "person had this deleted. That may be lawful, and is no "
            "proof of tampering. What it showed, nothing here shows.");
    }
    document_table(d, 5, head, share);
    for (size_t i = 0; i < gone->erasures; i++) {
        erasure_row(&gone->erasure[i], d);
    }
    if (gone->erasures_more > 0) {
        document_text(d, DOCUMENT_PLAIN, "And %" PRIu64 " earlier entries.",
                      gone->erasures_more);
    }
}

static void say_limits(struct document *d)
{
    document_heading(d, "What this does not show");
    document_point(d, "That the scene was real. Nothing stops a scene that was "
                      "staged in front of the lens.");
    document_point(d, "Who is in the pictures, or what they meant to do.");
    document_point(d, "That the machine was honest before it recorded. Who "
                      "owned it could have fed it another picture.");
    document_point(d, "That nothing came after the last signed moment. What "
                      "was written after it, or after the last word of an "
                      "outsider, can be cut off unseen.");
    document_point(d, "That used-up keys are gone from the disk: on flash "
                      "memory, old copies may survive.");
}

static void say_again(const struct verify_page *page, struct document *d)
{
    document_heading(d, "Check it yourself");
    document_text(d, DOCUMENT_PLAIN,
                  "The command was: sting verify %s%s. The format is published "
                  "with the program (docs/formats/ledger.md), so that others "
                  "can write a check of their own; sha256sum, openssl and age "
                  "do for single files.",
                  page->folder, page->has_identity ? " --inside" : "");
    document_text(
        d, DOCUMENT_SMALL,
        "INTACT: all of it is consistent and signed. INTACT WITH "
        "GAPS: and pictures are missing where listed, or were deleted "
        "although an incident lies in them. CUT: something "
        "signed lies beyond the end. TAMPERED: changed after it was "
        "written. UNVERIFIABLE: something needed is missing or "
        "unknown.");
}

static struct document *put_together(const struct verify_page *page,
                                     const struct verify_report *report)
{
    struct document *d = NULL;
    char now[WHEN_SIZE];
    char about[CELL_SIZE];
    snprintf(about, sizeof about, "%.200s - checked at %s by sting %s",
             page->folder, when(page->now_us, now), STING_VERSION);
    if (document_new("Was this record changed?", about, &d)) {
        return NULL;
    }
    say_verdict(report, d);
    say_gaps(report, d);
    say_erased(report, d);
    say_checked(page, report, d);
    say_keys(report, d);
    say_time(report, d);
    say_limits(d);
    say_again(page, d);
    return d;
}

enum sting_status verify_page_write(const struct verify_page *page,
                                    const struct verify_report *report,
                                    const char *path, struct fault *fault)
{
    struct document *d STING_AUTO(document_free) = put_together(page, report);
    struct buffer html STING_AUTO(buffer_release) = {0};
    enum sting_status status = d ? document_html(d, &html) : STING_E_NOMEM;
    if (status) {
        return fault_set(fault, status, "", "the page cannot be made: %s",
                         sting_status_text(status));
    }
    return file_write(AT_FDCWD, path, buffer_bytes(&html), 0644, fault);
}
