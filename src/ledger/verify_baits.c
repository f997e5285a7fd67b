/* What lies by baits: their originals, references, registers. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

/* Is there a folder of this bait here? A copy of the evidence alone has
 * none, and says nothing about bait. */
static bool has_bait(struct verify_run *run, const struct line *line,
                     char name[LEDGER_CAMERA_SIZE])
{
    char path[RECORDING_PATH_SIZE];
    line_text(line, "bait", name, LEDGER_CAMERA_SIZE);
    snprintf(path, sizeof path, "bait/%s", name);
    return ledger_is_camera_name(bytes_of_text(name)) &&
           faccessat(run->operation, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum sting_status check_bait_file(struct verify_run *run,
                                         const struct line *line,
                                         const char *key, const char *bait,
                                         const char *file)
{
    struct verify_named claim = {.bytes = -1};
    if (line_hex(line, key, claim.ct.byte, DIGEST_SIZE)) {
        return STING_OK;
    }
    snprintf(claim.path, sizeof claim.path, "bait/%s/%s", bait, file);
    return verify_named(run, line, &claim);
}

static void mark_issued(struct verify_run *run, const char *name)
{
    for (size_t i = 0; i < run->baits; i++) {
        struct verify_bait *bait = &run->bait[i];
        bait->is_issued = bait->is_issued || !strcmp(bait->name, name);
    }
}

/* The register of a batch of copies. */
enum sting_status verify_issue(struct verify_run *run, const struct line *line)
{
    char bait[LEDGER_CAMERA_SIZE];
    char file[64];
    int64_t first = 0;
    int64_t count = 0;
    if (!has_bait(run, line, bait) || line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) || first < 0 || count < 1 ||
        first > UINT32_MAX || count > UINT32_MAX) {
        return STING_OK;
    }
    mark_issued(run, bait);
    snprintf(file, sizeof file, "register/%08" PRId64 "-%08" PRId64 ".age",
             first, first + count - 1);
    return check_bait_file(run, line, "register", bait, file);
}

static void take_index(struct verify_run *run, const struct line *line,
                       const char *name)
{
    for (size_t i = 0; i < run->baits; i++) {
        struct verify_bait *bait = &run->bait[i];
        if (!strcmp(bait->name, name) &&
            !line_hex(line, "index", bait->index.byte, DIGEST_SIZE)) {
            bait->has_index = true;
            bait->index_seq = line->seq;
        }
    }
}

/* Remember the last line of each bait: one that a crash cut off is added
 * again, under the same name, and only then has its files. */
void verify_bait_take(struct verify_run *run, const struct line *line,
                      struct bytes text)
{
    char name[LEDGER_CAMERA_SIZE];
    if (!has_bait(run, line, name) || !line_has(line, "reference")) {
        take_index(run, line, name);
        return;
    }
    size_t i = 0;
    while (i < run->baits && strcmp(run->bait[i].name, name) != 0) {
        i++;
    }
    if (i == VERIFY_MOST_BAITS) {
        return;
    }
    run->bait[i].is_unsigned = i < run->baits && !run->notes.has_note;
    run->baits += i == run->baits;
    memcpy(run->bait[i].name, name, sizeof name);
    memcpy(run->bait[i].text, text.data, text.size);
    run->bait[i].size = text.size;
    run->bait[i].has_index = false;
}

enum sting_status verify_baits(struct verify_run *run)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->baits && !status; i++) {
        struct verify_bait *bait = &run->bait[i];
        struct line line;
        char path[RECORDING_PATH_SIZE];
        snprintf(path, sizeof path, "bait/%s/reference.age", bait->name);
        bool is_here =
            faccessat(run->operation, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
        if (line_parse((struct bytes){bait->text, bait->size}, &line) ||
            (!is_here && !bait->is_issued)) {
            continue; /* its reference is written last: not a bait yet */
        }
        if (bait->is_unsigned) {
            verify_say(run, VERIFY_UNVERIFIABLE, &line, path,
                       "the line that names it in place of an earlier one is "
                       "not signed");
        }
        status = check_bait_file(run, &line, "sealed", bait->name,
                                 "original.pdf.age");
        if (!status) {
            status = check_bait_file(run, &line, "reference", bait->name,
                                     "reference.age");
        }
    }
    return status;
}
