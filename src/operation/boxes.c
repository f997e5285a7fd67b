#include "operation/boxes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/text.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "ledger/unsigned_lines.h"
#include "operation/check_worker.h"
#include "operation/imports.h"
#include "operation/writer.h"

#define DRAFT BOXES_FOLDER "/.coming"
#define DRAFT_NAME ".coming"
#define PIECE_BYTES ((size_t)65536)
#define MOST_ASIDE 1000

static enum sting_status line_write(const struct operation *office,
                                    const char *kind,
                                    const struct line_field *field,
                                    size_t fields, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status = writer_open(office, clock_now, &writer, fault);
    if (!status) {
        status = writer_line(writer, kind, field, fields, NULL, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status name_check(const char *name, struct fault *fault)
{
    return config_name_is_valid(name)
               ? STING_OK
               : fault_set(fault, STING_E_ARG,
                           "use 1 to 32 of a-z, 0-9, - "
                           "and _",
                           "\"%.60s\" cannot be a name", name);
}

enum sting_status box_tell(const struct operation *office, const char *name,
                           struct digest case_key, const struct change *change,
                           struct fault *fault)
{
    char key[DIGEST_TEXT_SIZE];
    char origin[48];
    digest_text(case_key, key);
    (void)snprintf(origin, sizeof origin, "sting/%.32s", key);
    const struct line_field field[] = {{"name", name},
                                       {"origin", origin},
                                       {"case", key},
                                       {"by", change->by},
                                       {"why", change->why}};
    enum sting_status status = name_check(name, fault);
    return status ? status
                  : line_write(office, "box", field,
                               sizeof field / sizeof *field, fault);
}

/* ---- whose is it ---- */

struct naming {
    const char *case_key;
    char *name;
};

static enum sting_status name_take(void *context, const struct line *line)
{
    const struct naming *naming = context;
    if (!strcmp(line->kind->name, "box") &&
        bytes_equal(line_raw(line, "case"), bytes_of_text(naming->case_key))) {
        line_text(line, "name", naming->name, CONFIG_NAME_SIZE);
    }
    return STING_OK;
}

/* The name that a `box` line of the office gave to this case key. */
static enum sting_status name_find(const struct operation *office,
                                   const char *case_key,
                                   char name[CONFIG_NAME_SIZE],
                                   struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct naming naming = {case_key, name};
    name[0] = '\0';
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(office), &reader, fault);
    return status ? status
                  : ledger_reader_follow(reader, SIZE_MAX, name_take, &naming);
}

static enum sting_status owner_check(const struct operation *office,
                                     const struct box_order *order,
                                     struct box_import *out,
                                     struct fault *fault)
{
    char told[CONFIG_NAME_SIZE];
    const char *key = out->report.case_key;
    enum sting_status status = name_find(office, key, told, fault);
    if (status) {
        return status;
    }
    out->is_refused = true;
    if (order->fingerprint && !fingerprint_fits(order->fingerprint, key)) {
        return fault_set(fault, STING_E_FORGED, "compare it again",
                         "its case key is not the one that was written down");
    }
    if (!order->fingerprint && !told[0]) {
        return fault_set(fault, STING_E_FORGED,
                         "give the fingerprint that was written down, with "
                         "--fingerprint and --name",
                         "nothing here says whose record it is");
    }
    if (!order->name && !told[0]) {
        return fault_set(fault, STING_E_ARG, "give it one with --name",
                         "it has no name here yet");
    }
    out->is_refused = false;
    (void)snprintf(out->name, sizeof out->name, "%s",
                   order->name ? order->name : told);
    return name_check(out->name, fault);
}

/* ---- is it a continuation ---- */

/* Does the file `longer` begin with `bytes` of `shorter`, or all of it? */
static bool begins_with(int longer, int shorter, uint64_t bytes)
{
    uint8_t a[PIECE_BYTES / 8], b[PIECE_BYTES / 8];
    ssize_t got = 0;
    while (bytes > 0 &&
           (got = read(shorter, a, bytes < sizeof a ? bytes : sizeof a)) > 0) {
        bytes -= (uint64_t)got;
        ssize_t have = 0;
        while (have < got) {
            ssize_t more = read(longer, b + have, (size_t)(got - have));
            if (more <= 0) {
                return false;
            }
            have += more;
        }
        if (memcmp(a, b, (size_t)got) != 0) {
            return false;
        }
    }
    return got >= 0;
}

/* Lines that a checkpoint of the record's own signs; how many bytes they are.
 */
static enum sting_status signed_part(int folder, struct tree *tree,
                                     uint64_t *bytes, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    enum sting_status status = unsigned_lines_read(folder, &lines, fault);
    if (!status) {
        status = ledger_reader_open(folder, &reader, fault);
    }
    while (!status && tree->leaves < lines.signed_to) {
        status = ledger_reader_skip(reader);
        if (!status) {
            *bytes += ledger_reader_text(reader).size;
            tree_add(tree, tree_leaf(ledger_reader_text(reader)));
        }
    }
    return status;
}

/* So many lines of that name the ledger of the office has vouched for. */
static enum sting_status told_size(const struct operation *office,
                                   const char *name, uint64_t *out,
                                   struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {.rows = 0};
    enum sting_status status =
        imports_read(operation_dir(office), &imports, fault);
    *out = 0;
    for (size_t i = 0; i < imports.rows && !status; i++) {
        const struct import *one = &imports.row[i];
        *out = !strcmp(one->name, name) && one->size > *out ? one->size : *out;
    }
    return status;
}

/* The two records, in their folders. */
struct pair {
    int before, now;
    int before_ledger, now_ledger;
};

/* Does the one that comes sign all that the one that is here signed, or more?
 * Then what anybody may have added to the one that is here stands in nobody's
 * way. Where that one has lost checkpoints since, nobody knows. */
static bool signs_on(const struct pair *pair, uint64_t told)
{
    struct tree here = {.leaves = 0}, comes = {.leaves = 0};
    uint64_t bytes = 0, ignored = 0;
    return !signed_part(pair->before, &here, &bytes, NULL) &&
           !signed_part(pair->now, &comes, &ignored, NULL) && here.leaves > 0 &&
           here.leaves >= told && comes.leaves >= here.leaves &&
           lseek(pair->before_ledger, 0, SEEK_SET) == 0 &&
           lseek(pair->now_ledger, 0, SEEK_SET) == 0 &&
           begins_with(pair->now_ledger, pair->before_ledger, bytes);
}

/* What lies under its name and is no whole record any more may still be
 * evidence. */
static enum sting_status remains_check(int boxes, struct box_import *out,
                                       struct fault *fault)
{
    if (faccessat(boxes, out->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK;
    }
    out->is_refused = true;
    return fault_set(fault, STING_E_FORGED,
                     "move that folder elsewhere and keep it, then import "
                     "again",
                     BOXES_FOLDER "/%s is here, and its evidence/ledger is "
                                  "gone: an import would take its place",
                     out->name);
}

/* A name for what lies under `out->name` now: ".garage.1". */
static enum sting_status aside_name(int boxes, struct box_import *out,
                                    struct fault *fault)
{
    for (int n = 1; n < MOST_ASIDE; n++) {
        (void)snprintf(out->aside, sizeof out->aside, ".%s.%d", out->name, n);
        if (faccessat(boxes, out->aside, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_LIMIT, "look at them, and move them away",
                     BOXES_FOLDER "/.%s.1 and all numbers up to %d are taken",
                     out->name, MOST_ASIDE - 1);
}

static enum sting_status continuation_check(const struct operation *office,
                                            int boxes, int draft,
                                            struct box_import *out,
                                            struct fault *fault)
{
    char path[CONFIG_NAME_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/evidence/ledger", out->name);
    int before STING_AUTO(fd_close) = openat(boxes, path, O_RDONLY | O_CLOEXEC);
    if (before < 0 && errno == ENOENT) {
        return remains_check(boxes, out, fault);
    }
    int now STING_AUTO(fd_close) =
        openat(boxes, DRAFT_NAME "/evidence/ledger", O_RDONLY | O_CLOEXEC);
    int older STING_AUTO(fd_close) =
        openat(boxes, out->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (before < 0 || now < 0) {
        return fault_errno(fault, STING_E_IO, "", "%s cannot be read", path);
    }
    const struct pair pair = {older, draft, before, now};
    uint64_t told = 0;
    enum sting_status status = told_size(office, out->name, &told, fault);
    if (status || begins_with(now, before, UINT64_MAX)) {
        return status;
    }
    if (!signs_on(&pair, told)) {
        out->is_refused = true;
        return fault_set(
            fault, STING_E_FORGED, "keep both, and run sting verify on each",
            "it does not continue the record of \"%s\" that is here: one of "
            "the two was cut or made up later",
            out->name);
    }
    out->has_tail = true; /* it has lines that are not in it */
    return aside_name(boxes, out, fault);
}

/* What the box has erased since goes over from what is here; where a file of
 * it is not as its line says, all that is here is kept. */
static enum sting_status before_keep(int boxes, int draft,
                                     struct box_import *out,
                                     struct fault *fault)
{
    int before STING_AUTO(fd_close) = openat(
        boxes, out->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (before < 0 && errno == ENOENT) {
        return STING_OK;
    }
    if (before < 0) {
        return fault_errno(fault, STING_E_IO, "",
                           BOXES_FOLDER "/%s cannot be read", out->name);
    }
    enum sting_status status = box_carry(before, draft, &out->carried, fault);
    return !status && out->carried.unlike > 0 && !out->aside[0]
               ? aside_name(boxes, out, fault)
               : status;
}

/* ---- the copy ---- */

/* Theirs stays as it came and is never read; ours says what is needed. */
static enum sting_status config_write(const struct operation *office, int draft,
                                      struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    const struct config *config = operation_config(office);
    enum sting_status status = buffer_text_append(
        &text, "# An imported record: read with the keys of the operation "
               "around it,\n# never written. operation.yaml is what came with "
               "it.\nrole: box\nrecipients:\n");
    for (size_t i = 0; i < config->recipients && !status; i++) {
        status = buffer_printf(&text, "  - %s\n", config->recipient[i]);
    }
    if (!status) {
        status = file_write(draft, OPERATION_IMPORTED_CONFIG,
                            buffer_bytes(&text), 0600, fault);
    }
    return status;
}

/* Is this what a file of a record is called? No other is taken along. */
static bool is_of_record(const char *name)
{
    static const char *const whole[] = {"ledger",           CONFIG_FILE,
                                        "original.pdf.age", "reference.age",
                                        "index.age",        "facts.age"};
    static const char *const end[] = {
        ".age",  ".m4s.age", ".mp4.age",  ".part", ".notes",
        ".note", ".tsr",     ".manifest", ".er",   ".pem"};
    size_t size = strlen(name);
    size_t start =
        !strncmp(name, "init-", 5) || !strncmp(name, "torn.", 5) ? 5 : 0;
    size_t number = start + strspn(name + start, "0123456789abcdef-.");
    bool is_known = start > 0 && number == size; /* torn.1 */
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        is_known = is_known || !strcmp(name, whole[i]);
    }
    for (size_t i = 0; i < sizeof end / sizeof *end; i++) {
        size_t tail = strlen(end[i]);
        is_known = is_known || (size > tail && number >= size - tail &&
                                !strcmp(name + size - tail, end[i]));
    }
    return is_known;
}

/* No line of it is read before its verification: whose `bait` it may be is
 * asked afterwards (bait_leave). */
static enum sting_status draft_fill(const struct operation *office, int from,
                                    int draft, struct folder_copied *done,
                                    struct folder_copied *bait,
                                    struct fault *fault)
{
    if (file_kind_check(from, "evidence/ledger", false, fault) ||
        file_kind_check(from, "evidence/checkpoints", true, fault) ||
        file_kind_check(from, CONFIG_FILE, false, fault)) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status =
        folder_copy(from, draft, "evidence", done, fault);
    if (!status) {
        status = folder_copy(from, draft, "bait", bait, fault);
        status = status == STING_E_ABSENT ? STING_OK : status;
    }
    if (!status) {
        done->most_bytes = (int64_t)CONFIG_MOST_BYTES;
        status = folder_copy(from, draft, CONFIG_FILE, done, fault);
    }
    return status ? status : config_write(office, draft, fault);
}

static enum sting_status draft_open(const struct operation *office, int *boxes,
                                    int *draft, struct fault *fault)
{
    int dir = operation_dir(office);
    if (folder_make(dir, BOXES_FOLDER) == STING_OK) {
        *boxes = openat(dir, BOXES_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (*boxes >= 0 && flock(*boxes, LOCK_EX | LOCK_NB) != 0) {
        return fault_set(fault, STING_E_BUSY, "wait for it, then import again",
                         "another import is under way");
    }
    if (*boxes >= 0) {
        folder_remove(*boxes, DRAFT_NAME); /* of one that was interrupted */
    }
    if (*boxes >= 0 && mkdirat(*boxes, DRAFT_NAME, 0700) == 0) {
        *draft = openat(*boxes, DRAFT_NAME, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    return *draft >= 0
               ? STING_OK
               : fault_errno(fault, STING_E_IO, "check space and permissions",
                             "%s cannot be made", DRAFT);
}

static enum sting_status draft_check(int draft, const struct box_order *order,
                                     struct box_import *out,
                                     struct fault *fault)
{
    const struct check_options options = {.progress = order->progress,
                                          .context = order->context};
    enum sting_status status =
        check_folder(draft, &options, &out->report, out->missing, fault);
    if (status || out->report.verdict <= VERIFY_GAPS) {
        return status;
    }
    out->is_refused = true;
    return fault_set(fault, STING_E_FORGED,
                     "keep it apart as it is, and run sting verify on it",
                     "it is %s: %.200s",
                     verify_verdict_text(out->report.verdict),
                     out->report.reason);
}

/* Of a record that was verified. */
static bool is_box(int draft)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    return !ledger_reader_open(draft, &reader, NULL) &&
           !ledger_reader_next(reader, &line) &&
           bytes_equal(line_raw(&line, "role"), bytes_of_text("box"));
}

/* A box has no bait; what lies there is somebody else's. */
static void bait_leave(int draft, const struct folder_copied *bait,
                       struct folder_copied *done)
{
    if (is_box(draft)) {
        folder_remove(draft, "bait");
        return;
    }
    done->files += bait->files;
    done->bytes += bait->bytes;
    if (done->left == 0) {
        memcpy(done->left_name, bait->left_name, sizeof done->left_name);
    }
    done->left += bait->left;
}

/* ---- the line, and its place ---- */

static enum sting_status import_tell(const struct operation *office, int draft,
                                     const struct box_order *order,
                                     const struct box_import *done,
                                     struct fault *fault)
{
    struct tree tree = {.leaves = 0};
    char origin[48], size[24], root[DIGEST_TEXT_SIZE];
    uint64_t ignored = 0;
    enum sting_status status = signed_part(draft, &tree, &ignored, fault);
    (void)snprintf(origin, sizeof origin, "sting/%.32s", done->report.case_key);
    (void)snprintf(size, sizeof size, "%" PRIu64, tree.leaves);
    const struct line_field field[] = {
        {"origin", origin},
        {"size", size},
        {"root", digest_text(tree_root(&tree), root)},
        {"by", order->change.by},
        {"name", done->name},
        {"case", done->report.case_key},
        {"verdict", verify_verdict_text(done->report.verdict)},
        {"why", order->change.why},
    };
    return status ? status
                  : line_write(office, "import", field,
                               sizeof field / sizeof *field, fault);
}

static enum sting_status put_in_place(int boxes, int draft,
                                      const struct box_import *done,
                                      struct fault *fault)
{
    enum sting_status status = file_write(
        draft, OPERATION_IMPORTED, bytes_of_text(done->name), 0600, fault);
    if (status) {
        return status;
    }
    /* What is kept aside goes first: nothing of it may ever have the draft's
     * name. Cut off here, the line tells, and sting verify says so. */
    if (done->aside[0] && (renameat2(boxes, done->name, boxes, done->aside,
                                     RENAME_NOREPLACE) != 0 ||
                           fsync(boxes) != 0)) {
        return fault_errno(fault, STING_E_IO, "import it again",
                           "what is here cannot be kept aside");
    }
    /* In one step: at every moment one of the two has the name. What has the
     * draft's name then is the older record. */
    bool is_first =
        faccessat(boxes, done->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    if (renameat2(boxes, DRAFT_NAME, boxes, done->name,
                  is_first ? RENAME_NOREPLACE : RENAME_EXCHANGE) != 0 ||
        fsync(boxes) != 0) {
        return fault_errno(fault, STING_E_IO, "import it again",
                           "the copy cannot take its name");
    }
    folder_remove(boxes, DRAFT_NAME);
    return STING_OK;
}

static enum sting_status folder_take(const struct operation *office, int from,
                                     const struct box_order *order,
                                     struct box_import *out,
                                     struct fault *fault)
{
    struct folder_copied copied = {.is_known = is_of_record};
    struct folder_copied bait = {.is_known = is_of_record};
    int boxes STING_AUTO(fd_close) = -1;
    int draft STING_AUTO(fd_close) = -1;
    enum sting_status status = draft_open(office, &boxes, &draft, fault);
    if (!status) {
        status = draft_fill(office, from, draft, &copied, &bait, fault);
    }
    if (!status) {
        status = draft_check(draft, order, out, fault);
    }
    if (!status) {
        bait_leave(draft, &bait, &copied);
        status = owner_check(office, order, out, fault);
    }
    if (!status) {
        status = continuation_check(office, boxes, draft, out, fault);
    }
    if (!status) {
        status = before_keep(boxes, draft, out, fault);
    }
    if (!status) {
        status = import_tell(office, draft, order, out, fault);
    }
    if (!status) {
        status = put_in_place(boxes, draft, out, fault);
    }
    if (status && draft >= 0) { /* ours: another's is under its lock */
        folder_remove(boxes, DRAFT_NAME);
    }
    out->files = copied.files;
    out->bytes = copied.bytes;
    out->left = copied.left;
    memcpy(out->left_name, copied.left_name, sizeof out->left_name);
    return status;
}

enum sting_status box_import(const struct operation *office,
                             const struct box_order *order,
                             struct box_import *out, struct fault *fault)
{
    *out = (struct box_import){0};
    int from STING_AUTO(fd_close) =
        open(order->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0) {
        return fault_errno(fault, STING_E_ABSENT, "name what the box brought",
                           "%.200s cannot be opened", order->folder);
    }
    if (operation_config(office)->role == CONFIG_BOX) {
        return fault_set(fault, STING_E_ARG, "import it at the office",
                         "this is a box itself");
    }
    return folder_take(office, from, order, out, fault);
}
