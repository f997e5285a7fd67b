#include "operation/backup_keys.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/signature.h"
#include "operation/key_file.h"

#define MOST_KEY_BYTES 1024

static const char *const locked[] = {KEY_FILE_IDENTITY, KEY_FILE_MARK,
                                     KEY_FILE_CASE, KEY_FILE_NAMES};

/* Keys under a passphrase as they are; those that are gone go here too. */
static enum sting_status locked_copy(const struct backup_way *way,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof locked / sizeof *locked && !status; i++) {
        if (faccessat(way->from, locked[i], F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            (void)unlinkat(way->to, locked[i], 0);
        }
        status = backup_file(way, locked[i], true, fault);
    }
    return status;
}

/* A key that lies open in the operation, sealed. */
static enum sting_status open_copy(const struct operation *operation, int to,
                                   const char *path, struct fault *fault)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    char name[64];
    (void)snprintf(name, sizeof name, "%s.age", path);
    enum sting_status status = file_read(operation_dir(operation), path,
                                         MOST_KEY_BYTES, &plain, fault);
    if (status == STING_E_ABSENT) { /* a closed operation has none */
        (void)unlinkat(to, name, 0);
        return STING_OK;
    }
    if (!status) {
        status =
            operation_seal(operation, buffer_bytes(&plain), &sealed, fault);
    }
    return status ? status
                  : file_write(to, name, buffer_bytes(&sealed), 0600, fault);
}

/* Is keys/epoch the key that signs what comes behind these lines? A station
 * may have handed over meanwhile. */
static bool epoch_fits(const struct operation *operation, const char *epoch)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct secret seed STING_AUTO(secret_wipe) = {{0}};
    char hex[2 * PUBLIC_KEY_SIZE + 1];
    if (file_read(operation_dir(operation), KEY_FILE_EPOCH, MOST_KEY_BYTES,
                  &text, NULL)) {
        return true; /* closed: no key signs any more */
    }
    if (text.size < (size_t)2 * SECRET_SIZE ||
        hex_read((struct bytes){text.data, (size_t)2 * SECRET_SIZE}, seed.byte,
                 SECRET_SIZE)) {
        return false;
    }
    const struct public_key key = signature_public(&seed);
    hex_write((struct bytes){key.byte, PUBLIC_KEY_SIZE}, hex);
    return !strcmp(hex, epoch);
}

enum sting_status backup_keys(const struct operation *operation,
                              const struct backup_way *way, const char *epoch,
                              struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (folder_make(way->to, "keys")) {
        return fault_errno(fault, STING_E_IO, "make room",
                           "the folder keys cannot be made");
    }
    if (!epoch_fits(operation, epoch)) {
        return STING_E_BUSY;
    }
    status = locked_copy(way, fault);
    if (!status) {
        status = open_copy(operation, way->to, KEY_FILE_LOG, fault);
    }
    if (!status) {
        status = open_copy(operation, way->to, KEY_FILE_EPOCH, fault);
    }
    return status || epoch_fits(operation, epoch) ? status : STING_E_BUSY;
}
