#include "operation/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define HEAD "sting-photo-1\n"
#define MOST_HEAD 512
#define DIGITS 8
#define PATH_SIZE 64

void inbox_photo_release(struct inbox_photo *photo)
{
    buffer_wipe(&photo->bytes);
}

static void path_of(uint32_t number, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "queue/photo-%0*" PRIu32 ".age", DIGITS, number);
}

/* The number in "photo-00000007.age"; 0 for any other name. */
static uint32_t number_of(const char *name)
{
    static const char before[] = "photo-";
    uint32_t number = 0;
    const char *at = name + sizeof before - 1;
    bool is_one = !strncmp(name, before, sizeof before - 1) &&
                  digits_read(&at, DIGITS, &number) && !strcmp(at, ".age") &&
                  at == name + sizeof before - 1 + DIGITS;
    return is_one ? number : 0;
}

enum sting_status inbox_list(const struct operation *operation,
                             uint32_t number[INBOX_MOST], size_t *count,
                             struct fault *fault)
{
    struct dirent **entry = NULL;
    int entries =
        scandirat(operation_dir(operation), "queue", &entry, NULL, alphasort);
    *count = 0;
    if (entries < 0) {
        return errno == ENOENT
                   ? STING_OK
                   : fault_errno(fault, STING_E_IO, "", "queue cannot be read");
    }
    for (int i = 0; i < entries; i++) {
        uint32_t found = number_of(entry[i]->d_name);
        if (found && *count < INBOX_MOST) {
            number[(*count)++] = found;
        }
        free(entry[i]);
    }
    free((void *)entry);
    return STING_OK;
}

static bool is_line(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

enum sting_status inbox_seal(const struct operation *operation,
                             const struct inbox_photo *photo,
                             struct buffer *out, struct fault *fault)
{
    char when[CLOCK_TEXT_SIZE];
    struct buffer head STING_AUTO(buffer_release) = {0};
    if (!photo->name[0] || !is_line(photo->name)) {
        return fault_set(fault, STING_E_ARG, "", "that is no name of a file");
    }
    if (photo->bytes.size > INBOX_MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "trace it on the machine",
                         "a photograph may have %zu bytes", INBOX_MOST_BYTES);
    }
    enum sting_status status =
        buffer_printf(&head, HEAD "%s\n%s\n%s\n",
                      clock_text(photo->at_us, when), photo->by, photo->name);
    const struct bytes part[] = {buffer_bytes(&head),
                                 buffer_bytes(&photo->bytes)};
    return status ? status
                  : operation_seal_parts(operation, part, 2, out, fault);
}

enum sting_status inbox_write(int dir, uint32_t number, struct bytes sealed,
                              struct fault *fault)
{
    char path[PATH_SIZE];
    if (folder_make(dir, "queue")) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "the folder queue cannot be made");
    }
    path_of(number, path);
    return file_write(dir, path, sealed, 0600, fault);
}

void inbox_drop(int dir, uint32_t number)
{
    char path[PATH_SIZE];
    path_of(number, path);
    (void)unlinkat(dir, path, 0);
}

/* The next line of *from; NULL when there is none. Cut in place. */
static char *line_take(char **from)
{
    char *line = *from;
    char *end = strchr(line, '\n');
    if (!end) {
        return NULL;
    }
    *end = '\0';
    *from = end + 1;
    return line;
}

static enum sting_status head_read(struct bytes plain, struct inbox_photo *out,
                                   size_t *used)
{
    char head[MOST_HEAD + 1];
    size_t size = plain.size < MOST_HEAD ? plain.size : MOST_HEAD;
    char *at = head;
    memcpy(head, plain.data, size);
    head[size] = '\0';
    if (strncmp(at, HEAD, sizeof HEAD - 1) != 0) {
        return STING_E_FORMAT;
    }
    at += sizeof HEAD - 1;
    const char *when = line_take(&at);
    const char *by = when ? line_take(&at) : NULL;
    const char *name = by ? line_take(&at) : NULL;
    if (!name || clock_parse(when, &out->at_us) ||
        strlen(by) >= sizeof out->by || strlen(name) >= sizeof out->name) {
        return STING_E_FORMAT;
    }
    snprintf(out->by, sizeof out->by, "%s", by);
    snprintf(out->name, sizeof out->name, "%s", name);
    *used = (size_t)(at - head);
    return STING_OK;
}

enum sting_status inbox_get(const struct operation *operation,
                            const struct operation_keys *keys, uint32_t number,
                            struct inbox_photo *out, struct fault *fault)
{
    char path[PATH_SIZE];
    size_t used = 0;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    path_of(number, path);
    enum sting_status status =
        file_read(operation_dir(operation), path,
                  INBOX_MOST_BYTES + (size_t)1024 * 1024, &sealed, fault);
    if (!status) {
        status =
            operation_unseal(keys, path, buffer_bytes(&sealed), &plain, fault);
    }
    if (!status && head_read(buffer_bytes(&plain), out, &used)) {
        status = fault_set(fault, STING_E_FORMAT, "", "%s holds no photograph",
                           path);
    }
    out->number = number;
    return status
               ? status
               : buffer_append(&out->bytes, (struct bytes){plain.data + used,
                                                           plain.size - used});
}

static enum sting_status keep_beside(const struct operation *operation,
                                     uint32_t number, const char *as,
                                     int64_t at_us, struct fault *fault)
{
    char path[PATH_SIZE];
    char kept[PATH_SIZE];
    int dir = operation_dir(operation);
    path_of(number, path);
    (void)snprintf(kept, sizeof kept, "queue/%s-%" PRId64 "-%" PRIu32 ".age",
                   as, at_us, number);
    /* Never in the place of another. */
    if (!linkat(dir, path, dir, kept, 0) && !unlinkat(dir, path, 0)) {
        return STING_OK;
    }
    return fault_errno(fault, STING_E_IO, "it is traced again next time",
                       "%s cannot be kept as %s", path, kept);
}

enum sting_status inbox_done(const struct operation *operation, uint32_t number,
                             int64_t at_us, struct fault *fault)
{
    return keep_beside(operation, number, "traced", at_us, fault);
}

enum sting_status inbox_unreadable(const struct operation *operation,
                                   uint32_t number, int64_t now_us,
                                   struct fault *fault)
{
    return keep_beside(operation, number, "unreadable", now_us, fault);
}
