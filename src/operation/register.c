#include "operation/register.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "ledger/line.h"
#include "operation/baits.h"
#include "operation/register_told.h"
#include "operation/sheet.h"

#define MOST_NUMBER 99999999U
#define MOST_BYTES ((size_t)288 * 1024 * 1024)

struct register_turn {
    int folder; /* bait/, locked */
    uint32_t first;
};

void register_list_release(struct register_list *list)
{
    for (size_t i = 0; i < list->batches; i++) {
        register_batch_release(&list->batch[i]);
    }
    free(list->batch);
    *list = (struct register_list){0};
}

enum sting_status register_list_take(struct register_list *from,
                                     const char *bait,
                                     struct register_list *out)
{
    struct register_batch *taken = calloc(from->batches + 1, sizeof *taken);
    size_t left = 0;
    if (!taken) {
        return STING_E_NOMEM;
    }
    *out = (struct register_list){.batch = taken};
    for (size_t i = 0; i < from->batches; i++) {
        if (!strcmp(from->batch[i].bait, bait)) {
            taken[out->batches++] = from->batch[i];
        } else {
            from->batch[left++] = from->batch[i];
        }
    }
    from->batches = left;
    return STING_OK;
}

/* Does "00000001-00000020.age" name a batch? Gives its range. */
static bool range_of(const char *file, uint32_t *first, uint32_t *last)
{
    char again[40];
    const char *rest = file;
    if (!digits_read(&rest, 8, first) || *rest++ != '-' ||
        !digits_read(&rest, 8, last) || *first < 1 || *last < *first ||
        *last - *first >= REGISTER_MOST_COPIES) {
        return false;
    }
    snprintf(again, sizeof again, "%08u-%08u.age", *first, *last);
    return !strcmp(file, again);
}

/* Call visit for every batch file of a bait, in order of numbers. */
struct batch_visit {
    enum sting_status (*visit)(struct batch_visit *self, const char *path,
                               uint32_t first, uint32_t last);
    const struct operation *operation;
    const struct operation_keys *keys;
    const char *bait;
    struct register_list list;
    uint32_t highest;
    struct fault *fault;
};

static enum sting_status batches_visit(struct batch_visit *self)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    struct dirent **entry = NULL;
    enum sting_status status = STING_OK;
    snprintf(folder, sizeof folder, "bait/%s/register", self->bait);
    int entries = scandirat(operation_dir(self->operation), folder, &entry,
                            NULL, alphasort);
    for (int i = 0; i < entries; i++) {
        uint32_t first = 0;
        uint32_t last = 0;
        if (!status && range_of(entry[i]->d_name, &first, &last)) {
            snprintf(path, sizeof path, "bait/%s/register/%s", self->bait,
                     entry[i]->d_name);
            status = self->visit(self, path, first, last);
        }
        free(entry[i]);
    }
    free((void *)entry);
    return status;
}

static enum sting_status all_visit(struct batch_visit *self, const char *bait)
{
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    if (bait) {
        self->bait = bait;
        return batches_visit(self);
    }
    enum sting_status status =
        bait_names_init(self->operation, &names, self->fault);
    for (size_t i = 0; i < names.count && !status; i++) {
        self->bait = names.name[i];
        status = batches_visit(self);
    }
    return status;
}

static enum sting_status highest_visit(struct batch_visit *self,
                                       const char *path, uint32_t first,
                                       uint32_t last)
{
    (void)path;
    (void)first;
    self->highest = last > self->highest ? last : self->highest;
    return STING_OK;
}

void register_turn_end(struct register_turn **turn)
{
    if (*turn) {
        fd_close(&(*turn)->folder); /* gives the lock back */
    }
    free(*turn);
    *turn = NULL;
}

enum sting_status register_turn_begin(const struct operation *operation,
                                      struct register_turn **out,
                                      uint32_t *first, struct fault *fault)
{
    struct register_turn *turn STING_AUTO(register_turn_end) =
        calloc(1, sizeof *turn);
    struct batch_visit visit = {
        .visit = highest_visit, .operation = operation, .fault = fault};
    if (!turn) {
        return STING_E_NOMEM;
    }
    turn->folder = -1;
    if (folder_make(operation_dir(operation), "bait") == STING_OK) {
        turn->folder = openat(operation_dir(operation), "bait",
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (turn->folder < 0 || flock(turn->folder, LOCK_EX) != 0) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "the folder bait cannot be used");
    }
    enum sting_status status = all_visit(&visit, NULL);
    if (status) {
        return status;
    }
    turn->first = visit.highest + 1;
    *first = turn->first;
    *out = turn;
    turn = NULL;
    return STING_OK;
}

/* The second person's part of a blind batch. */
static enum sting_status names_open(const struct batch_visit *self,
                                    const char *path,
                                    struct register_batch *batch)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    const struct operation_keys second = {.has = OPERATION_IDENTITY,
                                          .identity = self->keys->names};
    enum sting_status status = operation_unseal(
        &second, path, buffer_bytes(&batch->names), &text, self->fault);
    if (!status && register_names_read(&text, batch)) {
        status =
            fault_set(self->fault, STING_E_FORMAT, "restore it from a copy",
                      "%s holds no names of these copies", path);
    }
    return status;
}

static enum sting_status batch_load(struct batch_visit *self, const char *path,
                                    uint32_t first, struct register_batch *out)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = file_read(operation_dir(self->operation), path,
                                         MOST_BYTES, &sealed, self->fault);
    struct digest ct = digest_of(buffer_bytes(&sealed));
    if (!status) {
        status = operation_unseal(self->keys, path, buffer_bytes(&sealed),
                                  &text, self->fault);
    }
    buffer_release(&sealed);
    if (status) {
        return status;
    }
    status = register_read(&text, first, out);
    out->sealed = ct;
    if (!status && (self->keys->has & OPERATION_NAMES) && out->names.size > 0) {
        return names_open(self, path, out);
    }
    return status ? fault_set(self->fault, status, "restore it from a copy",
                              "%s holds no register of these copies", path)
                  : STING_OK;
}

static enum sting_status load_visit(struct batch_visit *self, const char *path,
                                    uint32_t first, uint32_t last)
{
    struct register_list *list = &self->list;
    struct register_batch batch STING_AUTO(register_batch_release) = {0};
    enum sting_status status = batch_load(self, path, first, &batch);
    if (status) {
        return status;
    }
    if (batch.copies != last - first + 1 ||
        strcmp(batch.bait, self->bait) != 0) {
        return fault_set(self->fault, STING_E_FORMAT, "restore it from a copy",
                         "%s holds no register of these copies", path);
    }
    struct register_batch *one =
        array_add(&list->batch, &list->batches, sizeof *list->batch);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = batch;
    batch = (struct register_batch){0};
    return STING_OK;
}

static int batch_order(const void *left, const void *right)
{
    uint32_t a = ((const struct register_batch *)left)->first;
    uint32_t b = ((const struct register_batch *)right)->first;
    return a < b ? -1 : a > b;
}

/* Batches without their line go: copies of them were never made. */
static void untold_drop(struct register_list *list)
{
    size_t left = 0;
    for (size_t i = 0; i < list->batches; i++) {
        if (list->batch[i].is_told) {
            list->batch[left++] = list->batch[i];
        } else {
            register_batch_release(&list->batch[i]);
        }
    }
    list->batches = left;
}

enum sting_status register_load(const struct operation *operation,
                                const struct operation_keys *keys,
                                const char *bait, struct register_list *out,
                                struct fault *fault)
{
    enum sting_status status =
        register_load_all(operation, keys, bait, out, fault);
    if (!status) {
        untold_drop(out);
    }
    return status;
}

enum sting_status register_load_all(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    const char *bait, struct register_list *out,
                                    struct fault *fault)
{
    struct batch_visit visit = {.visit = load_visit,
                                .operation = operation,
                                .keys = keys,
                                .fault = fault};
    enum sting_status status = all_visit(&visit, bait);
    if (!status && visit.list.batches > 0) {
        status = register_told(operation_dir(operation), &visit.list, fault);
    }
    if (status) {
        register_list_release(&visit.list);
        return status;
    }
    if (visit.list.batches > 1) {
        qsort(visit.list.batch, visit.list.batches, sizeof *visit.list.batch,
              batch_order);
    }
    *out = visit.list;
    return STING_OK;
}

bool register_find(const struct register_list *list, uint32_t number,
                   struct register_copy *out,
                   const struct register_batch **batch)
{
    for (size_t i = 0; i < list->batches; i++) {
        const struct register_batch *at = &list->batch[i];
        if (number < at->first || number - at->first >= at->copies) {
            continue;
        }
        *out = register_copy_at(at, number - at->first);
        if (batch) {
            *batch = at;
        }
        return true;
    }
    return false;
}

static enum sting_status batch_check(const struct register_turn *turn,
                                     const struct register_batch *batch,
                                     struct fault *fault)
{
    if (batch->copies == 0 || batch->copies > REGISTER_MOST_COPIES ||
        batch->copies != batch->holder.count ||
        batch->pages > BAIT_MOST_PAGES || batch->first != turn->first ||
        turn->first > MOST_NUMBER - batch->copies) {
        return fault_set(fault, STING_E_ARG, "issue fewer at a time",
                         "the batch has no copies, too many, or others than "
                         "it says");
    }
    if (batch->folder[0] && !sheet_text_is_valid(batch->folder)) {
        return fault_set(fault, STING_E_ARG, "choose another --out",
                         "the folder's name is no line of UTF-8");
    }
    return STING_OK;
}

static enum sting_status issue_line(struct writer *writer,
                                    const struct register_batch *batch,
                                    struct digest sealed, struct fault *fault)
{
    char first[12];
    char count[12];
    char pages[12];
    char text[5][DIGEST_TEXT_SIZE];
    bool has_facts = !digest_equal(batch->facts, (struct digest){{0}});
    const struct bytes bias = {batch->pages ? batch->bias[0].byte : NULL,
                               batch->pages * sizeof *batch->bias};
    snprintf(first, sizeof first, "%u", batch->first);
    snprintf(count, sizeof count, "%u", batch->copies);
    snprintf(pages, sizeof pages, "%u", batch->pages);
    const struct line_field field[] = {
        {"bait", batch->bait},
        {"first", first},
        {"count", count},
        {"original", digest_text(batch->original, text[0])},
        {"root", digest_text(batch->root, text[1])},
        {"pages", pages},
        {"bias", digest_text(digest_of(bias), text[2])},
        {"register", digest_text(sealed, text[3])},
        {"facts", has_facts ? digest_text(batch->facts, text[4]) : NULL},
    };
    return writer_line(writer, "issue", field, sizeof field / sizeof *field,
                       NULL, fault);
}

/* Seed and names to those who may open them, the rest to all recipients. */
static enum sting_status blind_seal(const struct operation *operation,
                                    const struct register_batch *batch,
                                    struct buffer *sealed, struct fault *fault)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct buffer names STING_AUTO(buffer_release) = {0};
    struct buffer head STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = register_names_write(batch, &plain);
    if (!status) {
        status = operation_seal_names(operation, buffer_bytes(&plain), &names,
                                      fault);
    }
    if (!status) {
        status = register_blind_head_write(batch, names.size, &head);
    }
    const struct bytes part[] = {buffer_bytes(&head), buffer_bytes(&names)};
    return status ? status
                  : operation_seal_parts(operation, part, 2, sealed, fault);
}

static enum sting_status batch_seal(const struct operation *operation,
                                    const struct register_batch *batch,
                                    struct buffer *sealed, struct fault *fault)
{
    struct buffer head STING_AUTO(buffer_wipe) = {0};
    if (operation_config(operation)->blind) {
        return blind_seal(operation, batch, sealed, fault);
    }
    enum sting_status status = register_head_write(batch, &head);
    const struct bytes part[] = {buffer_bytes(&head),
                                 holder_list_text(&batch->holder)};
    return status ? status
                  : operation_seal_parts(operation, part, 2, sealed, fault);
}

enum sting_status register_append(const struct operation *operation,
                                  struct register_turn *turn,
                                  struct writer *writer,
                                  const struct register_batch *batch,
                                  struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    enum sting_status status = batch_check(turn, batch, fault);
    if (!status) {
        status = batch_seal(operation, batch, &sealed, fault);
    }
    if (status) {
        return status;
    }
    snprintf(path, sizeof path, "bait/%s/register/%08u-%08u.age", batch->bait,
             turn->first, turn->first + batch->copies - 1);
    status = file_write(operation_dir(operation), path, buffer_bytes(&sealed),
                        0600, fault);
    if (status) {
        return status;
    }
    turn->first += batch->copies;
    return issue_line(writer, batch, digest_of(buffer_bytes(&sealed)), fault);
}

enum sting_status register_commit(struct writer *writer,
                                  const struct register_batch *batch,
                                  struct fault *fault)
{
    return batch->is_told ? STING_OK
                          : issue_line(writer, batch, batch->sealed, fault);
}
