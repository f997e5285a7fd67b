/* What stands beside the evidence: the configuration, and what lies by the
 * baits without a line that names it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

#define MOST_CONFIG_BYTES ((size_t)1024 * 1024)
#define MOST_KEY_BYTES ((size_t)64 * 1024)

/* One more change; the earliest goes where there is no room. */
static void change_add(struct verify_report *report, const struct line *line)
{
    if (report->said.changes == VERIFY_MOST_CHANGES) {
        memmove(report->said.change, report->said.change + 1,
                (VERIFY_MOST_CHANGES - 1) * sizeof *report->said.change);
        report->said.changes--;
        report->said.changes_more++;
    }
    struct verify_change *change = &report->said.change[report->said.changes++];
    *change =
        (struct verify_change){.seq = line->seq, .utc_us = line->at.utc_us};
    change->is_place = !strcmp(line->kind->name, "custody");
    line_text(line, "by", change->by, sizeof change->by);
    line_text(line, "why", change->why, sizeof change->why);
}

/* Until 29 November 2026, 20:00 UTC, what was sealed of findings, hand-overs
 * and batches in a blind operation could name a holder. */
#define NAMELESS_US (INT64_C(1795982400) * 1000000)

static void name_take(struct verify_run *run, const struct line *line)
{
    static const char *const kind[] = {"trace", "handover", "issue"};
    struct verify_said *said = &run->report->said;
    said->is_blind = run->told.names[0] != '\0';
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        said->named_early +=
            !strcmp(line->kind->name, kind[i]) && line->at.utc_us < NAMELESS_US;
    }
}

void verify_config_take(struct verify_run *run, const struct line *line)
{
    bool is_session = !strcmp(line->kind->name, "session");
    bool is_config = !strcmp(line->kind->name, "config");
    struct digest told;
    if (verify_is_void(run, line)) {
        return;
    }
    told_take(&run->told, line);
    name_take(run, line);
    if (!strcmp(line->kind->name, "custody") &&
        bytes_equal(line_raw(line, "item"), bytes_of_text("operation"))) {
        change_add(run->report, line); /* moved, restored */
    }
    if ((is_session || is_config) &&
        !line_hex(line, is_session ? "config" : "sha256", told.byte,
                  DIGEST_SIZE)) {
        if (is_config && run->report->said.config != VERIFY_CONFIG_UNKNOWN) {
            change_add(run->report, line);
        }
        run->config = told;
        run->report->said.config = VERIFY_CONFIG_ABSENT;
        run->report->said.config_at = line->seq;
    }
}

static enum sting_status judge_config(struct verify_run *run)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    int file STING_AUTO(fd_close) =
        file_open_below(run->operation, "operation.yaml", 0);
    if (run->report->said.config == VERIFY_CONFIG_UNKNOWN || file < 0) {
        return STING_OK;
    }
    enum sting_status status = file_read_fd(file, MOST_CONFIG_BYTES, &text);
    if (status == STING_E_NOMEM) {
        return status;
    }
    struct digest now = digest_of(buffer_bytes(&text));
    bool same = !status && digest_equal(now, run->config);
    run->report->said.config =
        same ? VERIFY_CONFIG_SAME : VERIFY_CONFIG_CHANGED;
    if (!same && !status && digest_equal(now, run->settled.config)) {
        run->report->config_unsigned_at = run->settled.said.config_at;
    }
    return STING_OK;
}

/* An index that no line names, of before such lines, is judged by who can
 * open it; so are facts, which were a file of their own then. */
static enum sting_status judge_bait(struct verify_run *run,
                                    const struct verify_bait *bait, bool opens)
{
    struct line line = verify_bait_line(bait);
    enum sting_status status = STING_OK;
    struct line indexed = verify_stand_in(bait->index_seq);
    struct verify_named claim = {.bytes = -1,
                                 .ct = bait->index,
                                 .before = bait->index_before,
                                 .by_nobody = bait->index_unsigned};
    snprintf(claim.path, sizeof claim.path, "bait/%s/index.age", bait->name);
    if (opens || bait->has_index) {
        status = verify_opens(run, bait->has_index ? &indexed : &line, &claim,
                              bait->has_index);
    }
    claim = (struct verify_named){.bytes = -1};
    snprintf(claim.path, sizeof claim.path, "bait/%s/facts.age", bait->name);
    return status || !opens ? status : verify_opens(run, &line, &claim, false);
}

/* A file below keys/ that is here and was told of. Who runs an operation may
 * change it: no tampering with evidence, but it must be seen. */
static enum sting_status judge_key(struct verify_run *run,
                                   const struct told_file *told)
{
    struct buffer bytes STING_AUTO(buffer_wipe) = {0};
    struct verify_report *report = run->report;
    char now[DIGEST_TEXT_SIZE];
    int file STING_AUTO(fd_close) =
        file_open_below(run->operation, told->item, 0);
    if (file < 0 || !told->sha256[0]) {
        return STING_OK;
    }
    enum sting_status status = file_read_fd(file, MOST_KEY_BYTES, &bytes);
    if (status == STING_E_NOMEM) {
        return status;
    }
    digest_text(digest_of(buffer_bytes(&bytes)), now);
    if ((status || strcmp(now, told->sha256) != 0) &&
        report->altereds < VERIFY_MOST_ALTERED) {
        struct verify_altered *one = &report->altered[report->altereds++];
        const struct told_file *later =
            told_find(&run->settled.told, told->item);
        one->seq = told->seq;
        one->unsigned_at =
            later && !strcmp(now, later->sha256) ? later->seq : 0;
        (void)snprintf(one->file, sizeof one->file, "%s", told->item);
    }
    return STING_OK;
}

enum sting_status verify_beside(struct verify_run *run)
{
    enum sting_status status = judge_config(run);
    bool opens = run->options->identity || run->options->ask;
    for (size_t i = 0; i < run->baits.count && !status; i++) {
        status = judge_bait(run, &run->baits.bait[i], opens);
    }
    for (size_t i = 0; i < run->told.files && !status; i++) {
        status = judge_key(run, &run->told.file[i]);
    }
    return status;
}
