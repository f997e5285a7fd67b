/* Copies as files: made anew, or compared with what is there. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "bait/bait.h"
#include "base/file.h"
#include "operation/outside.h"

/* What is there already must be this copy; its date is set again, for a run
 * may have ended between the two. */
static enum sting_status compare_file(const struct press *press,
                                      const char *path,
                                      const struct bait_made *made,
                                      struct bytes copy, struct fault *fault)
{
    struct buffer there STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        file_read(AT_FDCWD, path, BAIT_MOST_BYTES, &there, fault);
    if (status) {
        return status;
    }
    if (!bytes_equal(buffer_bytes(&there), copy)) {
        return fault_set(fault, STING_E_BUSY, "choose another --out",
                         "%.200s is there already and is not copy %u", path,
                         made->number);
    }
    return press_date(press, path, fault);
}

static enum sting_status write_one(const struct bait_order *order,
                                   struct press *press,
                                   const struct register_copy *copy,
                                   bool checked, struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer file STING_AUTO(buffer_release) = {0};
    enum sting_status status = press_path(press, order->folder, copy->holder,
                                          path, sizeof path, fault);
    if (!status) {
        status = press_copy(press, copy->number, &file, fault);
    }
    if (!status && checked) {
        status = press_check(press, fault);
    }
    if (status) {
        return status;
    }
    const struct bait_made made = {.press = press,
                                   .number = copy->number,
                                   .holder = copy->holder,
                                   .file = path,
                                   .sha256 = digest_of(buffer_bytes(&file)),
                                   .was_there = !access(path, F_OK),
                                   .checked = checked};
    status = made.was_there
                 ? compare_file(press, path, &made, buffer_bytes(&file), fault)
                 : press_save(press, path, buffer_bytes(&file), fault);
    return status ? status : order->sink(order->context, &made);
}

/* What is packed by other libraries than then has the same marks, but perhaps
 * other bytes. */
static enum sting_status tell_packers(const struct bait_order *order,
                                      const struct register_batch *batch)
{
    char now[PDF_PACKERS_SIZE];
    enum sting_status status = pdf_packers(now);
    if (!status && order->repacked && batch->packers[0] &&
        strcmp(pdf_packers_names(batch->packers), pdf_packers_names(now)) !=
            0) {
        order->repacked(order->context, batch, pdf_packers_names(now));
    }
    return status;
}

enum sting_status bait_write(const struct bait_order *order,
                             struct press *press,
                             const struct register_batch *batch, uint32_t first,
                             uint32_t last, struct fault *fault)
{
    enum sting_status status = tell_packers(order, batch);
    if (!status) {
        status = press_pack(press, batch->packers, fault);
    }
    for (uint32_t n = first; !status && n <= last; n++) {
        struct register_copy copy = register_copy_at(batch, n - batch->first);
        if (order->stopped && order->stopped()) {
            return fault_set(fault, STING_E_BUSY,
                             "run the same command again and it goes on",
                             "stopped after %u of %u copies", n - first,
                             last - first + 1);
        }
        bool checked = order->check_all || (n - first) % BAIT_SAMPLE == 0;
        status = write_one(order, press, &copy, checked, fault);
        secret_wipe(&copy.salt);
        if (!status && order->step) {
            order->step(order->context, n - first + 1, last - first + 1,
                        "copies");
        }
    }
    return status;
}

enum sting_status bait_again(const struct bait_order *order, uint32_t first,
                             uint32_t last, struct fault *fault)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct press press STING_AUTO(press_release) = {0};
    struct register_copy copy = {.number = 0};
    enum sting_status status =
        outside_check(order->operation, "--out", order->folder, fault);
    if (!status) {
        status = register_load(order->operation, order->keys, order->bait,
                               &list, fault);
    }
    for (uint32_t n = first; !status && n <= last; n++) {
        if (!register_find(&list, n, &copy, NULL)) {
            status = fault_set(fault, STING_E_ABSENT, "see sting bait list",
                               "copy %u of \"%.40s\" was never issued", n,
                               order->bait);
        }
    }
    if (!status) {
        status = press_init(&press, order->operation, order->keys, order->bait,
                            order->worker, fault);
    }
    for (size_t b = 0; !status && b < list.batches; b++) {
        const struct register_batch *batch = &list.batch[b];
        uint32_t end = batch->first + batch->copies - 1;
        uint32_t from = first > batch->first ? first : batch->first;
        uint32_t to = last < end ? last : end;
        if (from <= to) {
            status = bait_write(order, &press, batch, from, to, fault);
        }
    }
    secret_wipe(&copy.salt);
    return status;
}
