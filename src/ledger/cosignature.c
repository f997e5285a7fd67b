#include "ledger/cosignature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define TIME_SIZE 8
#define COSIGNATURE_SIZE (TIME_SIZE + SIGNATURE_SIZE)
#define SAID_SIZE (NOTE_MOST_BYTES + 64)

void vkey_id(const struct vkey *vkey, uint8_t id[NOTE_KEY_ID_SIZE])
{
    const uint8_t between[] = {'\n', (uint8_t)vkey->kind};
    const struct bytes part[] = {bytes_of_text(vkey->name),
                                 {between, sizeof between},
                                 {vkey->key.byte, PUBLIC_KEY_SIZE}};
    struct digest hash = digest_sha256(part, 3);
    memcpy(id, hash.byte, NOTE_KEY_ID_SIZE);
}

char *vkey_text(const struct vkey *vkey, char text[VKEY_TEXT_SIZE])
{
    uint8_t blob[1 + PUBLIC_KEY_SIZE] = {(uint8_t)vkey->kind};
    uint8_t id[NOTE_KEY_ID_SIZE];
    char hex[2 * NOTE_KEY_ID_SIZE + 1];
    struct buffer key STING_AUTO(buffer_release) = {0};
    vkey_id(vkey, id);
    hex_write((struct bytes){id, sizeof id}, hex);
    memcpy(blob + 1, vkey->key.byte, PUBLIC_KEY_SIZE);
    if (base64_append(&key, (struct bytes){blob, sizeof blob}, true)) {
        text[0] = '\0';
        return text;
    }
    snprintf(text, VKEY_TEXT_SIZE, "%s+%s+%s", vkey->name, hex,
             buffer_text(&key));
    return text;
}

static bool is_name(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] < 33 || name[i] > 126) {
            return false;
        }
    }
    return size > 0 && size <= NOTE_MOST_NAME;
}

enum sting_status vkey_parse(const char *text, struct vkey *out)
{
    struct buffer blob STING_AUTO(buffer_release) = {0};
    struct vkey vkey = {.name = ""};
    uint8_t id[NOTE_KEY_ID_SIZE];
    uint8_t said[NOTE_KEY_ID_SIZE];
    size_t name = strcspn(text, "+");
    const size_t hex = sizeof said * 2;
    if (!is_name(text, name) || strlen(text) < name + hex + 2 ||
        text[name] != '+' || text[name + hex + 1] != '+') {
        return STING_E_FORMAT;
    }
    const char *rest = text + name + 1;
    if (hex_read((struct bytes){(const uint8_t *)rest, hex}, said,
                 sizeof said) ||
        base64_read(&blob, bytes_of_text(rest + hex + 1), true) ||
        blob.size < 1) {
        return STING_E_FORMAT;
    }
    memcpy(vkey.name, text, name);
    vkey.kind = (enum vkey_kind)blob.data[0];
    if (vkey.kind != VKEY_LOG && vkey.kind != VKEY_WITNESS) {
        return STING_E_UNSUPPORTED;
    }
    if (blob.size != 1 + PUBLIC_KEY_SIZE) {
        return STING_E_FORMAT;
    }
    memcpy(vkey.key.byte, blob.data + 1, PUBLIC_KEY_SIZE);
    vkey_id(&vkey, id);
    if (memcmp(id, said, sizeof id) != 0) {
        return STING_E_FORMAT;
    }
    *out = vkey;
    return STING_OK;
}

/* What a witness signs. Gives its size; 0 when it does not fit. */
static size_t said_write(struct bytes checkpoint, uint64_t time_s,
                         uint8_t said[SAID_SIZE])
{
    int head = snprintf((char *)said, SAID_SIZE,
                        "cosignature/v1\ntime %" PRIu64 "\n", time_s);
    if (checkpoint.size > SAID_SIZE - (size_t)head) {
        return 0;
    }
    memcpy(said + head, checkpoint.data, checkpoint.size);
    return (size_t)head + checkpoint.size;
}

enum sting_status cosignature_write(const struct vkey *witness,
                                    const struct secret *key,
                                    struct bytes checkpoint, uint64_t time_s,
                                    struct buffer *out)
{
    uint8_t said[SAID_SIZE];
    uint8_t blob[NOTE_KEY_ID_SIZE + COSIGNATURE_SIZE];
    size_t size = said_write(checkpoint, time_s, said);
    struct signature signature =
        signature_sign(key, (struct bytes){said, size});
    vkey_id(witness, blob);
    for (int i = 0; i < TIME_SIZE; i++) {
        blob[NOTE_KEY_ID_SIZE + i] = (uint8_t)(time_s >> (56 - 8 * i));
    }
    memcpy(blob + NOTE_KEY_ID_SIZE + TIME_SIZE, signature.byte, SIGNATURE_SIZE);
    enum sting_status status =
        buffer_printf(out, "\xe2\x80\x94 %s ", witness->name);
    if (!status) {
        status = base64_append(out, (struct bytes){blob, sizeof blob}, true);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status one_verify(const struct note *note,
                                    const struct note_signature *one,
                                    const struct vkey *witness,
                                    uint64_t *time_s)
{
    uint8_t said[SAID_SIZE];
    struct signature signature;
    if (one->body_size != COSIGNATURE_SIZE) {
        return STING_E_FORGED;
    }
    *time_s = 0;
    for (int i = 0; i < TIME_SIZE; i++) {
        *time_s = *time_s << 8 | one->body[i];
    }
    memcpy(signature.byte, one->body + TIME_SIZE, SIGNATURE_SIZE);
    size_t size = said_write(note->text, *time_s, said);
    return *time_s > INT64_MAX / 1000000
               ? STING_E_FORGED
               : signature_verify(&witness->key, (struct bytes){said, size},
                                  &signature);
}

static void body_text(const struct note_signature *one, char *text)
{
    uint8_t blob[NOTE_KEY_ID_SIZE + sizeof one->body];
    struct buffer out STING_AUTO(buffer_release) = {0};
    memcpy(blob, one->id, NOTE_KEY_ID_SIZE);
    memcpy(blob + NOTE_KEY_ID_SIZE, one->body, one->body_size);
    if (base64_append(&out,
                      (struct bytes){blob, NOTE_KEY_ID_SIZE + one->body_size},
                      true)) {
        text[0] = '\0';
        return;
    }
    snprintf(text, VKEY_TEXT_SIZE, "%s", buffer_text(&out));
}

enum sting_status cosignature_verify(const struct note *note,
                                     const struct vkey *witness,
                                     uint64_t *time_s, char *text)
{
    uint8_t id[NOTE_KEY_ID_SIZE];
    enum sting_status status = STING_E_ABSENT;
    uint64_t newest = 0;
    vkey_id(witness, id);
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *one = &note->signature[i];
        uint64_t when = 0;
        if (!bytes_equal(one->name, bytes_of_text(witness->name)) ||
            memcmp(one->id, id, sizeof id) != 0) {
            continue;
        }
        status = one_verify(note, one, witness, &when);
        if (status) {
            return status;
        }
        if (when >= newest) {
            newest = when;
            if (text) {
                body_text(one, text);
            }
        }
    }
    *time_s = newest;
    return status;
}
