/*
 * intruder: whoever can write into a folder, and has no key. What such a one
 * appends is spelled and chained as it should be; nobody signs it.
 */
#ifndef STING_TESTS_LEDGER_INTRUDER_H
#define STING_TESTS_LEDGER_INTRUDER_H

#include "ledger/line.h"

/* Append a line to the ledger in this folder, at the time of its last one. */
void intruder_appends(int operation, const char *kind,
                      const struct line_field field[], size_t fields);

/* What a `seg` line says of a file of `bytes` with that content. The fields
 * point into the line itself. */
#define SEG_FIELDS 11
struct seg_line {
    struct line_field field[SEG_FIELDS];
    char hex[DIGEST_TEXT_SIZE];
};
void seg_line_write(struct seg_line *out, const char *camera, const char *date,
                    const char *n, const char *bytes, const char *content);

#endif
