#include "bait/csv.h"

#include <string.h>

#define MOST_FIELD ((size_t)64 << 10)

enum {
    FIELD_BEGINS,
    FIELD_PLAIN,
    FIELD_QUOTED,
    FIELD_QUOTE_SEEN,
    ROW_ENDED_CR
};

void csv_init(struct csv *csv, csv_sink sink, void *context)
{
    *csv = (struct csv){.sink = sink, .context = context, .line = 1};
}

void csv_release(struct csv *csv)
{
    buffer_release(&csv->field);
}

static uint8_t comma_of(struct bytes text)
{
    static const uint8_t comma[] = {',', ';', '\t'};
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    size_t size = end ? (size_t)(end - text.data) : text.size;
    for (size_t i = 0; size > 0 && i < sizeof comma; i++) {
        if (memchr(text.data, comma[i], size)) {
            return comma[i];
        }
    }
    return ',';
}

static enum sting_status keep(struct csv *csv, uint8_t c, struct fault *fault)
{
    csv->line += c == '\n';
    if (csv->field.size == MOST_FIELD) {
        return fault_set(fault, STING_E_LIMIT, "check its quotes",
                         "line %zu: a field is longer than 64 KiB", csv->line);
    }
    return buffer_append(&csv->field, (struct bytes){&c, 1});
}

static enum sting_status field_end(struct csv *csv, bool is_last,
                                   struct fault *fault)
{
    enum sting_status status =
        csv->sink(csv->context, csv->line, csv->column,
                  buffer_bytes(&csv->field), is_last, fault);
    csv->field.size = 0;
    csv->column = is_last ? 0 : csv->column + 1;
    csv->state = FIELD_BEGINS;
    return status;
}

static enum sting_status take_quoted(struct csv *csv, uint8_t c,
                                     struct fault *fault)
{
    if (c == '"') {
        csv->state = FIELD_QUOTE_SEEN;
        return STING_OK;
    }
    return keep(csv, c, fault);
}

static enum sting_status take(struct csv *csv, uint8_t c, struct fault *fault)
{
    bool was_return = csv->state == ROW_ENDED_CR;
    csv->state = was_return ? FIELD_BEGINS : csv->state;
    if (csv->state == FIELD_QUOTED) {
        return take_quoted(csv, c, fault);
    }
    if (c == '"' && csv->state == FIELD_QUOTE_SEEN) {
        csv->state = FIELD_QUOTED;
        return keep(csv, c, fault);
    }
    if (c == '"' && csv->state == FIELD_BEGINS) {
        csv->state = FIELD_QUOTED;
        csv->quote_line = csv->line;
        return STING_OK;
    }
    if (c == '\n' && was_return) {
        return STING_OK;
    }
    if (c == csv->comma) {
        return field_end(csv, false, fault);
    }
    if (c == '\n' || c == '\r') {
        enum sting_status status = field_end(csv, true, fault);
        csv->line++;
        csv->state = c == '\r' ? ROW_ENDED_CR : FIELD_BEGINS;
        return status;
    }
    csv->state = FIELD_PLAIN;
    return keep(csv, c, fault);
}

enum sting_status csv_put(struct csv *csv, struct bytes bytes,
                          struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (!csv->comma) {
        csv->comma = comma_of(bytes);
    }
    for (size_t i = 0; !status && i < bytes.size; i++) {
        status = take(csv, bytes.data[i], fault);
    }
    return status;
}

enum sting_status csv_end(struct csv *csv, struct fault *fault)
{
    if (csv->state == FIELD_QUOTED) {
        return fault_set(fault, STING_E_FORMAT, "close it",
                         "line %zu: a quote begins that never ends",
                         csv->quote_line);
    }
    bool is_over = csv->column == 0 &&
                   (csv->state == FIELD_BEGINS || csv->state == ROW_ENDED_CR);
    return is_over ? STING_OK : field_end(csv, true, fault);
}
