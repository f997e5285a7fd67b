#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "operation/backup.h"
#include "operation/check_worker.h"
#include "operation/folder_copy.h"
#include "operation/key_file.h"
#include "operation/writer.h"

#define MOST_KEY_BYTES ((size_t)64 * 1024)
#define WHOLE "\nstate whole\n"

/* Only a backup that was finished is one. */
static enum sting_status mark_check(int from, const char *name,
                                    struct fault *fault)
{
    struct buffer mark STING_AUTO(buffer_release) = {0};
    if (file_read(from, BACKUP_FILE, MOST_KEY_BYTES, &mark, NULL)) {
        return fault_set(fault, STING_E_ABSENT, "name what sting backup made",
                         "%.200s is no backup", name);
    }
    return strstr(buffer_text(&mark), WHOLE)
               ? STING_OK
               : fault_set(fault, STING_E_ABSENT,
                           "finish it with sting backup, or use another one",
                           "%.200s was cut off while it was made", name);
}

static enum sting_status parts_copy(int from, int to, struct backup_done *out,
                                    struct fault *fault)
{
    static const char *const part[] = {"evidence", "bait",  "boxes",
                                       "keys",     "queue", CONFIG_FILE};
    struct folder_copied done = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        status = folder_copy(from, to, part[i], &done, fault);
        status = status == STING_E_ABSENT ? STING_OK : status;
    }
    out->files = done.files;
    out->bytes = done.bytes;
    return status ? status : folder_make(to, "queue");
}

static enum sting_status copy_check(int folder,
                                    const struct backup_order *order,
                                    struct backup_done *out,
                                    struct fault *fault)
{
    const struct check_options options = {.progress = order->progress,
                                          .context = order->context};
    enum sting_status status =
        check_copy(folder, &options, "use another backup", &out->report,
                   out->missing, fault);
    out->lines = out->report.entries;
    return status;
}

/* A key that was sealed in the backup lies open again. */
static enum sting_status key_open(int dir, const struct operation_keys *keys,
                                  const char *path, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    char name[64];
    (void)snprintf(name, sizeof name, "%s.age", path);
    enum sting_status status =
        file_read(dir, name, MOST_KEY_BYTES, &sealed, fault);
    if (status == STING_E_ABSENT) {
        return STING_OK; /* of a closed operation */
    }
    if (!status) {
        status =
            operation_unseal(keys, name, buffer_bytes(&sealed), &plain, fault);
    }
    if (!status) {
        status = file_write(dir, path, buffer_bytes(&plain), 0600, fault);
    }
    (void)unlinkat(dir, name, 0);
    return status;
}

static enum sting_status keys_open(const char *draft, int dir,
                                   const struct access *access,
                                   struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    enum sting_status status = STING_OK;
    if (faccessat(dir, KEY_FILE_LOG ".age", F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK;
    }
    status = operation_open(draft, &operation, fault);
    if (!status) {
        status =
            access_unlock(operation, OPERATION_IDENTITY, access, &keys, fault);
    }
    if (!status) {
        status = key_open(dir, &keys, KEY_FILE_EPOCH, fault);
    }
    return status ? status : key_open(dir, &keys, KEY_FILE_LOG, fault);
}

static enum sting_status restored_tell(const char *path,
                                       const struct backup_order *order,
                                       const struct access *access,
                                       struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    const struct line_field field[] = {{"item", "operation"},
                                       {"state", "restored"},
                                       {"by", order->change.by},
                                       {"why", order->change.why}};
    enum sting_status status = operation_open(path, &operation, fault);
    if (status || faccessat(operation_dir(operation), KEY_FILE_LOG, F_OK,
                            AT_SYMLINK_NOFOLLOW) != 0) {
        return status; /* closed: nothing is written any more */
    }
    status = writer_note(operation, clock_now, "custody", field,
                         sizeof field / sizeof *field, fault);
    return status ? status
                  : access_tell(operation, OPERATION_IDENTITY, access, fault);
}

/* Everything but the name. */
static enum sting_status draft_fill(int from, const char *draft,
                                    const struct backup_order *order,
                                    const struct access *access,
                                    struct backup_done *out,
                                    struct fault *fault)
{
    int to STING_AUTO(fd_close) = -1;
    folder_remove(AT_FDCWD, draft); /* of one that was cut off */
    if (mkdir(draft, 0700) != 0 ||
        (to = open(draft, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
        return fault_errno(fault, STING_E_IO, "name a folder that can be made",
                           "%.200s cannot be made", draft);
    }
    enum sting_status status = parts_copy(from, to, out, fault);
    if (!status) {
        status = copy_check(to, order, out, fault);
    }
    return status ? status : keys_open(draft, to, access, fault);
}

enum sting_status backup_restore(const struct backup_order *order,
                                 const char *path, const struct access *access,
                                 struct backup_done *out, struct fault *fault)
{
    char draft[PATH_MAX];
    struct stat info;
    *out = (struct backup_done){0};
    int from STING_AUTO(fd_close) =
        open(order->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int used = snprintf(draft, sizeof draft, "%s.restoring", path);
    if (from < 0) {
        return fault_errno(fault, STING_E_ABSENT, "name what sting backup made",
                           "%.200s cannot be opened", order->folder);
    }
    if (lstat(path, &info) == 0 || used >= (int)sizeof draft) {
        return fault_set(fault, STING_E_BUSY, "choose another name",
                         "there is something of the name %.200s", path);
    }
    enum sting_status status = mark_check(from, order->folder, fault);
    if (!status) {
        status = draft_fill(from, draft, order, access, out, fault);
    }
    if (!status && rename(draft, path) != 0) {
        status = fault_errno(fault, STING_E_IO, "choose another name",
                             "the folder cannot take its name");
    }
    if (status) {
        folder_remove(AT_FDCWD, draft);
        return status;
    }
    return restored_tell(path, order, access, fault);
}
