/* What a browser sends as the fields of a row: whatever the JSON was, the core
 * gets as many texts as the row has, each within its bound, and none that is
 * needed is empty. */
#include <stdlib.h>
#include <string.h>

#include "web/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void held(enum ask ask, const struct buffer *out)
{
    struct bytes left = buffer_bytes(out);
    for (size_t i = 0; i < ask_fields(ask); i++) {
        const struct ask_field *field = &ask_row[ask].field[i];
        const uint8_t *end = left.size ? memchr(left.data, 0, left.size) : NULL;
        if (!end) {
            abort();
        }
        size_t used = (size_t)(end - left.data);
        if (used > field->most_bytes || (field->is_needed && used == 0)) {
            abort();
        }
        left.data = end + 1;
        left.size -= used + 1;
    }
    if (left.size > 0) {
        abort();
    }
}

/* A lookup that gives the same text for each name. */
static const char *text_of(void *context, const char *name)
{
    return name[0] % 2 ? context : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[256] = "";
    memcpy(text, data, size < sizeof text ? size : sizeof text - 1);
    for (unsigned ask = 0; ask < ASKS; ask++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        if (!fields_of_json((enum ask)ask, (struct bytes){data, size}, &out)) {
            held((enum ask)ask, &out);
        }
        out.size = 0;
        if (!fields_of_query((enum ask)ask, text_of, text, &out)) {
            held((enum ask)ask, &out);
        }
    }
    return 0;
}
