#include "bait/holders.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"

#define MOST_CSV_BYTES ((size_t)64 << 20)

void holders_release(struct holders *holders)
{
    free(holders->name);
    *holders = (struct holders){0};
}

void holders_folder(const char *name, char out[REGISTER_HOLDER_SIZE])
{
    size_t size = 0;
    for (; name[size] && size + 1 < REGISTER_HOLDER_SIZE; size++) {
        unsigned char c = (unsigned char)name[size];
        bool harmless = c >= ' ' && c != 127 && c != '/' && c != '\\';
        out[size] = harmless ? name[size] : '_';
    }
    out[size] = '\0';
    if (out[0] == '.') {
        out[0] = '_';
    }
}

/* Continuation bytes where they belong and no control characters. */
static bool is_text(struct bytes name)
{
    int follow = 0;
    for (size_t i = 0; i < name.size; i++) {
        uint8_t c = name.data[i];
        if (follow > 0) {
            if ((c & 0xc0) != 0x80) {
                return false;
            }
            follow--;
        } else if (c >= 0xc2 && c <= 0xf4) {
            follow = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        } else if (c < ' ' || c >= 127) {
            return false;
        }
    }
    return follow == 0;
}

static struct bytes trimmed(struct bytes name)
{
    while (name.size > 0 && (name.data[0] == ' ' || name.data[0] == '\t')) {
        name.data++;
        name.size--;
    }
    while (name.size > 0 && (name.data[name.size - 1] == ' ' ||
                             name.data[name.size - 1] == '\t')) {
        name.size--;
    }
    return name;
}

static bool folder_is_taken(const struct holders *holders, const char *name)
{
    char folder[REGISTER_HOLDER_SIZE], other[REGISTER_HOLDER_SIZE];
    holders_folder(name, folder);
    for (size_t i = 0; i < holders->count; i++) {
        holders_folder(holders->name[i], other);
        if (!strcasecmp(folder, other)) {
            return true;
        }
    }
    return false;
}

enum sting_status holders_add(struct holders *holders, struct bytes name,
                              struct fault *fault)
{
    char text[REGISTER_HOLDER_SIZE] = "";
    name = trimmed(name);
    if (name.size == 0 || name.size >= sizeof text || !is_text(name)) {
        return fault_set(fault, STING_E_ARG, "give each holder a plain name",
                         "holder %zu has no name of 1 to %zu bytes of UTF-8",
                         holders->count + 1, sizeof text - 1);
    }
    memcpy(text, name.data, name.size);
    if (folder_is_taken(holders, text)) {
        return fault_set(fault, STING_E_ARG,
                         "tell them apart by name, or issue a second batch",
                         "holder \"%.120s\" is listed twice", text);
    }
    if (holders->count == REGISTER_MOST_COPIES) {
        return fault_set(fault, STING_E_LIMIT, "issue several batches",
                         "more than %d holders", REGISTER_MOST_COPIES);
    }
    void *grown =
        reallocarray(holders->name, holders->count + 1, sizeof *holders->name);
    if (!grown) {
        return STING_E_NOMEM;
    }
    holders->name = grown;
    memcpy(holders->name[holders->count++], text, sizeof text);
    return STING_OK;
}

/* A CSV being read. */
struct csv {
    struct bytes text;
    size_t at;
    uint8_t comma;
};

/* The next field, unquoted, appended to *out; *last when it ends its line.
 * Gives false at the end of the text. */
static bool next_field(struct csv *csv, struct buffer *out, bool *last,
                       enum sting_status *status)
{
    const struct bytes text = csv->text;
    bool quoted = csv->at < text.size && text.data[csv->at] == '"';
    if (csv->at >= text.size) {
        return false;
    }
    csv->at += quoted;
    out->size = 0;
    while (csv->at < text.size && !*status) {
        uint8_t c = text.data[csv->at];
        if (quoted && c == '"') {
            csv->at++;
            quoted = csv->at < text.size && text.data[csv->at] == '"';
            if (!quoted) {
                continue;
            }
        } else if (!quoted && (c == csv->comma || c == '\n' || c == '\r')) {
            break;
        }
        *status = buffer_append(out, (struct bytes){&c, 1});
        csv->at++;
    }
    *last = csv->at >= text.size || text.data[csv->at] != csv->comma;
    if (csv->at < text.size && text.data[csv->at] == '\r') {
        csv->at++;
    }
    csv->at += csv->at < text.size && (!*last || text.data[csv->at] == '\n');
    return true;
}

static uint8_t comma_of(struct bytes text)
{
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    size_t size = end ? (size_t)(end - text.data) : text.size;
    static const uint8_t comma[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof comma; i++) {
        if (size > 0 && memchr(text.data, comma[i], size)) {
            return comma[i];
        }
    }
    return ',';
}

/* The column called "holder"; -1 when the first line is no heading. */
static int find_column(struct csv csv, struct buffer *field,
                       enum sting_status *status)
{
    bool last = false;
    for (int column = 0; !last && next_field(&csv, field, &last, status);
         column++) {
        if (!strcasecmp(buffer_text(field), "holder")) {
            return column;
        }
    }
    return -1;
}

static enum sting_status load_rows(struct holders *holders, struct csv *csv,
                                   struct fault *fault)
{
    struct buffer field STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    int wanted = find_column(*csv, &field, &status);
    bool is_heading = wanted >= 0, last = false;
    int column = 0;
    while (!status && next_field(csv, &field, &last, &status)) {
        bool is_holder = column == (wanted < 0 ? 0 : wanted);
        bool is_empty_line = column == 0 && last && field.size == 0;
        if (!status && is_holder && !is_heading && !is_empty_line) {
            status = holders_add(holders, buffer_bytes(&field), fault);
        }
        is_heading = is_heading && !last;
        column = last ? 0 : column + 1;
    }
    return status;
}

enum sting_status holders_load(struct holders *holders, const char *path,
                               struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        file_read(AT_FDCWD, path, MOST_CSV_BYTES, &file, fault);
    if (status) {
        return status;
    }
    struct bytes text = buffer_bytes(&file);
    if (text.size >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3)) {
        text = (struct bytes){text.data + 3, text.size - 3};
    }
    struct csv csv = {text, 0, comma_of(text)};
    return load_rows(holders, &csv, fault);
}
