#include "operation/box_draft.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "operation/check_worker.h"

#define DRAFT_NAME ".coming"
#define DRAFT BOXES_FOLDER "/" DRAFT_NAME

void box_draft_close(struct box_draft *draft)
{
    fd_close(&draft->dir);
    fd_close(&draft->boxes);
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

static enum sting_status draft_fill(const struct operation *office, int from,
                                    struct box_draft *draft,
                                    struct fault *fault)
{
    struct folder_copied *done = &draft->copied;
    if (file_kind_check(from, "evidence/ledger", false, fault) ||
        file_kind_check(from, "evidence/checkpoints", true, fault) ||
        file_kind_check(from, CONFIG_FILE, false, fault)) {
        return STING_E_UNSUPPORTED;
    }
    enum sting_status status =
        folder_copy(from, draft->dir, "evidence", done, fault);
    if (!status) {
        status = folder_copy(from, draft->dir, "bait", &draft->bait, fault);
        status = status == STING_E_ABSENT ? STING_OK : status;
    }
    if (!status) {
        done->most_bytes = (int64_t)CONFIG_MOST_BYTES;
        status = folder_copy(from, draft->dir, CONFIG_FILE, done, fault);
    }
    return status ? status : config_write(office, draft->dir, fault);
}

enum sting_status box_draft_make(const struct operation *office, int from,
                                 struct box_draft *out, struct fault *fault)
{
    out->copied.is_known = is_of_record;
    out->bait.is_known = is_of_record;
    enum sting_status status =
        draft_open(office, &out->boxes, &out->dir, fault);
    return status ? status : draft_fill(office, from, out, fault);
}

/* ---- is it intact ---- */

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

enum sting_status box_draft_verify(struct box_draft *draft,
                                   const struct box_order *order,
                                   struct box_import *out, struct fault *fault)
{
    enum sting_status status = draft_check(draft->dir, order, out, fault);
    if (!status) {
        bait_leave(draft->dir, &draft->bait, &draft->copied);
    }
    return status;
}

/* ---- its place ---- */

enum sting_status box_draft_place(const struct box_draft *draft,
                                  const struct box_import *done,
                                  struct fault *fault)
{
    int boxes = draft->boxes;
    enum sting_status status = file_write(
        draft->dir, OPERATION_IMPORTED, bytes_of_text(done->name), 0600, fault);
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

void box_draft_remove(const struct box_draft *draft)
{
    if (draft->dir >= 0) {
        folder_remove(draft->boxes, DRAFT_NAME);
    }
}
