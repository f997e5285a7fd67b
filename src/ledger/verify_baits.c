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

/* And from now on it does: it is asked when a line comes, and at the end. */
bool verify_bait_is_named(struct verify_run *run, const char *path)
{
    return verify_seen_add(&run->named, digest_of(bytes_of_text(path)));
}

static enum sting_status check_bait_file(struct verify_run *run,
                                         const struct line *line,
                                         const char *key,
                                         struct verify_named *claim)
{
    claim->bytes = -1;
    return line_hex(line, key, claim->ct.byte, DIGEST_SIZE)
               ? STING_OK
               : verify_named(run, line, claim);
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
    struct verify_named claim = {.bytes = -1};
    int64_t first = 0;
    int64_t count = 0;
    if (!has_bait(run, line, bait) || line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) || first < 0 || count < 1 ||
        first > UINT32_MAX || count > UINT32_MAX) {
        return STING_OK;
    }
    if (verify_is_signed(run, line)) {
        mark_issued(run, bait);
    }
    snprintf(claim.path, sizeof claim.path,
             "bait/%s/register/%08" PRId64 "-%08" PRId64 ".age", bait, first,
             first + count - 1);
    (void)verify_bait_is_named(run, claim.path);
    return check_bait_file(run, line, "register", &claim);
}

static struct verify_bait *find(struct verify_run *run, const char *name)
{
    for (size_t i = 0; i < run->baits; i++) {
        if (!strcmp(run->bait[i].name, name)) {
            return &run->bait[i];
        }
    }
    return NULL;
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

/* Remember the last line of each bait: one that a crash cut off is added
 * again, under the same name, and only then has its files. */
void verify_bait_take(struct verify_run *run, const struct line *line,
                      struct bytes text)
{
    char name[LEDGER_CAMERA_SIZE];
    bool has_folder = has_bait(run, line, name);
    struct verify_bait *bait = find(run, name);
    bool is_signed = verify_is_signed(run, line);
    if (has_folder && !verify_is_void(run, line)) {
        name_files(run, name);
    }
    if (!has_folder || !line_has(line, "reference")) {
        if (bait) {
            take_index(run, line, bait);
        }
        return;
    }
    if (bait && bait->is_signed && !is_signed) {
        take_by_nobody(line, bait);
        return;
    }
    bool is_void = verify_is_void(run, line); /* it takes no bait's place */
    if (!bait && (is_void || run->baits == VERIFY_MOST_BAITS)) {
        return;
    }
    bool is_issued = bait && bait->is_issued;
    bait = bait ? bait : &run->bait[run->baits++];
    *bait = (struct verify_bait){
        .size = text.size, .is_signed = is_signed, .is_issued = is_issued};
    memcpy(bait->name, name, sizeof name);
    memcpy(bait->text, text.data, text.size);
}

static enum sting_status check_bait(struct verify_run *run,
                                    const struct verify_bait *bait,
                                    const struct line *line)
{
    struct verify_named original = {.by_nobody = bait->sealed_unsigned};
    struct verify_named reference = {.by_nobody = bait->reference_unsigned};
    snprintf(original.path, sizeof original.path, "bait/%s/original.pdf.age",
             bait->name);
    snprintf(reference.path, sizeof reference.path, "bait/%s/reference.age",
             bait->name);
    if (!bait->is_issued && faccessat(run->operation, reference.path, F_OK,
                                      AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK; /* its reference is written last: not a bait yet */
    }
    enum sting_status status = check_bait_file(run, line, "sealed", &original);
    return status ? status
                  : check_bait_file(run, line, "reference", &reference);
}

enum sting_status verify_baits(struct verify_run *run)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->baits && !status; i++) {
        struct line line;
        if (!line_parse((struct bytes){run->bait[i].text, run->bait[i].size},
                        &line)) {
            status = check_bait(run, &run->bait[i], &line);
        }
    }
    return status;
}
