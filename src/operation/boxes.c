#include "operation/boxes.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/tree.h"
#include "operation/box_before.h"
#include "operation/box_draft.h"
#include "operation/box_owner.h"
#include "operation/writer.h"

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
    enum sting_status status = box_name_check(name, fault);
    return status ? status
                  : writer_note(office, clock_now, "box", field,
                                sizeof field / sizeof *field, fault);
}

static enum sting_status import_tell(const struct operation *office, int draft,
                                     const struct box_order *order,
                                     const struct box_import *done,
                                     struct fault *fault)
{
    struct tree tree = {.leaves = 0};
    char origin[48], size[24], root[DIGEST_TEXT_SIZE];
    uint64_t ignored = 0;
    enum sting_status status = box_signed_part(draft, &tree, &ignored, fault);
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
                  : writer_note(office, clock_now, "import", field,
                                sizeof field / sizeof *field, fault);
}

/* Once the ledger may tell of it, what came is kept: verify says so. */
static enum sting_status import_finish(const struct operation *office,
                                       const struct box_draft *draft,
                                       const struct box_order *order,
                                       const struct box_import *done,
                                       struct fault *fault)
{
    enum sting_status status =
        import_tell(office, draft->dir, order, done, fault);
    if (!status) {
        return box_draft_place(draft, done, fault);
    }
    (void)snprintf(fault->todo, sizeof fault->todo,
                   "mend that, then import it again: until then, what came is "
                   "kept in " BOXES_FOLDER);
    return status;
}

static enum sting_status folder_take(const struct operation *office, int from,
                                     const struct box_order *order,
                                     struct box_import *out,
                                     struct fault *fault)
{
    struct box_draft draft STING_AUTO(box_draft_close) = BOX_DRAFT_NONE;
    const struct folder_copied *copied = &draft.copied;
    enum sting_status status = box_draft_make(office, from, &draft, fault);
    if (!status) {
        status = box_draft_verify(&draft, order, out, fault);
    }
    if (!status) {
        status = box_owner_check(office, order, out, fault);
    }
    if (!status) {
        status = box_before_check(office, draft.boxes, draft.dir, out, fault);
    }
    if (!status) {
        status = box_before_keep(draft.boxes, draft.dir, out, fault);
    }
    if (!status) {
        status = box_draft_ready(&draft, out, fault);
    }
    if (status) {
        box_draft_remove(&draft);
    } else {
        status = import_finish(office, &draft, order, out, fault);
    }
    out->files = copied->files;
    out->bytes = copied->bytes;
    out->left = copied->left;
    memcpy(out->left_name, copied->left_name, sizeof out->left_name);
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
