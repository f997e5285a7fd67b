#include "operation/check_known.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/anchor_file.h"

static enum sting_status text_pack(struct buffer *out, struct bytes text)
{
    if (text.size > 0 && memchr(text.data, '\0', text.size)) {
        return STING_E_FORMAT;
    }
    enum sting_status status = buffer_append(out, text);
    return status ? status
                  : buffer_append(out, (struct bytes){(const uint8_t *)"", 1});
}

enum sting_status check_known_pack(const struct verify_known *known,
                                   struct wire_head *head,
                                   struct buffer *payload)
{
    enum sting_status status = STING_OK;
    if (known->witnesses > CHECK_MOST_KNOWN ||
        known->anchors > ANCHOR_MOST_GIVEN) {
        return STING_E_LIMIT;
    }
    head->number[1] = known->now_us;
    head->number[2] = (int64_t)known->witnesses;
    head->number[3] = (int64_t)known->anchors;
    for (size_t i = 0; i < known->witnesses && !status; i++) {
        char text[VKEY_TEXT_SIZE];
        status = text_pack(payload,
                           bytes_of_text(vkey_text(&known->witness[i], text)));
    }
    for (size_t i = 0; i < known->anchors && !status; i++) {
        status = text_pack(payload, known->anchor[i]);
    }
    return status ? status : buffer_append(payload, known->authorities);
}

void check_known_release(struct check_known *known)
{
    free(known->keys);
    free(known->anchor);
    *known = (struct check_known){.keys = NULL};
}

/* The text at the front, without the NUL that follows it. */
static bool text_take(struct bytes *from, struct bytes *out)
{
    const uint8_t *end = from->size ? memchr(from->data, 0, from->size) : NULL;
    if (!end) {
        return false;
    }
    *out = (struct bytes){from->data, (size_t)(end - from->data)};
    from->data = end + 1;
    from->size -= out->size + 1;
    return true;
}

enum sting_status check_known_unpack(const struct wire_head *head,
                                     struct bytes payload,
                                     struct check_known *out)
{
    const int64_t witnesses = head->number[2];
    const int64_t anchors = head->number[3];
    struct bytes text;
    if (witnesses < 0 || witnesses > CHECK_MOST_KNOWN || anchors < 0 ||
        anchors > ANCHOR_MOST_GIVEN) {
        return STING_E_FORMAT;
    }
    out->keys = calloc(CHECK_MOST_KNOWN, sizeof *out->keys);
    out->anchor = calloc((size_t)anchors + 1, sizeof *out->anchor);
    if (!out->keys || !out->anchor) {
        return STING_E_NOMEM;
    }
    for (int64_t i = 0; i < witnesses; i++) {
        if (!text_take(&payload, &text) ||
            vkey_parse((const char *)text.data, &out->keys[i])) {
            return STING_E_FORMAT;
        }
    }
    for (int64_t i = 0; i < anchors; i++) {
        if (!text_take(&payload, &out->anchor[i])) {
            return STING_E_FORMAT;
        }
    }
    out->known = (struct verify_known){.now_us = head->number[1],
                                       .witness = out->keys,
                                       .witnesses = (size_t)witnesses,
                                       .authorities = payload,
                                       .anchor = out->anchor,
                                       .anchors = (size_t)anchors};
    return STING_OK;
}
