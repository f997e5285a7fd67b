/* Requests of browsers as the fields that a row of wire/ask has. */
#include <string.h>

#include "base/json.h"
#include "web/console.h"

static enum sting_status field_add(const struct ask_field *field,
                                   const char *value, struct buffer *out)
{
    size_t size = value ? strlen(value) : 0;
    if (size > field->most_bytes) {
        return STING_E_LIMIT;
    }
    if (field->is_needed && size == 0) {
        return STING_E_FORMAT;
    }
    return buffer_append(
        out, (struct bytes){(const uint8_t *)(value ? value : ""), size + 1});
}

enum sting_status fields_of_query(enum ask ask, fields_lookup *lookup,
                                  void *context, struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < ask_fields(ask) && !status; i++) {
        const struct ask_field *field = &ask_row[ask].field[i];
        status = field_add(field, lookup(context, field->name), out);
    }
    return status;
}

enum sting_status fields_of_json(enum ask ask, struct bytes text,
                                 struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = NULL;
    enum sting_status status = json_read(text, &json);
    for (size_t i = 0; i < ask_fields(ask) && !status; i++) {
        const struct ask_field *field = &ask_row[ask].field[i];
        status = field_add(field, json_text(json, field->name), out);
    }
    return status;
}
