/* Epochs: a fresh key for every minute, handed over so that whenever it is
 * cut off, ledger_open() finds what it needs to finish. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"

#define KEY_TEXT_SIZE (2 * SECRET_SIZE + 2) /* hex, LF, NUL */

void ledger_epoch_name(const char *origin, uint64_t epoch, char *out,
                       size_t size)
{
    snprintf(out, size, "%s/epoch/%" PRIu64, origin, epoch);
}

/* ---- key files ---- */

enum sting_status ledger_key_read(int operation, const char *name,
                                  struct secret *out, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        file_read(operation, name, KEY_TEXT_SIZE - 1, &text, fault);
    if (status) {
        return status;
    }
    struct bytes digits = {text.data, (size_t)2 * SECRET_SIZE};
    if (text.size != KEY_TEXT_SIZE - 1 || text.data[text.size - 1] != '\n' ||
        hex_read(digits, out->byte, SECRET_SIZE)) {
        return fault_set(fault, STING_E_FORMAT,
                         "put the key file back as it was",
                         "%s is not 64 hex digits on a line", name);
    }
    return STING_OK;
}

static enum sting_status key_write(int operation, const char *name,
                                   const struct secret *key,
                                   struct fault *fault)
{
    char text[KEY_TEXT_SIZE];
    hex_write(secret_bytes(key), text);
    text[KEY_TEXT_SIZE - 2] = '\n';
    struct bytes bytes = {(const uint8_t *)text, KEY_TEXT_SIZE - 1};
    enum sting_status status = file_write(operation, name, bytes, 0600, fault);
    secret_wipe_bytes(text, sizeof text);
    return status;
}

/* Zeros over the key, in the blocks that hold it, and on to the disk. They
 * are a key file too, of a key that is nobody's. */
static bool overwrite(int operation, const char *name)
{
    char zeros[KEY_TEXT_SIZE];
    struct stat info;
    int file STING_AUTO(fd_close) =
        openat(operation, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    memset(zeros, '0', sizeof zeros);
    zeros[KEY_TEXT_SIZE - 2] = '\n';
    return file >= 0 && fstat(file, &info) == 0 &&
           info.st_size == KEY_TEXT_SIZE - 1 &&
           pwrite(file, zeros, KEY_TEXT_SIZE - 1, 0) == KEY_TEXT_SIZE - 1 &&
           fdatasync(file) == 0;
}

static bool sync_keys(int operation)
{
    int folder STING_AUTO(fd_close) =
        openat(operation, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder >= 0 && fsync(folder) == 0;
}

enum sting_status ledger_key_turn(struct ledger *ledger, struct fault *fault)
{
    int operation = ledger->operation;
    if (!overwrite(operation, "keys/epoch") ||
        renameat(operation, "keys/epoch.next", operation, "keys/epoch") != 0 ||
        !sync_keys(operation)) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "keys/epoch cannot be written");
    }
    return STING_OK;
}

/* ---- the hand-over ---- */

/* The line that hands over: which epoch ends, where it began, who is next. */
static enum sting_status append_epoch(struct ledger *ledger, struct moment now,
                                      const struct public_key *next,
                                      struct fault *fault)
{
    char n[24];
    char first[24];
    char key[2 * PUBLIC_KEY_SIZE + 1];
    snprintf(n, sizeof n, "%" PRIu64, ledger->epoch);
    snprintf(first, sizeof first, "%" PRIu64, ledger->epoch_first);
    hex_write((struct bytes){next->byte, PUBLIC_KEY_SIZE}, key);
    const struct line_field field[] = {
        {"n", n}, {"first", first}, {"next", key}};
    return ledger_append(ledger, now, "epoch", field, 3, NULL, fault);
}

/* Behind its line an epoch has to be closed: no other line may come between
 * it and its checkpoint. */
static enum sting_status close_epoch(struct ledger *ledger, struct moment now,
                                     struct fault *fault)
{
    enum sting_status status =
        ledger_sign(ledger, now, ledger->epoch, &ledger->epoch_key, fault);
    if (!status) {
        status = ledger_key_turn(ledger, fault);
    }
    ledger->is_broken = ledger->is_broken || status != STING_OK;
    return status;
}

/* The new key is on disk before the line that names it, and the old one goes
 * only after its last signature. */
enum sting_status ledger_next_epoch(struct ledger *ledger, struct moment now,
                                    struct fault *fault)
{
    struct secret next STING_AUTO(secret_wipe) = random_secret(ledger->random);
    struct public_key public = signature_public(&next);
    if (ledger->is_broken) {
        return ledger_refuse_broken(fault);
    }
    enum sting_status status =
        key_write(ledger->operation, "keys/epoch.next", &next, fault);
    if (!status) {
        status = append_epoch(ledger, now, &public, fault);
    }
    if (!status) {
        status = close_epoch(ledger, now, fault);
    }
    if (status) {
        return status;
    }
    ledger->epoch_key = next;
    ledger->epoch++;
    ledger->epoch_first = ledger->tree.leaves;
    ledger->epoch_since_us = now.boot_us;
    return STING_OK;
}

enum sting_status ledger_epoch_tick(struct ledger *ledger, struct moment now,
                                    struct fault *fault)
{
    return now.boot_us - ledger->epoch_since_us < LEDGER_EPOCH_US
               ? STING_OK
               : ledger_next_epoch(ledger, now, fault);
}
