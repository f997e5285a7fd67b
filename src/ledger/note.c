#include "ledger/note.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define ED25519_KIND 0x01

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a blank */

void note_key_id(const char *name, const struct public_key *key,
                 uint8_t id[NOTE_KEY_ID_SIZE])
{
    static const uint8_t between[] = {'\n', ED25519_KIND};
    const struct bytes part[] = {bytes_of_text(name),
                                 {between, sizeof between},
                                 {key->byte, PUBLIC_KEY_SIZE}};
    struct digest hash = digest_sha256(part, 3);
    memcpy(id, hash.byte, NOTE_KEY_ID_SIZE);
}

static bool is_name(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] < 33 || name.data[i] > 126 || name.data[i] == '+') {
            return false;
        }
    }
    return name.size > 0 && name.size <= NOTE_MOST_NAME;
}

enum sting_status note_write(struct buffer *out, const char *origin,
                             uint64_t size, struct digest root)
{
    if (!is_name(bytes_of_text(origin))) {
        return STING_E_ARG;
    }
    enum sting_status status =
        buffer_printf(out, "%s\n%" PRIu64 "\n", origin, size);
    if (!status) {
        status =
            base64_append(out, (struct bytes){root.byte, DIGEST_SIZE}, true);
    }
    return status ? status : buffer_text_append(out, "\n\n");
}

/* The signed text is everything from start up to the first empty line. */
static size_t text_size(struct bytes note)
{
    const uint8_t *end = memmem(note.data, note.size, "\n\n", 2);
    return end ? (size_t)(end - note.data) + 1 : 0;
}

enum sting_status note_sign(struct buffer *out, size_t start, const char *name,
                            const struct secret *key)
{
    uint8_t blob[NOTE_KEY_ID_SIZE + SIGNATURE_SIZE];
    struct bytes note = {out->data + start, out->size - start};
    size_t size = text_size(note);
    if (!is_name(bytes_of_text(name)) || size == 0) {
        return STING_E_ARG;
    }
    struct public_key public = signature_public(key);
    struct signature signature =
        signature_sign(key, (struct bytes){note.data, size});
    note_key_id(name, &public, blob);
    memcpy(blob + NOTE_KEY_ID_SIZE, signature.byte, SIGNATURE_SIZE);
    enum sting_status status = buffer_printf(out, "%s%s ", dash, name);
    if (!status) {
        status = base64_append(out, (struct bytes){blob, sizeof blob}, true);
    }
    return status ? status : buffer_text_append(out, "\n");
}

enum sting_status note_close(struct buffer *out)
{
    return buffer_text_append(out, "\n");
}

/* A line without its LF. Fails: E_ABSENT. */
static enum sting_status take_line(struct bytes *from, struct bytes *line)
{
    return text_line_take(from, line) ? STING_OK : STING_E_ABSENT;
}

static enum sting_status parse_size(struct bytes line, uint64_t *out)
{
    uint64_t value = 0;
    if (line.size < 1 || line.size > 18 ||
        (line.size > 1 && line.data[0] == '0')) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] < '0' || line.data[i] > '9') {
            return STING_E_FORMAT;
        }
        value = value * 10 + (line.data[i] - '0');
    }
    *out = value;
    return STING_OK;
}

static enum sting_status parse_root(struct bytes line, struct digest *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        line.size == 44 ? base64_read(&plain, line, true) : STING_E_FORMAT;
    if (!status && plain.size != DIGEST_SIZE) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        memcpy(out->byte, plain.data, DIGEST_SIZE);
    }
    return status;
}

/* The three lines of a checkpoint. We write no extension lines; they would
 * be lines that we cannot judge, so they are refused. */
static enum sting_status parse_text(struct bytes *rest, struct note *out)
{
    struct bytes line;
    enum sting_status status = take_line(rest, &line);
    if (status) {
        return status;
    }
    out->origin = line;
    if (!is_name(line)) {
        return STING_E_FORMAT;
    }
    status = take_line(rest, &line);
    if (!status) {
        status = parse_size(line, &out->size);
    }
    if (!status) {
        status = take_line(rest, &line);
    }
    if (!status) {
        status = parse_root(line, &out->root);
    }
    return status;
}

/* "— name base64" */
static enum sting_status parse_signature(struct bytes line,
                                         struct note_signature *out)
{
    struct buffer blob STING_AUTO(buffer_release) = {0};
    const size_t head = sizeof dash - 1;
    if (line.size <= head || memcmp(line.data, dash, head) != 0) {
        return STING_E_FORMAT;
    }
    line = (struct bytes){line.data + head, line.size - head};
    const uint8_t *blank = memchr(line.data, ' ', line.size);
    if (!blank) {
        return STING_E_FORMAT;
    }
    out->name = (struct bytes){line.data, (size_t)(blank - line.data)};
    struct bytes letters = {blank + 1, line.size - out->name.size - 1};
    if (!is_name(out->name) || base64_read(&blob, letters, true) ||
        blob.size <= NOTE_KEY_ID_SIZE ||
        blob.size - NOTE_KEY_ID_SIZE > sizeof out->body) {
        return STING_E_FORMAT;
    }
    out->body_size = blob.size - NOTE_KEY_ID_SIZE;
    memcpy(out->id, blob.data, NOTE_KEY_ID_SIZE);
    memcpy(out->body, blob.data + NOTE_KEY_ID_SIZE, out->body_size);
    return STING_OK;
}

/* Signatures up to the empty line that ends the note; at least one. */
static enum sting_status parse_signatures(struct bytes *rest, struct note *out)
{
    for (;;) {
        struct bytes line;
        enum sting_status status = take_line(rest, &line);
        if (status) {
            return status;
        }
        if (line.size == 0) {
            return out->signatures > 0 ? STING_OK : STING_E_FORMAT;
        }
        if (out->signatures == NOTE_MOST_SIGNATURES) {
            return STING_E_LIMIT;
        }
        status = parse_signature(line, &out->signature[out->signatures]);
        if (status) {
            return status;
        }
        out->signatures++;
    }
}

enum sting_status note_parse(struct bytes from, struct note *out)
{
    bool bounded = from.size <= NOTE_MOST_BYTES;
    struct bytes rest = {from.data, bounded ? from.size : NOTE_MOST_BYTES};
    struct bytes line;
    out->signatures = 0;
    enum sting_status status = parse_text(&rest, out);
    if (!status) {
        out->text.data = from.data;
        out->text.size = (size_t)(rest.data - from.data);
        status = take_line(&rest, &line);
    }
    if (!status) {
        status = line.size == 0 ? parse_signatures(&rest, out) : STING_E_FORMAT;
    }
    if (!status) {
        out->bytes = (size_t)(rest.data - from.data);
    }
    return status == STING_E_ABSENT && !bounded ? STING_E_LIMIT : status;
}

enum sting_status note_parse_text(struct bytes from, struct note *out)
{
    struct bytes rest = from;
    out->signatures = 0;
    enum sting_status status = parse_text(&rest, out);
    out->text = from;
    out->bytes = from.size;
    return status || rest.size > 0 ? STING_E_FORMAT : STING_OK;
}

enum sting_status note_verify(const struct note *note, const char *name,
                              const struct public_key *key)
{
    uint8_t id[NOTE_KEY_ID_SIZE];
    enum sting_status status = STING_E_ABSENT;
    note_key_id(name, key, id);
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *one = &note->signature[i];
        if (!bytes_equal(one->name, bytes_of_text(name)) ||
            memcmp(one->id, id, sizeof id) != 0) {
            continue;
        }
        struct signature signature;
        if (one->body_size != SIGNATURE_SIZE) {
            return STING_E_FORGED;
        }
        memcpy(signature.byte, one->body, SIGNATURE_SIZE);
        status = signature_verify(key, note->text, &signature);
        if (status) {
            return status;
        }
    }
    return status;
}
