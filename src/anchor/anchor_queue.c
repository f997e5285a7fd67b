/* What is still to be asked, sealed in OP/queue/. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "anchor/anchors_state.h"
#include "base/text.h"
#include "operation/sheet.h"

#define MAGIC "sting-anchor-1\n"
#define PATH_SIZE 48

static void path_of(const struct outsider *outsider, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "queue/anchor-%s.age", outsider->name);
}

enum sting_status anchor_queue_put(struct anchors *anchors,
                                   const struct outsider *outsider,
                                   struct fault *fault)
{
    char path[PATH_SIZE];
    char when[CLOCK_TEXT_SIZE];
    struct buffer plain STING_AUTO(buffer_release) = {0};
    path_of(outsider, path);
    enum sting_status status = buffer_printf(
        &plain, MAGIC "queued %s\naddress %s\n",
        clock_text(outsider->queued_utc_us, when), outsider->address);
    if (!status) {
        status = buffer_append(&plain, buffer_bytes(&outsider->note));
    }
    return status ? status
                  : queue_file_put(anchors->operation, &anchors->key, path,
                                   buffer_bytes(&plain), fault);
}

static enum sting_status item_read(struct bytes from, struct outsider *out,
                                   char address[CONFIG_PATH_SIZE])
{
    enum sting_status status = sheet_take_magic(&from, MAGIC);
    if (!status) {
        status = sheet_take_time(&from, "queued", &out->queued_utc_us);
    }
    if (!status) {
        status = sheet_take_text(&from, "address", address, CONFIG_PATH_SIZE);
    }
    if (!status) {
        status = buffer_append(&out->note, from);
    }
    return status ? status : note_parse(buffer_bytes(&out->note), &out->head);
}

/* What cannot be read, or is of another address, is asked about anew: the
 * newest checkpoint says more than that one. */
enum sting_status anchor_queue_get(struct anchors *anchors,
                                   struct outsider *outsider,
                                   struct fault *fault)
{
    char path[PATH_SIZE];
    char address[CONFIG_PATH_SIZE];
    struct buffer plain STING_AUTO(buffer_release) = {0};
    path_of(outsider, path);
    enum sting_status status =
        queue_file_get(anchors->operation, &anchors->key, path, &plain, fault);
    if (status == STING_E_ABSENT) {
        return STING_OK;
    }
    if (status == STING_E_IO || status == STING_E_NOMEM) {
        return status;
    }
    if (!status) {
        status = item_read(buffer_bytes(&plain), outsider, address);
    }
    if (!status && !strcmp(address, outsider->address)) {
        outsider->step = OUTSIDER_WAITS;
        return STING_OK;
    }
    outsider->note.size = 0;
    return anchor_queue_drop(anchors, outsider, fault);
}

enum sting_status anchor_queue_drop(struct anchors *anchors,
                                    const struct outsider *outsider,
                                    struct fault *fault)
{
    char path[PATH_SIZE];
    path_of(outsider, path);
    if (unlinkat(operation_dir(anchors->operation), path, 0) != 0 &&
        errno != ENOENT) {
        return fault_errno(fault, STING_E_IO, "check its permissions",
                           "%s cannot be removed", path);
    }
    return STING_OK;
}

static bool is_configured(const struct anchors *anchors, const char *file)
{
    for (size_t i = 0; i < anchors->outsiders; i++) {
        char path[PATH_SIZE];
        path_of(&anchors->outsider[i], path);
        if (!strcmp(path + strlen("queue/"), file)) {
            return true;
        }
    }
    return false;
}

/* The kind whose name stands in "anchor-tsa-1.age"; NULL for another file. */
static const struct outsider_kind *kind_of(const char *file)
{
    static const struct outsider_kind *const kind[] = {
        &outsider_tsa, &outsider_witness, &outsider_beacon};
    const size_t head = strlen("anchor-");
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        size_t size = strlen(kind[i]->name);
        if (!strncmp(file, "anchor-", head) &&
            !strncmp(file + head, kind[i]->name, size) &&
            file[head + size] == '-') {
            return kind[i];
        }
    }
    return NULL;
}

static enum sting_status one_sweep(struct anchors *anchors, const char *file,
                                   const struct outsider_kind *kind,
                                   struct moment now, struct fault *fault)
{
    char address[CONFIG_PATH_SIZE];
    struct outsider gone = {.kind = kind};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    const char *name = file + strlen("anchor-");
    char path[PATH_SIZE];
    snprintf(gone.name, sizeof gone.name, "%.*s", (int)strcspn(name, "."),
             name);
    path_of(&gone, path);
    enum sting_status status =
        queue_file_get(anchors->operation, &anchors->key, path, &plain, fault);
    if (!status && !item_read(buffer_bytes(&plain), &gone, address)) {
        status = anchors_line(anchors, &gone, now, "given-up",
                              "no longer configured", fault);
    } else if (status != STING_E_IO && status != STING_E_NOMEM) {
        status = STING_OK; /* nobody can read it: it only goes */
    }
    buffer_release(&gone.note);
    return status ? status : anchor_queue_drop(anchors, &gone, fault);
}

enum sting_status anchor_queue_sweep(struct anchors *anchors, struct moment now,
                                     struct fault *fault)
{
    struct dirent **entry = NULL;
    enum sting_status status = STING_OK;
    int count = scandirat(operation_dir(anchors->operation), "queue", &entry,
                          NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const struct outsider_kind *kind = kind_of(entry[i]->d_name);
        if (!status && kind && !is_configured(anchors, entry[i]->d_name)) {
            status = one_sweep(anchors, entry[i]->d_name, kind, now, fault);
        }
        free(entry[i]);
    }
    free((void *)entry);
    return status;
}
