/* Evidence records: do they hold today, and what do they speak of? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ledger/archive.h"
#include "ledger/outsider.h"
#include "ledger/verify_state.h"

/* One record under judgement. */
struct renewal {
    struct verify_run *run;
    const struct verify_record *record;
    struct line line; /* stands for the one that names it */
    uint32_t number, renewal;
    bool does_fit;
    bool is_named;            /* by a line; else it must speak for itself */
    bool is_first;            /* of its number that is judged */
    bool checks_files;        /* SHA-256 is not trusted any more */
    struct buffer covered;    /* struct verify_renewed each */
    enum sting_status status; /* of adding to it */
};

static void renewal_release(struct renewal *renewal)
{
    buffer_release(&renewal->covered);
}

/* What a line names must be right; what lies here unnamed, a closed
 * operation's or anybody's, just does not count when it is not. */
static void misfit(struct renewal *renewal, const char *file, const char *why)
{
    renewal->does_fit = false;
    if (renewal->is_named) {
        verify_say(renewal->run, VERIFY_TAMPERED, &renewal->line, file, "%s",
                   why);
    }
}

/* A file that the manifest lists: one that is gone is judged elsewhere. */
static void file_take(void *context, const char *path, const struct hash *hash)
{
    struct renewal *renewal = context;
    struct hash found;
    uint64_t bytes = 0;
    struct verify_renewed covered = {.at_us = 0};
    if (!strncmp(path, ANCHOR_FOLDER "/", strlen(ANCHOR_FOLDER "/")) ||
        renewal->checks_files) {
        if (archive_file_hash(renewal->run->operation, path, UINT64_MAX, &found,
                              &bytes)) {
            return;
        }
        if (!hash_equal(&found, hash)) {
            misfit(renewal, path, "the file is not the one that was renewed");
            return;
        }
    }
    size_t size = strlen(path);
    if (!renewal->status && size < sizeof covered.file && size > 4 &&
        !strcmp(path + size - 4, ".tsr")) {
        memcpy(covered.file, path, size + 1);
        renewal->status = buffer_append(
            &renewal->covered,
            (struct bytes){(const uint8_t *)&covered, sizeof covered});
    }
}

/* The manifest speaks of this ledger as it still is. */
static bool ledger_fits(struct renewal *renewal,
                        const struct archive_head *head)
{
    struct hash found;
    uint64_t bytes = 0;
    if (strcmp(head->origin, renewal->run->origin) != 0) {
        return false;
    }
    return !archive_file_hash(renewal->run->operation, "evidence/ledger",
                              head->bytes, &found, &bytes) &&
           bytes == head->bytes && hash_equal(&found, &head->ledger);
}

static enum sting_status covered_add(struct renewal *renewal, int64_t at_us,
                                     struct buffer *renewed)
{
    struct verify_renewed *one =
        (struct verify_renewed *)(void *)renewal->covered.data;
    size_t count = renewal->covered.size / sizeof *one;
    for (size_t i = 0; i < count; i++) {
        one[i].at_us = at_us;
    }
    return buffer_append(renewed, buffer_bytes(&renewal->covered));
}

static void finding_tell(struct renewal *renewal, uint64_t entries,
                         const struct evidence_finding *finding)
{
    const struct time_stamp *said =
        finding->bad ? &finding->fault : &finding->last;
    struct verify_anchor anchor = {.kind = "renewal",
                                   .entries = entries,
                                   .at_us = finding->first.at_us,
                                   .counts = finding->bad == 0};
    snprintf(anchor.file, sizeof anchor.file, "%s", renewal->record->file);
    snprintf(anchor.state, sizeof anchor.state, "%s",
             time_stamp_word(said->state));
    bool is_renewed =
        !finding->bad && finding->last.at_us > finding->first.at_us;
    snprintf(anchor.who, sizeof anchor.who, "%.60s%s%.60s%s%.16s",
             finding->bad ? said->who : finding->first.who,
             is_renewed ? ", renewed by " : "",
             is_renewed ? finding->last.who : "",
             said->authority[0] ? ", root " : "", said->authority);
    if (finding->bad) {
        snprintf(anchor.why, sizeof anchor.why, "%sstamp %zu: %s%s%.60s",
                 renewal->is_named ? "" : "no line names it; ", finding->bad,
                 time_stamp_phrase(said->state), said->why[0] ? ": " : "",
                 said->why);
    }
    outsider_add(renewal->run->report, &anchor);
}

/* What was judged last of a number counts, the newest stamp that a line names.
 * A file that no line names may be an old one put there again: of a number
 * that a line names it breaks nothing, and of another only when it is the
 * first; but each that holds mends it. */
static void broken_set(struct renewal *renewal,
                       const struct evidence_finding *finding)
{
    struct verify_report *report = renewal->run->report;
    size_t kept = 0;
    bool is_lost =
        finding->bad > 0 && (finding->fault.state == TIME_STAMP_EXPIRED ||
                             finding->fault.state == TIME_STAMP_REVOKED);
    if (is_lost && !renewal->is_named && !renewal->is_first) {
        return;
    }
    for (size_t i = 0; i < report->brokens; i++) {
        if (report->broken[i] != renewal->number) {
            report->broken[kept++] = report->broken[i];
        }
    }
    if (is_lost && kept < VERIFY_MOST_BROKEN) {
        report->broken[kept++] = renewal->number;
    }
    report->brokens = kept;
}

static enum sting_status record_judge(struct renewal *renewal,
                                      const struct time_stamp_trust *trust,
                                      struct bytes der, struct buffer *renewed)
{
    struct evidence_record record;
    struct evidence_object object;
    struct evidence_finding finding;
    struct archive_head head;
    if (evidence_record_read(der, &record)) {
        if (renewal->is_named) {
            verify_say(renewal->run, VERIFY_UNVERIFIABLE, &renewal->line,
                       renewal->record->file,
                       "this is no evidence record that this version reads");
        }
        return STING_OK;
    }
    renewal->does_fit = true;
    renewal->checks_files = record.chains > 1;
    enum sting_status status =
        archive_read(renewal->run->operation, renewal->number, &head, &object,
                     file_take, renewal);
    if (status == STING_E_NOMEM || renewal->status) {
        return STING_E_NOMEM;
    }
    if (status || !ledger_fits(renewal, &head)) {
        misfit(renewal, renewal->record->file,
               "the ledger is not the one that was renewed");
    }
    if (!renewal->does_fit) {
        return STING_OK;
    }
    evidence_record_judge(&record, &object, trust, &finding);
    finding_tell(renewal, head.entries, &finding);
    broken_set(renewal, &finding);
    return finding.bad ? STING_OK
                       : covered_add(renewal, finding.first.at_us, renewed);
}

/* One record file: a line names it and its manifest by their hashes, or
 * nothing does. */
static enum sting_status file_judge(struct verify_run *run,
                                    const struct verify_record *record,
                                    bool is_named, bool is_first,
                                    const struct time_stamp_trust *trust,
                                    struct buffer *renewed)
{
    char path[ARCHIVE_PATH_SIZE];
    struct buffer der STING_AUTO(buffer_release) = {0};
    struct renewal renewal STING_AUTO(renewal_release) = {
        .run = run,
        .record = record,
        .line = verify_stand_in(record->seq),
        .is_named = is_named,
        .is_first = is_first};
    enum sting_status status = STING_OK;
    renewal.line.at.utc_us = record->utc_us;
    if (!archive_record_number(record->file, &renewal.number,
                               &renewal.renewal)) {
        misfit(&renewal, "", "the line does not name an evidence record");
        return STING_OK;
    }
    archive_manifest_path(renewal.number, path);
    if (is_named) {
        status =
            verify_plain_file(run, &renewal.line, record->file, record->ct);
    }
    if (is_named && !status) {
        status = verify_plain_file(run, &renewal.line, path, record->manifest);
    }
    if (!status && !file_read(run->operation, record->file, EVIDENCE_MOST_BYTES,
                              &der, NULL)) {
        status = record_judge(&renewal, trust, buffer_bytes(&der), renewed);
    }
    return status;
}

static bool is_named(const struct verify_run *run, const char *file)
{
    for (size_t i = 0; i < run->outside.records; i++) {
        if (!strcmp(run->outside.record[i].file, file)) {
            return true;
        }
    }
    return false;
}

/* Does a line name any record of this number? */
static bool is_number_named(const struct verify_run *run, uint32_t number)
{
    for (size_t i = 0; i < run->outside.records; i++) {
        uint32_t named = 0;
        uint32_t renewal = 0;
        if (archive_record_number(run->outside.record[i].file, &named,
                                  &renewal) &&
            named == number) {
            return true;
        }
    }
    return false;
}

/* Those that no line names, by their numbers. */
static enum sting_status unnamed_judge(struct verify_run *run,
                                       const struct archive_found *found,
                                       size_t count,
                                       const struct time_stamp_trust *trust,
                                       struct buffer *renewed)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct verify_record record = {.seq = run->tree.leaves};
        bool is_first = (i == 0 || found[i - 1].number != found[i].number) &&
                        !is_number_named(run, found[i].number);
        archive_record_path(found[i].number, found[i].renewal, record.file);
        if (!is_named(run, record.file)) {
            status = file_judge(run, &record, false, is_first, trust, renewed);
        }
    }
    return status;
}

enum sting_status verify_renewals(struct verify_run *run,
                                  const struct time_stamp_trust *trust,
                                  struct buffer *renewed)
{
    struct archive_found *found = NULL;
    size_t count = 0;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->outside.records && !status; i++) {
        status = file_judge(run, &run->outside.record[i], true, false, trust,
                            renewed);
    }
    if (!status) {
        status = archive_find(run->operation, &found, &count);
    }
    if (status == STING_E_LIMIT) { /* anybody may have put them there */
        verify_say(run, VERIFY_UNVERIFIABLE, NULL, ARCHIVE_FOLDER,
                   "more than %d records lie here: those that no line names "
                   "are not judged",
                   ARCHIVE_MOST_FOUND);
        return STING_OK;
    }
    if (!status) {
        status = unnamed_judge(run, found, count, trust, renewed);
    }
    free(found);
    return status;
}
