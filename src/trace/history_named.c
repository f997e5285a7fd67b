/* Which copies earlier traces named, by what was sealed of them. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "trace/history.h"

#define MOST_BYTES ((size_t)64 << 20)

static bool is_copy(const struct json *json, uint32_t copy)
{
    return json_number(json, "copy", 0) == (double)copy;
}

/* Does this finding name the copy, alone or beside others? */
static bool finding_names(const struct json *json, uint32_t copy)
{
    bool is_it = is_copy(json, copy);
    for (size_t i = 0; !is_it && i < TRACE_MOST_NAMES; i++) {
        struct json *name STING_AUTO(json_free) = json_item(json, "copies", i);
        is_it = name && is_copy(name, copy);
    }
    return is_it;
}

/* One finding a line. */
static bool text_names(struct bytes text, uint32_t copy)
{
    bool is_it = false;
    while (!is_it && text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end ? (size_t)(end - text.data) : text.size;
        struct json *json STING_AUTO(json_free) = NULL;
        is_it = !json_read((struct bytes){text.data, size}, &json) &&
                finding_names(json, copy);
        size += end != NULL;
        text.data += size;
        text.size -= size;
    }
    return is_it;
}

static enum sting_status line_names(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    const struct line *line, uint32_t copy,
                                    bool *is_it, struct fault *fault)
{
    char path[120], hex[DIGEST_TEXT_SIZE];
    struct digest blob;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    if (line_hex(line, "blob", blob.byte, DIGEST_SIZE)) {
        return STING_OK;
    }
    snprintf(path, sizeof path, "evidence/blobs/%s.age",
             digest_text(blob, hex));
    enum sting_status status =
        file_read(operation_dir(operation), path, MOST_BYTES, &sealed, fault);
    if (!status) {
        status =
            operation_unseal(keys, path, buffer_bytes(&sealed), &text, fault);
    }
    *is_it = !status && text_names(buffer_bytes(&text), copy);
    return status;
}

/* A line that tells of copies that a trace named. */
static bool is_naming(const struct line *line)
{
    int64_t attributed = 0;
    return !strcmp(line->kind->name, "trace") && !line_has(line, "of") &&
           !line_integer(line, "attributed", &attributed) && attributed > 0;
}

enum sting_status history_named(const struct operation *operation,
                                const struct operation_keys *keys,
                                uint32_t copy, int64_t *at_us,
                                struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    bool is_it = false;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    *at_us = 0;
    if (status) {
        return status;
    }
    while (!is_it && !(status = ledger_reader_next_known(reader, &line))) {
        if (!is_naming(&line)) {
            continue;
        }
        status = line_names(operation, keys, &line, copy, &is_it, fault);
        if (status) { /* not the ledger's end */
            return status;
        }
        *at_us = is_it ? line.at.utc_us : 0;
    }
    return is_it || status == STING_E_ABSENT ? STING_OK : status;
}
