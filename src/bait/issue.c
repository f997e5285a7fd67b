#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bait/bait.h"
#include "ledger/tree.h"
#include "mark/code.h"

static enum sting_status write_one(const struct bait_order *order,
                                   struct press *press,
                                   const struct register_copy *copy,
                                   struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer file STING_AUTO(buffer_release) = {0};
    enum sting_status status = press_path(press, order->folder, copy->holder,
                                          path, sizeof path, fault);
    if (!status) {
        status = press_copy(press, copy->number, &file, fault);
    }
    if (!status) {
        status = press_save(press, path, buffer_bytes(&file), fault);
    }
    if (status) {
        return status;
    }
    const struct bait_made made = {.press = press,
                                   .number = copy->number,
                                   .holder = copy->holder,
                                   .file = path,
                                   .sha256 = digest_of(buffer_bytes(&file))};
    return order->sink(order->context, &made);
}

/* Nothing is committed for files that are in the way. */
static enum sting_status check_paths(const struct bait_order *order,
                                     const struct press *press,
                                     const struct holders *holders,
                                     struct fault *fault)
{
    char path[PATH_MAX];
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < holders->count; i++) {
        status = press_path(press, order->folder, holders->name[i], path,
                            sizeof path, fault);
        if (!status && !access(path, F_OK)) {
            status = fault_set(fault, STING_E_BUSY, "choose another --out",
                               "%.200s is there already", path);
        }
    }
    return status;
}

static void fill_copies(const struct bait_order *order,
                        const struct press *press,
                        const struct holders *holders, uint32_t first,
                        struct register_batch *batch)
{
    struct tree tree = {0};
    for (uint32_t i = 0; i < batch->copies; i++) {
        struct register_copy *copy = &batch->copy[i];
        struct secret key STING_AUTO(secret_wipe);
        copy->number = first + i;
        copy->salt = random_secret(operation_random(order->operation));
        memcpy(copy->holder, holders->name[i], sizeof copy->holder);
        mark_copy_key(&press->document, copy->number, &key);
        tree_add(&tree,
                 mark_commitment_leaf(copy->number, &key, copy->salt.byte,
                                      bytes_of_text(copy->holder)));
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

static enum sting_status fill_batch(const struct bait_order *order,
                                    const struct press *press,
                                    const struct holders *holders,
                                    uint32_t first, struct moment moment,
                                    struct register_batch *batch)
{
    batch->original = press->bait.original;
    batch->issued_utc_us = moment.utc_us;
    batch->copies = (uint32_t)holders->count;
    batch->pages = (uint32_t)press->bait.pages;
    batch->copy = calloc(batch->copies, sizeof *batch->copy);
    batch->bias = calloc(batch->pages, sizeof *batch->bias);
    if (!batch->copy || !batch->bias) {
        return STING_E_NOMEM;
    }
    memcpy(batch->bait, press->bait.name, sizeof batch->bait);
    fill_copies(order, press, holders, first, batch);
    fill_biases(press, batch);
    return STING_OK;
}

/* Numbers, salts and one ledger line: from here on the batch stands. */
static enum sting_status commit(const struct bait_order *order,
                                const struct press *press,
                                const struct holders *holders,
                                struct moment (*now)(void),
                                struct register_batch *batch,
                                struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    uint32_t first = 0;
    enum sting_status status =
        writer_open(order->operation, now, &writer, fault);
    if (!status) {
        status = register_turn_begin(order->operation, &turn, &first, fault);
    }
    if (!status) {
        status = fill_batch(order, press, holders, first, now(), batch);
    }
    if (!status) {
        status = register_append(order->operation, turn, writer, batch, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

enum sting_status bait_issue(const struct bait_order *order,
                             const struct holders *holders,
                             struct moment (*now)(void), struct fault *fault)
{
    struct press press STING_AUTO(press_release) = {0};
    struct register_batch batch STING_AUTO(register_batch_release) = {0};
    if (holders->count == 0) {
        return fault_set(fault, STING_E_ARG, "name them with --to or --holders",
                         "there is no holder");
    }
    enum sting_status status = press_init(&press, order->operation, order->keys,
                                          order->bait, order->worker, fault);
    if (!status) {
        status = check_paths(order, &press, holders, fault);
    }
    if (!status) {
        status = commit(order, &press, holders, now, &batch, fault);
    }
    for (uint32_t i = 0; !status && i < batch.copies; i++) {
        status = write_one(order, &press, &batch.copy[i], fault);
    }
    return status;
}

enum sting_status bait_again(const struct bait_order *order, uint32_t number,
                             struct fault *fault)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct press press STING_AUTO(press_release) = {0};
    enum sting_status status =
        register_load(order->operation, order->keys, order->bait, &list, fault);
    if (status) {
        return status;
    }
    const struct register_copy *copy = register_find(&list, number, NULL);
    if (!copy) {
        return fault_set(fault, STING_E_ABSENT, "see sting bait list",
                         "copy %u of \"%.40s\" was never issued", number,
                         order->bait);
    }
    status = press_init(&press, order->operation, order->keys, order->bait,
                        order->worker, fault);
    return status ? status : write_one(order, &press, copy, fault);
}
