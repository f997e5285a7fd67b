/*
 * imports: what the `import` lines of an operation's ledger say, a row a line.
 *
 * Of signed lines alone: what anybody may have added tells of no record. Lines
 * that do not parse are passed over; sting verify tells of them. Most lines
 * are not parsed: a million take as long as they take to read.
 */
#ifndef STING_OPERATION_IMPORTS_H
#define STING_OPERATION_IMPORTS_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "ledger/ledger_state.h"
#include "operation/config.h"

#define IMPORTS_MOST 65536

struct import {
    char name[CONFIG_NAME_SIZE]; /* of one folder, and of nothing elsewhere */
    char origin[LEDGER_ORIGIN_SIZE];
    char case_key[DIGEST_TEXT_SIZE];
    uint64_t size; /* at least 1 */
    struct digest root;
    uint64_t seq; /* of the line, and when it was written */
    int64_t at_us;
};

struct imports {
    struct import *row; /* owned: by name; of one name by size, then as told */
    size_t rows;
};
void imports_release(struct imports *imports);

/* The caller releases *out, which starts empty. Fails: E_ABSENT without a
 * ledger, E_UNSUPPORTED, E_IO, E_NOMEM; E_LIMIT for more than IMPORTS_MOST. */
STING_MUST_USE enum sting_status imports_read(int folder, struct imports *out,
                                              struct fault *fault);

/* Rows of the same name as row `first`, itself included. */
size_t imports_of_name(const struct imports *imports, size_t first);

#endif
