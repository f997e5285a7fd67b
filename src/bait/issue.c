/* A batch: who gets one, its commitment, then its files. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bait/bait.h"
#include "ledger/tree.h"
#include "mark/code.h"
#include "operation/outside.h"

#define STEP 4096U /* copies between two words about progress */

/* One run of bait_issue(). */
struct issuing {
    const struct bait_order *order;
    struct holders *holders;
    struct moment (*now)(void);
    struct press press;                  /* owned */
    struct register_list list;           /* owned: what the bait has already */
    struct register_batch made;          /* owned: when a new one is made */
    const struct register_batch *before; /* to be completed first */
    const struct register_batch *batch;  /* the one to write */
    char folder[REGISTER_FOLDER_SIZE];   /* where to, absolute; "" nowhere */
    bool was_there;
};

static void issuing_release(struct issuing *issuing)
{
    press_release(&issuing->press);
    register_list_release(&issuing->list);
    register_batch_release(&issuing->made);
}

/* Nothing is committed for files that are in the way. */
static enum sting_status check_paths(const struct issuing *issuing,
                                     struct fault *fault)
{
    char path[PATH_MAX];
    const struct holder_list *list = &issuing->holders->list;
    enum sting_status status = STING_OK;
    for (uint32_t i = 0; issuing->order->folder && !status && i < list->count;
         i++) {
        status = press_path(&issuing->press, issuing->order->folder,
                            holder_list_at(list, i), path, sizeof path, fault);
        if (!status && !access(path, F_OK)) {
            status = fault_set(fault, STING_E_BUSY, "choose another --out",
                               "%.200s is there already", path);
        }
    }
    return status;
}

/* Where the files go, told in full: the same command, run again from
 * elsewhere, is another one. */
static enum sting_status find_folder(struct issuing *issuing,
                                     struct fault *fault)
{
    char here[PATH_MAX] = "";
    const char *folder = issuing->order->folder;
    bool is_full = !folder || folder[0] == '/';
    if (!is_full && !getcwd(here, sizeof here)) {
        return fault_errno(fault, STING_E_IO, "name it from /",
                           "--out cannot be found");
    }
    int size = snprintf(issuing->folder, sizeof issuing->folder, "%s%s%s", here,
                        is_full ? "" : "/", folder ? folder : "");
    return size < 0 || (size_t)size >= sizeof issuing->folder
               ? fault_set(fault, STING_E_LIMIT, "choose a shorter --out",
                           "the folder's name is too long")
               : STING_OK;
}

static bool is_blind(const struct issuing *issuing)
{
    return operation_config(issuing->order->operation)->blind;
}

/* Where a batch's files go, as its register says it. The first person reads
 * that, and a folder may be called after a holder: of a blind batch it is a
 * hash with the seed, which is sealed with the names. */
static void folder_text(const struct issuing *issuing,
                        const struct secret *seed,
                        char out[REGISTER_FOLDER_SIZE])
{
    uint8_t plain[SECRET_SIZE + REGISTER_FOLDER_SIZE];
    size_t size = strlen(issuing->folder);
    memcpy(out, issuing->folder, size + 1);
    if (size == 0 || !is_blind(issuing)) {
        return;
    }
    memcpy(plain, seed->byte, SECRET_SIZE);
    memcpy(plain + SECRET_SIZE, issuing->folder, size);
    digest_text(digest_of((struct bytes){plain, SECRET_SIZE + size}), out);
    secret_wipe_bytes(plain, sizeof plain);
}

/* Blind batches of before say their folder as it is. */
static bool went_here(const struct issuing *issuing,
                      const struct register_batch *batch)
{
    char here[REGISTER_FOLDER_SIZE];
    folder_text(issuing, &batch->seed, here);
    return !strcmp(batch->folder, here) ||
           !strcmp(batch->folder, issuing->folder);
}

/* Exactly these, in whatever order: no list names anybody twice. */
static bool has_the_same(const struct issuing *issuing,
                         const struct register_batch *batch)
{
    const struct holder_list *list = &issuing->holders->list;
    if (batch->copies != list->count) {
        return false;
    }
    for (uint32_t i = 0; i < batch->copies; i++) {
        const char *name = holder_list_at(&batch->holder, i);
        int64_t at = holders_find(issuing->holders, name);
        if (at < 0 || strcmp(holder_list_at(list, (uint32_t)at), name) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_to_these(const struct issuing *issuing,
                        const struct register_batch *batch)
{
    return is_blind(issuing)
               ? has_the_same(issuing, batch)
               : bytes_equal(holder_list_text(&batch->holder),
                             holder_list_text(&issuing->holders->list));
}

/* A batch to exactly these holders, the newest; with --again it must have
 * gone to the same folder. A blind one has them in an order of its own. */
static const struct register_batch *find_batch(const struct issuing *issuing)
{
    for (size_t b = issuing->list.batches; b-- > 0;) {
        const struct register_batch *batch = &issuing->list.batch[b];
        if (is_to_these(issuing, batch) &&
            (!issuing->order->again || went_here(issuing, batch))) {
            return batch;
        }
    }
    return NULL;
}

/* With --new-only, a run that was interrupted has left a batch of some of
 * these holders: the newest that went to this folder. */
static const struct register_batch *find_before(const struct issuing *issuing)
{
    const struct register_batch *all = issuing->list.batch;
    for (size_t b = all ? issuing->list.batches : 0; b-- > 0;) {
        const struct register_batch *batch = &all[b];
        if (!issuing->folder[0] || !went_here(issuing, batch)) {
            continue;
        }
        uint32_t i = 0;
        while (i < batch->copies &&
               holders_find(issuing->holders,
                            holder_list_at(&batch->holder, i)) >= 0) {
            i++;
        }
        return i == batch->copies ? batch : NULL;
    }
    return NULL;
}

/* Who has a copy already gets no second one by accident. */
static enum sting_status take_batch(const struct issuing *issuing,
                                    const struct register_batch *batch,
                                    bool *keep, struct fault *fault)
{
    for (uint32_t i = 0; i < batch->copies; i++) {
        const char *name = holder_list_at(&batch->holder, i);
        int64_t at = holders_find(issuing->holders, name);
        if (at >= 0 && !issuing->order->only_new) {
            return fault_set(
                fault, STING_E_BUSY,
                "leave them out, or say --new-only to leave out all who have "
                "one, --again to give one more",
                "\"%.120s\" has copy %u of it already", name, batch->first + i);
        }
        if (at >= 0) {
            keep[at] = false;
        }
    }
    return STING_OK;
}

static enum sting_status check_holders(const struct issuing *issuing,
                                       struct fault *fault)
{
    uint32_t count = issuing->holders->list.count;
    bool *keep = malloc((size_t)count + 1);
    enum sting_status status = keep ? STING_OK : STING_E_NOMEM;
    for (uint32_t i = 0; keep && i < count; i++) {
        keep[i] = true;
    }
    for (size_t b = 0; !status && b < issuing->list.batches; b++) {
        status = take_batch(issuing, &issuing->list.batch[b], keep, fault);
    }
    if (!status && issuing->order->only_new) {
        status = holders_filter(issuing->holders, keep);
    }
    free(keep);
    return status;
}

static void fill_root(const struct issuing *issuing,
                      struct register_batch *batch)
{
    struct tree tree = {0};
    const struct bait_order *order = issuing->order;
    for (uint32_t i = 0; i < batch->copies; i++) {
        struct secret key STING_AUTO(secret_wipe);
        struct register_copy copy = register_copy_at(batch, i);
        mark_copy_key(&issuing->press.document, copy.number, &key);
        tree_add(&tree, mark_commitment_leaf(copy.number, &key, copy.salt.byte,
                                             bytes_of_text(copy.holder)));
        secret_wipe(&copy.salt);
        if (order->step && (i + 1) % STEP == 0) {
            order->step(order->context, i + 1, batch->copies, "commitments");
        }
    }
    batch->root = tree_root(&tree);
}

static void fill_biases(const struct press *press, struct register_batch *batch)
{
    for (uint32_t p = 0; p < batch->pages; p++) {
        struct secret key STING_AUTO(secret_wipe);
        mark_bias_key(&press->document, p, &key);
        batch->bias[p] = digest_of(secret_bytes(&key));
    }
}

/* In a blind operation, who knows the list that was given, as of all the
 * staff by their names, must not read copy n as its row n. */
static enum sting_status order_settle(struct issuing *issuing)
{
    if (is_blind(issuing)) {
        return holders_shuffle(issuing->holders,
                               operation_random(issuing->order->operation));
    }
    holders_settle(issuing->holders);
    return STING_OK;
}

static enum sting_status fill_batch(struct issuing *issuing, uint32_t first)
{
    struct register_batch *batch = &issuing->made;
    const struct bait *bait = &issuing->press.bait;
    batch->original = bait->original;
    batch->facts = issuing->press.facts.pt;
    batch->issued_utc_us = issuing->now().utc_us;
    batch->first = first;
    batch->copies = issuing->holders->list.count;
    batch->pages = (uint32_t)bait->pages;
    batch->bias = calloc(batch->pages, sizeof *batch->bias);
    if (!batch->bias) {
        return STING_E_NOMEM;
    }
    memcpy(batch->bait, bait->name, sizeof batch->bait);
    enum sting_status status = pdf_packers(batch->packers);
    if (status) {
        return status;
    }
    batch->seed = random_secret(operation_random(issuing->order->operation));
    folder_text(issuing, &batch->seed, batch->folder);
    status = order_settle(issuing);
    if (status) {
        return status;
    }
    batch->holder = issuing->holders->list; /* moves */
    issuing->holders->list = (struct holder_list){0};
    fill_root(issuing, batch);
    fill_biases(&issuing->press, batch);
    return STING_OK;
}

static enum sting_status make_batch(struct issuing *issuing,
                                    struct register_turn *turn,
                                    struct writer *writer, uint32_t first,
                                    struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (!issuing->order->again) {
        status = check_holders(issuing, fault);
    }
    if (status || issuing->holders->list.count == 0) {
        return status;
    }
    status = check_paths(issuing, fault);
    if (!issuing->before) {
        register_list_release(&issuing->list);
    }
    if (!status) {
        status = fill_batch(issuing, first);
    }
    issuing->batch = &issuing->made;
    return status ? status
                  : register_append(issuing->order->operation, turn, writer,
                                    &issuing->made, fault);
}

/* Numbers, salts and one ledger line: from here on the batch stands. */
static enum sting_status commit(struct issuing *issuing, struct fault *fault)
{
    const struct bait_order *order = issuing->order;
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    uint32_t first = 0;
    enum sting_status status =
        writer_open(order->operation, issuing->now, &writer, fault);
    if (!status) {
        status = register_turn_begin(order->operation, &turn, &first, fault);
    }
    if (!status) {
        status = register_load_all(order->operation, order->keys, order->bait,
                                   &issuing->list, fault);
    }
    if (status) {
        return status;
    }
    issuing->batch = find_batch(issuing);
    issuing->was_there = issuing->batch;
    if (!issuing->batch && order->only_new) {
        issuing->before = find_before(issuing);
    }
    if (issuing->before) {
        status = register_commit(writer, issuing->before, fault);
    }
    if (status) {
        return status;
    }
    status = issuing->batch ? register_commit(writer, issuing->batch, fault)
                            : make_batch(issuing, turn, writer, first, fault);
    return status ? status : writer_close(&writer, fault);
}

/* Registered, and no file asked for. */
static enum sting_status tell_whole(const struct issuing *issuing,
                                    const struct register_batch *batch)
{
    enum sting_status status = STING_OK;
    for (uint32_t i = 0; !status && i < batch->copies; i++) {
        const struct bait_made made = {.press = &issuing->press,
                                       .number = batch->first + i,
                                       .holder =
                                           holder_list_at(&batch->holder, i),
                                       .was_there = issuing->was_there};
        status = issuing->order->sink(issuing->order->context, &made);
    }
    return status;
}

static enum sting_status write_whole(struct issuing *issuing,
                                     const struct register_batch *batch,
                                     struct fault *fault)
{
    return issuing->order->folder
               ? bait_write(issuing->order, &issuing->press, batch,
                            batch->first, batch->first + batch->copies - 1,
                            fault)
               : tell_whole(issuing, batch);
}

enum sting_status bait_issue(const struct bait_order *order,
                             struct holders *holders,
                             struct moment (*now)(void), struct bait_batch *out,
                             struct fault *fault)
{
    struct issuing issuing STING_AUTO(issuing_release) = {
        .order = order, .holders = holders, .now = now};
    *out = (struct bait_batch){0};
    if (holders->list.count == 0) {
        return fault_set(fault, STING_E_ARG, "name them with --to or --holders",
                         "there is no holder");
    }
    enum sting_status status = find_folder(&issuing, fault);
    if (!status && order->folder) {
        status = outside_check(order->operation, "--out", order->folder, fault);
    }
    if (!status) {
        status = press_init(&issuing.press, order->operation, order->keys,
                            order->bait, order->worker, fault);
    }
    if (!status) {
        status = commit(&issuing, fault);
    }
    if (!status && issuing.batch && order->ready) {
        status = order->ready(order->context, &issuing.press.bait,
                              issuing.batch->copies);
    }
    if (!status && issuing.before) {
        status = write_whole(&issuing, issuing.before, fault);
    }
    if (!status && issuing.batch) {
        *out = (struct bait_batch){issuing.batch->first, issuing.batch->copies,
                                   issuing.was_there};
        status = write_whole(&issuing, issuing.batch, fault);
    }
    return status;
}
