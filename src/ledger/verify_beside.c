/* What stands beside the evidence: the configuration, and what lies by the
 * baits without a line that names it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

#define MOST_CONFIG_BYTES ((size_t)1024 * 1024)

void verify_config_take(struct verify_run *run, const struct line *line)
{
    bool is_session = !strcmp(line->kind->name, "session");
    struct digest told;
    if ((is_session || !strcmp(line->kind->name, "config")) &&
        !line_hex(line, is_session ? "config" : "sha256", told.byte,
                  DIGEST_SIZE)) {
        run->config = told;
        run->report->config = VERIFY_CONFIG_ABSENT;
        run->report->config_at = line->seq;
    }
}

static enum sting_status judge_config(struct verify_run *run)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    int file STING_AUTO(fd_close) =
        file_open_below(run->operation, "operation.yaml", 0);
    if (run->report->config == VERIFY_CONFIG_UNKNOWN || file < 0) {
        return STING_OK;
    }
    enum sting_status status = file_read_fd(file, MOST_CONFIG_BYTES, &text);
    if (status == STING_E_NOMEM) {
        return status;
    }
    bool same =
        !status && digest_equal(digest_of(buffer_bytes(&text)), run->config);
    run->report->config = same ? VERIFY_CONFIG_SAME : VERIFY_CONFIG_CHANGED;
    return STING_OK;
}

/* These can be made again and stand in no line: only who can open them can
 * see that they were changed. */
static enum sting_status judge_bait(struct verify_run *run,
                                    const struct verify_bait *bait)
{
    static const char *const name[] = {"index.age", "facts.age"};
    struct line line;
    enum sting_status status =
        line_parse((struct bytes){bait->text, bait->size}, &line);
    for (size_t i = 0; i < sizeof name / sizeof *name && !status; i++) {
        char path[RECORDING_PATH_SIZE];
        snprintf(path, sizeof path, "bait/%s/%s", bait->name, name[i]);
        status = verify_opens(run, &line, path);
    }
    return status;
}

enum sting_status verify_beside(struct verify_run *run)
{
    enum sting_status status = judge_config(run);
    bool opens = run->options->identity || run->options->ask;
    for (size_t i = 0; i < run->baits && opens && !status; i++) {
        status = judge_bait(run, &run->bait[i]);
    }
    return status;
}
