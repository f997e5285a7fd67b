/* V8: the files that each kind of line names. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

/* How much an `erase` line says goes. One that gives no number, of before
 * there were any, says nothing of what must still be here. */
static uint64_t told_gone(const struct line *line, const char *key)
{
    int64_t number = 0;
    return line_integer(line, key, &number) || number < 0 ? UINT64_MAX
                                                          : (uint64_t)number;
}

/* Take as much from both as the lesser has. */
static uint64_t settle(uint64_t *told, uint64_t *missing)
{
    uint64_t both = *told < *missing ? *told : *missing;
    *told -= both;
    *missing -= both;
    return both;
}

static bool is_of_day(const struct line *line, const struct verify_missing *row)
{
    bool camera =
        !line_has(line, "camera") ||
        bytes_equal(line_raw(line, "camera"), bytes_of_text(row->camera));
    return camera &&
           bytes_equal(line_raw(line, "date"), bytes_of_text(row->date));
}

static void erase_rows(struct verify_run *run, const struct line *line,
                       bool is_void, uint64_t *count, uint64_t *bytes)
{
    for (size_t i = 0; i < run->missings; i++) {
        struct verify_missing *row = &run->missing[i];
        if (row->is_void != is_void || !is_of_day(line, row)) {
            continue;
        }
        run->report->erased += settle(count, &row->count);
        (void)settle(bytes, &row->bytes);
        row->is_told = true;
        row->is_late = false;
        row->tellers++;
        if (row->count == 0 && row->bytes == 0) {
            verify_erased_judge(run, line, row);
            verify_stretches_release(run, row);
            *row = run->missing[--run->missings];
            i--;
        }
    }
}

/* An `erase` line accounts for missing recordings of a camera's day, as many
 * as it names: what was kept of that day must still be here. Anybody can write
 * a line that no checkpoint signs; it is signed before the first file goes. */
static void erase(struct verify_run *run, const struct line *line)
{
    uint64_t count = told_gone(line, "count");
    uint64_t bytes = told_gone(line, "bytes");
    verify_erasure_take(run, line);
    erase_rows(run, line, false, &count, &bytes);
    erase_rows(run, line, true, &count, &bytes); /* what is left of it */
}

static enum sting_status check_recording(struct verify_run *run,
                                         const struct line *line)
{
    struct verify_named claim = {.bytes = -1};
    if (recording_path(line, claim.path) ||
        line_hex(line, "ct", claim.ct.byte, DIGEST_SIZE) ||
        line_integer(line, "bytes", &claim.bytes) || claim.bytes < 0) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a recording");
        return STING_OK;
    }
    claim.has_pt = !line_hex(line, "pt", claim.pt.byte, DIGEST_SIZE);
    claim.was_seen = verify_file_seen(run, line->seq);
    claim.film =
        strcmp(line->kind->name, "init") ? VERIFY_FILM_PARTS : VERIFY_FILM_HEAD;
    run->report->segments++;
    return verify_named(run, line, &claim);
}

/* A blob is named by its hash, under these two keys. */
static enum sting_status check_blob(struct verify_run *run,
                                    const struct line *line, const char *ct_key,
                                    const char *pt_key)
{
    struct verify_named claim = {.bytes = -1};
    char hex[DIGEST_TEXT_SIZE];
    if (!line_has(line, ct_key)) {
        return STING_OK;
    }
    if (line_hex(line, ct_key, claim.ct.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a blob");
        return STING_OK;
    }
    claim.has_pt = !line_hex(line, pt_key, claim.pt.byte, DIGEST_SIZE);
    snprintf(claim.path, sizeof claim.path, "evidence/blobs/%s.age",
             digest_text(claim.ct, hex));
    claim.is_again = verify_seen_add(&run->named, claim.ct);
    run->report->blobs++;
    return verify_named(run, line, &claim);
}

/* A torn end that was put aside: "evidence/..." as it stands there. */
static enum sting_status check_aside(struct verify_run *run,
                                     const struct line *line)
{
    struct verify_named claim = {.bytes = -1, .is_plain = true};
    char path[RECORDING_PATH_SIZE];
    line_text(line, "file", path, sizeof path);
    if (strncmp(path, "evidence/", 9) != 0 || strstr(path, "..") ||
        line_hex(line, "ct", claim.ct.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a file put aside");
        return STING_OK;
    }
    memcpy(claim.path, path, sizeof path);
    return verify_named(run, line, &claim);
}

/* What some kinds tell beside the files that they name. */
static enum sting_status take(struct verify_run *run, const struct line *line)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "erase") && verify_is_signed(run, line)) {
        erase(run, line);
    }
    if (!strcmp(kind, "incident")) {
        return verify_incident_take(run, line);
    }
    if (!strcmp(kind, "bait")) {
        return verify_bait_take(run, line);
    }
    if (!strcmp(kind, "issue") && !verify_is_void(run, line)) {
        return verify_issue(run, line);
    }
    return STING_OK;
}

enum sting_status verify_files(struct verify_run *run, const struct line *line)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg") || !strcmp(kind, "init")) {
        return check_recording(run, line);
    }
    if (!strcmp(kind, "genesis")) {
        return check_blob(run, line, "purpose", "purpose_pt");
    }
    if (!strcmp(kind, "gap") && line_has(line, "file")) {
        return check_aside(run, line);
    }
    enum sting_status status = take(run, line);
    return status ? status : check_blob(run, line, "blob", "pt");
}
