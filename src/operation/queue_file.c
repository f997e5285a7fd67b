#include "operation/queue_file.h"

#include "base/file.h"
#include "ledger/age.h"
#include "operation/key_file.h"

#define MOST_BYTES ((size_t)32 * 1024 * 1024)

enum sting_status queue_key(const struct operation *operation,
                            struct secret *out, struct fault *fault)
{
    return key_file_derive(operation_dir(operation), KEY_FILE_LOG,
                           "sting queue", out, fault);
}

enum sting_status queue_file_put(const struct operation *operation,
                                 const struct secret *key, const char *path,
                                 struct bytes plain, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    const struct agreement_key recipient = agreement_public(key);
    const struct age_to to = {.recipient = &recipient, .recipients = 1};
    enum sting_status status =
        age_seal(&to, operation_random(operation), plain, &sealed);
    if (status) {
        return fault_set(fault, status, "", "%s could not be sealed", path);
    }
    if (folder_make(operation_dir(operation), "queue")) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "the folder queue cannot be made");
    }
    return file_write(operation_dir(operation), path, buffer_bytes(&sealed),
                      0600, fault);
}

enum sting_status queue_file_get(const struct operation *operation,
                                 const struct secret *key, const char *path,
                                 struct buffer *out, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    const struct age_with with = {.identity = key, .identities = 1};
    enum sting_status status =
        file_read(operation_dir(operation), path, MOST_BYTES, &sealed, fault);
    return status ? status : age_open(&with, buffer_bytes(&sealed), out);
}
