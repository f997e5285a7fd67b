#include "alert/queue.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "operation/queue_file.h"
#include "operation/sheet.h"

#define MAGIC "sting-queue-3\n"
#define MAGIC_2 "sting-queue-2\n" /* of before: does not say to whom */
#define MAGIC_1 "sting-queue-1\n" /* nor when; always JSON, due at once */
#define PATH_SIZE 40

void queue_item_release(struct queue_item *item)
{
    buffer_release(&item->body);
}

static void path_of(uint32_t alert, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "queue/%08u.age", alert);
}

static enum sting_status item_write(const struct queue_item *item,
                                    struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    char due[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out,
        MAGIC "alert %u\nincident %u\ntier %s\nchannel %s\nqueued %s\n"
              "due %s\nlate %d\ntype %s\naddress %s\nto %s\n",
        item->alert, item->incident, item->tier, item->channel,
        clock_text(item->queued_utc_us, when),
        clock_text(item->due_utc_us, due), item->is_late, item->type,
        item->address, item->to[0] ? item->to : "-");
    return status ? status : buffer_append(out, buffer_bytes(&item->body));
}

static enum sting_status old_fill(struct queue_item *out)
{
    out->due_utc_us = out->queued_utc_us;
    (void)snprintf(out->type, sizeof out->type, "application/json");
    return STING_OK;
}

/* When it is to be sent, and as what. */
static enum sting_status due_read(struct bytes *from, struct queue_item *out)
{
    int64_t is_late = 0;
    enum sting_status status = sheet_take_time(from, "due", &out->due_utc_us);
    if (!status) {
        status = sheet_take_number(from, "late", 1, &is_late);
    }
    out->is_late = is_late == 1;
    return status ? status
                  : sheet_take_text(from, "type", out->type, sizeof out->type);
}

/* To whom; "-" nobody is named. */
static enum sting_status to_read(struct bytes *from, struct queue_item *out)
{
    enum sting_status status =
        sheet_take_text(from, "to", out->to, sizeof out->to);
    out->has_to = !status;
    if (!strcmp(out->to, "-")) {
        out->to[0] = '\0';
    }
    return status;
}

static enum sting_status head_read(struct bytes *from, struct queue_item *out)
{
    int64_t alert = 0;
    int64_t incident = 0;
    size_t magic = strlen(MAGIC);
    static const char *const head[] = {MAGIC_1, MAGIC_2, MAGIC};
    int version = 0;
    while (version < 3 && (from->size < magic ||
                           memcmp(from->data, head[version], magic) != 0)) {
        version++;
    }
    if (version++ == 3) {
        return STING_E_FORMAT;
    }
    from->data += magic;
    from->size -= magic;
    enum sting_status status =
        sheet_take_number(from, "alert", UINT32_MAX, &alert);
    if (!status) {
        status = sheet_take_number(from, "incident", UINT32_MAX, &incident);
    }
    if (!status) {
        status = sheet_take_text(from, "tier", out->tier, sizeof out->tier);
    }
    if (!status) {
        status =
            sheet_take_text(from, "channel", out->channel, sizeof out->channel);
    }
    if (!status) {
        status = sheet_take_time(from, "queued", &out->queued_utc_us);
    }
    if (!status) {
        status = version == 1 ? old_fill(out) : due_read(from, out);
    }
    if (!status) {
        status =
            sheet_take_text(from, "address", out->address, sizeof out->address);
    }
    if (!status && version == 3) {
        status = to_read(from, out);
    }
    out->alert = (uint32_t)alert;
    out->incident = (uint32_t)incident;
    return status;
}

enum sting_status queue_put(const struct operation *operation,
                            const struct secret *key,
                            const struct queue_item *item, struct fault *fault)
{
    char path[PATH_SIZE];
    struct buffer plain STING_AUTO(buffer_release) = {0};
    enum sting_status status = item_write(item, &plain);
    path_of(item->alert, path);
    return status ? status
                  : queue_file_put(operation, key, path, buffer_bytes(&plain),
                                   fault);
}

enum sting_status queue_get(const struct operation *operation,
                            const struct secret *key, uint32_t alert,
                            struct queue_item *out, struct fault *fault)
{
    char path[PATH_SIZE];
    struct queue_item item = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    path_of(alert, path);
    enum sting_status status =
        queue_file_get(operation, key, path, &plain, fault);
    if (status == STING_E_ABSENT || status == STING_E_IO) {
        return status;
    }
    struct bytes from = buffer_bytes(&plain);
    if (!status) {
        status = head_read(&from, &item);
    }
    if (!status && item.alert != alert) {
        status = STING_E_FORMAT;
    }
    if (status) {
        return fault_set(fault, status, "remove it to go on",
                         "%s cannot be read: %s", path,
                         sting_status_text(status));
    }
    status = buffer_append(&item.body, from);
    if (!status) {
        *out = item;
    }
    return status;
}

enum sting_status queue_drop(const struct operation *operation, uint32_t alert,
                             struct fault *fault)
{
    char path[PATH_SIZE];
    path_of(alert, path);
    if (unlinkat(operation_dir(operation), path, 0) != 0 && errno != ENOENT) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "%s cannot be removed", path);
    }
    return STING_OK;
}

/* The number in "00000012.age", 0 for any other name. */
static uint32_t number_of(const char *file)
{
    char again[20];
    uint32_t number = 0;
    const char *rest = file;
    if (!digits_read(&rest, 8, &number)) {
        return 0;
    }
    snprintf(again, sizeof again, "%08u.age", number);
    return strcmp(file, again) == 0 ? number : 0;
}

enum sting_status queue_list(const struct operation *operation,
                             uint32_t **alert, size_t *count,
                             struct fault *fault)
{
    struct dirent **entry = NULL;
    int entries =
        scandirat(operation_dir(operation), "queue", &entry, NULL, alphasort);
    if (entries < 0 && errno != ENOENT) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "the folder queue cannot be read");
    }
    uint32_t *list = calloc(entries > 0 ? (size_t)entries : 1, sizeof *list);
    size_t found = 0;
    for (int i = 0; i < entries; i++) {
        uint32_t number = number_of(entry[i]->d_name);
        if (number && list) {
            list[found++] = number;
        }
        free(entry[i]);
    }
    free((void *)entry);
    if (!list) {
        return STING_E_NOMEM;
    }
    *alert = list;
    *count = found;
    return STING_OK;
}
