/* What was recorded, read back by who holds an identity. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/age_wrap.h"
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

/* The first bytes of a file, as many as a header may have. */
static enum sting_status head_read(int operation, const char *path,
                                   uint8_t *head, size_t *size)
{
    int fd STING_AUTO(fd_close) = file_open_below(operation, path, 0);
    *size = 0;
    if (fd < 0) {
        return errno == ENOENT ? STING_E_ABSENT : STING_E_IO;
    }
    while (*size < AGE_HEADER_MOST_BYTES) {
        ssize_t more = read(fd, head + *size, AGE_HEADER_MOST_BYTES - *size);
        if (more <= 0) {
            return more < 0 ? STING_E_IO : STING_OK;
        }
        *size += (size_t)more;
    }
    return STING_OK;
}

static enum sting_status head_unwrap(const struct secret *identity,
                                     struct bytes head,
                                     uint8_t file_key[AGE_FILE_KEY_BYTES])
{
    const struct age_with with = {.identity = identity, .identities = 1};
    struct age_header *header = malloc(sizeof *header);
    if (!header) {
        return STING_E_NOMEM;
    }
    enum sting_status status = age_header_parse(head, header);
    status = status == STING_E_ABSENT ? STING_E_FORMAT : status;
    if (!status) {
        status = age_unwrap(&with, header, file_key);
        status = status == STING_E_ABSENT ? STING_E_FORGED : status;
    }
    free(header);
    return status;
}

enum sting_status recording_file_key(int operation,
                                     const struct secret *identity,
                                     const struct line *line,
                                     uint8_t file_key[AGE_FILE_KEY_BYTES],
                                     struct fault *fault)
{
    uint8_t head[AGE_HEADER_MOST_BYTES];
    char path[RECORDING_PATH_SIZE];
    size_t size = 0;
    enum sting_status status = recording_path(line, path);
    if (status) {
        return fault_set(fault, status, "", "this line names no recording");
    }
    status = head_read(operation, path, head, &size);
    if (!status) {
        status = head_unwrap(identity, (struct bytes){head, size}, file_key);
    }
    return status ? fault_set(fault, status, "run sting verify", "%s: %s", path,
                              sting_status_text(status))
                  : STING_OK;
}
