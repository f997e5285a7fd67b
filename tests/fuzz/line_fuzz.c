/* A line that parses, written again from what was parsed, is the same line:
 * there is exactly one spelling. */
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"

#define VALUE_SIZE (LINE_MOST_BYTES + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char value[LINE_MOST_FIELDS][VALUE_SIZE];
    static char key[LINE_MOST_FIELDS][VALUE_SIZE];
    struct line_field field[LINE_MOST_FIELDS];
    struct line line;
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct bytes text = {data, size};
    if (line_parse(text, &line)) {
        return 0;
    }
    for (size_t i = 0; i < line.fields; i++) {
        memcpy(key[i], line.key[i].data, line.key[i].size);
        key[i][line.key[i].size] = '\0';
        line_text(&line, key[i], value[i], VALUE_SIZE);
        field[i] = (struct line_field){key[i], value[i]};
    }
    struct line_head head = {.seq = line.seq, .at = line.at};
    memcpy(head.boot, line.boot, sizeof head.boot);
    if (line_begin(&again, &head, line.kind->name, field, line.fields) ||
        line_end(&again, line.random, line.prev, line.prev_size) ||
        !bytes_equal(buffer_bytes(&again), text)) {
        abort();
    }
    return 0;
}
