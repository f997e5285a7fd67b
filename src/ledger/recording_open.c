/* What was recorded, read back by who holds an identity. */
#include "base/file.h"
#include "ledger/recording.h"

static enum sting_status check_hash(const struct line *line, const char *key,
                                    struct bytes bytes)
{
    struct digest expected;
    enum sting_status status = line_hex(line, key, expected.byte, DIGEST_SIZE);
    if (status) {
        return status;
    }
    return digest_equal(digest_of(bytes), expected) ? STING_OK : STING_E_FORGED;
}

enum sting_status recording_open(int operation, const struct secret *identity,
                                 const struct line *line, struct buffer *out,
                                 struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct age_with with = {.identity = identity, .identities = 1};
    char path[RECORDING_PATH_SIZE];
    size_t before = out->size;
    enum sting_status status = recording_path(line, path);
    if (status) {
        return fault_set(fault, status, "", "this line names no recording");
    }
    status =
        file_read(operation, path, 2 * RECORDING_MOST_BYTES, &sealed, fault);
    if (status) {
        return status;
    }
    status = check_hash(line, "ct", buffer_bytes(&sealed));
    if (!status) {
        status = age_open(&with, buffer_bytes(&sealed), out);
    }
    if (!status) {
        struct bytes plain = {out->data + before, out->size - before};
        status = check_hash(line, "pt", plain);
        status = status == STING_E_ABSENT ? STING_OK : status;
    }
    if (status) {
        out->size = before;
        return fault_set(fault, status, "run sting verify", "%s: %s", path,
                         sting_status_text(status));
    }
    return STING_OK;
}
