/*
 * catalog: the ledger's facts in tables, to be asked quickly.
 *
 * OP/catalog.db is an index and nothing else: it can be deleted at any time
 * and is made again from the ledger, without any key. Texts and pictures
 * are not in it, only the digests of their sealed files.
 *
 * Tables and columns: docs/formats/folder.md. Only catalog.c knows SQLite.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_CATALOG_H
#define STING_OPERATION_CATALOG_H

#include "operation/operation.h"

struct catalog;

/* Open OP/catalog.db and take in what the ledger has gained since. One that
 * is missing, damaged, of another form or of another ledger is made anew.
 * Fails: E_ABSENT without a ledger, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status catalog_open(const struct operation *operation,
                                              struct catalog **out,
                                              struct fault *fault);
void catalog_close(struct catalog **catalog);

/* Throw the index away; the next catalog_open() makes it again.
 * Fails: E_IO. */
STING_MUST_USE enum sting_status catalog_drop(const struct operation *operation,
                                              struct fault *fault);

/* Take in what the ledger has gained. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status catalog_follow(struct catalog *catalog,
                                                struct fault *fault);

/* Lines taken in so far, and rows of one table; -1 for an unknown table. */
int64_t catalog_lines(const struct catalog *catalog);
int64_t catalog_rows(struct catalog *catalog, const char *table);

#endif
