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

#endif
