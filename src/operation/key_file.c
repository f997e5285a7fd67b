#include "operation/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/kdf.h"
#include "ledger/age.h"

#define MOST_BYTES ((size_t)64 * 1024)
#define TEXT_RESERVE ((size_t)512 * 1024) /* no growing, no copies left */

static const char age_start[] = "age-encryption.org/v1\n";

static bool is_identity(const char *path)
{
    return !strcmp(path, KEY_FILE_IDENTITY) || !strcmp(path, KEY_FILE_NAMES);
}

static void key_text(const char *path, const struct secret *key,
                     char text[AGE_TEXT_SIZE + 1])
{
    if (is_identity(path)) {
        age_identity_text(key, text);
    } else {
        hex_write(secret_bytes(key), text);
    }
    memcpy(text + strlen(text), "\n", 2);
}

static enum sting_status key_parse(const char *path, struct bytes text,
                                   struct secret *out, struct fault *fault)
{
    while (text.size > 0 && text.data[text.size - 1] == '\n') {
        text.size--;
    }
    enum sting_status status = is_identity(path)
                                   ? age_identity_parse(text, out)
                                   : hex_read(text, out->byte, SECRET_SIZE);
    return status ? fault_set(fault, status, "restore it from a copy",
                              "%s holds no key", path)
                  : STING_OK;
}

/* Zeros over all bytes of an open file, down to the medium. */
static enum sting_status overwrite(int fd)
{
    static const uint8_t zero[4096];
    struct stat info;
    if (fstat(fd, &info) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        return STING_E_IO;
    }
    for (off_t left = info.st_size; left > 0;) {
        size_t size = left < (off_t)sizeof zero ? (size_t)left : sizeof zero;
        if (file_write_fd(fd, (struct bytes){zero, size})) {
            return STING_E_IO;
        }
        left -= (off_t)size;
    }
    return fsync(fd) == 0 ? STING_OK : STING_E_IO;
}

/* The new file is whole and durable before the old one is overwritten. */
static enum sting_status replace(int dir, const char *path, struct bytes bytes,
                                 struct fault *fault)
{
    int old STING_AUTO(fd_close) =
        openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    enum sting_status status = file_write(dir, path, bytes, 0600, fault);
    if (!status && old >= 0 && overwrite(old)) {
        status = fault_errno(fault, STING_E_IO, "check the disk",
                             "the old %s cannot be overwritten", path);
    }
    return status;
}

enum sting_status key_file_destroy(int dir, const char *path,
                                   struct fault *fault)
{
    int fd STING_AUTO(fd_close) =
        openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        return fault_set(fault, STING_E_ABSENT, "", "there is no %s", path);
    }
    if (fd < 0 || overwrite(fd) || unlinkat(dir, path, 0) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "%s cannot be overwritten", path);
    }
    return STING_OK;
}

/* Put the layers of `lock` around *text, the second's inside, and write. */
static enum sting_status layers_write(int dir, const char *path,
                                      struct bytes inside,
                                      const struct key_lock *lock,
                                      const struct random_source *random,
                                      struct fault *fault)
{
    struct buffer second STING_AUTO(buffer_release) = {0};
    struct buffer first STING_AUTO(buffer_release) = {0};
    const struct age_to to[] = {
        {.passphrase = lock->second, .log2_n = lock->log2_n},
        {.passphrase = lock->first, .log2_n = lock->log2_n}};
    enum sting_status status = STING_OK;
    if (lock->second.size > 0) {
        status = age_seal(&to[0], random, inside, &second);
        inside = buffer_bytes(&second);
    }
    if (!status) {
        status = age_seal(&to[1], random, inside, &first);
    }
    return status ? fault_set(fault, status, "", "%s could not be sealed", path)
                  : replace(dir, path, buffer_bytes(&first), fault);
}

enum sting_status key_file_lock(int dir, const char *path,
                                const struct secret *key,
                                const struct key_lock *lock,
                                const struct random_source *random,
                                struct fault *fault)
{
    char text[AGE_TEXT_SIZE + 1];
    key_text(path, key, text);
    enum sting_status status =
        layers_write(dir, path, bytes_of_text(text), lock, random, fault);
    secret_wipe_bytes(text, sizeof text);
    return status;
}

/* Open one layer. */
static enum sting_status layer_open(const char *path, struct bytes passphrase,
                                    const char *whose, struct buffer *text,
                                    struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_wipe) = *text;
    const struct age_with with = {.passphrase = passphrase};
    *text = (struct buffer){0};
    enum sting_status status = buffer_reserve(text, TEXT_RESERVE);
    if (!status) {
        status = age_open(&with, buffer_bytes(&sealed), text);
    }
    if (status == STING_E_ABSENT || status == STING_E_FORGED) {
        return fault_set(fault, STING_E_FORGED, "try again",
                         "the passphrase%s is wrong", whose);
    }
    return status ? fault_set(fault, status, "restore it from a copy",
                              "%s cannot be opened: %s", path,
                              sting_status_text(status))
                  : STING_OK;
}

static bool is_sealed(struct bytes text)
{
    size_t size = sizeof age_start - 1;
    return text.size > size && !memcmp(text.data, age_start, size);
}

/* The text inside, after as many layers as `lock` has passphrases. */
static enum sting_status layers_open(int dir, const char *path,
                                     const struct key_lock *lock,
                                     struct buffer *text, struct fault *fault)
{
    enum sting_status status = file_read(dir, path, MOST_BYTES, text, fault);
    if (!status) {
        status = layer_open(path, lock->first, "", text, fault);
    }
    if (status || lock->second.size == 0) {
        return status;
    }
    if (!is_sealed(buffer_bytes(text))) {
        return fault_set(fault, STING_E_FORMAT,
                         "put two_people: back as it was in operation.yaml",
                         "%s lies under one person's passphrase, not two",
                         path);
    }
    return layer_open(path, lock->second, " of the second person", text, fault);
}

enum sting_status key_file_unlock(int dir, const char *path,
                                  const struct key_lock *lock,
                                  struct secret *out, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = layers_open(dir, path, lock, &text, fault);
    if (!status && is_sealed(buffer_bytes(&text))) {
        status = fault_set(fault, STING_E_FORMAT,
                           "put two_people: back as it was in operation.yaml",
                           "%s lies under two people's passphrases", path);
    }
    return status ? status : key_parse(path, buffer_bytes(&text), out, fault);
}

enum sting_status key_file_relock(int dir, const char *path,
                                  const struct key_lock lock[2],
                                  const struct random_source *random,
                                  bool *changed, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct buffer again STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        layers_open(dir, path, &lock[KEY_LOCK_OLD], &text, fault);
    *changed = false;
    if (status == STING_E_FORGED &&
        !layers_open(dir, path, &lock[KEY_LOCK_NEW], &again, NULL)) {
        return STING_OK;
    }
    if (!status) {
        status = layers_write(dir, path, buffer_bytes(&text),
                              &lock[KEY_LOCK_NEW], random, fault);
    }
    *changed = !status;
    return status;
}

enum sting_status key_file_save(int dir, const char *path,
                                const struct secret *key, struct fault *fault)
{
    char text[AGE_TEXT_SIZE + 1];
    key_text(path, key, text);
    enum sting_status status =
        file_write(dir, path, bytes_of_text(text), 0600, fault);
    secret_wipe_bytes(text, sizeof text);
    return status;
}

enum sting_status key_file_load(int dir, const char *path, struct secret *out,
                                struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = buffer_reserve(&text, TEXT_RESERVE);
    if (!status) {
        status = file_read(dir, path, MOST_BYTES, &text, fault);
    }
    return status ? status : key_parse(path, buffer_bytes(&text), out, fault);
}

enum sting_status key_file_derive(int dir, const char *path,
                                  const char *purpose, struct secret *out,
                                  struct fault *fault)
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    enum sting_status status = key_file_load(dir, path, &key, fault);
    if (!status) {
        hkdf_sha256(secret_bytes(&key), (struct bytes){0},
                    bytes_of_text(purpose), out->byte, SECRET_SIZE);
    }
    return status;
}
