#include "pdf/dict.h"

#include <string.h>

#include "pdf/lexer.h"

static enum sting_status replace_value(struct buffer *dict,
                                       struct lexer_token key,
                                       struct lexer_token value,
                                       const struct dict_change *change,
                                       struct buffer *out)
{
    struct bytes all = buffer_bytes(dict);
    size_t keep = change->value ? key.end : key.begin;
    enum sting_status status =
        buffer_append(out, (struct bytes){all.data, keep});
    if (!status && change->value) {
        uint8_t first = (uint8_t)change->value[0];
        bool parted = first == '/' || first == '[' || first == '<';
        status = buffer_text_append(out, parted ? "" : " ");
        if (!status) {
            status = buffer_text_append(out, change->value);
        }
    }
    if (!status) {
        status = buffer_append(
            out, (struct bytes){all.data + value.end, all.size - value.end});
    }
    return status;
}

static enum sting_status add_value(struct buffer *dict,
                                   const struct dict_change *change,
                                   struct buffer *out)
{
    struct bytes all = buffer_bytes(dict);
    size_t keep = all.size >= 2 ? all.size - 2 : 0;
    enum sting_status status =
        buffer_append(out, (struct bytes){all.data, keep});
    return status ? status
                  : buffer_printf(out, "%s %s>>", change->key, change->value);
}

enum sting_status dict_write(struct bytes dict,
                             const struct dict_change *change, size_t changes,
                             struct buffer *out)
{
    struct buffer now STING_AUTO(buffer_release) = {0};
    enum sting_status status = buffer_append(&now, dict);
    for (size_t i = 0; !status && i < changes; i++) {
        struct buffer next STING_AUTO(buffer_release) = {0};
        struct lexer_token key, value;
        if (pdf_dict_find(buffer_bytes(&now), change[i].key, &key, &value)) {
            status = replace_value(&now, key, value, &change[i], &next);
        } else if (change[i].value) {
            status = add_value(&now, &change[i], &next);
        } else {
            continue;
        }
        struct buffer old = now;
        now = next;
        next = old;
    }
    return status ? status : buffer_append(out, buffer_bytes(&now));
}
