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

#include "base/file.h"
#include "base/text.h"
#include "ledger/line.h"
#include "operation/baits.h"
#include "operation/sheet.h"

#define MAGIC "sting-register-1\n"
#define MOST_BYTES ((size_t)64 * 1024 * 1024)

struct register_turn {
    int folder; /* bait/, locked */
    uint32_t first;
};

void register_batch_release(struct register_batch *batch)
{
    if (batch->copy) {
        secret_wipe_bytes(batch->copy, batch->copies * sizeof *batch->copy);
    }
    free(batch->copy);
    free(batch->bias);
    *batch = (struct register_batch){0};
}

void register_list_release(struct register_list *list)
{
    for (size_t i = 0; i < list->batches; i++) {
        register_batch_release(&list->batch[i]);
    }
    free(list->batch);
    *list = (struct register_list){0};
}

struct digest register_holder_digest(const struct register_copy *copy)
{
    const struct bytes part[] = {secret_bytes(&copy->salt),
                                 bytes_of_text(copy->holder)};
    return digest_sha256(part, 2);
}

/* Does "00000001-00000020.age" name a batch? Gives its range. */
static bool range_of(const char *file, uint32_t *first, uint32_t *last)
{
    char again[40];
    if (sscanf(file, "%8u-%8u", first, last) != 2 || *first < 1 ||
        *last < *first || *last - *first >= REGISTER_MOST_COPIES) {
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

static enum sting_status batch_write(const struct register_batch *batch,
                                     struct buffer *out)
{
    char original[DIGEST_TEXT_SIZE];
    char root[DIGEST_TEXT_SIZE];
    char hex[2 * SECRET_SIZE + 1];
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out,
        MAGIC "bait %s\noriginal %s\nroot %s\nissued %s\npages %u\ncopies %u\n",
        batch->bait, digest_text(batch->original, original),
        digest_text(batch->root, root), clock_text(batch->issued_utc_us, when),
        batch->pages, batch->copies);
    for (uint32_t p = 0; p < batch->pages && !status; p++) {
        status = buffer_printf(out, "bias %s\n",
                               digest_text(batch->bias[p], original));
    }
    for (uint32_t i = 0; i < batch->copies && !status; i++) {
        const struct register_copy *copy = &batch->copy[i];
        hex_write(secret_bytes(&copy->salt), hex);
        status = buffer_printf(out, "copy %u\nsalt %s\nholder %s\n",
                               copy->number, hex, copy->holder);
    }
    secret_wipe_bytes(hex, sizeof hex);
    return status;
}

static enum sting_status copy_read(struct bytes *from, uint32_t number,
                                   struct register_copy *out)
{
    int64_t got = 0;
    struct digest salt;
    enum sting_status status =
        sheet_take_number(from, "copy", UINT32_MAX, &got);
    if (!status && got != number) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        status = sheet_take_digest(from, "salt", &salt);
    }
    if (!status) {
        status =
            sheet_take_text(from, "holder", out->holder, sizeof out->holder);
    }
    if (!status) {
        out->number = number;
        memcpy(out->salt.byte, salt.byte, SECRET_SIZE);
    }
    return status;
}

static enum sting_status head_read(struct bytes *from,
                                   struct register_batch *out)
{
    int64_t pages = 0;
    int64_t copies = 0;
    size_t magic = strlen(MAGIC);
    if (from->size < magic || memcmp(from->data, MAGIC, magic) != 0) {
        return STING_E_FORMAT;
    }
    from->data += magic;
    from->size -= magic;
    enum sting_status status =
        sheet_take_text(from, "bait", out->bait, sizeof out->bait);
    if (!status) {
        status = sheet_take_digest(from, "original", &out->original);
    }
    if (!status) {
        status = sheet_take_digest(from, "root", &out->root);
    }
    if (!status) {
        status = sheet_take_time(from, "issued", &out->issued_utc_us);
    }
    if (!status) {
        status = sheet_take_number(from, "pages", BAIT_MOST_PAGES, &pages);
    }
    if (!status) {
        status =
            sheet_take_number(from, "copies", REGISTER_MOST_COPIES, &copies);
    }
    out->pages = (uint32_t)pages;
    out->copies = (uint32_t)copies;
    return status;
}

static enum sting_status batch_read(struct bytes from, uint32_t first,
                                    struct register_batch *out)
{
    struct register_batch batch STING_AUTO(register_batch_release) = {0};
    enum sting_status status = head_read(&from, &batch);
    if (status) {
        batch.copies = 0; /* nothing to wipe yet */
        return status;
    }
    batch.bias = calloc((size_t)batch.pages + 1, sizeof *batch.bias);
    batch.copy = calloc((size_t)batch.copies + 1, sizeof *batch.copy);
    if (!batch.bias || !batch.copy) {
        return STING_E_NOMEM;
    }
    for (uint32_t p = 0; p < batch.pages && !status; p++) {
        status = sheet_take_digest(&from, "bias", &batch.bias[p]);
    }
    for (uint32_t i = 0; i < batch.copies && !status; i++) {
        status = copy_read(&from, first + i, &batch.copy[i]);
    }
    if (status || from.size > 0) {
        return status ? status : STING_E_FORMAT;
    }
    *out = batch;
    batch = (struct register_batch){0};
    return STING_OK;
}

static enum sting_status load_visit(struct batch_visit *self, const char *path,
                                    uint32_t first, uint32_t last)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct register_list *list = &self->list;
    enum sting_status status = file_read(operation_dir(self->operation), path,
                                         MOST_BYTES, &sealed, self->fault);
    if (!status) {
        status = operation_unseal(self->keys, path, buffer_bytes(&sealed),
                                  &text, self->fault);
    }
    if (status) {
        return status;
    }
    void *grown =
        reallocarray(list->batch, list->batches + 1, sizeof *list->batch);
    if (!grown) {
        return STING_E_NOMEM;
    }
    list->batch = grown;
    struct register_batch *batch = &list->batch[list->batches];
    *batch = (struct register_batch){0};
    status = batch_read(buffer_bytes(&text), first, batch);
    if (!status && (batch->copies != last - first + 1 ||
                    strcmp(batch->bait, self->bait) != 0)) {
        register_batch_release(batch);
        status = STING_E_FORMAT;
    }
    if (status) {
        return fault_set(self->fault, status, "restore it from a copy",
                         "%s holds no register of these copies", path);
    }
    list->batches++;
    return STING_OK;
}

static int batch_order(const void *left, const void *right)
{
    uint32_t a = ((const struct register_batch *)left)->copy[0].number;
    uint32_t b = ((const struct register_batch *)right)->copy[0].number;
    return a < b ? -1 : a > b;
}

enum sting_status register_load(const struct operation *operation,
                                const struct operation_keys *keys,
                                const char *bait, struct register_list *out,
                                struct fault *fault)
{
    struct batch_visit visit = {.visit = load_visit,
                                .operation = operation,
                                .keys = keys,
                                .fault = fault};
    enum sting_status status = all_visit(&visit, bait);
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

const struct register_copy *register_find(const struct register_list *list,
                                          uint32_t number,
                                          const struct register_batch **batch)
{
    for (size_t i = 0; i < list->batches; i++) {
        const struct register_batch *at = &list->batch[i];
        if (number >= at->copy[0].number &&
            number - at->copy[0].number < at->copies) {
            if (batch) {
                *batch = at;
            }
            return &at->copy[number - at->copy[0].number];
        }
    }
    return NULL;
}

static enum sting_status batch_check(const struct register_turn *turn,
                                     const struct register_batch *batch,
                                     struct fault *fault)
{
    bool is_good = batch->copies > 0 && batch->copies <= REGISTER_MOST_COPIES &&
                   batch->pages <= BAIT_MOST_PAGES &&
                   turn->first <= 99999999 - batch->copies;
    for (uint32_t i = 0; i < batch->copies && is_good; i++) {
        if (batch->copy[i].number != turn->first + i) {
            return fault_set(fault, STING_E_ARG, "",
                             "the numbers of the batch have a hole");
        }
        if (!sheet_text_is_valid(batch->copy[i].holder)) {
            return fault_set(fault, STING_E_ARG,
                             "use 1 to 255 bytes of UTF-8 on one line",
                             "holder %u cannot be registered", i + 1);
        }
    }
    return is_good ? STING_OK
                   : fault_set(fault, STING_E_ARG, "issue fewer at a time",
                               "the batch has no copies, or too many");
}

static enum sting_status issue_line(struct writer *writer,
                                    const struct register_batch *batch,
                                    struct digest sealed, struct fault *fault)
{
    char first[12];
    char count[12];
    char pages[12];
    char text[4][DIGEST_TEXT_SIZE];
    const struct bytes bias = {batch->pages ? batch->bias[0].byte : NULL,
                               batch->pages * sizeof *batch->bias};
    snprintf(first, sizeof first, "%u", batch->copy[0].number);
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
    };
    return writer_line(writer, "issue", field, sizeof field / sizeof *field,
                       NULL, fault);
}

enum sting_status register_append(const struct operation *operation,
                                  struct register_turn *turn,
                                  struct writer *writer,
                                  const struct register_batch *batch,
                                  struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    enum sting_status status = batch_check(turn, batch, fault);
    if (!status) {
        status = batch_write(batch, &text);
    }
    if (!status) {
        status = operation_seal(operation, buffer_bytes(&text), &sealed, fault);
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
