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
#include "crypt/kdf.h"
#include "ledger/age.h"
#include "operation/key_file.h"
#include "operation/sheet.h"

#define MAGIC "sting-queue-1\n"
#define MOST_BYTES ((size_t)1024 * 1024)
#define PATH_SIZE 40

void queue_item_release(struct queue_item *item)
{
    buffer_release(&item->body);
}

enum sting_status queue_key(const struct operation *operation,
                            struct secret *out, struct fault *fault)
{
    struct secret log STING_AUTO(secret_wipe) = {{0}};
    enum sting_status status =
        key_file_load(operation_dir(operation), KEY_FILE_LOG, &log, fault);
    if (!status) {
        hkdf_sha256(secret_bytes(&log), (struct bytes){0},
                    bytes_of_text("sting queue"), out->byte, SECRET_SIZE);
    }
    return status;
}

static void path_of(uint32_t alert, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "queue/%08u.age", alert);
}

static enum sting_status item_write(const struct queue_item *item,
                                    struct buffer *out)
{
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out,
        MAGIC "alert %u\nincident %u\ntier %s\nchannel %s\nqueued %s\n"
              "address %s\n",
        item->alert, item->incident, item->tier, item->channel,
        clock_text(item->queued_utc_us, when), item->address);
    return status ? status : buffer_append(out, buffer_bytes(&item->body));
}

static enum sting_status head_read(struct bytes *from, struct queue_item *out)
{
    int64_t alert = 0;
    int64_t incident = 0;
    size_t magic = strlen(MAGIC);
    if (from->size < magic || memcmp(from->data, MAGIC, magic) != 0) {
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
        status =
            sheet_take_text(from, "address", out->address, sizeof out->address);
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
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    const struct agreement_key recipient = agreement_public(key);
    const struct age_to to = {.recipient = &recipient, .recipients = 1};
    enum sting_status status = item_write(item, &plain);
    if (!status) {
        status = age_seal(&to, operation_random(operation),
                          buffer_bytes(&plain), &sealed);
    }
    if (status) {
        return fault_set(fault, status, "", "the alert could not be sealed");
    }
    if (folder_make(operation_dir(operation), "queue")) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "the folder queue cannot be made");
    }
    path_of(item->alert, path);
    return file_write(operation_dir(operation), path, buffer_bytes(&sealed),
                      0600, fault);
}

enum sting_status queue_get(const struct operation *operation,
                            const struct secret *key, uint32_t alert,
                            struct queue_item *out, struct fault *fault)
{
    char path[PATH_SIZE];
    struct queue_item item = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    const struct age_with with = {.identity = key, .identities = 1};
    path_of(alert, path);
    enum sting_status status =
        file_read(operation_dir(operation), path, MOST_BYTES, &sealed, fault);
    if (status) {
        return status;
    }
    status = age_open(&with, buffer_bytes(&sealed), &plain);
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
