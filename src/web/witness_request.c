/* Requests of witnesses: read, packed and unpacked. */
#include <string.h>

#include "base/text.h"
#include "web/witness.h"

#define MOST_DIGITS 18

/* "old 123" */
static bool old_read(struct bytes line, uint64_t *out)
{
    static const char word[] = "old ";
    const size_t head = sizeof word - 1;
    if (line.size <= head || line.size > head + MOST_DIGITS ||
        memcmp(line.data, word, head) != 0 ||
        (line.data[head] == '0' && line.size > head + 1)) {
        return false;
    }
    *out = 0;
    for (size_t i = head; i < line.size; i++) {
        if (line.data[i] < '0' || line.data[i] > '9') {
            return false;
        }
        *out = *out * 10 + (line.data[i] - '0');
    }
    return true;
}

static enum sting_status node_read(struct bytes line, struct consistency *out)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    if (out->nodes == CONSISTENCY_MOST) {
        return STING_E_LIMIT;
    }
    if (line.size != 44 || base64_read(&plain, line, true) ||
        plain.size != DIGEST_SIZE) {
        return STING_E_FORMAT;
    }
    memcpy(out->node[out->nodes++].byte, plain.data, DIGEST_SIZE);
    return STING_OK;
}

/* Hashes in base64, one a line, up to an empty line. */
static enum sting_status nodes_read(struct bytes *body, struct consistency *out)
{
    enum sting_status status = STING_OK;
    while (!status) {
        struct bytes line;
        if (!text_line_take(body, &line)) {
            return STING_E_FORMAT;
        }
        if (line.size == 0) {
            break;
        }
        status = node_read(line, out);
    }
    return status;
}

static void note_take(const struct note *note, struct witness_request *out)
{
    memcpy(out->origin, note->origin.data, note->origin.size);
    out->origin[note->origin.size] = '\0';
    out->size = note->size;
    out->root = note->root;
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *one = &note->signature[i];
        if (one->body_size == SIGNATURE_SIZE &&
            bytes_equal(one->name, note->origin)) {
            memcpy(out->id[out->signatures], one->id, NOTE_KEY_ID_SIZE);
            memcpy(out->signature[out->signatures++].byte, one->body,
                   SIGNATURE_SIZE);
        }
    }
}

enum sting_status witness_request_read(struct bytes body,
                                       struct witness_request *out)
{
    struct note note;
    struct bytes line;
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    *out = (struct witness_request){.old_size = 0};
    if (body.size > WITNESS_MOST_BODY) {
        return STING_E_LIMIT;
    }
    if (!text_line_take(&body, &line) || !old_read(line, &out->old_size)) {
        return STING_E_FORMAT;
    }
    status = nodes_read(&body, &out->proof);
    if (!status) {
        status = buffer_append(&text, body);
    }
    if (!status) { /* a file of notes has an empty line after each */
        status = buffer_text_append(&text, "\n");
    }
    if (!status) {
        status = note_parse(buffer_bytes(&text), &note);
    }
    if (status == STING_E_ABSENT || (!status && note.bytes != text.size)) {
        return STING_E_FORMAT;
    }
    if (!status) {
        note_take(&note, out);
    }
    return status;
}

enum sting_status witness_request_pack(const struct witness_request *request,
                                       struct wire_head *head,
                                       struct buffer *payload)
{
    *head = (struct wire_head){.kind = WIRE_WITNESS_ADD,
                               .number = {(int64_t)request->old_size,
                                          (int64_t)request->size,
                                          (int64_t)request->proof.nodes,
                                          (int64_t)request->signatures}};
    enum sting_status status =
        buffer_append(payload, (struct bytes){(const uint8_t *)request->origin,
                                              strlen(request->origin) + 1});
    if (!status) {
        status = buffer_append(payload,
                               (struct bytes){request->root.byte, DIGEST_SIZE});
    }
    for (unsigned i = 0; i < request->signatures && !status; i++) {
        status = buffer_append(
            payload, (struct bytes){request->id[i], NOTE_KEY_ID_SIZE});
        if (!status) {
            status = buffer_append(
                payload,
                (struct bytes){request->signature[i].byte, SIGNATURE_SIZE});
        }
    }
    for (unsigned i = 0; i < request->proof.nodes && !status; i++) {
        status = buffer_append(
            payload, (struct bytes){request->proof.node[i].byte, DIGEST_SIZE});
    }
    return status;
}

static void take(struct bytes *from, void *out, size_t size)
{
    memcpy(out, from->data, size);
    from->data += size;
    from->size -= size;
}

enum sting_status witness_request_unpack(const struct wire_head *head,
                                         struct bytes payload,
                                         struct witness_request *out)
{
    const int64_t *number = head->number;
    size_t origin =
        payload.size ? strnlen((const char *)payload.data, payload.size) : 0;
    *out = (struct witness_request){.old_size = (uint64_t)number[0],
                                    .size = (uint64_t)number[1]};
    if (number[0] < 0 || number[1] < 0 || number[2] < 0 ||
        number[2] > CONSISTENCY_MOST || number[3] < 0 ||
        number[3] > NOTE_MOST_SIGNATURES || origin > NOTE_MOST_NAME ||
        payload.size !=
            origin + 1 + DIGEST_SIZE + (size_t)number[2] * DIGEST_SIZE +
                (size_t)number[3] * (NOTE_KEY_ID_SIZE + SIGNATURE_SIZE)) {
        return STING_E_FORMAT;
    }
    out->proof.nodes = (unsigned)number[2];
    out->signatures = (unsigned)number[3];
    take(&payload, out->origin, origin + 1);
    take(&payload, out->root.byte, DIGEST_SIZE);
    for (unsigned i = 0; i < out->signatures; i++) {
        take(&payload, out->id[i], NOTE_KEY_ID_SIZE);
        take(&payload, out->signature[i].byte, SIGNATURE_SIZE);
    }
    for (unsigned i = 0; i < out->proof.nodes; i++) {
        take(&payload, out->proof.node[i].byte, DIGEST_SIZE);
    }
    return STING_OK;
}
