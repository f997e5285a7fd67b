/* An end that was never finished is kept: put aside as evidence/torn.N. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/recover_state.h"

#define PIECE_BYTES ((size_t)64 * 1024)

/* The first evidence/torn.N that is free. */
static enum sting_status name_free(const struct ledger *ledger,
                                   struct torn *torn, struct fault *fault)
{
    for (int n = 1; n < 100000; n++) {
        snprintf(torn->file, sizeof torn->file, "evidence/torn.%d", n);
        if (faccessat(ledger->operation, torn->file, F_OK,
                      AT_SYMLINK_NOFOLLOW) != 0) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_LIMIT, "clear the folder up",
                     "evidence holds too many torn files");
}

enum sting_status torn_put_aside(struct ledger *ledger, struct bytes bytes,
                                 struct torn *out, struct fault *fault)
{
    struct torn torn = {.bytes = bytes.size, .ct = digest_of(bytes)};
    enum sting_status status = name_free(ledger, &torn, fault);
    if (!status) {
        *out = torn;
        status = file_write(ledger->operation, torn.file, bytes, 0600, fault);
    }
    return status;
}

static bool is_zeros(struct bytes bytes)
{
    return bytes.size > 0 && bytes.data[0] == 0 &&
           !memcmp(bytes.data, bytes.data + 1, bytes.size - 1);
}

static bool write_at(int file, struct bytes bytes, uint64_t at)
{
    while (bytes.size > 0) {
        ssize_t put = pwrite(file, bytes.data, bytes.size, (off_t)at);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        size_t done = put > 0 ? (size_t)put : 0;
        bytes = (struct bytes){bytes.data + done, bytes.size - done};
        at += done;
    }
    return true;
}

/* Copy from `from` to the end; how much, and its hash. */
static bool copy_end(int file, uint64_t from, int aside, struct torn *torn)
{
    struct digest_state state STING_AUTO(digest_release) = {0};
    uint8_t piece[PIECE_BYTES];
    ssize_t got = 0;
    digest_init(&state);
    do {
        got = pread(file, piece, sizeof piece, (off_t)(from + torn->bytes));
        struct bytes bytes = {piece, got > 0 ? (size_t)got : 0};
        digest_update(&state, bytes);
        if (!is_zeros(bytes) && !write_at(aside, bytes, torn->bytes)) {
            return false;
        }
        torn->bytes += bytes.size;
    } while (got > 0 || (got < 0 && errno == EINTR));
    torn->ct = digest_final(&state);
    return got == 0 && ftruncate(aside, (off_t)torn->bytes) == 0 &&
           fsync(aside) == 0;
}

enum sting_status torn_end_put_aside(struct ledger *ledger, int file,
                                     uint64_t from, struct torn *out,
                                     struct fault *fault)
{
    struct torn torn = {.bytes = 0};
    enum sting_status status = name_free(ledger, &torn, fault);
    if (status) {
        return status;
    }
    int aside STING_AUTO(fd_close) =
        openat(ledger->operation, torn.file,
               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (aside < 0 || !copy_end(file, from, aside, &torn) ||
        folder_sync(ledger->operation, "evidence")) {
        fault_errno(fault, STING_E_IO, "make room on the disk, and check it",
                    "the end of evidence/ledger, which is no line, cannot be "
                    "put aside as %s",
                    torn.file);
        (void)unlinkat(ledger->operation, torn.file, 0);
        return STING_E_IO;
    }
    *out = torn;
    return STING_OK;
}
