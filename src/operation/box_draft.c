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
#include "operation/box_before.h"
#include "operation/box_hold.h"
#include "operation/box_owner.h"
#include "operation/check_worker.h"

#define DRAFT BOXES_FOLDER "/" BOX_COMING

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

/* Whose record it was to be. Fails: E_ABSENT: it was not ready to be told of;
 * E_IO, E_ARG. */
static enum sting_status waiting_name(int boxes, char name[CONFIG_NAME_SIZE],
                                      struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        file_read(boxes, BOX_COMING "/" OPERATION_IMPORTED,
                  CONFIG_NAME_SIZE - 1, &text, fault);
    (void)snprintf(name, CONFIG_NAME_SIZE, "%s", buffer_text(&text));
    return status ? status : box_name_check(name, fault);
}

/* What an import left that did not end. The ledger may tell of it: then it
 * makes room for the next one, and goes when its box has been imported again.
 */
static enum sting_status waiting_keep(int boxes, struct fault *fault)
{
    char name[CONFIG_NAME_SIZE];
    char kept[BOX_COMING_SIZE];
    char aside[BOX_ASIDE_SIZE];
    enum sting_status status = waiting_name(boxes, name, fault);
    if (status == STING_E_ABSENT) {
        folder_remove(boxes, BOX_COMING);
    }
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    box_coming_name(name, kept);
    if (faccessat(boxes, kept, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        status = box_aside_name(boxes, name, aside, fault);
        if (!status && renameat(boxes, kept, boxes, aside) != 0) {
            status = STING_E_IO;
        }
    }
    if (!status && renameat(boxes, BOX_COMING, boxes, kept) != 0) {
        status = STING_E_IO;
    }
    return status == STING_E_IO
               ? fault_errno(fault, status, "check the disk",
                             "%s, which was not finished, cannot be kept",
                             DRAFT)
               : status;
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
    enum sting_status status =
        *boxes < 0 ? STING_OK : waiting_keep(*boxes, fault);
    if (status) {
        return status;
    }
    if (*boxes >= 0 && mkdirat(*boxes, BOX_COMING, 0700) == 0) {
        *draft = openat(*boxes, BOX_COMING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
    enum sting_status status = check_copy(
        draft, &options, "keep it apart as it is, and run sting verify on it",
        &out->report, out->missing, fault);
    out->is_refused = status && out->report.verdict > VERIFY_GAPS;
    return status;
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

enum sting_status box_draft_ready(const struct box_draft *draft,
                                  const struct box_import *done,
                                  struct fault *fault)
{
    enum sting_status status = file_write(
        draft->dir, OPERATION_IMPORTED, bytes_of_text(done->name), 0600, fault);
    return status || fsync(draft->boxes) == 0
               ? status
               : fault_errno(fault, STING_E_IO, "check the disk",
                             BOXES_FOLDER " cannot be synced");
}

enum sting_status box_draft_place(const struct box_draft *draft,
                                  const struct box_import *done,
                                  struct fault *fault)
{
    int boxes = draft->boxes;
    char waited[BOX_COMING_SIZE];
    box_coming_name(done->name, waited);
    /* What is kept aside goes first: nothing of it may ever have the draft's
     * name. Cut off here, the line tells, and sting verify says so. */
    if (done->aside[0] && (renameat2(boxes, done->name, boxes, done->aside,
                                     RENAME_NOREPLACE) != 0 ||
                           fsync(boxes) != 0)) {
        return fault_errno(fault, STING_E_IO,
                           "check the disk, then import it again",
                           "what is here cannot be kept aside");
    }
    /* In one step: at every moment one of the two has the name. What has the
     * draft's name then is the older record. */
    bool is_first =
        faccessat(boxes, done->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    if (renameat2(boxes, BOX_COMING, boxes, done->name,
                  is_first ? RENAME_NOREPLACE : RENAME_EXCHANGE) != 0 ||
        fsync(boxes) != 0) {
        return fault_errno(fault, STING_E_IO,
                           "check the disk, then import it again",
                           "the copy cannot take its name");
    }
    /* No longer a record that waits, even if that is cut off. */
    (void)unlinkat(boxes, BOX_COMING "/" OPERATION_IMPORTED, 0);
    folder_remove(boxes, BOX_COMING);
    if (!done->waits) {
        folder_remove(boxes, waited);
    }
    return STING_OK;
}

void box_draft_remove(const struct box_draft *draft)
{
    if (draft->dir >= 0) {
        folder_remove(draft->boxes, BOX_COMING);
    }
}
