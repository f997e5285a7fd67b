#include "operation/closing.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/digest.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "operation/core.h"
#include "operation/key_file.h"

#define MOST_KEY_BYTES ((size_t)64 * 1024)

/* Keys that open what was recorded may be kept by somebody; those that sign
 * are of no use to anybody honest any more. */
static const struct key {
    const char *path;
    const char *name; /* in the folder of the hand-over; NULL: destroyed */
} key[] = {
    {KEY_FILE_IDENTITY, "identity"},
    {KEY_FILE_MARK, "mark"},
    {KEY_FILE_CASE, "case"},
    {KEY_FILE_NAMES, "names"},
    {KEY_FILE_EPOCH, NULL},
    {KEY_FILE_EPOCH ".next", NULL},
    {KEY_FILE_LOG, NULL},
    {"keys/users", NULL}, /* of the console */
    {"keys/metrics", NULL},
    {"keys/console.key", NULL},
    {"keys/console.crt", NULL},
};
static const size_t keys = sizeof key / sizeof *key;

static bool is_there(const struct operation *operation, const char *path)
{
    return faccessat(operation_dir(operation), path, F_OK,
                     AT_SYMLINK_NOFOLLOW) == 0;
}

/* Where the keys are to be kept: not where they are about to be destroyed. */
static enum sting_status safe_open(const struct operation *operation,
                                   const char *folder, int *dir,
                                   struct fault *fault)
{
    struct stat safe, own;
    if (folder_make(AT_FDCWD, folder) ||
        (*dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        fstat(*dir, &safe) != 0) {
        return fault_errno(fault, STING_E_IO, "name a folder that can be made",
                           "%s cannot be opened", folder);
    }
    if (fstatat(operation_dir(operation), "keys", &own, 0) == 0 &&
        own.st_dev == safe.st_dev && own.st_ino == safe.st_ino) {
        return fault_set(fault, STING_E_ARG, "name a folder elsewhere",
                         "%s is where the keys are destroyed", folder);
    }
    return STING_OK;
}

/* Destroying it was begun before: it was handed over then. */
static bool is_wiped(struct bytes file)
{
    size_t zeros = 0;
    while (zeros < file.size && file.data[zeros] == 0) {
        zeros++;
    }
    return zeros == file.size;
}

/* Copy one key file and read it back. A file that is there already may be all
 * that is left of another operation's key. */
static enum sting_status hand_over(const struct operation *operation,
                                   const struct key *row, int dir,
                                   struct fault *fault)
{
    struct buffer bytes STING_AUTO(buffer_wipe) = {0};
    struct buffer again STING_AUTO(buffer_wipe) = {0};
    bool is_new = faccessat(dir, row->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    enum sting_status status = file_read(operation_dir(operation), row->path,
                                         MOST_KEY_BYTES, &bytes, fault);
    if (!status && is_wiped(buffer_bytes(&bytes))) {
        return STING_OK;
    }
    if (!status && is_new) {
        status = file_write(dir, row->name, buffer_bytes(&bytes), 0600, fault);
    }
    if (!status) {
        status = file_read(dir, row->name, MOST_KEY_BYTES, &again, fault);
    }
    if (status || bytes_equal(buffer_bytes(&bytes), buffer_bytes(&again))) {
        return status;
    }
    return is_new
               ? fault_set(fault, STING_E_IO, "use another medium",
                           "%s does not read back as it was written", row->name)
               : fault_set(fault, STING_E_BUSY, "name an empty folder",
                           "another %s is there already", row->name);
}

/* All that can be kept, before anything is told or destroyed. */
static enum sting_status all_hand_over(const struct operation *operation,
                                       const char *folder, struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status = safe_open(operation, folder, &dir, fault);
    for (size_t i = 0; i < keys && !status; i++) {
        if (key[i].name && is_there(operation, key[i].path)) {
            status = hand_over(operation, &key[i], dir, fault);
        }
    }
    return status;
}

/* The line of one key that goes. */
static enum sting_status key_tell(const struct operation *operation,
                                  struct core *core, const struct key *row,
                                  const struct closing *closing,
                                  struct fault *fault)
{
    struct buffer bytes STING_AUTO(buffer_wipe) = {0};
    char sha256[DIGEST_TEXT_SIZE];
    bool is_kept = row->name && closing->keys_to;
    enum sting_status status = file_read(operation_dir(operation), row->path,
                                         MOST_KEY_BYTES, &bytes, fault);
    if (status) {
        return status;
    }
    /* What signs is told without its hash: the file is the key itself. */
    const struct line_field field[] = {
        {"item", row->path},
        {"state", is_kept ? "handed-over" : "destroyed"},
        {"by", closing->change.by},
        {"before", row->name
                       ? digest_text(digest_of(buffer_bytes(&bytes)), sha256)
                       : NULL},
        {"why", closing->change.why},
    };
    return ledger_append(core_ledger(core), clock_now(), "custody", field,
                         sizeof field / sizeof *field, NULL, fault);
}

static enum sting_status lines_write(const struct operation *operation,
                                     struct core **core,
                                     const struct closing *closing,
                                     struct fault *fault)
{
    const struct line_field field[] = {{"why", closing->change.why},
                                       {"by", closing->change.by}};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < keys && !status; i++) {
        if (is_there(operation, key[i].path)) {
            status = key_tell(operation, *core, &key[i], closing, fault);
        }
    }
    if (!status) {
        status = ledger_append(core_ledger(*core), clock_now(), "close", field,
                               2, NULL, fault);
    }
    if (!status && closing->last) {
        status = ledger_checkpoint(core_ledger(*core), clock_now(), fault);
        if (!status) {
            closing->last(closing->context, *core);
        }
    }
    return status ? status : core_close(core, "closed", fault);
}

static enum sting_status keys_destroy(const struct operation *operation,
                                      const struct closing *closing,
                                      struct closing_done *out,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < keys && !status; i++) {
        if (!is_there(operation, key[i].path)) {
            continue;
        }
        status = key_file_destroy(operation_dir(operation), key[i].path, fault);
        bool is_kept = key[i].name && closing->keys_to;
        out->handed_over += is_kept;
        out->destroyed += !is_kept;
    }
    int dir STING_AUTO(fd_close) = openat(operation_dir(operation), "keys",
                                          O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return status || dir < 0 || fsync(dir) == 0
               ? status
               : fault_errno(fault, STING_E_IO, "check the disk",
                             "keys/ cannot be synced");
}

/* Does the ledger end with a `close` line? */
static bool is_closed(const struct operation *operation)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    bool closed = false;
    if (ledger_reader_open_signed(operation_dir(operation), &reader, NULL)) {
        return false;
    }
    while (!ledger_reader_next(reader, &line)) {
        closed |= !strcmp(line.kind->name, "close");
    }
    return closed;
}

enum sting_status operation_end(const struct operation *operation,
                                const struct closing *closing,
                                struct closing_done *out, struct fault *fault)
{
    struct core *core STING_AUTO(core_free) = NULL;
    *out = (struct closing_done){0};
    enum sting_status status = core_open(operation, clock_now, &core, fault);
    if (status == STING_E_UNSUPPORTED && is_closed(operation)) {
        out->was_closed = true;
        status = STING_OK;
    }
    if (!status && closing->keys_to) {
        status = all_hand_over(operation, closing->keys_to, fault);
    }
    if (status && core) { /* it goes on, and its session ends in order */
        struct fault ignored = {"", ""};
        (void)!core_close(&core, "not closed", &ignored);
    }
    if (!status && core) {
        status = lines_write(operation, &core, closing, fault);
    }
    return status ? status : keys_destroy(operation, closing, out, fault);
}
