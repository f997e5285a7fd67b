/*
 * csv: a table of text, read piece by piece.
 *
 * Source: RFC 4180; semicolons and tabs part fields too, when the first line
 * has them and no comma. Takes hostile bytes; what is not UTF-8 text is for
 * who receives the fields to refuse.
 * Limits: fields of 64 KiB. Memory: one field.
 */
#ifndef STING_BAIT_CSV_H
#define STING_BAIT_CSV_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"

/* One field, unquoted; line and column count from 1 and 0. `is_last` ends
 * its row. What it gives ends the reading. */
typedef enum sting_status (*csv_sink)(void *context, size_t line,
                                      unsigned column, struct bytes field,
                                      bool is_last, struct fault *fault);

struct csv {
    csv_sink sink;
    void *context; /* borrowed */
    struct buffer field;
    size_t line, quote_line;
    unsigned column;
    uint8_t comma;
    uint8_t state;
};

void csv_init(struct csv *csv, csv_sink sink, void *context);
void csv_release(struct csv *csv);

/* Take the next bytes; the first ones tell what parts the fields, so they
 * should hold the first line. Fails: E_LIMIT, E_NOMEM, as the sink. */
STING_MUST_USE enum sting_status csv_put(struct csv *csv, struct bytes bytes,
                                         struct fault *fault);

/* The table is over. Fails: E_FORMAT inside quotes, as the sink. */
STING_MUST_USE enum sting_status csv_end(struct csv *csv, struct fault *fault);

#endif
