#include "ledger/verify_settled.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ledger/verify_state.h"

/* ---- who signed it ---- */

#define MOST_READ 64 /* times, while a station goes on */

enum sting_status verify_marks_read(struct verify_run *run)
{
    unsigned_lines_release(&run->marks);
    run->marks_read++;
    enum sting_status status =
        unsigned_lines_read(run->operation, &run->marks, run->fault);
    return status == STING_E_ABSENT ? STING_OK : status;
}

/* Does a `session` line say that it found this one unsigned? */
static bool is_marked(const struct verify_run *run, uint64_t seq)
{
    return seq < run->marks.signed_to && unsigned_lines_has(&run->marks, seq);
}

bool verify_file_seen(const struct verify_run *run, uint64_t seq)
{
    return unsigned_lines_file_seen(&run->marks, seq);
}

static bool is_note_good(struct verify_run *run)
{
    struct verify_notes *notes = &run->notes;
    if (!notes->has_note) {
        return false;
    }
    if (notes->sign == VERIFY_SIGN_UNKNOWN) {
        notes->sign = note_verify(&notes->note, run->origin, &run->log)
                          ? VERIFY_SIGN_BAD
                          : VERIFY_SIGN_GOOD;
    }
    return notes->sign == VERIFY_SIGN_GOOD;
}

bool verify_is_void(struct verify_run *run, const struct line *line)
{
    return is_marked(run, line->seq);
}

bool verify_is_signed(struct verify_run *run, const struct line *line)
{
    if (!is_note_good(run)) {
        return false;
    }
    if (run->notes.note.size > run->marks.signed_to &&
        run->marks_read < MOST_READ && verify_marks_read(run)) {
        return false; /* a session began meanwhile, and cannot be read */
    }
    return !is_marked(run, line->seq);
}

/* Nothing that is here signs it: no checkpoint to come, of ours or an
 * outsider's. Where checkpoints cannot be read on, nobody knows. */
bool verify_is_anybodys(struct verify_run *run, uint64_t seq)
{
    bool is_behind = seq >= run->signed_lines && !run->notes.has_note &&
                     !run->notes.is_bad &&
                     run->outside.next == run->outside.claims;
    return is_behind || is_marked(run, seq);
}

static const char *words_of(const struct verify_run *run,
                            const struct line *line)
{
    return is_marked(run, line->seq) ? "nobody signed this line in time: "
                                     : "nobody signed this line: ";
}

/* ---- the verdict ---- */

/* What is wrong with which file, by which line (or NULL). */
struct blame {
    enum verify_verdict verdict;
    const struct line *line;
    const char *file;
    bool is_mild; /* nobody signed the line: it accuses nobody */
};

/* The first of a kind is what people need to see. */
static void say(struct verify_run *run, const struct blame *blame,
                const char *format, va_list arguments)
{
    struct verify_report *report = run->report;
    const struct line *line = blame->line;
    enum verify_verdict verdict =
        blame->is_mild ? VERIFY_UNVERIFIABLE : blame->verdict;
    if (verdict <= report->verdict) {
        return;
    }
    report->verdict = verdict;
    report->has_at = line != NULL;
    report->at = line ? line->seq : 0;
    report->at_us = line ? line->at.utc_us : 0;
    if (line && report->at_us == 0) {
        report->at_us = run->last.utc_us; /* at least a time of day */
    }
    snprintf(report->file, sizeof report->file, "%s", blame->file);
    int used = snprintf(report->reason, sizeof report->reason, "%s",
                        blame->is_mild ? words_of(run, line) : "");
    vsnprintf(report->reason + used, sizeof report->reason - (size_t)used,
              format, arguments);
}

void verify_say(struct verify_run *run, enum verify_verdict verdict,
                const struct line *line, const char *file, const char *format,
                ...)
{
    const struct blame blame = {verdict, line, file,
                                verdict == VERIFY_TAMPERED && line &&
                                    verify_is_anybodys(run, line->seq)};
    va_list arguments;
    va_start(arguments, format);
    say(run, &blame, format, arguments);
    va_end(arguments);
}

void verify_say_file(struct verify_run *run, const struct line *line,
                     bool was_seen, const char *file, const char *format, ...)
{
    const struct blame blame = {VERIFY_TAMPERED, line, file,
                                !was_seen &&
                                    verify_is_anybodys(run, line->seq)};
    va_list arguments;
    va_start(arguments, format);
    say(run, &blame, format, arguments);
    va_end(arguments);
}

void verify_gap_add(struct verify_run *run, const struct verify_gap *gap)
{
    struct verify_report *report = run->report;
    struct verify_said *said = &report->said;
    if (said->gaps == VERIFY_MOST_GAPS) {
        said->gaps_more++;
        return;
    }
    struct verify_gap *one =
        array_add(&report->gap, &said->gaps, sizeof *report->gap);
    if (!one) {
        said->gaps_more++;
        return;
    }
    *one = *gap;
}

void verify_report_release(struct verify_report *report)
{
    free(report->gap);
    *report = (struct verify_report){0};
}

struct line verify_stand_in(uint64_t seq)
{
    return (struct line){.seq = seq};
}

/* ---- what lines tell ---- */

void verify_settled_take(struct verify_run *run)
{
    run->settled =
        (struct verify_settled){run->report->said, run->told, run->config};
}

void verify_settled_end(struct verify_run *run)
{
    struct verify_report *report = run->report;
    const struct verify_settled last = run->settled;
    verify_settled_take(run); /* what lines say that nobody signed */
    report->said = last.said;
    run->told = last.told;
    run->config = last.config;
    if (report->said.gaps + report->said.gaps_more > 0 &&
        report->verdict < VERIFY_GAPS) {
        report->verdict = VERIFY_GAPS;
    }
}
