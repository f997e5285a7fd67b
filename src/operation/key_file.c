#include "operation/key_file.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/age.h"

#define MOST_BYTES ((size_t)64 * 1024)
#define TEXT_RESERVE ((size_t)512 * 1024) /* no growing, no copies left */

static bool is_identity(const char *path)
{
    return !strcmp(path, KEY_FILE_IDENTITY);
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

enum sting_status key_file_lock(int dir, const char *path,
                                const struct secret *key,
                                const struct age_to *under,
                                const struct random_source *random,
                                struct fault *fault)
{
    char text[AGE_TEXT_SIZE + 1];
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    key_text(path, key, text);
    enum sting_status status =
        age_seal(under, random, bytes_of_text(text), &sealed);
    secret_wipe_bytes(text, sizeof text);
    if (status) {
        return fault_set(fault, status, "", "%s could not be sealed", path);
    }
    return file_write(dir, path, buffer_bytes(&sealed), 0600, fault);
}

enum sting_status key_file_unlock(int dir, const char *path,
                                  struct bytes passphrase, struct secret *out,
                                  struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    const struct age_with with = {.passphrase = passphrase};
    enum sting_status status = file_read(dir, path, MOST_BYTES, &sealed, fault);
    if (!status) {
        status = buffer_reserve(&text, TEXT_RESERVE);
    }
    if (status) {
        return status;
    }
    status = age_open(&with, buffer_bytes(&sealed), &text);
    if (status == STING_E_ABSENT || status == STING_E_FORGED) {
        return fault_set(fault, STING_E_FORGED, "try again",
                         "the passphrase is wrong");
    }
    if (status) {
        return fault_set(fault, status, "restore it from a copy",
                         "%s cannot be opened: %s", path,
                         sting_status_text(status));
    }
    return key_parse(path, buffer_bytes(&text), out, fault);
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
