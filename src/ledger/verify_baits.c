/* What lies by baits: their originals, references, registers. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "ledger/recording_name.h"
#include "ledger/verify_state.h"

/* ---- the baits, by their names ---- */

void verify_baits_release(struct verify_baits *baits)
{
    free(baits->bait);
    *baits = (struct verify_baits){.count = 0};
}

static uint32_t *row_of(struct verify_baits *baits, const char *name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (; *name; name++) {
        hash = (hash ^ (uint8_t)*name) * 16777619U;
    }
    return &baits->row[hash % VERIFY_BAIT_ROWS];
}

static struct verify_bait *find(struct verify_baits *baits, const char *name)
{
    for (uint32_t at = *row_of(baits, name); at > 0;
         at = baits->bait[at - 1].next) {
        if (!strcmp(baits->bait[at - 1].name, name)) {
            return &baits->bait[at - 1];
        }
    }
    return NULL;
}

/* Fails: E_LIMIT, E_NOMEM. */
static enum sting_status add(struct verify_baits *baits, const char *name,
                             struct verify_bait **out)
{
    if (baits->count == VERIFY_MOST_BAITS) {
        return STING_E_LIMIT;
    }
    uint32_t *row = row_of(baits, name);
    *out = array_add(&baits->bait, &baits->count, sizeof **out);
    if (!*out) {
        return STING_E_NOMEM;
    }
    **out = (struct verify_bait){.next = *row};
    (void)snprintf((*out)->name, sizeof(*out)->name, "%s", name);
    *row = (uint32_t)baits->count;
    return STING_OK;
}

struct line verify_bait_line(const struct verify_bait *bait)
{
    struct line line = verify_stand_in(bait->seq);
    line.at.utc_us = bait->utc_us;
    return line;
}

/* ---- lines ---- */

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

/* And from now on it does: it is asked when a line comes, and at the end. */
bool verify_bait_is_named(struct verify_run *run, const char *path)
{
    return verify_seen_add(&run->named, digest_of(bytes_of_text(path)));
}

/* The register of a batch of copies. */
enum sting_status verify_issue(struct verify_run *run, const struct line *line)
{
    char bait[LEDGER_CAMERA_SIZE];
    struct verify_named claim = {.bytes = -1};
    int64_t first = 0;
    int64_t count = 0;
    if (!has_bait(run, line, bait) || line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) || first < 0 || count < 1 ||
        first > UINT32_MAX || count > UINT32_MAX) {
        return STING_OK;
    }
    struct verify_bait *known = find(&run->baits, bait);
    if (known && verify_is_signed(run, line)) {
        known->is_issued = true;
    }
    snprintf(claim.path, sizeof claim.path,
             "bait/%s/register/%08" PRId64 "-%08" PRId64 ".age", bait, first,
             first + count - 1);
    (void)verify_bait_is_named(run, claim.path);
    return line_hex(line, "register", claim.ct.byte, DIGEST_SIZE)
               ? STING_OK
               : verify_named(run, line, &claim);
}

/* Lines of before there were hashes name them too. */
static void name_files(struct verify_run *run, const char *name)
{
    static const char *const file[] = {"original.pdf.age", "reference.age",
                                       "index.age", "facts.age"};
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        char path[RECORDING_PATH_SIZE];
        snprintf(path, sizeof path, "bait/%s/%s", name, file[i]);
        (void)verify_bait_is_named(run, path);
    }
}

/* The one before counts too: a crash between the line and its file leaves it.
 */
static void take_index(struct verify_run *run, const struct line *line,
                       struct verify_bait *bait)
{
    struct digest index;
    if (line_hex(line, "index", index.byte, DIGEST_SIZE)) {
        return;
    }
    if (!verify_is_signed(run, line)) {
        bait->index_unsigned = index;
        return;
    }
    bait->index_before = bait->index;
    bait->index = index;
    bait->has_index = true;
    bait->index_seq = line->seq;
}

/* Files that a line which nobody signed names in place of signed ones. */
static void take_by_nobody(const struct line *line, struct verify_bait *bait)
{
    (void)!line_hex(line, "sealed", bait->sealed_unsigned.byte, DIGEST_SIZE);
    (void)!line_hex(line, "reference", bait->reference_unsigned.byte,
                    DIGEST_SIZE);
}

/* What its last line says, in place of what lines before it said. */
static void take_line(const struct line *line, bool is_signed,
                      struct verify_bait *bait)
{
    struct verify_bait now = {.next = bait->next,
                              .is_signed = is_signed,
                              .is_issued = bait->is_issued,
                              .seq = line->seq,
                              .utc_us = line->at.utc_us};
    memcpy(now.name, bait->name, sizeof now.name);
    now.has_sealed = !line_hex(line, "sealed", now.sealed.byte, DIGEST_SIZE);
    now.has_reference =
        !line_hex(line, "reference", now.reference.byte, DIGEST_SIZE);
    *bait = now;
}

/* A bait that no line told of so far; *out is NULL when it takes no place. */
static enum sting_status take_new(struct verify_run *run,
                                  const struct line *line, const char *name,
                                  struct verify_bait **out)
{
    char path[RECORDING_PATH_SIZE];
    enum sting_status status =
        verify_is_void(run, line) ? STING_OK : add(&run->baits, name, out);
    if (status == STING_E_LIMIT && verify_is_signed(run, line)) {
        (void)snprintf(path, sizeof path, "bait/%s", name);
        verify_say(run, VERIFY_UNVERIFIABLE, line, path,
                   "there are more than %d baits: what lies by this one and "
                   "later ones is not judged",
                   VERIFY_MOST_BAITS);
    }
    return status == STING_E_LIMIT ? STING_OK : status;
}

/* Remember the last line of each bait: one that a crash cut off is added
 * again, under the same name, and only then has its files. */
enum sting_status verify_bait_take(struct verify_run *run,
                                   const struct line *line)
{
    char name[LEDGER_CAMERA_SIZE];
    bool has_folder = has_bait(run, line, name);
    struct verify_bait *bait = find(&run->baits, name);
    bool is_signed = verify_is_signed(run, line);
    enum sting_status status = STING_OK;
    if (has_folder && !verify_is_void(run, line)) {
        name_files(run, name);
    }
    if (!has_folder || !line_has(line, "reference")) {
        if (bait) {
            take_index(run, line, bait);
        }
        return STING_OK;
    }
    if (bait && bait->is_signed && !is_signed) {
        take_by_nobody(line, bait);
        return STING_OK;
    }
    if (!bait) {
        status = take_new(run, line, name, &bait);
    }
    if (bait) {
        take_line(line, is_signed, bait);
    }
    return status;
}

/* ---- the end ---- */

static enum sting_status check_bait(struct verify_run *run,
                                    const struct verify_bait *bait)
{
    struct line line = verify_bait_line(bait);
    struct verify_named original = {
        .bytes = -1, .ct = bait->sealed, .by_nobody = bait->sealed_unsigned};
    struct verify_named reference = {.bytes = -1,
                                     .ct = bait->reference,
                                     .by_nobody = bait->reference_unsigned};
    enum sting_status status = STING_OK;
    snprintf(original.path, sizeof original.path, "bait/%s/original.pdf.age",
             bait->name);
    snprintf(reference.path, sizeof reference.path, "bait/%s/reference.age",
             bait->name);
    if (!bait->is_issued && faccessat(run->operation, reference.path, F_OK,
                                      AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK; /* its reference is written last: not a bait yet */
    }
    if (bait->has_sealed) {
        status = verify_named(run, &line, &original);
    }
    return status || !bait->has_reference
               ? status
               : verify_named(run, &line, &reference);
}

enum sting_status verify_baits(struct verify_run *run)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->baits.count && !status; i++) {
        status = check_bait(run, &run->baits.bait[i]);
    }
    return status;
}
