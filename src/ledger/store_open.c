/* Opening: the files, the lock, then recovery. */
#include "ledger/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/text.h"
#include "ledger/ledger_state.h"

enum sting_status ledger_boot_read(struct ledger *ledger, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    if (!ledger->boot[0]) {
        enum sting_status status = file_read(
            AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &text, fault);
        if (status) {
            return status;
        }
        snprintf(ledger->boot, sizeof ledger->boot, "%.36s",
                 buffer_text(&text));
    }
    uint8_t id[(LINE_BOOT_SIZE - 1) / 2];
    return hex_read((struct bytes){(const uint8_t *)ledger->boot, 8}, id,
                    sizeof id)
               ? fault_set(fault, STING_E_ARG, "", "the boot id is malformed")
               : STING_OK;
}

enum sting_status ledger_files_open(struct ledger *ledger, int operation,
                                    int flags, struct fault *fault)
{
    struct stat info;
    if (file_kind_check(operation, "evidence/ledger", false, fault)) {
        return STING_E_UNSUPPORTED;
    }
    ledger->operation = fcntl(operation, F_DUPFD_CLOEXEC, 3);
    ledger->file = openat(
        operation, "evidence/ledger",
        O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
    if (ledger->file >= 0 &&
        (fstat(ledger->file, &info) != 0 || !S_ISREG(info.st_mode))) {
        return fault_set(fault, STING_E_UNSUPPORTED, "put the file back",
                         "evidence/ledger is not a file any more");
    }
    if (ledger->file < 0 || ledger->operation < 0) {
        enum sting_status status = errno == ENOENT   ? STING_E_ABSENT
                                   : errno == EEXIST ? STING_E_BUSY
                                                     : STING_E_IO;
        return fault_errno(fault, status, "name the folder of an operation",
                           "evidence/ledger cannot be opened");
    }
    if (flock(ledger->file, LOCK_EX | LOCK_NB) != 0) {
        return fault_errno(fault, STING_E_BUSY,
                           "wait until the other command has ended",
                           "another process writes this ledger");
    }
    /* After a failed sync memory may hold what the disk does not: what is
     * read from here on comes from the disk. */
    (void)posix_fadvise(ledger->file, 0, 0, POSIX_FADV_DONTNEED);
    return STING_OK;
}

enum sting_status ledger_open(int operation,
                              const struct ledger_context *context,
                              struct moment now, struct ledger **out,
                              struct fault *fault)
{
    struct ledger *ledger STING_AUTO(ledger_free) = ledger_alloc(context);
    if (!ledger) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    enum sting_status status = ledger_boot_read(ledger, fault);
    if (!status) {
        status = ledger_files_open(ledger, operation, 0, fault);
    }
    if (!status) {
        status = ledger_recover(ledger, now, fault);
    }
    if (status) {
        return status;
    }
    *out = ledger;
    ledger = NULL;
    return STING_OK;
}
